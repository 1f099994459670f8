#include "pipeline/vessel/lumen_seed.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <compare>
#include <limits>
#include <opencv2/core/hal/intrin.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace soleus {
namespace {

// Coarse pixels of 0.6 mm average the speckle and still show a vein of 2 mm.
constexpr double kCoarseMm = 0.6;

// Blood is anechoic: at most half of the median tissue after smoothing.
constexpr double kDarkShare = 0.5;

// Area of a vein of 2 mm; smaller dark spots are gaps between muscle fibres.
constexpr double kLeastAreaMm2 = 3.1;

// Less than 5 mm of picture has no room for a vein and the tissue around it.
constexpr int kLeastCoarseSide = 8;

// A region of more than 40 % of the picture is what lies beyond the tissue.
constexpr double kLargestShare = 0.4;

// Within 5 mm of the middle it matters little where a vessel lies: half a vein's width.
constexpr double kNearMm = 5.0;
// Blood is as good as black, a gap between muscles only darker than they are; but a vein may be full of
// echoes, and then size and place alone decide.
constexpr double kLeastClear = 0.1;

void addRow(const std::uint8_t* row, std::vector<std::uint16_t>& sums) {
  std::size_t x = 0;
  for (; x + cv::v_uint16x8::nlanes <= sums.size(); x += cv::v_uint16x8::nlanes)
    cv::v_store(sums.data() + x, cv::v_load(sums.data() + x) + cv::v_load_expand(row + x));
  for (; x < sums.size(); ++x) sums[x] = static_cast<std::uint16_t>(sums[x] + row[x]);
}

/// Every pixel the mean of `factor` x `factor` pixels, as cv::INTER_AREA makes it, but sums down the
/// columns first, many at once. Up to 257 rows fit their 16 bits; a coarse pixel of
/// more would be one of 0.0023 mm.
cv::Mat blockMeans(const cv::Mat& picture, int factor) {
  cv::Mat means(picture.rows / factor, picture.cols / factor, CV_8UC1);
  const int area = factor * factor;
  const double perArea = 1.0 / area;
  std::vector<std::uint16_t> sums(static_cast<std::size_t>(means.cols * factor));
  for (int y = 0; y < means.rows; ++y) {
    std::fill(sums.begin(), sums.end(), std::uint16_t{0});
    for (int k = 0; k < factor; ++k) addRow(picture.ptr<std::uint8_t>(y * factor + k), sums);
    auto* out = means.ptr<std::uint8_t>(y);
    const auto* block = sums.data();
    for (int x = 0; x < means.cols; ++x) {
      int sum = area / 2;
      for (int k = 0; k < factor; ++k) sum += *block++;
      // The quotient in whole numbers: half a one more, it is no nearer to the next than its error.
      out[x] = static_cast<std::uint8_t>((sum + 0.5) * perArea);
    }
  }
  return means;
}

double median(const cv::Mat& picture) {
  std::array<std::size_t, 256> pixelsOf{};
  for (int y = 0; y < picture.rows; ++y) {
    const auto* row = picture.ptr<std::uint8_t>(y);
    for (int x = 0; x < picture.cols; ++x) ++pixelsOf[row[x]];
  }
  std::size_t below = 0;
  std::size_t grey = 0;
  while (below + pixelsOf[grey] <= picture.total() / 2) below += pixelsOf[grey++];
  return static_cast<double>(grey);
}

/// A pixel of a region and how near it lies: the nearer one first, of two equally near ones the one further
/// left.
struct Pixel {
  double squaredDistance = 0;
  int x = 0;
  int y = 0;
  auto operator<=>(const Pixel&) const = default;
};

/// The pixel of `region` nearest `start` (coarse pixels); the region's box begins at `origin`.
Pixel nearestOf(const cv::Mat& region, cv::Point origin, cv::Point2d start) {
  Pixel nearest{std::numeric_limits<double>::infinity(), 0, 0};
  for (int y = 0; y < region.rows; ++y) {
    const auto* row = region.ptr<std::uint8_t>(y);
    for (int x = 0; x < region.cols; ++x) {
      if (row[x] == 0) continue;
      const double dx = origin.x + x + 0.5 - start.x;
      const double dy = origin.y + y + 0.5 - start.y;
      nearest = std::min(nearest, {dx * dx + dy * dy, origin.x + x, origin.y + y});
    }
  }
  return nearest;
}

/// The ellipse with the second moments of the region, whose box begins at `origin`; a uniform ellipse has
/// variance a^2 / 4 along an axis.
LumenSeed seedOf(const cv::Mat& region, cv::Point origin, double scale) {
  const cv::Moments m = cv::moments(region, true);
  const double xx = (m.mu20 / m.m00 + 1.0 / 12.0) * scale * scale;
  const double yy = (m.mu02 / m.m00 + 1.0 / 12.0) * scale * scale;
  const double xy = m.mu11 / m.m00 * scale * scale;
  const double mean = 0.5 * (xx + yy);
  const double spread = std::hypot(0.5 * (xx - yy), xy);
  LumenSeed seed;
  seed.centre = {(origin.x + m.m10 / m.m00 + 0.5) * scale, (origin.y + m.m01 / m.m00 + 0.5) * scale};
  seed.majorPx = 2.0 * std::sqrt(mean + spread);
  seed.minorPx = 2.0 * std::sqrt(std::max(mean - spread, 1e-6));
  seed.angleRad = 0.5 * std::atan2(2.0 * xy, xx - yy);
  return seed;
}

}  // namespace

