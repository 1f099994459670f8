/// Whether a strip scrolls or sweeps, from its pictures.
#pragma once

#include <deque>
#include <opencv2/core/mat.hpp>
#include <optional>

#include "pipeline/core/calibration.h"
#include "pipeline/doppler/scroll_registration.h"

namespace soleus {

/// Compares every third frame with one a third of a second older: a sweep is the same but for a few columns,
/// a scroll is the same some columns further left. Frames that show neither do not vote. Not thread-safe.
class DisplayKind {
 public:
  DisplayKind() : registration_(8) {}
  void push(const cv::Mat& strip, double timeS);
  /// Nothing until enough frames have voted alike.
  [[nodiscard]] std::optional<Display> found() const;

 private:
  struct Past {
    cv::Mat rows;
    double timeS = 0;
  };
  ScrollRegistration registration_;
  std::deque<Past> past_;
  int frame_ = 0;
  int scrollVotes_ = 0;  // less those for a sweep
};

}  // namespace soleus
