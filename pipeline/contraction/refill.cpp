#include "pipeline/contraction/refill.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace soleus {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kStepS = 0.1;
// Fitted over no more than this: later the phase of the breath is another.
constexpr double kLongestS = 30;
// Empty veins may give nothing for this long before the flow begins to come back.
constexpr double kLongestPauseS = 1.5;
// Coarse first, then finer about the best.
constexpr double kPauseStepS = 0.1;
constexpr double kShortestTauS = 0.1;
constexpr double kLongestTauS = 30;
constexpr double kTauRatio = 1.15;
constexpr int kFiner = 5;
// exp(-t/tau) = 0.05.
const double kRefilledTaus = std::log(20.0);
// Of the resting velocity: what heart and noise do to a mean over kStepS.
constexpr double kNoiseShare = 0.1;
// Of the resting velocity: a course further off on average is another.
constexpr double kMostResidualShare = 0.35;

struct Fit {
  double residual = std::numeric_limits<double>::infinity();
  double pauseS = 0;
  double tauS = 0;
};

struct Sample {
  double timeS = 0;
  double velocity = 0;
};

/// Sum of squares that is left of v = rest * g * (1 + a cos + b sin), with the best a and b, and the mean of
/// v / (rest g), which has to be near 1.
double residual(const std::vector<Sample>& samples, double t0, double tau, const RestingFlow& rest) {
  double cc = 0;
  double ss = 0;
  double cs = 0;
  double cy = 0;
  double sy = 0;
  double yy = 0;
  const bool breathes = !std::isnan(rest.breathPeriodS);
  const double omega = breathes ? 2 * std::numbers::pi / rest.breathPeriodS : 0;
  for (const Sample& sample : samples) {
    const double since = sample.timeS - t0;
    const double gate = since > 0 ? rest.velocityCmPerS * (1 - std::exp(-since / tau)) : 0;
    const double y = sample.velocity - gate;
    yy += y * y;
    if (!breathes) continue;
    const double c = gate * std::cos(omega * sample.timeS);
    const double s = gate * std::sin(omega * sample.timeS);
    cc += c * c;
    ss += s * s;
    cs += c * s;
    cy += c * y;
    sy += s * y;
  }
  if (!breathes || rest.breathShare <= 0) return yy;
  // The prior of the breath's size, in units of the noise.
  const double prior = std::pow(kNoiseShare * rest.velocityCmPerS / rest.breathShare, 2);
  cc += prior;
  ss += prior;
  const double det = cc * ss - cs * cs;
  const double a = (ss * cy - cs * sy) / det;
  const double b = (cc * sy - cs * cy) / det;
  return std::max(0.0, yy - a * cy - b * sy);
}

}  // namespace

double refilledS(const VelocityCourse& course, double fromS, double nextS, const RestingFlow& rest) {
  if (!(rest.velocityCmPerS > 0)) return kNaN;
  const double toS = std::min(nextS - kBeforeOnsetS, fromS + kLongestS);
  std::vector<Sample> samples;
  for (double t = fromS; t + kStepS <= toS; t += kStepS) {
    const double v = course.integral(course.peaks(), t, t + kStepS) / kStepS;
    if (!std::isnan(v)) samples.push_back({t + kStepS / 2, v});
  }
  if (samples.size() < 10) return kNaN;
  Fit best;
  const auto consider = [&](double pauseS, double tauS) {
    const double left = residual(samples, fromS + pauseS, tauS, rest);
    if (left < best.residual) best = {left, pauseS, tauS};
  };
  for (double pause = 0; pause <= kLongestPauseS; pause += kPauseStepS) {
    for (double tau = kShortestTauS; tau <= kLongestTauS; tau *= kTauRatio) consider(pause, tau);
  }
  const Fit coarse = best;
  for (int i = -kFiner; i <= kFiner; ++i) {
    for (int k = -kFiner; k <= kFiner; ++k) {
      consider(std::max(0.0, coarse.pauseS + kPauseStepS * i / kFiner),
               coarse.tauS * std::pow(kTauRatio, 1.0 * k / kFiner));
    }
  }
  const double whenS = fromS + best.pauseS + kRefilledTaus * best.tauS;
  const double rms = std::sqrt(best.residual / static_cast<double>(samples.size()));
  if (rms > kMostResidualShare * rest.velocityCmPerS || whenS > nextS) return kNaN;
  return whenS;
}

}  // namespace soleus
