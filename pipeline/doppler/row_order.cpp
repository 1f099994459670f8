#include "pipeline/doppler/row_order.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "pipeline/doppler/pixel_sums.h"

namespace soleus {
namespace {

constexpr int kRowTriples = 36;
// Across the strip. One of 2 s moves by a third of a cell between fields, one of 8 s by a twelfth:
// differences grow with time up to a whole one. The width takes away the noise of single pixels.
constexpr int kCells = 32;
// Their width is a multiple of it: as many pixels as are summed at a time.
constexpr int kPixelsAtOnce = 16;
// Ten seconds at 30 frames/s: what was not told by then is begun anew, lest a long standstill outweigh what
// follows it.
constexpr int kMostFrames = 300;
constexpr int kLeastFrames = 60;
// Share of what moved. Woven fields give 0.18 to 0.4, and 0.12 or more where the screen is slower than
// they are and many frames are whole; pictures up to 0.04, by the shape of what moves.
constexpr double kLeastShare = 0.1;
// Of what moved, that rows of one frame differ less than those of two: 0.17 to 0.5 for woven fields. Else
// neighbouring rows have nothing in common that could tell. A screen at the grabber's pace, half a frame
// off, makes up for it by the share of above, which is 1 then.
constexpr double kLeastAlike = 0.15;
// Standard errors. Where little moves, noise alone gets there once in a hundred thousand times.
constexpr double kErrors = 4.5;

/// `offset`: of the row from the even one that each triple of rows begins with.
void cellsOf(const cv::Mat& strip, int offset, std::vector<std::uint32_t>& cells) {
  const int available = (strip.rows - 1) / 2;
  const int triples = std::min(kRowTriples, available);
  const int width = (strip.cols / kCells / kPixelsAtOnce + 1) * kPixelsAtOnce;
  cells.clear();
  for (int t = 0; t < triples; ++t) {
    const auto* pixels = strip.ptr<std::uint8_t>(2 * (t * available / triples) + offset);
    for (int x = 0; x + width <= strip.cols; x += width)
      cells.push_back(static_cast<std::uint32_t>(sumOf(pixels + x, width)));
  }
}

double difference(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::max(a[i], b[i]) - std::min(a[i], b[i]);
  return static_cast<double>(sum);
}

}  // namespace

std::optional<RowOrder> RowOrderWatch::push(const cv::Mat& strip) {
  std::swap(above_, aboveBefore_);
  std::swap(odd_, oddBefore_);
  std::swap(below_, belowBefore_);
  cellsOf(strip, 0, above_);
  cellsOf(strip, 1, odd_);
  cellsOf(strip, 2, below_);
  if (oddBefore_.size() != odd_.size()) return std::nullopt;  // the first frame
  // What moves up or down favours one neighbour as much as it disfavours the other.
  const double evenToOdd = (difference(aboveBefore_, odd_) + difference(belowBefore_, odd_)) / 2;
  const double oddToEven = (difference(oddBefore_, above_) + difference(oddBefore_, below_)) / 2;
  oddLater_ += evenToOdd - oddToEven;
  oddLaterSquares_ += (evenToOdd - oddToEven) * (evenToOdd - oddToEven);
  alike_ += evenToOdd + oddToEven - difference(above_, odd_) - difference(below_, odd_);
  moved_ += (difference(aboveBefore_, above_) + difference(belowBefore_, below_)) / 2 +
            difference(oddBefore_, odd_);
  if (++frames_ < kLeastFrames) return std::nullopt;
  const double apart = std::abs(oddLater_);
  const double error = std::sqrt(oddLaterSquares_);
  const double least = kLeastShare * moved_;
  std::optional<RowOrder> order;
  const bool alike = std::max(alike_, apart / 2) > kLeastAlike * moved_;
  if (alike && apart > std::max(least, kErrors * error))
    order = oddLater_ > 0 ? RowOrder::kEvenFirst : RowOrder::kOddFirst;
  else if (apart + 2 * error < least)
    order = RowOrder::kTogether;
  if (order || frames_ == kMostFrames) {
    oddLater_ = oddLaterSquares_ = alike_ = moved_ = 0;
    frames_ = 0;
  }
  return order;
}

}  // namespace soleus
