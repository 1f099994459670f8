#include "pipeline/doppler/edge_fit.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace soleus {
namespace {

constexpr int kIterations = 5;
// Exponent 3, a little broadened: between a parabola and plug flow.
constexpr int kQuickProfile = 1;
constexpr int kQuickBroadening = 2;
// Fisher scoring overshoots where the start is far off.
constexpr double kMostStep = 1.0;
// Further than this from the supposed edge the window of values says nothing.
constexpr double kMostOffset = 4.0;
// Bands narrower than this share of a resolution look all alike.
constexpr double kLeastBand = 0.3;
// Values of a Hann window's spectrum one and a half resolutions apart are independent.
constexpr double kIndependent = 1.5;
// The signal must be worth this many resolutions of noise, or there is no edge to be seen.
constexpr double kLeastSignal = 0.5;

struct Fit {
  double offset = 0;
  double cost = 0;
  double variance = 0;
};

double passed(double fromZero, double corner) {
  if (corner <= 0) return 1;
  const double ratio = std::pow(fromZero / corner, 4);
  return ratio / (1 + ratio);
}

Fit fitKind(const EdgeSpectrum& s, int profile, int broadening, double logLevel) {
  const EdgeShape& shape = EdgeShape::table();
  const double weight = s.looks * s.step / kIndependent;
  Fit fit;
  for (int iteration = 0; iteration < kIterations; ++iteration) {
    double ee = 0;
    double el = 0;
    double ll = 0;
    double ge = 0;
    double gl = 0;
    double cost = 0;
    const double level = std::exp(logLevel);
    const bool last = iteration == kIterations - 1;
    double product = 1;  // logarithms are dear: one for several values
    int factors = 0;
    for (std::size_t i = 0; i < s.power.size(); ++i) {
      const double at = s.first + static_cast<double>(i) * s.step;
      const auto value = shape.at(profile, broadening, at - fit.offset, s.band + fit.offset);
      const double gain = level * passed(s.band + at, s.wallFilter);
      const double model = (s.noise + gain * value.power) / s.noise;
      const double ratio = s.power[i] / s.noise / model;
      const double byEdge = -gain * value.slope / s.noise / model;
      const double byLevel = gain * value.power / s.noise / model;
      ee += byEdge * byEdge;
      el += byEdge * byLevel;
      ll += byLevel * byLevel;
      ge += (ratio - 1) * byEdge;
      gl += (ratio - 1) * byLevel;
      if (!last) continue;
      cost += ratio;
      product *= model;
      if (++factors == 8 || i + 1 == s.power.size()) {
        cost += std::log(product);
        product = 1;
        factors = 0;
      }
    }
    fit.cost = weight * cost;
    const double determinant = ee * ll - el * el;
    if (!(determinant > 1e-12)) break;
    fit.variance = ll / determinant / weight;
    if (last) break;
    fit.offset = std::clamp(fit.offset + std::clamp((ge * ll - gl * el) / determinant, -kMostStep, kMostStep),
                            -std::min(kMostOffset, s.band - kLeastBand), kMostOffset);
    logLevel += std::clamp((gl * ee - ge * el) / determinant, -kMostStep, kMostStep);
  }
  return fit;
}

}  // namespace

std::optional<EdgeKind> fitEdge(const EdgeSpectrum& s, EdgeSearch search) {
  double signal = 0;
  for (const float power : s.power) signal += power - s.noise;
  if (signal < kLeastSignal * s.noise / s.step) return std::nullopt;
  EdgeKind kind;
  for (auto& costs : kind.cost) costs.fill(std::numeric_limits<double>::infinity());
  double best = std::numeric_limits<double>::infinity();
  for (int p = 0; p < EdgeShape::kProfiles; ++p) {
    for (int b = 0; b < EdgeShape::kBroadenings; ++b) {
      if (search == EdgeSearch::kQuick && (p != kQuickProfile || b != kQuickBroadening)) continue;
      double shape = 0;
      for (std::size_t i = 0; i < s.power.size(); ++i) {
        const double at = s.first + static_cast<double>(i) * s.step;
        shape += EdgeShape::table().at(p, b, at, s.band).power * passed(s.band + at, s.wallFilter);
      }
      const Fit fit = fitKind(s, p, b, std::log(signal / std::max(shape, 1e-9)));
      kind.cost[static_cast<std::size_t>(p)][static_cast<std::size_t>(b)] = fit.cost;
      kind.offset[static_cast<std::size_t>(p)][static_cast<std::size_t>(b)] = fit.offset;
      if (fit.cost < best) {
        best = fit.cost;
        kind.variance = fit.variance;
      }
    }
  }
  return kind;
}

double offsetOf(const EdgeKind& kind, const KindCosts& costs) {
  double least = costs[0][0];
  for (const auto& row : costs) {
    for (const double cost : row) least = std::min(least, cost);
  }
  double sum = 0;
  double weights = 0;
  for (std::size_t p = 0; p < costs.size(); ++p) {
    for (std::size_t b = 0; b < costs[p].size(); ++b) {
      const double weight = std::exp(least - costs[p][b]);
      sum += weight * kind.offset[p][b];
      weights += weight;
    }
  }
  return sum / weights;
}

}  // namespace soleus
