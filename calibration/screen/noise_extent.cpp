#include "calibration/screen/noise_extent.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <opencv2/core.hpp>
#include <vector>

namespace soleus {
namespace {

// Fainter than this on average, it may be the codec's.
constexpr double kLeastGrey = 0.7;
// Added where contrasts are compared, so that next to nothing against nothing is none.
constexpr double kFaintGrey = 0.5;
// Of so many parts of a row, or of a column, one shows the noise. Bursts of flow take less than half of a
// sweep: the one in the middle. They may take more of the height, and what is near zero may be black: the
// third of those that move least.
constexpr int kParts = 9;
constexpr std::size_t kPartOfRow = 4;
constexpr std::size_t kPartOfColumn = 2;
// Pixels looked at on either side of an edge; those next to it, outside, are smeared.
constexpr int kInsidePx = 6;
constexpr int kSmearPx = 2;
constexpr int kOutsidePx = 8;
constexpr int kLeastOutsidePx = 3;
// Outside against inside.
constexpr double kMostOutside = 0.5;
// Where the edge is, between outside and inside.
constexpr double kEdgeShare = 0.5;
// How much weaker or stronger noise is at an edge than further in, and than at the other edge.
constexpr double kMostUneven = 1.45;
// Where it ends against next to nothing at either edge: a codec keeps more of it in some blocks than in
// others.
constexpr double kMostUnevenClear = 2.2;
constexpr double kClearContrast = 6;
// How much of it may be left in a block that the edge cuts.
constexpr double kMostFaded = 4;
// At the first and last column, which flow may fill differently.
constexpr double kMostUnevenColumns = 3;
constexpr int kNextPx = 6;
constexpr int kLeastWidePx = 12;
constexpr double kWideShare = 1.0 / 16;
// Of the rows between the edge and the core, those that move like noise; the wall filter and the baseline
// take some in a row.
constexpr double kLeastMoving = 0.85;
constexpr double kMovesShare = 0.4;
// Rows that move by this share of the noise's level are noise; by this, with the next below that, smear. How
// far from an edge they are looked at, codecs' blocks, and the rows over which the level is taken.
constexpr double kSurelyNoise = 0.75;
constexpr double kSurelySmear = 0.25;
constexpr double kMostSmear = 0.45;
constexpr int kReachPx = 16;
constexpr int kBlockOfPicturePx = 8;
constexpr int kSmallBlockPx = 4;
constexpr int kEvenPx = 14;
// An edge may lie this far within the core, which was drawn by its smear.
constexpr int kWithinPx = 12;

double middleOf(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double middleOf(const std::vector<double>& values, int from, int count) {
  return middleOf({values.begin() + from, values.begin() + from + count});
}

/// How much each row of `range` moves: the mean of three of its parts, about one by rank. Columns: of the
/// transposed.
std::vector<double> movement(const cv::Mat& range, std::size_t rank) {
  std::vector<cv::Mat> means;
  for (int part = 0; part < kParts; ++part) {
    const cv::Range columns(range.cols * part / kParts, range.cols * (part + 1) / kParts);
    cv::Mat mean;
    cv::reduce(range.colRange(columns), mean, 1, cv::REDUCE_AVG, CV_64F);
    means.push_back(mean);
  }
  std::vector<double> rows;
  for (int y = 0; y < range.rows; ++y) {
    std::vector<double> parts;
    for (const cv::Mat& mean : means) parts.push_back(mean.at<double>(y));
    std::sort(parts.begin(), parts.end());
    rows.push_back((parts[rank - 1] + parts[rank] + parts[rank + 1]) / 3);
  }
  return rows;
}

/// Where noise may end.
struct NoiseEdge {
  int end = 0;    ///< one past the last that moves
  int least = 0;  ///< where it may really end, by what a codec smears
  int most = 0;
  double level = 0;     ///< of the noise that ends there
  double contrast = 0;  ///< of that level to what lies beyond
  bool wide = false;    ///< it lies in a wide band of noise: no flow is near
};

bool alike(double a, double b, double mostUneven = kMostUneven) {
  return std::max(a, b) <= mostUneven * std::min(a, b);
}

double contrastOf(double level, double beyond) {
  return (level + kFaintGrey) / (beyond + kFaintGrey);
}

/// Between which ends the true one is, near `edge`: rows that move neither as noise does nor as little as
/// smear may be either. `rowOf`: the screen's row at which an end lies.
cv::Range possibleEnds(const std::vector<double>& v, int edge, const std::function<int(int)>& rowOf) {
  const int count = static_cast<int>(v.size());
  const int from = std::max(0, edge - kReachPx);
  const int to = std::min(count - 1, edge + kReachPx);
  const auto share = [&, level = middleOf(v, std::max(0, edge - kEvenPx), std::min(edge, kEvenPx))](int i) {
    return v[static_cast<std::size_t>(i)] / level;
  };
  int least = edge;
  while (least > from && share(least - 1) < kSurelyNoise) --least;
  int most = edge;
  while (most < to && (share(most) > kSurelySmear || share(most + 1) > kMostSmear)) ++most;
  // What flickers further out may be anything.
  for (int i = most; i < to; ++i) {
    if (share(i) >= kSurelyNoise) most = i + 1;
  }
  // The strip may end within a codec's block whose smear is as strong as noise; and colour has half the rows.
  const int row = rowOf(least);
  least -= row % kBlockOfPicturePx == 0 ? kBlockOfPicturePx - 1
           : row % kSmallBlockPx == 0   ? kSmallBlockPx - 1
                                        : 1;
  return {least, most};
}

/// Where noise may end in `v`, which runs outward from the middle of the core; the core ends at `coreEnd`.
/// `rowOf` as above.
std::vector<NoiseEdge> noiseEdges(const std::vector<double>& v, int coreEnd,
                                  const std::function<int(int)>& rowOf) {
  const int count = static_cast<int>(v.size());
  const int first = std::max(kInsidePx + kLeastWidePx, coreEnd - kWithinPx);
  std::vector<NoiseEdge> edges;
  for (int end = count - kSmearPx - kLeastOutsidePx; end >= first; --end) {
    const int outside = std::min(kOutsidePx, count - end - kSmearPx);
    double level = middleOf(v, end - kInsidePx, kInsidePx);
    const double beyond = middleOf(v, end + kSmearPx, outside);
    if (level < kLeastGrey || beyond > kMostOutside * level) continue;
    // The edge itself: half of what moves further in. Smear that was taken for it raises that as it goes.
    int edge = end;
    while (edge > first && v[static_cast<std::size_t>(edge) - 1] < kEdgeShare * level) {
      --edge;
      level = std::max(level, middleOf(v, edge - kInsidePx, kInsidePx));
    }
    level = middleOf(v, edge - kInsidePx, kInsidePx);
    if (v[static_cast<std::size_t>(edge)] >= kEdgeShare * level) continue;
    const int further =
        std::min(edge - kInsidePx, std::max(kLeastWidePx, static_cast<int>(kWideShare * 2 * edge)));
    const double next = middleOf(v, edge - kInsidePx - kNextPx, kNextPx);
    if (!alike(level, next)) {
      // A block that the edge cuts fades towards it. Flow does so as well, but before that it is never even
      // over a wide band outside the core.
      const int band = edge - kInsidePx - kNextPx - further;
      if (contrastOf(next, beyond) < kClearContrast || level > next || !alike(level, next, kMostFaded))
        continue;
      if (band < coreEnd || !alike(next, middleOf(v, band, further))) continue;
      while (edge > first && v[static_cast<std::size_t>(edge) - 1] < kEdgeShare * next) --edge;
      level = next;
    }
    const double contrast = contrastOf(level, beyond);
    const bool wide = alike(level, middleOf(v, std::max(0, edge - kInsidePx - further), further));
    const auto moving = std::count_if(v.begin(), v.begin() + edge,
                                      [&](double value) { return value >= kMovesShare * level; });
    if (static_cast<double>(moving) < kLeastMoving * edge) continue;
    const cv::Range possible = possibleEnds(v, edge, rowOf);
    edges.push_back({edge, possible.start, possible.end, level, contrast, wide});
  }
  return edges;
}

/// Both ends of the noise, and by how much they may be nearer to each other or further apart.
struct NoiseRange {
  cv::Range range;
  int fewer = 0;
  int more = 0;
};

/// Both ends of the noise in `values`, which are those from `offset` on, round `core`: of the edges that are
/// alike, the sharpest. A codec makes print beside the strip flicker, which is fainter yet.
std::optional<NoiseRange> noiseRange(const std::vector<double>& values, int offset, const cv::Range& core,
                                     double mostUneven) {
  const int middle = (core.start + core.end) / 2 - offset;
  const std::vector<double> after(values.begin() + middle, values.end());
  const std::vector<double> before(values.rend() - middle, values.rend());
  std::optional<NoiseRange> found;
  double most = 0;
  const std::vector<NoiseEdge> lasts =
      noiseEdges(after, core.end - offset - middle, [&](int end) { return offset + middle + end; });
  for (const NoiseEdge& first :
       noiseEdges(before, middle - (core.start - offset), [&](int end) { return offset + middle - end; })) {
    for (const NoiseEdge& last : lasts) {
      const bool clear = std::min(first.contrast, last.contrast) >= kClearContrast;
      const double uneven = clear ? std::max(mostUneven, kMostUnevenClear) : mostUneven;
      if (!alike(first.level, last.level, uneven) || !(first.wide || last.wide)) continue;
      if (first.contrast * last.contrast <= most) continue;
      most = first.contrast * last.contrast;
      found = NoiseRange{{offset + middle - first.end, offset + middle + last.end},
                         first.end - first.least + last.end - last.least,
                         first.most - first.end + last.most - last.end};
    }
  }
  return found;
}

}  // namespace

std::optional<NoiseExtent> noiseExtent(const ScreenPicture& picture, const cv::Rect& core,
                                       const cv::Rect& room) {
  const cv::Mat along = picture.range(cv::Rect(core.x, room.y, core.width, room.height));
  const auto rows =
      noiseRange(movement(along, kPartOfRow), room.y, {core.y, core.y + core.height}, kMostUneven);
  if (!rows) return std::nullopt;
  cv::Mat across;
  cv::transpose(picture.range(cv::Rect(room.x, rows->range.start, room.width, rows->range.size())), across);
  const auto columns =
      noiseRange(movement(across, kPartOfColumn), room.x, {core.x, core.x + core.width}, kMostUnevenColumns);
  const cv::Range x = columns ? columns->range : cv::Range(core.x, core.x + core.width);
  return NoiseExtent{{x.start, rows->range.start, x.size(), rows->range.size()}, rows->fewer, rows->more};
}

}  // namespace soleus
