#include "pipeline/doppler/edge_fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <opencv2/core.hpp>
#include <opencv2/core/hal/intrin.hpp>

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
// Steady flow tends to a parabola: before the spectrum says anything, likelier than all three blunter
// profiles together.
constexpr double kParabolaOdds = 4;
// Before the spectrum says anything: transit and aperture broaden a velocity in proportion to it, by a few
// percent. Without this, slow flow of a parabola passes for slower and much broadened: -12 % at 5 to 14 cm/s.
constexpr double kBroadenedShare = 0.05;
// Flow that accelerates passes through many frequencies within the window: the standard deviation of time
// under the square of a Hann window, in its lengths.
constexpr double kChirpSd = 0.14;
constexpr double kLeastBroadening = 0.05;  // in resolutions; less is seen by nobody
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

/// The spectrum and what all kinds have in common, worked out once.
class EdgeFitter {
 public:
  explicit EdgeFitter(const EdgeSpectrum& s)
      : first_(s.first),
        step_(s.step),
        band_(s.band),
        count_(s.power.size()),
        weight_(s.looks * s.step / kIndependent) {
    // The last four may go beyond the end: no signal there, and noise just as expected.
    const std::size_t whole = (count_ + kLanes - 1) / kLanes * kLanes;
    power_.assign(whole, 1.0F);
    share_.assign(whole, 0.0F);
    shape_.assign(whole, 0.0F);
    slope_.assign(whole, 0.0F);
    for (std::size_t i = 0; i < count_; ++i) {
      const double floor = s.behind.empty() ? s.noise : s.noise + s.behind[i];
      power_[i] = static_cast<float>(s.power[i] / floor);
      share_[i] = static_cast<float>(s.noise / floor *
                                     passed(band_ + first_ + static_cast<double>(i) * step_, s.wallFilter));
    }
  }

  /// `signal`: all that stands over the noise, in units of it.
  Fit fit(int profile, int broadening, double signal) {
    Fit fit;
    sample(profile, broadening, 0);
    double shape = 0;
    for (std::size_t i = 0; i < count_; ++i) shape += shape_[i] * share_[i];
    double logLevel = std::log(signal / std::max(shape, 1e-9));  // of signal over noise
    bool last = false;
    for (int iteration = 1;; ++iteration) {
      if (iteration > 1) sample(profile, broadening, fit.offset);
      const Sums sums = last ? sumUp<true>(std::exp(logLevel)) : sumUp<false>(std::exp(logLevel));
      fit.cost = weight_ * (sums.cost + static_cast<double>(count_));
      const double determinant = sums.ee * sums.ll - sums.el * sums.el;
      if (!(determinant > 1e-12)) break;
      fit.variance = sums.ll / determinant / weight_ * (kShared / kIndependent);
      if (last) break;
      const double before = fit.offset;
      const double edgeStep = (sums.ge * sums.ll - sums.gl * sums.el) / determinant;
      const double levelStep =
          std::clamp((sums.gl * sums.ee - sums.ge * sums.el) / determinant, -kMostStep, kMostStep);
      fit.offset = std::clamp(fit.offset + std::clamp(edgeStep, -kMostStep, kMostStep),
                              -std::min(kMostOffset, band_ - kLeastBand), kMostOffset);
      logLevel += levelStep;
      last = iteration == kIterations - 1 ||
             (std::abs(fit.offset - before) < kSettled && std::abs(levelStep) < kSettled);
    }
    return fit;
  }

 private:
  static constexpr std::size_t kLanes = cv::v_float32x4::nlanes;
  // Factors of up to 60 dB whose product a float holds: logarithms are dear.
  static constexpr std::size_t kFactors = 6;

  /// Over all values: information on edge (e) and level (l), gradient (g), and -log likelihood less the
  /// count.
  struct Sums {
    double ee = 0;
    double el = 0;
    double ll = 0;
    double ge = 0;
    double gl = 0;
    double cost = 0;
  };

  void sample(int profile, int broadening, double offset) {
    EdgeShape::table().sample({profile, band_ + offset}, broadening, first_ - offset, step_, count_,
                              shape_.data(), slope_.data());
  }

