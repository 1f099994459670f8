#include "pipeline/contraction/find_contractions.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "pipeline/contraction/breath.h"
#include "pipeline/contraction/ejection.h"
#include "pipeline/contraction/find_bursts.h"
#include "pipeline/contraction/pulse_rhythm.h"
#include "pipeline/contraction/refill.h"
#include "pipeline/contraction/reflux.h"

namespace soleus {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kBreaths = 3;
// Three quiet breaths, where the trace shows none.
constexpr double kUsualSpanS = 12;
// Rest that is worth to be called so lasts a breath.
constexpr double kShortestRestS = 3;
// A contraction ejects for less than this.
constexpr double kLongestEjectionS = 5;
// How far above its baseline a burst has to rise to be without doubt: three times what it was told by.
constexpr double kSureRise = 3;
// Of a burst whose top may lie beyond the scale, and of one whose end was not seen.
constexpr double kAliasedQuality = 0.4;
constexpr double kCutQuality = 0.3;
// Of a stretch of rest, what the wall filter may hide for a ratio to it to be worth something.
constexpr double kMostSlow = 0.5;
// Of what follows the heart.
constexpr double kPulseQuality = 0.2;

/// The stretch of the trace before the first burst: rest, as long as nobody moved.
RestingFlow restBefore(const VelocityCourse& course, double firstOnsetS) {
  RestingFlow rest{kNaN, kNaN, 0};
  if (course.size() == 0) return rest;
  const double fromS = course.timeS(0);
  if (firstOnsetS - fromS < kShortestRestS) return rest;
  rest.breathPeriodS = breathPeriodS(course, fromS, firstOnsetS);
  const double spanS = std::isnan(rest.breathPeriodS) ? kUsualSpanS : kBreaths * rest.breathPeriodS;
  const Baseline baseline = baselineBefore(course, firstOnsetS, fromS, spanS);
  if (baseline.slowShare > kMostSlow) return rest;
  rest.velocityCmPerS = baseline.velocityCmPerS;
  rest.breathShare = levelOf(course, baseline.fromS, baseline.toS).sd / rest.velocityCmPerS;
  return rest;
}

/// How much of the ejection was measured without doubt, times how clearly it rises out of rest.
double qualityOf(const VelocityCourse& course, const Contraction& row) {
  double usable = course.knownShare(course.peaks(), row.onsetS, row.endS);
  for (std::size_t i = course.at(row.onsetS); i < course.size() && course.timeS(i) < row.endS; ++i) {
    if (course.isAliased(i)) usable = std::min(usable, kAliasedQuality);
  }
  const double baseline = std::isnan(row.baselineVelocityCmPerS) ? 0 : row.baselineVelocityCmPerS;
  const double rise = row.peakVelocityCmPerS / std::max({baseline, course.hiddenCmPerS(), 1.0}) - 1;
  return std::clamp(usable * std::min(1.0, rise / kSureRise), 0.0, 1.0);
}

}  // namespace

std::vector<FoundContraction> findContractions(const VelocityTrace& trace, double hiddenCmPerS) {
  const VelocityCourse course(trace, hiddenCmPerS);
  const std::vector<FlowBurst> bursts = findBursts(course);
  std::vector<FoundContraction> rows;
  if (bursts.empty()) return rows;
  const double beganS = course.timeS(0);
  const double endedS = course.timeS(course.size() - 1);
  const RestingFlow rest = restBefore(course, onsetOf(course, bursts.front(), beganS));
  const double spanS = std::isnan(rest.breathPeriodS) ? kUsualSpanS : kBreaths * rest.breathPeriodS;
  double overS = beganS;  // the contraction before, with its reflux
  for (std::size_t i = 0; i < bursts.size(); ++i) {
    const FlowBurst& burst = bursts[i];
    const bool isLast = i + 1 == bursts.size();
    const double nextS = isLast ? endedS : onsetOf(course, bursts[i + 1], course.timeS(burst.last));
    FoundContraction row;
    row.onsetS = row.flowOnsetS = onsetOf(course, burst, overS);
    const Baseline baseline = baselineBefore(course, row.onsetS, overS, spanS);
    row.baselineVelocityCmPerS = baseline.velocityCmPerS;
    const double restS = baseline.toS - baseline.fromS;
    if (i == 0 && restS < spanS) row.restBreaths = kBreaths * restS / spanS;
    const Top top = topOf(course, burst);
    row.peakS = top.timeS;
    row.peakVelocityCmPerS = top.velocityCmPerS;
    const End end = endOf(course, course.timeS(burst.last), baseline.velocityCmPerS,
                          std::min(nextS, row.onsetS + kLongestEjectionS));
    row.endS = end.timeS;
    row.peakS = std::clamp(row.peakS, row.onsetS, row.endS);
    const double ejectionS = row.endS - row.onsetS;
    row.vtiCm = course.integral(course.peaks(), row.onsetS, row.endS);
    row.meanVelocityCmPerS = course.integral(course.means(), row.onsetS, row.endS) / ejectionS;
    row.ejectedVolumeMl = course.integral(course.flows(), row.onsetS, row.endS);
    row.excessVolumeMl = row.ejectedVolumeMl - baseline.flowMlPerS * ejectionS;
    if (row.baselineVelocityCmPerS > 0 && baseline.slowShare <= kMostSlow)
      row.augmentationRatio = row.peakVelocityCmPerS / row.baselineVelocityCmPerS;
    row.augmentationCmPerS = row.peakVelocityCmPerS - row.baselineVelocityCmPerS;
    const Reflux reflux = refluxAfter(course, row.endS, nextS);
    row.refluxDurationS = reflux.durationS;
    row.refluxPeakCmPerS = reflux.peakCmPerS;
    row.refluxVolumeMl = reflux.volumeMl;
    overS = row.endS;
    if (reflux.durationS > 0) overS = reflux.startS + reflux.durationS;
    row.refillTimeS = refilledS(course, overS, nextS, rest) - row.endS;
    row.onsetSource = OnsetSource::kFlow;
    row.quality = std::min(qualityOf(course, row), end.isSeen ? 1 : kCutQuality);
    rows.push_back(row);
  }
  std::vector<double> onsetS;
  for (const Contraction& row : rows) onsetS.push_back(row.onsetS);
  const std::vector<bool> pulse = isPulse(onsetS);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (pulse[i]) rows[i].quality = std::min(rows[i].quality, kPulseQuality);
  }
  return rows;
}

}  // namespace soleus
