#include "calibration/screen/moving_regions.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace soleus {
namespace {

// A resting pixel moves less than this in the codecs in use; speckle moves more.
constexpr double kMovesGrey = 24;
// Share of moving pixels that makes a place one that moves: a few more than a codec scatters.
constexpr double kLeastDensity = 0.12;
// Of the screen's width: places nearer than this belong together (the waves of a resting spectrum), and
// regions further apart don't.
constexpr double kReachShare = 1.0 / 64;
// Spectrum and B-mode take more of a screen than this; clocks and cursors less.
constexpr double kLeastWidthShare = 0.15;
constexpr double kLeastHeightShare = 0.06;
// Edges of waves that stand on one line differ by less.
constexpr int kSameRowPx = 6;
// Of a rectangle that moves all over; of waves it is half.
constexpr double kFullShare = 0.95;
// Counts more than this alike, so that one bright wave does not stand for many rows of noise: grey levels, or
// times the usual movement where speckle fills the rectangle.
constexpr double kEnoughGrey = 40;
constexpr double kEnoughTimes = 1.5;
// Movement that a column or row must reach against the middle one to belong to the rectangle: most of it
// where it is filled, less where waves stand apart.
constexpr double kFilledExtent = 0.65;
constexpr double kSparseExtent = 0.3;
// Movement within this of an edge, against the middle's, that makes it the edge of a filled rectangle.
constexpr double kFilledShare = 0.5;

/// Mean movement of each column of `range` (or row), cut at `enough`.
std::vector<double> profile(const cv::Mat& range, bool columns, double enough) {
  cv::Mat cut;
  cv::min(range, enough, cut);
  cv::Mat mean;
  cv::reduce(cut, mean, columns ? 0 : 1, cv::REDUCE_AVG, CV_64F);
  const auto count = static_cast<std::size_t>(columns ? range.cols : range.rows);
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = mean.at<double>(static_cast<int>(i));
  return values;
}

double middleOf(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// First and one past the last of the values that reach `share` of the median.
std::pair<int, int> extent(const std::vector<double>& values, double share) {
  const double least = share * middleOf(values);
  const auto reaches = [least](double v) { return v >= least; };
  const auto first = std::find_if(values.begin(), values.end(), reaches);
  const auto last = std::find_if(values.rbegin(), values.rend(), reaches);
  if (first == values.end()) return {0, static_cast<int>(values.size())};
  return {static_cast<int>(first - values.begin()), static_cast<int>(last.base() - values.begin())};
}

double middleOf(const cv::Mat& picture) {
  cv::Mat wide;
  picture.convertTo(wide, CV_32F);
  std::vector<double> values;
  for (int y = 0; y < wide.rows; y += 2) {
    for (int x = 0; x < wide.cols; x += 2) values.push_back(wide.at<float>(y, x));
  }
  return middleOf(std::move(values));
}

MovingRegion refined(const ScreenPicture& picture, const cv::Rect& rough) {
  const bool speckled = middleOf(picture.range(rough)) > kEnoughGrey;
  cv::Mat moves;
  if (speckled) {
    moves = picture.spread;
  } else {
    picture.range.convertTo(moves, CV_32F);
  }
  const double enough = speckled ? kEnoughTimes * middleOf(moves(rough)) : kEnoughGrey;
  const double share = speckled ? kFilledExtent : kSparseExtent;
  // Twice, because the rows outside dilute what is seen of the columns.
  cv::Rect box = rough;
  for (int i = 0; i < 2; ++i) {
    const auto [left, right] = extent(profile(moves(box), true, enough), share);
    box = cv::Rect(box.x + left, box.y, right - left, box.height);
    const auto [top, bottom] = extent(profile(moves(box), false, enough), share);
    box = cv::Rect(box.x, box.y + top, box.width, bottom - top);
  }
  MovingRegion region{box};
  const std::vector<double> rows = profile(moves(box), false, enough);
  const double least = kFilledShare * middleOf(rows);
  const auto edge = static_cast<std::ptrdiff_t>(std::min<std::size_t>(4, rows.size()));
  region.filledTop = speckled && middleOf({rows.begin(), rows.begin() + edge}) >= least;
  region.filledBottom = speckled && middleOf({rows.end() - edge, rows.end()}) >= least;
  return region;
}

/// Whether a rectangle is as large as a spectrum or a picture.
bool isLarge(const cv::Rect& box, const cv::Size& screen) {
  return box.width >= kLeastWidthShare * screen.width && box.height >= kLeastHeightShare * screen.height;
}

/// The rectangles of a place that was closed over gaps along time, of its parts before that if two large ones
/// stand side by side and share neither their first row nor their last (waves of one spectrum, however far
/// apart, stand on one line) or not both, but move all over.
std::vector<cv::Rect> partsOf(const cv::Mat& before, const cv::Rect& whole) {
  cv::Mat labels, stats, centroids;
  const int count = cv::connectedComponentsWithStats(before(whole), labels, stats, centroids, 4);
  std::vector<cv::Rect> large;
  for (int i = 1; i < count; ++i) {
    const cv::Rect box(whole.x + stats.at<int>(i, cv::CC_STAT_LEFT),
                       whole.y + stats.at<int>(i, cv::CC_STAT_TOP), stats.at<int>(i, cv::CC_STAT_WIDTH),
                       stats.at<int>(i, cv::CC_STAT_HEIGHT));
    if (isLarge(box, before.size())) large.push_back(box);
  }
  if (large.size() != 2) return {whole};
  const cv::Rect& a = large[0];
  const cv::Rect& b = large[1];
  const auto apart = [](int first, int second) { return std::abs(first - second) > kSameRowPx; };
  const auto isFull = [&before](const cv::Rect& box) {
    return cv::countNonZero(before(box)) >= kFullShare * box.area();
  };
  const bool beside = a.x + a.width <= b.x || b.x + b.width <= a.x;
  const int ends = (apart(a.y, b.y) ? 1 : 0) + (apart(a.y + a.height, b.y + b.height) ? 1 : 0);
  const bool areTwo = beside && (ends == 2 || (ends == 1 && isFull(a) && isFull(b)));
  if (!areTwo) return {whole};
  return large;
}

}  // namespace

std::vector<MovingRegion> movingRegions(const ScreenPicture& picture) {
  const cv::Size screen = picture.range.size();
  const int reach = std::max(5, static_cast<int>(std::lround(kReachShare * screen.width))) | 1;
  cv::Mat moves = picture.range > kMovesGrey;
  cv::Mat density;
  cv::boxFilter(moves, density, CV_32F, {reach, reach}, {-1, -1}, true, cv::BORDER_CONSTANT);
  cv::Mat dense = density > 255 * kLeastDensity;
  // Waves stand apart along time, never along velocity.
  const int apart = 2 * reach | 1;
  const cv::Mat before = dense.clone();
  cv::morphologyEx(dense, dense, cv::MORPH_CLOSE, cv::Mat::ones(1, apart, CV_8U));
  cv::Mat labels, stats, centroids;
  const int count = cv::connectedComponentsWithStats(dense, labels, stats, centroids, 4);
  std::vector<MovingRegion> regions;
  for (int i = 1; i < count; ++i) {
    const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                       stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    if (!isLarge(box, screen)) continue;
    for (const cv::Rect& part : partsOf(before, box)) regions.push_back(refined(picture, part));
  }
  std::sort(regions.begin(), regions.end(),
            [](const MovingRegion& a, const MovingRegion& b) { return a.box.area() > b.box.area(); });
  return regions;
}

}  // namespace soleus
