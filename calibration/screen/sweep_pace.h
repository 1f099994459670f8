/// The pace of a sweep from all that its bar changed.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <vector>

namespace soleus {

/// A pace and how far it may be off.
struct BoundedPace {
  double secondsPerPixel = 0;
  double uncertainty = 0;  ///< as a share of it
};

/// Whatever the bar does to a column, erasing or writing, it does a fixed time after it did the same to the
/// column before, lap after lap. Of all changes between frames the time is taken off that a pace gives their
/// column: at the true pace what is left gathers in the fewest moments (a Hough transform for lines of one
/// slope). No single disturbance, a burst or a codec's whole picture, leads that astray; how much each eighth
/// of the recording matters tells how far it may be off (the jackknife). Not thread-safe.
class SweepPace {
 public:
  /// A frame of the strip (CV_8UC1, all of one size) and its time in seconds.
  void push(const cv::Mat& strip, double timeS);

  /// The pace within 4 % of `nearSecondsPerPixel`; nothing where too little changed.
  [[nodiscard]] std::optional<BoundedPace> near(double nearSecondsPerPixel) const;

 private:
  struct Change {
    float column = 0;
    float timeS = 0;
  };
  cv::Mat before_;
  double beforeS_ = 0;
  double firstS_ = 0;
  int steps_ = 0;  // from a frame to the next
  std::vector<Change> changes_;

  /// From a frame to the next, on average: stamps may all but coincide.
  [[nodiscard]] double frameS() const;
  [[nodiscard]] double sharpness(double secondsPerPixel, int without) const;
  [[nodiscard]] double sharpest(double secondsPerPixel, int without) const;
  [[nodiscard]] int partOf(const Change& change) const;
};

}  // namespace soleus
