#include "calibration/screen/digit_places.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace soleus {
namespace {

// Of the brightest ink: where blurred ink ends, and what is none.
constexpr double kEndShare = 0.35;
constexpr double kGapShare = 0.25;
// Columns without ink that part words, against the height; digits and a dot are nearer.
constexpr double kWordGap = 0.15;
constexpr int kLeastWordGapPx = 2;
// Sizes that are still the same print, against the height and the width.
constexpr double kSameHeight = 0.08;
constexpr double kSameWidth = 0.06;
// By which a width may miss what its digits make, against the height.
constexpr double kWidthOff = 0.08;
constexpr std::size_t kLeastNumbers = 4;
// No digit is wider, against its height.
constexpr double kMostDigitWidth = 0.85;
// Singular value of what the numbers tell apart: less is told by chance alone.
constexpr double kApart = 0.3;
// Room about the ink, for its blur.
constexpr int kRoomPx = 2;
// The brightest pixels, one in so many, tell how bright ink is.
constexpr std::size_t kBrightest = 20;

/// Ends of what exceeds `level` in a profile, interpolated.
std::optional<std::pair<double, double>> ends(const cv::Mat& profile, double level) {
  const int count = static_cast<int>(profile.total());
  const auto at = [&](int i) { return static_cast<double>(profile.at<uchar>(i)); };
  int first = 0;
  while (first < count && at(first) <= level) ++first;
  if (first == count) return std::nullopt;
  int last = count - 1;
  while (at(last) <= level) --last;
  const auto outward = [&](int i, int next) {
    return next < 0 || next >= count ? 0.0 : (at(i) - level) / (at(i) - at(next));
  };
  return std::pair(first - outward(first, first - 1), last + outward(last, last + 1));
}

/// A 1 is narrow in its cell: it does not show where the cell ends.
bool narrowFirst(const std::string& text) {
  return text.front() == '1';
}
bool narrowLast(const std::string& text) {
  return text.back() == '1';
}

int digitCount(const std::string& text) {
  return static_cast<int>(text.size()) - static_cast<int>(std::count(text.begin(), text.end(), '.'));
}

bool hasDot(const std::string& text) {
  return text.find('.') != std::string::npos;
}

double widthOf(const std::string& text, const DigitMetrics& m) {
  return m.width + (digitCount(text) - 1) * m.advance + (hasDot(text) ? m.dot : 0);
}

cv::Mat normalised(const cv::Mat& ink) {
  cv::Mat picture;
  ink.convertTo(picture, CV_32F);
  std::vector<float> sorted(picture.begin<float>(), picture.end<float>());
  const auto bright = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / kBrightest);
  std::nth_element(sorted.begin(), bright, sorted.end(), std::greater<>());
  return picture / std::max(1.0F, *bright);
}

}  // namespace

std::optional<InkEnds> inkEnds(const cv::Mat& ink, const cv::Rect& box) {
  // With the blur at either side; above and below other lines are near.
  const cv::Rect inside = cv::Rect(box.x - 1, box.y, box.width + 2, box.height) & cv::Rect({}, ink.size());
  if (inside.empty()) return std::nullopt;
  const cv::Mat part = ink(inside);
  double most = 0;
  cv::minMaxLoc(part, nullptr, &most);
  cv::Mat columns, rows;
  cv::reduce(part, columns, 0, cv::REDUCE_MAX);
  cv::reduce(part, rows, 1, cv::REDUCE_MAX);
  const auto across = ends(columns, kEndShare * most);
  const auto down = ends(rows, kEndShare * most);
  if (!across || !down) return std::nullopt;
  return InkEnds{inside.x + across->first, inside.x + across->second, inside.y + down->first,
                 inside.y + down->second};
}

std::vector<cv::Rect> inkRuns(const cv::Mat& ink, const cv::Rect& line) {
  const cv::Rect box =
      cv::Rect(line.x - kRoomPx, line.y - kRoomPx, line.width + 2 * kRoomPx, line.height + 2 * kRoomPx) &
      cv::Rect({}, ink.size());
  std::vector<cv::Rect> runs;
  if (box.empty()) return runs;
  double most = 0;
  cv::minMaxLoc(ink(box), nullptr, &most);
  cv::Mat columns;
  cv::reduce(ink(box), columns, 0, cv::REDUCE_MAX);
  const int gap = std::max(kLeastWordGapPx, static_cast<int>(std::lround(kWordGap * line.height)));
  for (int x = 0; x < columns.cols; ++x) {
    if (columns.at<uchar>(x) <= kGapShare * most) continue;
    if (!runs.empty() && box.x + x - (runs.back().x + runs.back().width) < gap)
      runs.back().width = box.x + x + 1 - runs.back().x;
    else
      runs.emplace_back(box.x + x, box.y, 1, box.height);
  }
  return runs;
}

