/// How far the columns that are already written lie from the tracked change: the write position to a pixel.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "pipeline/doppler/sweep_change.h"

namespace soleus {

/// What changes most on a strip need not be its write position: a bar stands before it, an erased gap runs
/// ahead of it, and one of them may be invisible for a second. But between a frame and one some frames later,
/// columns left of the first frame's write position are equal, and the others differ. The average of that
/// step over many frames, in coordinates that move with the tracked change, gives the distance from one to
/// the other; half height of its left flank is unmoved by a symmetric smear of the codec. Pure; not
/// thread-safe.
class SweepEdge {
 public:
  /// How far to the left and right of the tracked change columns are looked at.
  static constexpr int kLeftPx = 64;
  static constexpr int kRightPx = 24;

  /// `changeGrey`: change of columns x0, x0 + 1, ... from a frame to one some frames later. `trackedPx`:
  /// position of the tracked change in the first of them.
  void add(const std::vector<float>& changeGrey, int x0, double trackedPx);
  /// Write position minus tracked position, px; nothing until enough frames were seen.
  [[nodiscard]] std::optional<double> offsetPx() const;
  void reset() { *this = SweepEdge(); }

 private:
  static constexpr int kBinsPerPx = 2;
  static constexpr int kBins = (kLeftPx + kRightPx) * kBinsPerPx;
  [[nodiscard]] double level(int bin) const;

  std::array<double, kBins> sum_{};
  std::array<double, kBins> weight_{};
  double frames_ = 0;
};

}  // namespace soleus
