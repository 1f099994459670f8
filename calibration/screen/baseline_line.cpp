#include "calibration/screen/baseline_line.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace soleus {
namespace {

// What a codec moves of a line that stands still, and how bright a line is at least.
constexpr int kStandsGrey = 40;
constexpr int kLineGrey = 60;
// Of the columns: markers and the write bar hide some.
constexpr double kLeastShare = 0.8;
constexpr int kThickestPx = 3;

double shareOfLine(const ScreenPicture& picture, const cv::Rect& spectrum, int row) {
  int on = 0;
  for (int x = spectrum.x; x < spectrum.x + spectrum.width; ++x) {
    const bool stands = picture.range.at<uchar>(row, x) <= kStandsGrey;
    on += stands && picture.mean.at<uchar>(row, x) >= kLineGrey ? 1 : 0;
  }
  return static_cast<double>(on) / spectrum.width;
}

double meanOf(const cv::Mat& picture, const cv::Rect& spectrum, int row) {
  double sum = 0;
  for (int x = spectrum.x; x < spectrum.x + spectrum.width; ++x) sum += picture.at<uchar>(row, x);
  return sum / spectrum.width;
}

}  // namespace

std::optional<BaselineLine> findBaselineLine(const ScreenPicture& picture, const cv::Rect& spectrum) {
  std::vector<cv::Range> lines;
  for (int row = spectrum.y; row < spectrum.y + spectrum.height; ++row) {
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
  const auto shines = [&](int x) { return picture.mean.at<uchar>(row, x) >= kLineGrey; };
  while (line.leftPx > 0 && shines(line.leftPx - 1)) --line.leftPx;
  while (line.rightPx < picture.mean.cols && shines(line.rightPx)) ++line.rightPx;
  return line;
}

}  // namespace soleus
