#include "tools/soleus/session_contractions.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "calibration/profile/profile.h"
#include "pipeline/contraction/find_contractions.h"
#include "pipeline/contraction/muscle_bursts.h"
#include "pipeline/contraction/muscle_onset.h"
#include "pipeline/contraction/muscle_source.h"
#include "pipeline/contraction/uncertainty.h"
#include "pipeline/core/velocity_axis.h"
#include "pipeline/dataset/add_to_session.h"
#include "pipeline/dataset/session_reader.h"
#include "pipeline/doppler/envelope_directions.h"

namespace soleus {
namespace {

/// What the wall filter hides: the fastest blood that a column without a velocity may hold. 0 if unknown.
double hiddenCmPerS(const std::vector<double>& peaks, const std::vector<double>& hidden) {
  double most = 0;
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    if (std::isnan(peaks[i]) && !std::isnan(hidden[i])) most = std::max(most, hidden[i]);
  }
  return most;
}

/// What contractions are found in.
struct Measured {
  VelocityTrace trace;
  double hiddenCmPerS = 0;
  double resolutionCmPerS = 0;  ///< of the spectral window
  std::vector<MuscleActivity> muscle;
};

/// What the spectral window resolves: of a screen as its profile has it, of sound as it was transformed.
Result<double> resolutionCmPerS(const SessionReader& session) {
  const auto profile = parseProfile(session.textAttribute("/", "calibration"), "calibration");
  if (!profile.ok()) return profile.error();
  if (profile.value().doppler) {
    const DirectionAxis axis = directionAxis(*profile.value().doppler);
    return axis.windowRows * axis.stepCmPerS;
  }
  if (!profile.value().audio)
    return Error{ErrorKind::kBadInput, "calibration", "no doppler and no audio", {}, {}};
  const AudioCalibration& audio = *profile.value().audio;
  const double perHz =
      kSoundCmPerS / (2 * audio.transmitFrequencyHz * std::cos(audio.angleDegrees * std::numbers::pi / 180));
  return perHz / session.numberAttribute("/doppler", "spectral_window_s");
}

/// EMGs first, then forces.
Result<std::vector<MuscleSignal>> muscleSignalsOf(const SessionReader& session) {
  std::vector<MuscleSignal> signals;
  for (const std::string& name : session.members("/signals")) {
    const auto source = muscleSource(name, session.textAttribute("/signals/" + name + "/value", "units"));
    if (!source) continue;
    auto timeS = session.column("/signals/" + name + "/time");
    if (!timeS.ok()) return timeS.error();
    auto value = session.column("/signals/" + name + "/value");
    if (!value.ok()) return value.error();
    if (timeS.value().size() != value.value().size()) {
      return Error{ErrorKind::kBadInput, "/signals/" + name, "times and values differ in number",
                   std::to_string(value.value().size()) + " values", std::to_string(timeS.value().size())};
    }
    signals.push_back({*source, std::move(timeS).value(), std::move(value).value()});
  }
  std::ranges::stable_sort(signals, {}, &MuscleSignal::source);
  return signals;
}

Result<Measured> measuredIn(const std::string& path) {
  const auto session = SessionReader::open(path);
  if (!session.ok()) return session.error();
  Measured measured;
  VelocityTrace& trace = measured.trace;
  std::vector<double> quality;
  std::vector<double> hidden;
  for (const auto& [name, column] :
       {std::pair{"/doppler/time", &trace.timeS}, std::pair{"/doppler/peak_velocity", &trace.peakCmPerS},
        std::pair{"/doppler/mean_velocity", &trace.meanCmPerS}, std::pair{"/doppler/quality", &quality},
        std::pair{"/doppler/mean_velocity_hidden", &hidden},
        std::pair{"/flow/volume_flow", &trace.flowMlPerMin}}) {
    if (!session.value()->has(name)) continue;
    auto values = session.value()->column(name);
    if (!values.ok()) return values.error();
    *column = std::move(values).value();
  }
  for (const auto* column : {&trace.peakCmPerS, &trace.meanCmPerS, &quality}) {
    if (column->size() == trace.timeS.size()) continue;
    return Error{ErrorKind::kBadInput, path, "the columns of /doppler differ in length",
                 std::to_string(column->size()) + " values", std::to_string(trace.timeS.size())};
  }
  if (hidden.size() != trace.timeS.size()) hidden.clear();
  if (trace.flowMlPerMin.size() != trace.timeS.size()) trace.flowMlPerMin.clear();
  for (const double flags : quality) trace.quality.push_back(static_cast<std::uint8_t>(flags));
  measured.hiddenCmPerS = hiddenCmPerS(trace.peakCmPerS, hidden);
  if (trace.timeS.empty()) return measured;  // a profile without spectrum has no resolution
  const auto resolution = resolutionCmPerS(*session.value());
  if (!resolution.ok()) return resolution.error();
  measured.resolutionCmPerS = resolution.value();
  const auto muscle = muscleSignalsOf(*session.value());
  if (!muscle.ok()) return muscle.error();
  for (const MuscleSignal& signal : muscle.value()) measured.muscle.emplace_back(signal);
  return measured;
}

}  // namespace

Status addContractionsOf(const std::string& path) {
  const auto measured = measuredIn(path);
  if (!measured.ok()) return measured.error();
  if (measured.value().trace.timeS.empty()) return Done{};
  auto rows = findContractions(measured.value().trace, measured.value().hiddenCmPerS);
  const std::vector<MuscleActivity>& muscle = measured.value().muscle;
  timeByMuscle(rows, muscle);
  // The first that can be read; the others may be of other muscles, such as those that lift the foot.
  const auto first = std::ranges::find_if(muscle, [](const auto& each) { return !each.level().empty(); });
  if (first != muscle.end()) addWithoutFlow(rows, *first);
  std::vector<ContractionUncertainty> uncertainties;
  for (const FoundContraction& row : rows)
    uncertainties.push_back(uncertaintyOf(row, measured.value().resolutionCmPerS));
  return addContractions(path, {rows.begin(), rows.end()}, uncertainties);
}

}  // namespace soleus