  template <bool withCost>
  Sums sumUp(double level) const {
    const cv::v_float32x4 one = cv::v_setall_f32(1);
    const cv::v_float32x4 gainOfAll = cv::v_setall_f32(static_cast<float>(level));
    cv::v_float32x4 ee = cv::v_setzero_f32();
    cv::v_float32x4 el = ee;
    cv::v_float32x4 ll = ee;
    cv::v_float32x4 ge = ee;
    cv::v_float32x4 gl = ee;
    cv::v_float32x4 excesses = ee;
    cv::v_float32x4 product = one;
    std::size_t factors = 0;
    double logs = 0;
    for (std::size_t i = 0; i < power_.size(); i += kLanes) {
      const cv::v_float32x4 gain = gainOfAll * cv::v_load(share_.data() + i);
      const cv::v_float32x4 signal = gain * cv::v_load(shape_.data() + i);
      const cv::v_float32x4 model = one + signal;
      const cv::v_float32x4 scale = one / model;
      const cv::v_float32x4 excess = cv::v_load(power_.data() + i) * scale - one;
      const cv::v_float32x4 byEdge = cv::v_setzero_f32() - gain * cv::v_load(slope_.data() + i) * scale;
      const cv::v_float32x4 byLevel = signal * scale;
      ee += byEdge * byEdge;
      el += byEdge * byLevel;
      ll += byLevel * byLevel;
      ge += excess * byEdge;
      gl += excess * byLevel;
      if constexpr (withCost) {
        excesses += excess;
        product *= model;
        if (++factors == kFactors || i + kLanes == power_.size()) {
          std::array<float, kLanes> each{};
          cv::v_store(each.data(), product);
          for (const float p : each) logs += std::log(static_cast<double>(p));
          product = one;
          factors = 0;
        }
      }
    }
    return {cv::v_reduce_sum(ee), cv::v_reduce_sum(el), cv::v_reduce_sum(ll),
            cv::v_reduce_sum(ge), cv::v_reduce_sum(gl), cv::v_reduce_sum(excesses) + logs};
  }

  double first_;
  double step_;
  double band_;
  std::size_t count_;
  double weight_;
  std::vector<float> power_;  // over the noise and what stands behind the edge
  std::vector<float> share_;  // passed by the wall filter, likewise over them
  std::vector<float> shape_;  // of the kind and edge sampled last
  std::vector<float> slope_;  // likewise
};

}  // namespace

std::optional<EdgeKind> fitEdge(const EdgeSpectrum& s, EdgeSearch search) {
  double signal = 0;
  for (const float power : s.power) signal += power - s.noise;
  for (const float behind : s.behind) signal -= behind;
  if (signal < kLeastSignal * s.noise / s.step) return std::nullopt;
  EdgeFitter fitter(s);
  EdgeKind kind;
  for (auto& costs : kind.cost) costs.fill(std::numeric_limits<double>::infinity());
  double best = std::numeric_limits<double>::infinity();
  for (int p = 0; p < EdgeShape::kProfiles; ++p) {
    for (int b = 0; b < EdgeShape::kBroadenings; ++b) {
      if (search == EdgeSearch::kQuick && (p != kQuickProfile || b != kQuickBroadening)) continue;
      const Fit fit = fitter.fit(p, b, signal / s.noise);
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

EdgeOffset offsetOf(const EdgeKind& kind, const KindCosts& likelihoods, double band, double chirp) {
  const double broadening = std::max(kLeastBroadening, kBroadenedShare * band + kChirpSd * chirp);
  KindCosts costs = likelihoods;
  for (auto& row : costs) {
    for (std::size_t b = 0; b < row.size(); ++b) {
      const double z = EdgeShape::kBroadeningSd[b] / broadening;
      row[b] += 0.5 * z * z;
    }
  }
  double least = costs[0][0];
  for (const auto& row : costs) {
    for (const double cost : row) least = std::min(least, cost);
  }
  double sum = 0;
  double squares = 0;
  double means = 0;
  double maxima = 0;
  double weights = 0;
  for (std::size_t p = 0; p < costs.size(); ++p) {
    for (std::size_t b = 0; b < costs[p].size(); ++b) {
      const double weight = std::exp(least - costs[p][b]);
      sum += weight * kind.offset[p][b];
      squares += weight * kind.offset[p][b] * kind.offset[p][b];
      const double chance = weight * (p == 0 ? kParabolaOdds : 1.0);
      means += chance * EdgeShape::meanShare(static_cast<int>(p)) * (band + kind.offset[p][b]);
      maxima += chance * (band + kind.offset[p][b]);
      weights += weight;
    }
  }
  const double mean = sum / weights;
  return {mean, maxima > 0 ? means / maxima : EdgeShape::meanShare(0),
          kind.variance + std::max(0.0, squares / weights - mean * mean)};
}

}  // namespace soleus
