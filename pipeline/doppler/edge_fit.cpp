#include "pipeline/doppler/edge_fit.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace soleus {
namespace {

constexpr int kIterations = 5;
// Steps of a hundredth of a resolution, or of a hundredth of the level, no longer move an edge by what can be
// read.
constexpr double kSettled = 0.01;
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
// The integral of their squared correlation, which is what the variance of a sum over them depends on.
constexpr double kShared = 1.95;
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

/// What all kinds have in common, worked out once.
struct Observed {
  explicit Observed(const EdgeSpectrum& s) : weight(s.looks * s.step / kIndependent) {
    for (std::size_t i = 0; i < s.power.size(); ++i) {
      at.push_back(s.first + static_cast<double>(i) * s.step);
      power.push_back(s.power[i] / s.noise);
      share.push_back(passed(s.band + at.back(), s.wallFilter));
    }
  }
  std::vector<double> at;     ///< distance from the supposed edge
  std::vector<double> power;  ///< over the noise
  std::vector<double> share;  ///< passed by the wall filter
  double weight;
};

/// `logLevel`: of signal over noise.
Fit fitKind(const Observed& o, double band, int profile, int broadening, double logLevel) {
  const EdgeShape& shape = EdgeShape::table();
  Fit fit;
  bool last = false;
  for (int iteration = 1;; ++iteration) {
    double ee = 0;
    double el = 0;
    double ll = 0;
    double ge = 0;
    double gl = 0;
    double cost = 0;
    const double level = std::exp(logLevel);
    const EdgeShape::Band reach(profile, band + fit.offset);
    double product = 1;  // logarithms are dear: one for several values
    int factors = 0;
    for (std::size_t i = 0; i < o.at.size(); ++i) {
      const auto value = shape.at(reach, broadening, o.at[i] - fit.offset);
      const double gain = level * o.share[i];
      const double model = 1 + gain * value.power;
      const double scale = 1 / model;
      const double excess = o.power[i] * scale - 1;
      const double byEdge = -gain * value.slope * scale;
      const double byLevel = gain * value.power * scale;
      ee += byEdge * byEdge;
      el += byEdge * byLevel;
      ll += byLevel * byLevel;
      ge += excess * byEdge;
      gl += excess * byLevel;
      if (!last) continue;
      cost += excess + 1;
      product *= model;
      if (++factors == 8 || i + 1 == o.at.size()) {
        cost += std::log(product);
        product = 1;
        factors = 0;
      }
    }
    fit.cost = o.weight * cost;
    const double determinant = ee * ll - el * el;
    if (!(determinant > 1e-12)) break;
    fit.variance = ll / determinant / o.weight * (kShared / kIndependent);
    if (last) break;
    const double before = fit.offset;
    const double levelStep = std::clamp((gl * ee - ge * el) / determinant, -kMostStep, kMostStep);
    fit.offset = std::clamp(fit.offset + std::clamp((ge * ll - gl * el) / determinant, -kMostStep, kMostStep),
                            -std::min(kMostOffset, band - kLeastBand), kMostOffset);
    logLevel += levelStep;
    last = iteration == kIterations - 1 ||
           (std::abs(fit.offset - before) < kSettled && std::abs(levelStep) < kSettled);
  }
  return fit;
}

}  // namespace

std::optional<EdgeKind> fitEdge(const EdgeSpectrum& s, EdgeSearch search) {
  double signal = 0;
  for (const float power : s.power) signal += power - s.noise;
  if (signal < kLeastSignal * s.noise / s.step) return std::nullopt;
  const Observed observed(s);
  EdgeKind kind;
  for (auto& costs : kind.cost) costs.fill(std::numeric_limits<double>::infinity());
  double best = std::numeric_limits<double>::infinity();
  for (int p = 0; p < EdgeShape::kProfiles; ++p) {
    for (int b = 0; b < EdgeShape::kBroadenings; ++b) {
      if (search == EdgeSearch::kQuick && (p != kQuickProfile || b != kQuickBroadening)) continue;
      const EdgeShape::Band band(p, s.band);
      double shape = 0;
      for (std::size_t i = 0; i < observed.at.size(); ++i)
        shape += EdgeShape::table().at(band, b, observed.at[i]).power * observed.share[i];
      const Fit fit = fitKind(observed, s.band, p, b, std::log(signal / s.noise / std::max(shape, 1e-9)));
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

EdgeOffset offsetOf(const EdgeKind& kind, const KindCosts& costs) {
  double least = costs[0][0];
  for (const auto& row : costs) {
    for (const double cost : row) least = std::min(least, cost);
  }
  double sum = 0;
  double squares = 0;
  double weights = 0;
  for (std::size_t p = 0; p < costs.size(); ++p) {
    for (std::size_t b = 0; b < costs[p].size(); ++b) {
      const double weight = std::exp(least - costs[p][b]);
      sum += weight * kind.offset[p][b];
      squares += weight * kind.offset[p][b] * kind.offset[p][b];
      weights += weight;
    }
  }
  const double mean = sum / weights;
  return {mean, kind.variance + std::max(0.0, squares / weights - mean * mean)};
}

}  // namespace soleus
