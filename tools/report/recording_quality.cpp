#include "tools/report/recording_quality.h"

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "calibration/profile/profile.h"
#include "tools/report/number_text.h"

namespace soleus {
namespace {

using nlohmann::json;

// From here on velocities keep what the accuracy table promises (tests/accuracy); where columns are flagged
// as of low SNR, hardly anything is left of them.
constexpr double kStrongSnrDb = 10;
constexpr double kWeakSnrDb = 3;
// Of the time, or of the columns or frames: no more than a burst or two of a minute, or about each tenth.
constexpr double kSomeShare = 0.005;
constexpr double kMuchShare = 0.1;
// An error of the angle by one degree is 3 % of the velocity here, and soon more (dv / v = tan(angle)
// dangle).
constexpr double kSteepestDegrees = 60;
// Of the frames that show the vein's lumen.
constexpr double kMostlySeen = 0.5;
// Fewer contractions hardly tell how much they differ.
constexpr int kFewContractions = 3;

class Reasons {
 public:
  void poor(const std::string& text) { poor_.push_back(text); }
  void limited(const std::string& text) { limited_.push_back(text); }
  /// `text` follows the share in percent: "% of ...".
  void byShare(double share, const std::string& text) {
    if (share > kMuchShare) return poor(percent(share) + text);
    if (share > kSomeShare) limited(percent(share) + text);
  }
  [[nodiscard]] json verdict(const std::string& ifGood) const {
    std::vector<std::string> all = poor_;
    all.insert(all.end(), limited_.begin(), limited_.end());
    if (all.empty()) return {{"level", "good"}, {"reasons", {ifGood}}};
    return {{"level", poor_.empty() ? "limited" : "poor"}, {"reasons", all}};
  }

