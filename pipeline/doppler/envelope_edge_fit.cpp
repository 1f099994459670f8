#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <opencv2/core.hpp>

#include "pipeline/doppler/edge_fit.h"
#include "pipeline/doppler/envelope_estimator.h"
#include "pipeline/doppler/local_path.h"

namespace soleus {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// Standard deviation of the Gaussian over which columns are averaged along the trace. The trace they are
// aligned on carries slope and curvature, so that a burst of 0.2 s is followed.
constexpr double kAverageSdS = 0.020;
constexpr double kReachSd = 2.5;
// Of the trace that the columns are aligned on.
constexpr double kPathSdS = 0.025;
// A burst that rises within three columns of a sweep lies this far from the parabola through it.
constexpr double kFlankResolutions = 3;
// The profile's bluntness hardly changes within a burst, and slow flow, of a band as wide as the window's
// smear, needs as many columns to show it.
constexpr double kPoolSdS = 0.160;
// A start this far from its neighbours follows speckle or a marker, for up to half that long.
constexpr double kOutlierReachS = 0.040;
constexpr double kOutlierResolutions = 6;
// Two fits a third of the averaging apart (its full width at half height is 47 ms).
constexpr double kFitEveryS = 0.016;
// The window around the edge in resolutions: deep enough to tell a blunt profile from a parabola, and out to
// where the window's main lobe ends beyond the broadening.
constexpr double kInside = 9;
constexpr double kOutside = 5;
constexpr double kStep = 0.25;
// What stands around zero reaches out as a level does that begins this far beyond the wall filter's corner:
// walls that move pass the filter there. It is nothing any more at the flank's reach.
constexpr double kFlank = 0.6;
constexpr double kFlankReach = 4;

class EdgeFitEstimator final : public EnvelopeEstimator {
 public:
  [[nodiscard]] std::vector<std::optional<SignalBand>> trace(const DirectionStrip& strip) const override {
    auto bands = start_->trace(strip);
    std::vector<double> path(bands.size(), kUnknown);
    for (std::size_t i = 0; i < bands.size(); ++i) {
      if (bands[i] && !bands[i]->reachesEnd) path[i] = bands[i]->outer;
      // No start, but flow: as its neighbours have it.
      if (!bands[i] && strip.fast[i]) bands[i] = SignalBand{0, zeroAgain(strip), true};
    }
    path = withoutOutliers(path, static_cast<int>(kOutlierReachS / strip.secondsPerColumn),
                           kOutlierResolutions * strip.windowRows);
    // The first round pulls the start onto the edge, the second measures it.
    Refinement refinement;
    for (const EdgeSearch search : {EdgeSearch::kQuick, EdgeSearch::kAllKinds}) {
      refinement = refined(strip, path, search);
      path = refinement.path;
      for (std::size_t i = 0; i < bands.size(); ++i) {
        if (!bands[i]) path[i] = kUnknown;
      }
    }
    for (std::size_t i = 0; i < bands.size(); ++i) {
      if (std::isnan(path[i])) continue;
      // It left the axis, for rows that nobody shows: what its neighbours' trace says inside is no edge of
      // its.
      if (strip.againRows == 0 && bands[i]->reachesEnd) continue;
      // Below zero: slower than the wall filter's corner, seen only by the flank that the window smears
      // beyond it.
      bands[i]->inner = std::clamp(path[i], 0.0, bands[i]->inner);
      bands[i]->outer = std::clamp<double>(path[i], -strip.hiddenRows, zeroAgain(strip));
      bands[i]->reachesEnd = bands[i]->outer >= zeroAgain(strip);
      bands[i]->outerVariance = refinement.variance[i];
      if (!std::isnan(refinement.meanShare[i])) bands[i]->meanShare = refinement.meanShare[i];
    }
    return bands;
  }

 private:
  struct Refinement {
    std::vector<double> path;       ///< pulled onto the edge
    std::vector<double> variance;   ///< in rows squared; NaN where there is no edge, as what follows
    std::vector<double> meanShare;  ///< mean over maximum velocity
  };

