#include "calibration/phantom/contraction_truth.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "calibration/phantom/muscle.h"

namespace soleus {
namespace {

// A thousandth of the shortest burst of 0.2 s: integrals by the trapezium rule are then exact to 1e-5.
constexpr double kStepS = 0.0002;
// As the measured baseline: three breaths, ending 0.2 s before the onset.
constexpr double kBreaths = 3.0;
constexpr double kGuardS = 0.2;
// The shortest stretch worth a baseline.
constexpr double kShortestBaselineS = 0.1;
// exp(-t/tau) = 0.05: 95 % refilled.
const double kRefillTimeConstants = std::log(20.0);

using Waveform = std::function<double(double)>;

double integral(const Waveform& f, double fromS, double toS) {
  const int steps = std::max(1, static_cast<int>(std::ceil((toS - fromS) / kStepS)));
  const double h = (toS - fromS) / steps;
  double sum = 0.5 * (f(fromS) + f(toS));
  for (int i = 1; i < steps; ++i) sum += f(fromS + i * h);
  return sum * h;
}

}  // namespace

std::vector<Contraction> contractionTruth(const Scenario& scenario, const Haemodynamics& haemodynamics) {
  std::vector<Contraction> rows;
  if (!scenario.contractions) return rows;
  const ContractionSettings& settings = *scenario.contractions;
  const Waveform peak = [&](double t) { return haemodynamics.peakCmPerS(t); };
  const Waveform mean = [&](double t) { return haemodynamics.meanCmPerS(t); };
  const Waveform flowMlPerS = [&](double t) { return haemodynamics.flowMlPerMin(t) / 60.0; };
  const std::vector<Burst>& bursts = haemodynamics.bursts();
  for (std::size_t i = 0; i < bursts.size(); ++i) {
    const Burst& burst = bursts[i];
    const double stopS = burst.startS + settings.durationS;
    Contraction row;
    row.flowOnsetS = burst.startS;
    row.onsetS = burst.startS - PhantomMuscle::kLeadS;

    const double baseEndS = burst.startS - kGuardS;
    double baseStartS = baseEndS - kBreaths / scenario.flow.breathRateHz;
    if (i > 0) baseStartS = std::max(baseStartS, haemodynamics.refillStartS(bursts[i - 1]));
    const double baseS = baseEndS - baseStartS;
    const bool hasBaseline = baseS >= kShortestBaselineS;
    if (hasBaseline) row.baselineVelocityCmPerS = integral(peak, baseStartS, baseEndS) / baseS;

    row.peakVelocityCmPerS = 0;
    for (double t = burst.startS; t < stopS; t += kStepS) {
      if (peak(t) > row.peakVelocityCmPerS) {
        row.peakVelocityCmPerS = peak(t);
        row.peakS = t;
      }
    }
    const double floorCmPerS = hasBaseline ? row.baselineVelocityCmPerS : 0.0;
    row.endS = row.peakS;
    while (row.endS < stopS && peak(row.endS) > floorCmPerS) row.endS += kStepS;
    row.endS = std::min(row.endS, stopS);

    const double ejectionS = row.endS - row.flowOnsetS;
    row.vtiCm = integral(peak, row.flowOnsetS, row.endS);
    row.meanVelocityCmPerS = integral(mean, row.flowOnsetS, row.endS) / ejectionS;
    row.ejectedVolumeMl = integral(flowMlPerS, row.flowOnsetS, row.endS);
    if (hasBaseline) {
      if (row.baselineVelocityCmPerS > 0)
        row.augmentationRatio = row.peakVelocityCmPerS / row.baselineVelocityCmPerS;
      row.augmentationCmPerS = row.peakVelocityCmPerS - row.baselineVelocityCmPerS;
      row.excessVolumeMl =
          row.ejectedVolumeMl - integral(flowMlPerS, baseStartS, baseEndS) / baseS * ejectionS;
    }

    row.refluxDurationS = settings.refluxDurationS;
    row.refluxPeakCmPerS = settings.refluxPeakCmPerS;
    const double refluxStartS = stopS + settings.pauseS;
    row.refluxVolumeMl = settings.refluxDurationS > 0
                             ? -integral(flowMlPerS, refluxStartS, refluxStartS + settings.refluxDurationS)
                             : 0.0;

    const double refilledS =
        haemodynamics.refillStartS(burst) + kRefillTimeConstants * settings.refillTimeConstantS;
    const double nextS = i + 1 < bursts.size() ? bursts[i + 1].startS : scenario.durationS;
    if (refilledS <= nextS) row.refillTimeS = refilledS - row.endS;
    row.onsetSource = OnsetSource::kEmg;
    row.quality = 1.0;
    rows.push_back(row);
  }
  return rows;
}

}  // namespace soleus
