#include "calibration/screen/baseline_line.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace soleus {
namespace {

// What a codec moves of a line that stands still; beside bright flow it moves more, but then less than half
// of what the flow does.
constexpr int kStandsGrey = 40;
constexpr double kStandsShare = 0.5;
// How much brighter than the rows around it a line is at least.
constexpr double kLineGrey = 12;
// Of the columns: markers and the write bar hide some.
constexpr double kLeastShare = 0.8;
constexpr int kThickestPx = 5;
// How much of its brightness the next row on either side may have: what codecs leave there. A scaled picture
// that shows a line so has it within a quarter of a row of the middle of one.
constexpr double kMostBeside = 0.35;
// Columns without flow beside the line, which show that best.
constexpr double kLeastDark = 0.1;
// Rows to compare with lie this far off, beyond the thickest line and its smear.
constexpr int kBesidePx = 6;
// Within this part of its width a spectrum's first and last column are known.
constexpr int kEndsShare = 8;

/// Share of the columns in which the row stands still and shines more than what lies beside it.
double shareOfLine(const ScreenPicture& picture, const cv::Rect& spectrum, int row) {
  const uchar* range = picture.range.ptr<uchar>(row);
  const uchar* mean = picture.mean.ptr<uchar>(row);
  int on = 0;
  for (int x = spectrum.x; x < spectrum.x + spectrum.width; ++x) {
    int moves = 0;
    int beside = 0;
    for (const int other : {row - kBesidePx, row + kBesidePx}) {
      moves = std::max<int>(moves, picture.range.at<uchar>(other, x));
      beside += picture.mean.at<uchar>(other, x);
    }
    const bool stands = range[x] <= std::max<double>(kStandsGrey, kStandsShare * moves);
    on += stands && mean[x] >= kLineGrey + beside / 2.0 ? 1 : 0;
  }
  return static_cast<double>(on) / spectrum.width;
}

double meanOf(const cv::Mat& picture, const cv::Rect& spectrum, int row) {
  double sum = 0;
  for (int x = spectrum.x; x < spectrum.x + spectrum.width; ++x) sum += picture.at<uchar>(row, x);
  return sum / spectrum.width;
}

/// How much of the line's brightness over its ground the next row has on one side: of the columns of the
/// newest frame in which the row after that is dark, the middle one; of the mean where those are few.
double shareBeside(const ScreenPicture& picture, const cv::Rect& spectrum, int row, int side) {
  if (!picture.sample.empty()) {
    const cv::Rect rows(spectrum.x, row - 2, spectrum.width, 5);
    const cv::Mat grey = brightness(picture.sample(rows));
    std::vector<double> shares;
    for (int x = 0; x < grey.cols; ++x) {
      const int line = grey.at<uchar>(2, x);
      const int ground = grey.at<uchar>(2 + 2 * side, x);
      if (line > 0 && 2 * ground <= line)
        shares.push_back(1.0 * (grey.at<uchar>(2 + side, x) - ground) / (line - ground));
    }
    if (static_cast<double>(shares.size()) >= kLeastDark * spectrum.width) {
      const auto middle = shares.begin() + static_cast<std::ptrdiff_t>(shares.size() / 2);
      std::nth_element(shares.begin(), middle, shares.end());
      return *middle;
    }
  }
  const double ground = meanOf(picture.mean, spectrum, row + 2 * side);
  const double line = meanOf(picture.mean, spectrum, row) - ground;
  return line > 0 ? (meanOf(picture.mean, spectrum, row + side) - ground) / line : 1;
}

}  // namespace

std::optional<BaselineLine> findBaselineLine(const ScreenPicture& picture, const cv::Rect& spectrum) {
  std::vector<cv::Range> lines;
  for (int row = spectrum.y + kBesidePx; row < spectrum.y + spectrum.height - kBesidePx; ++row) {
    if (shareOfLine(picture, spectrum, row) < kLeastShare) continue;
    if (!lines.empty() && lines.back().end == row) {
      lines.back().end = row + 1;
    } else {
      lines.emplace_back(row, row + 1);
    }
  }
  std::erase_if(lines, [](const cv::Range& l) { return l.size() > kThickestPx; });
  if (lines.size() != 1) return std::nullopt;
  const cv::Range rows = lines.front();
  // The middle of its brightness; where the codec smeared it, its neighbours carry some.
  double mass = 0;
  double moment = 0;
  for (int row = rows.start; row < rows.end; ++row) {
    const double grey = meanOf(picture.mean, spectrum, row);
    mass += grey;
    moment += grey * (row + 0.5);
  }
  BaselineLine line{moment / mass, spectrum.x, spectrum.x + spectrum.width};
  const int row = std::clamp(static_cast<int>(line.row), 0, picture.mean.rows - 1);
  // Of the flow beside it a gradient at most lies in the next row.
  line.sharp = std::max(shareBeside(picture, spectrum, row, -1), shareBeside(picture, spectrum, row, 1)) <=
               kMostBeside;
  if (line.sharp) line.row = row + 0.5;
  const double ends = meanOf(picture.mean, spectrum, row) / 2;
  // A panel beside the strip may be as bright as a dim line, but it is that above and below as well.
  const auto isPanel = [&](int x, int other) {
    return picture.range.at<uchar>(other, x) <= kStandsGrey &&
           picture.mean.at<uchar>(other, x) + kLineGrey > picture.mean.at<uchar>(row, x);
  };
  const auto shines = [&](int x) {
    return picture.mean.at<uchar>(row, x) >= ends &&
           !(isPanel(x, row - kBesidePx) && isPanel(x, row + kBesidePx));
  };
  // From within the spectrum outward: beyond a gap the tick at zero goes on.
  line.leftPx += spectrum.width / kEndsShare;
  line.rightPx -= spectrum.width / kEndsShare;
  while (line.leftPx > 0 && shines(line.leftPx - 1)) --line.leftPx;
  while (line.rightPx < picture.mean.cols && shines(line.rightPx)) ++line.rightPx;
  return line;
}

}  // namespace soleus
