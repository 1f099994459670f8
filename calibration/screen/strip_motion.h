/// How a strip moves: scroll or sweep, and how long a column lasts.
#pragma once

#include <deque>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <vector>

#include "calibration/screen/sweep_pace.h"
#include "pipeline/core/calibration.h"
#include "pipeline/core/time.h"
#include "pipeline/doppler/display_kind.h"
#include "pipeline/doppler/unroller.h"

namespace soleus {

/// What the motion tells.
struct StripPace {
  Display display = Display::kScroll;
  double secondsPerPixel = 0;
  double uncertainty = 0;  ///< of secondsPerPixel, as a share of it: what it may be off
  double watchedS = 0;     ///< for how long it was measured
  /// Whether the strip's columns were counted over the turns of a sweep's bar, and so any it does not have.
  bool overTurns = false;
};

/// Whether a strip that was followed over `watchedPx` columns has others of its own, by more than smear.
bool columnsDiffer(int watchedPx, int ownPx);

/// What the pace may be off besides, as a share of it, where a strip was followed over `watchedPx` columns
/// but has `ownPx`: of a sweep, columns that it does not have were counted at each turn of the bar.
double paceOffByColumns(const StripPace& pace, int watchedPx, int ownPx);

/// Follows the strip with the measuring's own unrollers, as the scroll or sweep that it shows itself to be;
/// the pace of a sweep is measured by all changes at once as well (SweepPace), and taken from there where
/// that is not much less sure; where the two contradict each other, only if it explains the changes and the
/// other does not. Not thread-safe.
class StripMotion {
 public:
  explicit StripMotion(const Region& region);

  /// `strip`: CV_8UC1 of the region; frames in order of time.
  void push(const cv::Mat& strip, SessionTime time);
  /// Nothing where the picture neither scrolls nor is swept (B-mode), or stands still.
  [[nodiscard]] std::optional<StripPace> pace() const;

 private:
  struct Frame {
    cv::Mat strip;
    SessionTime time;
  };
  struct Seen {
    double timeS = 0;
    double secondsPerPixel = 0;
  };
  struct Way {
    std::unique_ptr<StripUnroller> unroller;
    std::vector<Seen> seen;  // from when a pace was known
  };
  void follow(const cv::Mat& strip, SessionTime time);
  [[nodiscard]] bool isClearly(double oneSPerPixel, double otherSPerPixel) const;

  DisplayKind kind_;
  std::deque<Frame> early_;  // from before the kind was known
  Way scroll_, sweep_;
  SweepPace bar_;
};

}  // namespace soleus
