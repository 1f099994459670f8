/// The pace of a sweep from all that its bar changed.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <utility>
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
/// slope), one for each lap. No single disturbance, a burst or a codec's whole picture, leads that astray.
/// Lines of one slope through the changes at those moments then tell the pace; how much each eighth of them
/// matters to it tells how far it may be off (the jackknife). Not thread-safe.
class SweepPace {
 public:
  /// A frame of the strip (CV_8UC1, all of one size) and its time in seconds.
  void push(const cv::Mat& strip, double timeS);

  /// The pace within 4 % of `nearSecondsPerPixel`; nothing where too little changed.
  [[nodiscard]] std::optional<BoundedPace> near(double nearSecondsPerPixel) const;
  /// What share of all changes a pace explains: those within a redrawing of its laps' lines.
  [[nodiscard]] double explained(double secondsPerPixel) const;

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

  /// From one change of the strip to the next, mostly: a screen may be redrawn less often than it is filmed,
  /// and stamps may all but coincide.
  [[nodiscard]] double redrawS() const;
  /// The changes of an eighth, from a number to before another.
  [[nodiscard]] std::pair<std::size_t, std::size_t> part(int number) const;
  /// How many changes lie in each moment of what is left of the times, those beside it counted half.
  struct Moments {
    double firstS = 0;  // where the first is centred
    double eachS = 0;
    std::vector<double> changes;
  };
  [[nodiscard]] Moments moments(double secondsPerPixel, int without) const;
  [[nodiscard]] double sharpest(double secondsPerPixel) const;
  [[nodiscard]] std::vector<double> laps(double secondsPerPixel, int without) const;
  struct LineSums {
    int count = 0;
    double columns = 0;
    double timesS = 0;
    double products = 0;
    double squares = 0;
    void add(const Change& change);
  };
  [[nodiscard]] LineSums lapSums(double secondsPerPixel, double lapS, int without) const;
  [[nodiscard]] std::optional<double> fitted(double nearSecondsPerPixel, int without) const;
};

}  // namespace soleus
