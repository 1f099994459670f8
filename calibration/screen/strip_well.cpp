#include "calibration/screen/strip_well.h"

#include <algorithm>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <vector>

namespace soleus {
namespace {

// A frame or panel is brighter than the strip's ground by this at least, nearly all along a side.
constexpr double kBrightGrey = 10;
constexpr double kBrightShare = 0.9;
// The ground is what a tenth of the core is darker than.
constexpr double kGroundShare = 0.1;
// Columns of the core may be off by a codec's block, and a resting vein does not fill them all.
constexpr int kCoreOffPx = 12;
// At the corners other things begin.
constexpr int kCornerPx = 8;
// Of a line's brightness, what may be left beyond its end.
constexpr double kEndsShare = 0.5;
// A panel goes on for so many rows; a line blurs over as many at most on either side.
constexpr int kPanelRows = 5;
constexpr int kBlurRows = 2;

double groundOf(const cv::Mat& mean) {
  std::vector<std::uint8_t> values(mean.begin<std::uint8_t>(), mean.end<std::uint8_t>());
  const auto dark =
      values.begin() + static_cast<std::ptrdiff_t>(kGroundShare * static_cast<double>(values.size()));
  std::nth_element(values.begin(), dark, values.end());
  return *dark;
}

/// What is bright on a screen about one strip.
class Surroundings {
 public:
  Surroundings(const cv::Mat& mean, const cv::Rect& core, const cv::Rect& room)
      : mean_(mean), core_(core), room_(room), ground_(groundOf(mean(core))) {}

  struct End {
    int row = 0;  ///< the first that is none of the strip's
    bool isPanel = false;
  };
  /// The first line beyond the core, `step` rows at a time, where the strip ends; nothing if none does. The
  /// line at zero runs through the strip: what it meets at its ends goes on beyond it.
  [[nodiscard]] std::optional<End> endRow(int step) const {
    const int last = step < 0 ? room_.y : room_.y + room_.height - 1;
    int y = step < 0 ? core_.y + kCornerPx : core_.y + core_.height - 1 - kCornerPx;
    for (; step * (last - y) > kPanelRows; y += step) {
      if (!isBrightRow(y) || isBrightRow(y - step)) continue;
      if (isPanel(y, step)) return End{panelEdge(y, step), true};
      if (isCorner(y, step)) return End{y, false};
    }
    return std::nullopt;
  }

  /// The first bright column beyond the core's end on that side, over `rows`.
  [[nodiscard]] std::optional<int> endColumn(int step, const cv::Range& rows) const {
    const int end = coreEnd(step);
    for (int off = -kCoreOffPx; off <= kCoreOffPx; ++off) {
      const int x = end + step * off;
      if (x >= room_.x && x < room_.x + room_.width && isBright(mean_(rows, cv::Range(x, x + 1)))) return x;
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] int coreEnd(int step) const { return step < 0 ? core_.x : core_.x + core_.width - 1; }
  [[nodiscard]] bool isBright(const cv::Mat& line) const {
    return cv::countNonZero(line > ground_ + kBrightGrey) >= kBrightShare * static_cast<double>(line.total());
  }
  [[nodiscard]] bool isBrightRow(int y) const {
    return isBright(mean_(cv::Rect(core_.x + kCornerPx, y, core_.width - 2 * kCornerPx, 1)));
  }
  [[nodiscard]] bool isPanel(int y, int step) const {
    for (int i = 1; i < kPanelRows; ++i) {
      if (!isBrightRow(y + i * step)) return false;
    }
    return true;
  }
  /// The first of the rows from `y` on that is nearer to the panel beyond it than to the ground.
  [[nodiscard]] int panelEdge(int y, int step) const {
    const auto level = [&](int row) {
      return cv::mean(mean_(cv::Rect(core_.x + kCornerPx, row, core_.width - 2 * kCornerPx, 1)))[0];
    };
    const double half = (ground_ + level(y + step * (kPanelRows - 1))) / 2;
    return level(y) < half ? y + step : y;
  }
  /// Whether lines from within the strip end at row `y`, on both sides.
  [[nodiscard]] bool isCorner(int y, int step) const {
    const auto rows = [&](int from, int to) {
      return cv::Range(std::min(y + from * step, y + to * step),
                       std::max(y + from * step, y + to * step) + 1);
    };
    const cv::Range within = rows(-kBlurRows - kCornerPx, -kBlurRows - 1);
    const cv::Range beyond = rows(kBlurRows + 1, kPanelRows);
    // Outward from the core: within it flow may end at the line as well.
    const auto endsOn = [&](int side) {
      for (int off = 0; off <= kCoreOffPx; ++off) {
        const int x = coreEnd(side) + side * off;
        if (x < room_.x || x >= room_.x + room_.width) return false;
        const cv::Range column(x, x + 1);
        const double inside = cv::mean(mean_(within, column))[0] - ground_;
        const double outside = cv::mean(mean_(beyond, column))[0] - ground_;
        if (isBright(mean_(within, column)) && outside < kEndsShare * inside) return true;
      }
      return false;
    };
    return endsOn(-1) && endsOn(1);
  }

  const cv::Mat& mean_;
  cv::Rect core_;
  cv::Rect room_;
  double ground_;
};

}  // namespace

std::optional<StripWell> stripWell(const cv::Mat& mean, const cv::Rect& core, const cv::Rect& room) {
  if (core.width <= 4 * kCornerPx || core.height <= 2 * kCornerPx) return std::nullopt;
  const Surroundings about(mean, core, room);
  const auto top = about.endRow(-1);
  const auto bottom = about.endRow(1);
  if (!top || !bottom || bottom->row - top->row <= 4 * kCornerPx) return std::nullopt;
  const cv::Range rows(top->row + kCornerPx, bottom->row - kCornerPx);
  const auto left = about.endColumn(-1, rows);
  const auto right = about.endColumn(1, rows);
  if (!left || !right) return std::nullopt;
  return StripWell{cv::Rect(*left + 1, top->row + 1, *right - *left - 1, bottom->row - top->row - 1),
                   top->isPanel && bottom->isPanel};
}

}  // namespace soleus
