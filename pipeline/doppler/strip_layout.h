/// Notices that the scanner's operator moved the baseline or changed the velocity scale, from the picture.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>
#include <vector>

namespace soleus {

/// What changed between two frames.
struct LayoutChange {
  int fromRow = -1;     ///< of the zero line before, in the strip; -1 where none is drawn
  int downRows = 0;     ///< by how much zero moved down
  double scale = 1;     ///< new cm/s per pixel over old; 1 where only zero moved
  bool redrawn = true;  ///< the whole spectrum moved with it; false: columns drawn before stayed
};

/// The mean of each row hardly changes from frame to frame, whether a strip sweeps or scrolls: a few columns
/// are new. Where it jumps, and the old means moved or stretched about zero explain the new ones, the layout
/// has changed; a drawn zero line (one row, all columns alike) has to agree. A strip that was merely replaced
/// fits neither. Pure but for the frame before; not thread-safe.
class StripLayout {
 public:
  /// `zeroRow`: continuous row of zero velocity in the strip, used where no line is drawn.
  explicit StripLayout(double zeroRow) : zeroRow_(zeroRow) {}
  std::optional<LayoutChange> push(const cv::Mat& strip);
  /// Whether the last frame had lost most of what the one before showed.
  [[nodiscard]] bool cleared() const { return cleared_; }

 private:
  std::vector<float> before_;
  std::vector<float> now_;
  double zeroRow_;
  bool cleared_ = false;
  double usual_ = 0;  // sum of the means, the most of the last seconds
};

}  // namespace soleus
