/// Finds markers and text that are painted over the strip, and takes them away.
#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <vector>

namespace soleus {

/// A painted pixel stays bright while the spectrum under it changes: in a scroll at once, in a sweep when the
/// write position passes. Blood that bright moves with the spectrum,
/// or is a broad patch where the display clips: only thin strokes count. A mark is known from kAgeFrames
/// frames after it appeared. Rows that are bright over a third of the strip are its own furniture (zero
/// line), not a mark. Not thread-safe.
class StripOverlay {
 public:
  static constexpr int kAgeFrames = 6;

  enum Column : std::uint8_t { kClean = 0, kTouched = 1, kHidden = 2 };

  /// Looks at a frame, keeps it for the next (nobody writes to its pixels), and replaces painted pixels in
  /// `mended`, a copy of it, by the column's noise level, its lower quartile. Returns for each column whether
  /// it was touched, or more than half of it hidden.
  const std::vector<std::uint8_t>& clean(const cv::Mat& strip, cv::Mat& mended);

 private:
  void noteChanges(const cv::Mat& strip);
  /// False if nothing in the row is painted.
  bool ageRow(const cv::Mat& strip, int row);
  [[nodiscard]] bool findPainted(const cv::Mat& strip);

  cv::Mat before_;  // the frame before, as it came
  cv::Mat age_;     // frames for which a pixel has been bright and the same, up to 255
  cv::Mat painted_;
  cv::Mat level_;
  cv::Mat upright_;
  cv::Mat rows_;
  cv::Mat rowsBefore_;
  std::vector<float> change_;
  std::vector<int> changedFrame_;  // when the column last changed
  std::vector<std::uint8_t> columns_;
  std::vector<std::uint8_t> usedRows_;  // whether a row of age_ or painted_ may hold anything
  int frame_ = 0;
};

}  // namespace soleus