std::optional<DigitMetrics> digitMetrics(const std::vector<PrintedNumber>& numbers, double height) {
  std::vector<PrintedNumber> used;
  std::copy_if(numbers.begin(), numbers.end(), std::back_inserter(used), [&](const PrintedNumber& n) {
    const double most = (digitCount(n.text) + (hasDot(n.text) ? 0.5 : 0)) * kMostDigitWidth * height;
    return !narrowLast(n.text) && std::abs(n.ends.height() - height) <= kSameHeight * height &&
           n.ends.width() <= most;
  });
  DigitMetrics metrics;
  metrics.height = height;
  double narrow = 0;
  const auto off = [&](const PrintedNumber& n) {
    return std::abs(n.ends.width() - widthOf(n.text, metrics) + (narrowFirst(n.text) ? narrow : 0));
  };
  while (used.size() >= kLeastNumbers) {
    // width + (digits - 1) advance + dot - narrow, by least squares. What no number has stays 0.
    cv::Mat terms(static_cast<int>(used.size()), 4, CV_64F);
    cv::Mat widths(static_cast<int>(used.size()), 1, CV_64F);
    for (int i = 0; i < terms.rows; ++i) {
      const PrintedNumber& n = used[static_cast<std::size_t>(i)];
      terms.at<double>(i, 0) = 1;
      terms.at<double>(i, 1) = digitCount(n.text) - 1;
      terms.at<double>(i, 2) = hasDot(n.text) ? 1 : 0;
      terms.at<double>(i, 3) = narrowFirst(n.text) ? -1 : 0;
      widths.at<double>(i) = n.ends.width();
    }
    // Whether the numbers tell all of these apart.
    cv::Mat singular;
    cv::SVD::compute(terms, singular, cv::noArray(), cv::noArray(), cv::SVD::NO_UV);
    const int present = cv::countNonZero(cv::Mat(terms.t() * cv::Mat::ones(terms.rows, 1, CV_64F)));
    if (present < 2 || singular.at<double>(present - 1) < kApart) return std::nullopt;
    cv::Mat solved;
    cv::solve(terms, widths, solved, cv::DECOMP_SVD);
    metrics.width = solved.at<double>(0);
    metrics.advance = solved.at<double>(1);
    metrics.dot = solved.at<double>(2);
    narrow = solved.at<double>(3);
    const auto worst = std::max_element(used.begin(), used.end(),
                                        [&](const auto& a, const auto& b) { return off(a) < off(b); });
    if (off(*worst) > kWidthOff * height) {
      used.erase(worst);
      continue;
    }
    // Digits that overlap or stand apart by more than their width are none.
    const bool sane = metrics.width > 0.4 * height && metrics.width < kMostDigitWidth * height &&
                      metrics.advance > 0.7 * metrics.width && metrics.advance < 2 * metrics.width;
    return sane ? std::optional(metrics) : std::nullopt;
  }
  return std::nullopt;
}

int digitsAcross(double width, const DigitMetrics& metrics) {
  const int count = 1 + static_cast<int>(std::lround((width - metrics.width) / metrics.advance));
  const double off = std::abs(width - metrics.width - (count - 1) * metrics.advance);
  return count >= 1 && off <= kWidthOff * metrics.height ? count : 0;
}

std::optional<PlacedNumber> placeDigits(const cv::Mat& ink, const PrintedNumber& number,
                                        const DigitMetrics& metrics) {
  const InkEnds& e = number.ends;
  const bool first = narrowFirst(number.text);
  const bool last = narrowLast(number.text);
  if (first && last) return std::nullopt;
  PlacedNumber placed;
  placed.scaleY = e.height() / metrics.height;
  if (std::abs(placed.scaleY - 1) > kSameHeight) return std::nullopt;
  const double nominal = widthOf(number.text, metrics);
  if (first || last) {
    // Narrower than its cells, by less than a cell.
    if (e.width() > nominal || e.width() < nominal - metrics.width) return std::nullopt;
  } else {
    placed.scaleX = e.width() / nominal;
    if (std::abs(placed.scaleX - 1) > kSameWidth) return std::nullopt;
  }
  const cv::Rect window = cv::Rect(cv::Point(static_cast<int>(std::floor(e.left)) - 1,
                                             static_cast<int>(std::floor(e.top)) - kRoomPx),
                                   cv::Point(static_cast<int>(std::ceil(e.right)) + 2,
                                             static_cast<int>(std::ceil(e.bottom)) + kRoomPx + 1)) &
                          cv::Rect({}, ink.size());
  placed.picture = normalised(ink(window));
  const double y = (e.top + e.bottom) / 2 - window.y;
  double x = first ? e.right - nominal : e.left;
  x += metrics.width / 2 * placed.scaleX - window.x;
  for (const char c : number.text) {
    if (c == '.') {
      placed.glyphs.push_back({c, x - (metrics.advance - metrics.dot) / 2 * placed.scaleX, y});
      x += metrics.dot * placed.scaleX;
    } else {
      placed.glyphs.push_back({c, x, y});
      x += metrics.advance * placed.scaleX;
    }
  }
  return placed;
}

}  // namespace soleus
