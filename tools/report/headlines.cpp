#include "tools/report/headlines.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tools/report/measures.h"
#include "tools/report/number_text.h"
#include "tools/report/protocol_summary.h"
#include "tools/report/recording_quality.h"

namespace soleus {
namespace {

using nlohmann::json;

/// From here on the columns without a velocity can shift a mean by no more than its own twentieth.
constexpr double kWhole = 0.95;
/// Below, a mean over the measured columns alone may mislead, and is marked.
constexpr double kNearlyWhole = 0.90;
/// A diameter seen in fewer than half of the frames may be that of anything else.
constexpr double kLumenSeen = 0.50;

constexpr const char* kNoSignal = "no flow, flow slower than the wall filter, or a weak signal";

constexpr double kStandardUncertainties = 1.96;
constexpr const char* kInterval = "; ±: half of a 95 % interval";
constexpr const char* kApart = ", errors of the angle and of lengths apart";

/// A value with the half of its 95 % interval, where its standard uncertainty is known. No other ± is
/// written.
std::string withInterval(double value, double uncertainty, int decimals) {
  if (!std::isfinite(uncertainty)) return plainNumber(value, decimals);
  return plainNumber(value, decimals) + " ± " + plainNumber(kStandardUncertainties * uncertainty, decimals);
}

Headline peak(const json& doppler, const char* name, const std::string& key) {
  Headline line{name, "not measured", "", "", false};
  if (doppler.value("aliasing_lasts", false)) {
    line.value = "not known";
    line.detail =
        percent(shareOf(doppler["flag_fraction"], "aliased")) +
        " of columns wrap around the scale (aliasing): fast flow toward the heart is drawn below zero "
        "there, fast flow away above it. Raise the scanner's scale (PRF).";
    line.marked = true;
    return line;
  }
  const double value = numberOf(doppler, (key + "_cm_per_s").c_str());
  if (!std::isfinite(value)) return line;
  if (value == 0) {
    line.value = "none seen";
    return line;
  }
  const double uncertainty = numberOf(doppler, (key + "_uncertainty_cm_per_s").c_str());
  line.value = withInterval(value, uncertainty, 1);
  line.unit = "cm/s";
  line.detail = "at " + plainNumber(numberOf(doppler, (key + "_time_s").c_str()), 2) + " s";
  if (std::isfinite(uncertainty)) line.detail += std::string(kInterval) + kApart;
  return line;
}

Headline peakAway(const json& doppler) {
  Headline line = peak(doppler, "Highest velocity away from the heart", "peak_reverse");
  const double longestS = numberOf(doppler, "longest_away_s");
  if (line.unit.empty() || !(longestS > 0)) return line;
  line.detail += "; longest away-flow " + plainNumber(longestS, 2) + " s";
  return line;
}

/// A mean over time: one number where nearly all was measured, else the two that bound it. `line` brings name
/// and unit, and as detail what a column without signal may mean.
Headline meanOverTime(const json& part, Headline line, const char* key, const char* ifZeroKey, int decimals,
                      double aliased) {
  const double mean = numberOf(part, key);
  const double ifZero = numberOf(part, ifZeroKey);
  const double measured = shareOf(part, "measured_fraction");
  if (!std::isfinite(mean)) {
    line.value = "not measured";
    line.unit = "";
    line.detail = "no column holds one";
    line.marked = true;
    return line;
  }
  if (const double silent = shareOf(part, "no_velocity_fraction"); silent > 1 - kWhole) {
    line.value = plainNumber(std::min(mean, ifZero), decimals) + " to " +
                 plainNumber(std::max(mean, ifZero), decimals);
    line.detail = percent(silent) + " of the columns show no signal above the noise" + line.detail + ": " +
                  plainNumber(mean, decimals) + " without them, " + plainNumber(ifZero, decimals) +
                  " if the blood stood still in them";
  } else {
    line.value = plainNumber(mean, decimals);
    line.detail = "time average over " + percent(measured) + " of the columns";
  }
  if (aliased > 0)
    line.detail += "; without the " + percent(aliased) + " that are aliased, and so without the fastest flow";
  if (const double unreadable = shareOf(part, "unreadable_fraction"); unreadable > 0)
    line.detail += "; without the " + percent(unreadable) + " that were painted over or had another scale";
  if (const double noLumen = shareOf(part, "no_lumen_fraction"); noLumen > 0)
    line.detail += "; without the " + percent(noLumen) + " for which no lumen was found";
  line.marked = measured < kNearlyWhole;
  return line;
}

std::string duration(double seconds, std::string& unit) {
  unit = "s";
  if (seconds < 120) return plainNumber(seconds, 2);
  unit = "h:min:s";
  const auto whole = static_cast<long long>(seconds);
  char text[64];
  std::snprintf(text, sizeof text, "%02lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
  return text;
}

Headline covered(const json& doppler) {
  Headline line{"Time covered", "", "", "", false};
  line.value = duration(shareOf(doppler, "covered_s"), line.unit);
  const auto gaps = doppler.value("gaps", 0LL);
  if (gaps > 0)
    line.detail = std::to_string(gaps) + (gaps == 1 ? " gap, " : " gaps, ") +
                  plainNumber(shareOf(doppler, "gaps_s"), 2) + " s missing; ";
  line.detail += std::to_string(doppler.value("columns", 0LL)) + " columns, one each " +
                 plainNumber(1000 * shareOf(doppler, "column_step_s"), 2) + " ms";
  if (gaps == 0) line.detail += ", no gaps";
  line.marked = gaps > 0;
  return line;
}

void addQuality(const json& doppler, std::vector<Headline>& lines) {
  const double usable = shareOf(doppler, "usable_fraction");
  lines.push_back({"Usable columns", percent(usable), "",
                   "a mean velocity, neither aliased nor lost in the noise", usable < 0.5});
  const double aliased = shareOf(doppler["flag_fraction"], "aliased");
  lines.push_back({"Aliased", percent(aliased), "of columns",
                   aliased > 0 ? "velocity reached the edge of the scale" : "", aliased > 0});
  const double silent = shareOf(doppler, "no_velocity_fraction");
  Headline noSignal{"No signal above the noise", percent(silent), "of columns", "", silent > 0.5};
  if (silent > 0) noSignal.detail = std::string(kNoSignal) + "; ";
  if (const double weak = shareOf(doppler["flag_fraction"], "low_snr") - silent; weak > 0)
    noSignal.detail += percent(weak) + " more have a velocity, but below 3 dB or the wall filter; ";
  if (const double snrDb = numberOf(doppler, "snr_median_db"); std::isfinite(snrDb))
    noSignal.detail += "median SNR " + plainNumber(snrDb, 1) + " dB";
  lines.push_back(noSignal);
}

std::string lumenShare(const json& vessel) {
  return "the lumen was found in " + percent(shareOf(vessel, "seen_fraction")) + " of frames";
}

Headline diameter(const json& vessel) {
  Headline line{"Vein diameter, mean", "not measured", "", lumenShare(vessel), true};
  if (shareOf(vessel, "seen_fraction") < kLumenSeen) return line;
  line.value = plainNumber(numberOf(vessel, "diameter_mean_mm"), 2);
  line.unit = "mm";
  line.detail = plainNumber(numberOf(vessel, "diameter_lowest_mm"), 2) + " to " +
                plainNumber(numberOf(vessel, "diameter_highest_mm"), 2) + " mm; " + line.detail;
  line.marked = shareOf(vessel, "seen_fraction") < kNearlyWhole;
  return line;
}

Headline flow(const json& summary) {
  const json& part = summary["flow"];
  Headline line{"Volume flow, mean", "not measured", "mL/min", "", true};
  const auto vessel = summary.find("vessel");
  if (vessel != summary.end() && shareOf(*vessel, "seen_fraction") < kLumenSeen) {
    line.unit = "";
    line.detail = lumenShare(*vessel) + ", lumen and velocity in " +
                  percent(shareOf(part, "measured_fraction")) + " of columns";
    return line;
  }
  const bool hasDoppler = summary.contains("doppler");
  line = meanOverTime(part, line, "mean_ml_per_min", "mean_if_unmeasured_is_zero_ml_per_min", 0,
                      hasDoppler ? shareOf(summary["doppler"]["flag_fraction"], "aliased") : 0);
  return line;
}

/// The mean, and how far contractions differ where there are enough to tell.
Headline overContractions(const json& contractions, const Measure& measure) {
  constexpr long long kFewest = 3;
  const json& series = contractions[measure.key];
  Headline line{std::string(measure.name) + ", contractions", "not measured", "", "", false};
  const auto count = series.value("count", 0LL);
  if (count == 0) return line;
  const int decimals = measure.decimals;
  line.value = withInterval(numberOf(series, "mean"), numberOf(series, "uncertainty"), decimals);
  line.unit = measure.unit;
  line.detail = count == 1 ? "of one contraction"
                           : "mean of " + std::to_string(count) + " contractions; first " +
                                 plainNumber(numberOf(series, "first"), decimals) + ", last " +
                                 plainNumber(numberOf(series, "last"), decimals);
  if (count >= kFewest)
    line.detail += ", standard deviation between them (SD) " + plainNumber(numberOf(series, "sd"), decimals);
  const bool isTime = std::string(measure.unit) == "s";
  if (std::isfinite(numberOf(series, "uncertainty")))
    line.detail += std::string(kInterval) + (isTime ? "" : kApart);
  return line;
}

/// Where an EMG or a force shows when the muscle began.
void addDelays(const json& contractions, std::vector<Headline>& lines) {
  for (const char* key : {"emg_to_flow_s", "force_to_flow_s"}) {
    const auto series = contractions.find(key);
    if (series == contractions.end() || series->value("count", 0LL) == 0) continue;
    lines.push_back(overContractions(contractions, measureOf(key)));
    lines.back().detail +=
        "; time from the muscle's onset to the flow's; a signal that was shifted, or a "
        "picture that came late, shifts it alike";
  }
}

/// Both cut-offs: which vein it was, the session does not know.
Headline reflux(const json& contractions) {
  const json& part = contractions["reflux"];
  Headline line{"Reflux duration, longest", "not measured", "", "", false};
  const auto measured = part.value("measured", 0LL);
  if (measured == 0) return line;
  const double longestS = numberOf(part, "longest_s");
  const std::string all = " of " + std::to_string(measured);
  if (longestS > 0) {
    line.value = plainNumber(longestS, 2);
    line.unit = "s";
    line.detail = std::to_string(part.value("over_1_0_s", 0LL)) + all +
                  " longer than 1.0 s, the cut-off of the popliteal and femoral vein (" +
                  std::to_string(part.value("over_0_5_s", 0LL)) + all +
                  " longer than 0.5 s, that of superficial and calf veins); with the ends that the wall "
                  "filter hides";
  } else {
    line.value = "none seen";
    line.detail =
        "in" + all.substr(3) + "; flow slower than the wall filter, or without a signal, cannot be seen";
  }
  return line;
}

/// How many times the flow at rest the contractions move.
Headline pumpAgainstRest(const json& contractions) {
  Headline line{measureOf("pump_ratio").name, "not measured", "", "", false};
  const auto pump = contractions.find("pump");
  if (pump == contractions.end()) return line;
  const double ratio = numberOf(*pump, "ratio");
  if (!std::isfinite(ratio)) {
    line.detail = "needs the lumen, two contractions that follow each other, and rest before the first";
    return line;
  }
  line.value = withInterval(ratio, numberOf(*pump, "ratio_uncertainty"), 2);
  line.unit = "times";
  line.detail = "pump output: contractions eject " + plainNumber(numberOf(*pump, "ml_per_min"), 0) +
                " mL/min through this vein, reflux not taken off; at rest before the first " +
                plainNumber(numberOf(*pump, "rest_ml_per_min"), 0) +
                " mL/min flow; free of the angle's error";
  if (std::isfinite(numberOf(*pump, "ratio_uncertainty"))) line.detail += kInterval;
  return line;
}

void addContractions(const json& summary, std::vector<Headline>& lines) {
  const json& contractions = summary["contractions"];
  const auto count = contractions.value("count", 0LL);
  const auto doubtful = contractions.value("doubtful", 0LL);
  Headline found{"Contractions", std::to_string(count), "",
                 "bursts of flow toward the heart; an artery looks alike", false};
  if (count == 0) found.value = doubtful > 0 ? "none sure" : "none seen";
  if (doubtful > 0)
    found.detail += "; " + std::to_string(doubtful) +
                    " doubtful, not counted: hardly above rest, aliased, cut short, or as regular as a pulse";
  if (const auto silent = contractions.value("without_flow", 0LL); silent > 0)
    found.detail +=
        "; " + std::to_string(silent) + " more by the muscle's EMG or force, which no burst of flow followed";
  if (count == 0 && flowsAway(summary)) {
    found.detail = "the fastest flow by far is away from the heart: is its side right ('--toward-heart')?";
    found.marked = true;
  }
  lines.push_back(found);
  if (count == 0) return;
  lines.push_back(overContractions(contractions, measureOf("peak_velocity_cm_s")));
  Headline volume = overContractions(contractions, measureOf("ejected_volume_ml"));
  if (!volume.unit.empty()) volume.detail += "; through this vein";
  if (const auto back = contractions.find("reflux_volume_ml"); back != contractions.end()) {
    constexpr double kLeastShownMl = 0.005;
    if (const double backMl = numberOf(*back, "mean"); !volume.unit.empty() && backMl >= kLeastShownMl)
      volume.detail += "; " + plainNumber(backMl, 2) + " mL flowed back after them (reflux)";
  }
  lines.push_back(volume);
  lines.push_back(pumpAgainstRest(contractions));
  lines.push_back(reflux(contractions));
  addDelays(contractions, lines);
}

Headline protocolHeadline(const json& protocol) {
  Headline line{"Protocol", "", "", protocol.value("title", ""), false};
  const std::vector<std::string> differences = unlikeAsked(protocol);
  const auto asked = protocol.value("asked", 0LL);
  if (protocol["done"].is_null()) {
    line.value = asked == 0 ? "recorded"
                            : std::to_string(protocol.value("given", 0LL)) + " of " + std::to_string(asked) +
                                  " cues given";
    line.detail += "; contractions were not looked for";
  } else if (protocol.value("expects", "") == "rest") {
    line.value = !protocol["unexpected"].empty() ? "not at rest"
                 : differences.empty()           ? "at rest, as asked"
                                                 : "at rest, as far as it was seen";
  } else {
    line.value = std::to_string(protocol["done"].get<long long>()) + " of " + std::to_string(asked) + " done";
    if (const double delayS = numberOf(protocol, "delay_median_s"); std::isfinite(delayS))
      line.detail += "; median " + plainNumber(std::abs(delayS), 2) +
                     (delayS < 0 ? " s before the cue" : " s after the cue");
  }
  for (const std::string& difference : differences) line.detail += "; " + difference;
  if (protocol["unexpected"].is_array() && !protocol["unexpected"].empty())
    line.detail += ": " + unexpectedNames(protocol);
  line.marked = !differences.empty();
  return line;
}

Headline quality(const json& verdict) {
  Headline line{"Quality of this recording", verdict["level"], "", "", verdict["level"] != "good"};
  for (const json& reason : verdict["reasons"])
    line.detail += (line.detail.empty() ? "" : "; ") + reason.get<std::string>();
  line.quality = true;
  return line;
}

}  // namespace

std::vector<Headline> headlines(const json& summary) {
  std::vector<Headline> lines = {quality(recordingQuality(summary))};
  const auto doppler = summary.find("doppler");
  const bool hasColumns = doppler != summary.end() && doppler->value("columns", 0LL) > 0;
  if (summary.contains("protocol")) lines.push_back(protocolHeadline(summary["protocol"]));
  if (summary.contains("contractions")) addContractions(summary, lines);
  if (hasColumns) {
    lines.push_back(peak(*doppler, "Highest velocity toward the heart", "peak_forward"));
    lines.push_back(peakAway(*doppler));
    lines.push_back(meanOverTime(
        *doppler, {"TAMEAN, whole recording", "", "cm/s", std::string(" (") + kNoSignal + ")", false},
        "tamean_cm_per_s", "tamean_if_unmeasured_is_zero_cm_per_s", 2,
        shareOf((*doppler)["flag_fraction"], "aliased")));
  }
  if (summary.contains("vessel")) lines.push_back(diameter(summary["vessel"]));
  if (summary.contains("flow")) lines.push_back(flow(summary));
  if (doppler != summary.end()) lines.push_back(covered(*doppler));
  if (hasColumns) addQuality(*doppler, lines);
  if (hasColumns && !summary.contains("contractions")) {
    lines.push_back({"Contractions", "not looked for", "",
                     "they are looked for when a recording has ended, of four hours at most; 'soleus "
                     "analyse' finds them in an archive",
                     false});
  }
  return lines;
}

}  // namespace soleus
