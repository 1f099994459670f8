#include "calibration/screen/baseline_line.h"

#include <algorithm>
#include <cmath>
#include <iterator>
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
constexpr int kNextRows[] = {-1, 1};
// Rows to compare with lie this far off, beyond the thickest line and its smear.
constexpr int kBesidePx = 6;

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

/// Whether one row carries the line. Of the flow beside it a gradient at most lies in the next row.
bool isSharp(const cv::Mat& mean, const cv::Rect& spectrum, int row) {
  const double line = meanOf(mean, spectrum, row);
  return std::all_of(std::begin(kNextRows), std::end(kNextRows), [&](int by) {
    const double ground = meanOf(mean, spectrum, row + 2 * by);
    return meanOf(mean, spectrum, row + by) - ground <= kMostBeside * (line - ground);
  });
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
  line.sharp = isSharp(picture.mean, spectrum, row);
  if (line.sharp) line.row = row + 0.5;
  const double ends = meanOf(picture.mean, spectrum, row) / 2;
  const auto shines = [&](int x) { return picture.mean.at<uchar>(row, x) >= ends; };
  while (line.leftPx > 0 && shines(line.leftPx - 1)) --line.leftPx;
  while (line.rightPx < picture.mean.cols && shines(line.rightPx)) ++line.rightPx;
  return line;
}

}  // namespace soleus
