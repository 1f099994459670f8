#include "pipeline/vessel/lumen_seed.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

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

double squaredDistanceToMiddle(const cv::Mat& labels, int label, const cv::Rect& box) {
  double least = 1e18;
  for (int y = box.y; y < box.y + box.height; ++y) {
    for (int x = box.x; x < box.x + box.width; ++x) {
      if (labels.at<int>(y, x) != label) continue;
      const double dx = x + 0.5 - labels.cols / 2.0;
      const double dy = y + 0.5 - labels.rows / 2.0;
      least = std::min(least, dx * dx + dy * dy);
    }
  }
  return least;
}

/// The ellipse with the second moments of the region; a uniform ellipse has variance a^2 / 4 along an axis.
LumenSeed seedOf(const cv::Mat& region, double scale) {
  const cv::Moments m = cv::moments(region, true);
  const double xx = (m.mu20 / m.m00 + 1.0 / 12.0) * scale * scale;
  const double yy = (m.mu02 / m.m00 + 1.0 / 12.0) * scale * scale;
  const double xy = m.mu11 / m.m00 * scale * scale;
  const double mean = 0.5 * (xx + yy);
  const double spread = std::hypot(0.5 * (xx - yy), xy);
  LumenSeed seed;
  seed.centre = {(m.m10 / m.m00 + 0.5) * scale, (m.m01 / m.m00 + 0.5) * scale};
  seed.majorPx = 2.0 * std::sqrt(mean + spread);
  seed.minorPx = 2.0 * std::sqrt(std::max(mean - spread, 1e-6));
  seed.angleRad = 0.5 * std::atan2(2.0 * xy, xx - yy);
  return seed;
}

}  // namespace

std::optional<LumenSeed> findLumenSeed(const cv::Mat& bmode, const BmodeCalibration& calibration) {
  // A whole factor, so that every coarse pixel is the mean of as many pixels.
  const int factor = std::max(1, static_cast<int>(std::lround(kCoarseMm / calibration.mmPerPixel)));
  const cv::Size size(bmode.cols / factor, bmode.rows / factor);
  if (size.width < kLeastCoarseSide || size.height < kLeastCoarseSide) return std::nullopt;
  cv::Mat coarse;
  cv::resize(bmode(cv::Rect(0, 0, size.width * factor, size.height * factor)), coarse, size, 0, 0,
             cv::INTER_AREA);
  cv::GaussianBlur(coarse, coarse, {3, 3}, 0);
  const cv::Mat dark = coarse < kDarkShare * median(coarse);

  cv::Mat labels;
  cv::Mat stats;
  cv::Mat centroids;
  const int count = cv::connectedComponentsWithStats(dark, labels, stats, centroids, 4);
  const double coarseMm2 = factor * factor * calibration.mmPerPixel * calibration.mmPerPixel;
  int best = 0;
  cv::Rect bestBox;
  double bestDistance = 1e18;
  for (int label = 1; label < count; ++label) {
    const int* s = stats.ptr<int>(label);
    const cv::Rect box(s[cv::CC_STAT_LEFT], s[cv::CC_STAT_TOP], s[cv::CC_STAT_WIDTH], s[cv::CC_STAT_HEIGHT]);
    const int area = s[cv::CC_STAT_AREA];
    if (area * coarseMm2 < kLeastAreaMm2 || area > kLargestShare * size.area()) continue;
    if (box.y == 0 || box.y + box.height == size.height) continue;
    const double distance = squaredDistanceToMiddle(labels, label, box);
    if (distance >= bestDistance) continue;
    best = label;
    bestBox = box;
    bestDistance = distance;
  }
  if (best == 0) return std::nullopt;
  LumenSeed seed = seedOf(labels == best, factor);
  seed.touchesLeft = bestBox.x == 0;
  seed.touchesRight = bestBox.x + bestBox.width == size.width;
  return seed;
}

}  // namespace soleus