  static Refinement refined(const DirectionStrip& strip, const std::vector<double>& path, EdgeSearch search) {
    const std::vector<double> smooth =
        smoothPath(path, kPathSdS / strip.secondsPerColumn, kFlankResolutions * strip.windowRows);
    // Neighbours share most of what they average: fits in between would say nothing new.
    const int step = std::max(1, static_cast<int>(kFitEveryS / strip.secondsPerColumn));
    const int count = static_cast<int>(path.size());
    std::vector<std::optional<EdgeKind>> kinds(path.size());
    for (int i = 0; i < count; i += step) {
      const auto at = static_cast<std::size_t>(i);
      if (!std::isnan(smooth[at])) kinds[at] = fitEdge(aligned(strip, smooth, i), search);
    }
    std::vector<double> offset(path.size(), kUnknown);
    std::vector<double> spread(path.size(), kUnknown);
    std::vector<double> share(path.size(), kUnknown);
    for (int i = 0; i < count; i += step) {
      const auto at = static_cast<std::size_t>(i);
      if (!kinds[at]) continue;
      const EdgeOffset found =
          offsetOf(*kinds[at], pooledCosts(kinds, i, kPoolSdS / strip.secondsPerColumn, step),
                   (smooth[at] + strip.hiddenRows) / strip.windowRows, chirpAt(strip, smooth, i));
      offset[at] = found.offset;
      spread[at] = found.variance;
      share[at] = found.meanShare;
    }
    Refinement result{path, spread, share};
    for (int i = 0; i < count; ++i) {
      const double between = interpolated(offset, i, step);
      if (std::isnan(between)) continue;
      const auto at = static_cast<std::size_t>(i);
      result.path[at] = smooth[at] + between * strip.windowRows;
      result.variance[at] = interpolated(spread, i, step) * strip.windowRows * strip.windowRows;
      result.meanShare[at] = interpolated(share, i, step);
    }
    return result;
  }

  /// Change of the path at column `i` within the window's length, in resolutions; 0 where it begins or ends.
  static double chirpAt(const DirectionStrip& strip, const std::vector<double>& path, int i) {
    if (i == 0 || i + 1 == static_cast<int>(path.size())) return 0;
    const auto at = static_cast<std::size_t>(i);
    const double rows = (path[at + 1] - path[at - 1]) / 2;
    const double windowColumns = 2 / strip.looksPerColumn;  // half a window is an independent look
    return std::isnan(rows) ? 0 : std::abs(rows) * windowColumns / strip.windowRows;
  }

  /// On the straight line between the values at multiples of `step` on both sides; the one there is, if only
  /// one.
  static double interpolated(const std::vector<double>& values, int i, int step) {
    const int before = i / step * step;
    const int after = before + step;
    const double left = values[static_cast<std::size_t>(before)];
    const double right =
        after < static_cast<int>(values.size()) ? values[static_cast<std::size_t>(after)] : kUnknown;
    if (i == before || std::isnan(right)) return left;
    if (std::isnan(left)) return right;
    return left + (right - left) * (i - before) / step;
  }

  /// What the columns around `centre` say together of the kind of edge: it changes more slowly than the edge.
  static KindCosts pooledCosts(const std::vector<std::optional<EdgeKind>>& kinds, int centre, double sd,
                               int step) {
    const int reach = static_cast<int>(kReachSd * sd);
    KindCosts sum{};
    double total = 0;
    for (int c = std::max(0, centre - reach);
         c <= std::min(static_cast<int>(kinds.size()) - 1, centre + reach); ++c) {
      const auto& kind = kinds[static_cast<std::size_t>(c)];
      if (!kind) continue;
      const double z = (c - centre) / sd;
      const double weight = std::exp(-0.5 * z * z);
      for (std::size_t p = 0; p < sum.size(); ++p) {
        for (std::size_t b = 0; b < sum[p].size(); ++b) sum[p][b] += weight * kind->cost[p][b];
      }
      total += weight;
    }
    // Each column's spectrum is an average already: what it shares with its neighbours counts once.
    const double independent =
        std::max(1.0, step * total / (std::sqrt(2 * std::numbers::pi) * sd) * kPoolSdS / kAverageSdS);
    for (auto& row : sum) {
      for (double& cost : row) cost *= independent / total;
    }
    return sum;
  }