std::optional<LumenSeed> findLumenSeed(const cv::Mat& bmode, const BmodeCalibration& calibration,
                                       cv::Point2d start) {
  CV_Assert(bmode.type() == CV_8UC1);
  // A whole factor, so that every coarse pixel is the mean of as many pixels.
  const int factor = std::max(1, static_cast<int>(std::lround(kCoarseMm / calibration.mmPerPixel)));
  const cv::Size size(bmode.cols / factor, bmode.rows / factor);
  if (size.width < kLeastCoarseSide || size.height < kLeastCoarseSide) return std::nullopt;
  cv::Mat coarse = blockMeans(bmode, factor);
  cv::GaussianBlur(coarse, coarse, {3, 3}, 0);
  const double darkest = kDarkShare * median(coarse);
  cv::Mat labels;
  cv::Mat stats;
  cv::Mat centroids;
  const int regions = cv::connectedComponentsWithStats(coarse < darkest, labels, stats, centroids, 4);

  const double coarseMm = factor * calibration.mmPerPixel;
  std::optional<LumenSeed> best;
  double bestScore = 0;
  Pixel bestPixel;
  const cv::Point2d from = start / static_cast<double>(factor);
  for (int label = 1; label < regions; ++label) {  // 0 is what is not dark
    const auto* of = stats.ptr<int>(label);
    const int area = of[cv::CC_STAT_AREA];
    const cv::Rect box(of[cv::CC_STAT_LEFT], of[cv::CC_STAT_TOP], of[cv::CC_STAT_WIDTH],
                       of[cv::CC_STAT_HEIGHT]);
    const double areaMm2 = area * coarseMm * coarseMm;
    if (areaMm2 < kLeastAreaMm2 || area > kLargestShare * size.area()) continue;
    if (box.y == 0 || box.y + box.height == size.height) continue;

    const cv::Mat region = labels(box) == label;
    const Pixel pixel = nearestOf(region, box.tl(), from);
    const double awayMm = coarseMm * std::hypot(pixel.x + 0.5 - from.x, pixel.y + 0.5 - from.y);
    const double clear = 1.0 - cv::mean(coarse(box), region)[0] / darkest;
    const double score = std::sqrt(areaMm2) * std::max(kLeastClear, clear) / (awayMm + kNearMm);
    // Of two that are equally good, the nearer one.
    if (score < bestScore || (score == bestScore && bestPixel < pixel)) continue;
    bestScore = score;
    bestPixel = pixel;
    best = seedOf(region, box.tl(), factor);
    best->touchesLeft = box.x == 0;
    best->touchesRight = box.x + box.width == size.width;
  }
  return best;
}

}  // namespace soleus
