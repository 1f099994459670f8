#include "tests/accuracy/pump_score.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <numeric>
#include <string>

namespace soleus::accuracy {
namespace {

constexpr double kNearS = 0.3;
constexpr double kAwayS = 0.1;
// Standard uncertainties, of 95 %.
constexpr double kInterval = 1.96;

/// A column of /contractions, and in what its errors are told: none, ms, or percent of the truth.
struct Measure {
  const char* column;
  double Contraction::*value;
  enum { kNone, kMs, kPercent } unit;
  double ContractionUncertainty::*uncertainty;  ///< nullptr: none is told
};
constexpr Measure kMeasures[] = {
    {"onset_s", &Contraction::onsetS, Measure::kMs, nullptr},
    {"flow_onset_s", &Contraction::flowOnsetS, Measure::kMs, &ContractionUncertainty::flowOnsetS},
    {"peak_s", &Contraction::peakS, Measure::kMs, nullptr},
    {"end_s", &Contraction::endS, Measure::kMs, nullptr},
    {"baseline_velocity_cm_s", &Contraction::baselineVelocityCmPerS, Measure::kPercent,
     &ContractionUncertainty::baselineVelocityCmPerS},
    {"peak_velocity_cm_s", &Contraction::peakVelocityCmPerS, Measure::kPercent,
     &ContractionUncertainty::peakVelocityCmPerS},
    {"mean_velocity_cm_s", &Contraction::meanVelocityCmPerS, Measure::kPercent,
     &ContractionUncertainty::meanVelocityCmPerS},
    {"vti_cm", &Contraction::vtiCm, Measure::kPercent, &ContractionUncertainty::vtiCm},
    {"augmentation_ratio", &Contraction::augmentationRatio, Measure::kPercent,
     &ContractionUncertainty::augmentationRatio},
    {"augmentation_cm_s", &Contraction::augmentationCmPerS, Measure::kPercent,
     &ContractionUncertainty::augmentationCmPerS},
    {"ejected_volume_ml", &Contraction::ejectedVolumeMl, Measure::kPercent,
     &ContractionUncertainty::ejectedVolumeMl},
    {"excess_volume_ml", &Contraction::excessVolumeMl, Measure::kPercent,
     &ContractionUncertainty::excessVolumeMl},
    {"reflux_duration_s", &Contraction::refluxDurationS, Measure::kMs,
     &ContractionUncertainty::refluxDurationS},
    {"reflux_peak_cm_s", &Contraction::refluxPeakCmPerS, Measure::kPercent,
     &ContractionUncertainty::refluxPeakCmPerS},
    {"reflux_volume_ml", &Contraction::refluxVolumeMl, Measure::kPercent,
     &ContractionUncertainty::refluxVolumeMl},
    {"refill_time_s", &Contraction::refillTimeS, Measure::kPercent, &ContractionUncertainty::refillTimeS},
    {"quality", &Contraction::quality, Measure::kNone, nullptr}};

/// Of sorted values.
double quantile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return std::nan("");
  return sorted[std::min(sorted.size() - 1,
                         static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

void printErrors(std::ostream& out, const std::string& name, std::vector<double> errors, int open,
                 double heldPercent) {
  const double mean = std::accumulate(errors.begin(), errors.end(), 0.0) /
                      static_cast<double>(std::max<std::size_t>(1, errors.size()));
  for (double& error : errors) error = std::abs(error);
  std::sort(errors.begin(), errors.end());
  out << std::left << std::setw(28) << name << std::right << std::setw(8) << errors.size() << std::setw(8)
      << open << std::setw(10) << mean << std::setw(10) << quantile(errors, 0.5) << std::setw(10)
      << quantile(errors, 0.95) << std::setw(10) << heldPercent << "\n";
}

}  // namespace

void PumpScore::add(const std::vector<Contraction>& trueRows, const std::vector<Found>& foundRows) {
  std::vector<Found> sure;
  std::copy_if(foundRows.begin(), foundRows.end(), std::back_inserter(sure),
               [](const Found& found) { return found.row.quality >= kSureQuality; });
  truths += static_cast<int>(trueRows.size());
  invented += static_cast<int>(sure.size());
  for (const Contraction& truth : trueRows) {
    const auto found = std::min_element(sure.begin(), sure.end(), [&](const auto& a, const auto& b) {
      return std::abs(a.row.onsetS - truth.onsetS) < std::abs(b.row.onsetS - truth.onsetS);
    });
    if (found == sure.end() || std::abs(found->row.onsetS - truth.onsetS) > kNearS) continue;
    pairs.push_back({truth, found->row, found->uncertainty});
    sure.erase(found);
    --invented;
  }
}

void printPumpTable(std::ostream& out, const PumpScore& score) {
  const auto share = [](double part, double whole) { return whole > 0 ? 100 * part / whole : std::nan(""); };
  const auto found = static_cast<double>(score.pairs.size());
  out << std::fixed << std::setprecision(2) << "contractions " << score.truths << ", found "
      << share(found, score.truths) << " %, of those counted false "
      << share(score.invented, found + score.invented) << " %\n\n"
      << std::left << std::setw(28) << "error" << std::right << std::setw(8) << "n" << std::setw(8) << "open"
      << std::setw(10) << "mean" << std::setw(10) << "median" << std::setw(10) << "95 %" << std::setw(10)
      << "held %"
      << "\n";
  for (const Measure& measure : kMeasures) {
    if (measure.unit == Measure::kNone) continue;
    const bool isTime = measure.unit == Measure::kMs;
    std::vector<double> errors;
    int open = 0;
    int held = 0;
    for (const Pair& pair : score.pairs) {
      const double truth = pair.truth.*measure.value;
      const double value = pair.found.*measure.value;
      // Where there is no reflux, none of its measures has an error.
      if (std::isnan(truth) || truth == 0) continue;
      if (std::isnan(value)) {
        ++open;
      } else {
        errors.push_back(isTime ? 1000 * (value - truth) : 100 * (value / truth - 1));
        const double u =
            measure.uncertainty != nullptr ? pair.uncertainty.*measure.uncertainty : std::nan("");
        held += std::abs(value - truth) <= kInterval * u ? 1 : 0;
      }
    }
    const double heldPercent =
        measure.uncertainty != nullptr ? share(held, static_cast<double>(errors.size())) : std::nan("");
    printErrors(out, std::string(measure.column) + (isTime ? ", ms" : ", %"), errors, open, heldPercent);
  }
  for (const double cutOffS : {0.5, 1.0}) {
    int told = 0;
    int right = 0;
    for (const Pair& pair : score.pairs) {
      const double truth = pair.truth.refluxDurationS;
      if (std::isnan(truth) || std::abs(truth - cutOffS) < kAwayS || std::isnan(pair.found.refluxDurationS))
        continue;
      ++told;
      right += (pair.found.refluxDurationS > cutOffS) == (truth > cutOffS) ? 1 : 0;
    }
    out << "reflux beyond " << cutOffS << " s told right: " << share(right, told) << " % of " << told << "\n";
  }
}

void writePumpCsv(std::ostream& out, const PumpScore& score) {
  for (const char* of : {"true_", ""}) {
    for (const Measure& measure : kMeasures) out << of << measure.column << ',';
  }
  out << "\n";
  for (const Pair& pair : score.pairs) {
    for (const Contraction* row : {&pair.truth, &pair.found}) {
      for (const Measure& measure : kMeasures) out << row->*measure.value << ',';
    }
    out << "\n";
  }
}

}  // namespace soleus::accuracy