  /// The columns around `centre`, each shifted so that its edge lies at 0, averaged.
  static EdgeSpectrum aligned(const DirectionStrip& strip, const std::vector<double>& edge, int centre) {
    const double w = strip.windowRows;
    const auto at = static_cast<std::size_t>(centre);
    EdgeSpectrum s;
    s.noise = strip.noise;
    s.band = (edge[at] + strip.hiddenRows) / w;
    s.wallFilter = strip.wallFilterRows / w;
    s.step = std::max(kStep, 1.0 / w);
    s.first = -std::min(kInside, std::max(edge[at], 0.0) / w);
    const double room = (std::min(zeroAgain(strip), strip.power.cols - 1.0) - edge[at]) / w;
    const int count = static_cast<int>((std::min(kOutside, room) - s.first) / s.step);
    s.power.assign(static_cast<std::size_t>(std::max(count, 0)), 0.0F);
    const double end = edge[at] + (s.first + count * s.step) * w;
    if (strip.againRows > 0 && end > zeroAgain(strip) - kFlankReach * w)
      s.behind.assign(s.power.size(), 0.0F);
    const double sd = kAverageSdS / strip.secondsPerColumn;
    const int reach = static_cast<int>(kReachSd * sd);
    double total = 0;
    double squares = 0;
    for (int c = std::max(0, centre - reach); c <= std::min(strip.power.rows - 1, centre + reach); ++c) {
      if (std::isnan(edge[static_cast<std::size_t>(c)])) continue;
      const double z = (c - centre) / sd;
      const auto weight = static_cast<float>(std::exp(-0.5 * z * z));
      addShifted(strip, c, edge[static_cast<std::size_t>(c)], weight, s);
      total += weight;
      squares += weight * weight;
    }
    for (float& value : s.power) value = static_cast<float>(value / total);
    for (float& value : s.behind) value = static_cast<float>(value / total);
    s.looks = std::max(1.0, total * total / squares * strip.looksPerColumn);
    return s;
  }

  static void addShifted(const DirectionStrip& strip, int column, double edge, float weight,
                         EdgeSpectrum& s) {
    const float* row = strip.power.ptr<float>(column);
    for (std::size_t k = 0; k < s.power.size(); ++k) {
      const double place = edge + (s.first + static_cast<double>(k) * s.step) * strip.windowRows - 0.5;
      const double inside = std::clamp(place, 0.0, strip.power.cols - 1.001);
      const int i = static_cast<int>(inside);
      const auto share = static_cast<float>(inside - i);
      s.power[k] += weight * (row[i] + share * (row[i + 1] - row[i]));
    }
    if (s.behind.empty()) return;
    const float level = weight * powerAtZero(strip, column);
    const double begin = zeroAgain(strip) - strip.wallFilterRows - kFlank * strip.windowRows;
    for (std::size_t k = 0; k < s.behind.size(); ++k) {
      const double place = edge + (s.first + static_cast<double>(k) * s.step) * strip.windowRows;
      s.behind[k] += level * EdgeShape::table().begun((place - begin) / strip.windowRows);
    }
  }

  /// Row of zero velocity behind a whole turn of the axis; the end of all rows where they do not go so far.
  static double zeroAgain(const DirectionStrip& strip) {
    return strip.againRows > 0 ? strip.againRows - strip.hiddenRows : strip.power.cols;
  }

  /// Mean power, besides the noise, that walls and slow flow have around zero.
  static float powerAtZero(const DirectionStrip& strip, int column) {
    const int begin = std::max(0, static_cast<int>(zeroAgain(strip) - strip.windowRows));
    const cv::Mat around = strip.power.row(column).colRange(begin, strip.power.cols);
    return std::max(0.0F, static_cast<float>(cv::mean(around)[0] - strip.noise));
  }

  std::unique_ptr<ColumnEstimator> start_ = makeHalfPowerEstimator();
};

}  // namespace

std::unique_ptr<EnvelopeEstimator> makeEdgeFitEstimator() {
  return std::make_unique<EdgeFitEstimator>();
}

}  // namespace soleus