 private:
  std::vector<std::string> poor_;
  std::vector<std::string> limited_;
};

void judgeWholeness(const json& summary, Reasons& reasons) {
  const std::string status = summary.value("status", "");
  if (status == "recording") reasons.limited("it has not ended, or was killed: numbers so far");
  if (status == "interrupted") reasons.limited("it was cut short");
  if (status == "repaired")
    reasons.limited("repaired after a crash: what was not yet on the disk is missing");
  for (const json& stream : summary.value("streams", json::array())) {
    const std::string name = stream.value("name", "");
    if (!stream.value("balanced", false))
      reasons.poor("not all of '" + name + "' is accounted for: the session is not whole");
    double dropped = 0;
    for (const auto& count : stream.value("dropped", json::object()))
      dropped += (count.is_number() ? count.get<double>() : 0);
    const double received = numberOf(stream, "received");
    if (received > 0) reasons.byShare(dropped / received, " of '" + name + "' was lost");
  }
  int faults = 0;
  for (const json& event : summary.value("events", json::array()))
    faults += event.value("kind", "") == "fault" ? 1 : 0;
  if (faults > 0)
    reasons.limited(std::to_string(faults) + (faults == 1 ? " fault is" : " faults are") +
                    " noted among the events");
}

void judgeDoppler(const json& doppler, Reasons& reasons) {
  if (doppler.value("columns", 0LL) == 0) return reasons.poor("no velocity was measured");
  const double snrDb = numberOf(doppler, "snr_median_db");
  if (const std::string weak = ": a median SNR of " + plainNumber(snrDb, 0) + " dB"; std::isnan(snrDb))
    reasons.poor("no column shows a signal above the noise");
  else if (snrDb < kWeakSnrDb)
    reasons.poor("hardly any signal" + weak);
  else if (snrDb < kStrongSnrDb)
    reasons.limited("a weak signal" + weak + "; accuracy is known from " + plainNumber(kStrongSnrDb, 0) +
                    " dB up");
  if (doppler.value("aliasing_lasts", false))
    reasons.poor("aliasing hides the fastest flow");
  else
    reasons.byShare(shareOf(doppler.value("flag_fraction", json::object()), "aliased"),
                    " of the columns are aliased");
  reasons.byShare(shareOf(doppler, "unreadable_fraction"),
                  " of the columns are painted over, or had another scale");
  const double coveredS = shareOf(doppler, "covered_s");
  const double gapsS = shareOf(doppler, "gaps_s");
  if (coveredS + gapsS > 0) reasons.byShare(gapsS / (coveredS + gapsS), " of the time is missing");
}

void judgeContractions(const json& contractions, Reasons& reasons) {
  const auto count = contractions.value("count", 0LL);
  const auto doubtful = contractions.value("doubtful", 0LL);
  const std::string some =
      std::to_string(doubtful) + " of " + std::to_string(count + doubtful) + " contractions are doubtful";
  if (doubtful > count) reasons.poor(some);
  if (doubtful > 0 && doubtful <= count) reasons.limited(some);
  long long byMuscle = 0;
  for (const json& row : contractions.value("rows", json::array()))
    byMuscle += row.value("counts", false) && row.value("onset_source", "flow") != "flow" ? 1 : 0;
  if (count > 0 && byMuscle == 0 && contractions.value("without_flow", 0LL) >= kFewContractions)
    reasons.limited("no burst of flow belongs to a contraction of the muscle: is the signal's offset right?");
  if (count == 0) return;
  if (count < kFewContractions) reasons.limited("few contractions: how much they differ is hardly known");
  if (const auto pump = contractions.find("pump");
      pump != contractions.end() && (*pump)["rest_ml_per_min"].is_null() && !(*pump)["ml_per_min"].is_null())
    reasons.limited("too little rest before the first contraction to compare with");
}

void judgeCalibration(const json& summary, Reasons& reasons) {
  const auto profile = parseProfile(summary.value("calibration", ""), "calibration");
  if (!profile.ok()) return;
  const auto& doppler = profile.value().doppler;
  const auto& audio = profile.value().audio;
  // A session of sound has no screen.
  const double angleDegrees = doppler ? doppler->angleDegrees : audio ? audio->angleDegrees : 0;
  constexpr double kRadians = std::numbers::pi / 180;
  if (angleDegrees > kSteepestDegrees)
    reasons.limited("a steep angle of " + plainNumber(angleDegrees, 0) +
                    "°: a degree more or less changes velocities by " +
                    plainNumber(100 * std::tan(angleDegrees * kRadians) * kRadians, 0) + " %");
  if (doppler && !doppler->dynamicRangeDb)
    reasons.limited("the dynamic range is assumed: mean velocity, volumes and SNR depend on it");
}

}  // namespace

bool flowsAway(const json& summary) {
  const auto doppler = summary.find("doppler");
  if (doppler == summary.end()) return false;
  const double toward = numberOf(*doppler, "peak_forward_cm_per_s");
  const double away = -numberOf(*doppler, "peak_reverse_cm_per_s");
  return away > 20 && away > 2 * toward;
}

json recordingQuality(const json& summary) {
  Reasons reasons;
  judgeWholeness(summary, reasons);
  const bool hasDoppler = summary.contains("doppler");
  if (hasDoppler) judgeDoppler(summary["doppler"], reasons);
  if (summary.contains("vessel") && shareOf(summary["vessel"], "seen_fraction") < kMostlySeen)
    reasons.limited("the lumen was found in " + percent(shareOf(summary["vessel"], "seen_fraction")) +
                    " of the frames");
  if (summary.contains("contractions")) judgeContractions(summary["contractions"], reasons);
  judgeCalibration(summary, reasons);
  if (flowsAway(summary))
    reasons.limited("the fastest flow by far is away from the heart: is its side right?");
  if (!hasDoppler) return reasons.verdict("whole; there is no Doppler signal to judge");
  const double silent = shareOf(summary["doppler"], "no_velocity_fraction");
  const std::string quiet =
      silent > kMuchShare
          ? "; " + percent(silent) + " of the columns show none: no flow, or slower than the wall filter"
          : "";
  return reasons.verdict("whole, with a strong signal and hardly any aliasing" + quiet);
}

}  // namespace soleus
