/// Whether a strip's even and odd rows show one moment or two.
#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <vector>

namespace soleus {

enum class RowOrder : std::uint8_t { kTogether, kEvenFirst, kOddFirst };

/// Between a frame's odd rows and the even rows of the frame before lies a frame, as between its even rows
/// and the odd ones before, if each frame shows one moment. In frames woven of two fields it is a frame and a
/// half the one way and half a frame the other. The more time, the more has moved, so the differences tell;
/// neither the kind of display nor its pace need be known. Each odd row is compared with the even rows on
/// both sides, so that what moves up or down makes no difference. Not thread-safe.
class RowOrderWatch {
 public:
  /// Told anew whenever enough has moved since it was told last: of a usual spectrum once a second or two.
  std::optional<RowOrder> push(const cv::Mat& strip);

 private:
  using Cells = std::vector<std::uint32_t>;  // brightness of runs of columns, row after row

  Cells above_, odd_, below_;  // of an even row, the odd one, the next even one
  Cells aboveBefore_, oddBefore_, belowBefore_;
  int frames_ = 0;
  double oddLater_ = 0;  // how much further apart even before and odd now are than the reverse, all frames
  double oddLaterSquares_ = 0;
  double alike_ = 0;  // how much less the rows of a frame differ than those of two, all frames
  double moved_ = 0;  // between a row and itself a frame before, all frames
};

}  // namespace soleus
