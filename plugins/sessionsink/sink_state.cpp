#include "plugins/sessionsink/sink_state.h"

#include <algorithm>
#include <utility>

#include "calibration/profile/profile.h"

namespace soleus {

std::vector<const SinkPadState*> leadingInputs(const SinkState& state) {
  std::vector<const SinkPadState*> leading;
  for (const auto& pad : state.pads) {
    if (pad->input != SinkInput::kSignal) leading.push_back(pad.get());
  }
  if (leading.empty()) {
    for (const auto& pad : state.pads) leading.push_back(pad.get());
  }
  return leading;
}

Result<SessionInfo> sessionInfo(const SinkSettings& settings, const SinkState& state) {
  if (settings.location.empty())
    return Error{ErrorKind::kUsage, "sessionsink", "no 'location'", "", "the path of the file to write"};
  SessionInfo info;
  info.title = settings.title;
  info.subject = settings.subject;
  info.limb = settings.limb;
  info.condition = settings.condition;
  info.protocol = settings.protocol;
  info.configuration = settings.configuration;
  info.archive = settings.archive;
  if (settings.videoDelayS != 0 || settings.videoDelayUncertaintyS != 0)
    info.delay = CaptureDelay{settings.videoDelayS, settings.videoDelayUncertaintyS};
  info.lossCauses = {kOverloadCause, kSourceCause, kStampCause, kStorageCause};
  for (const auto& pad : state.pads) {
    if (pad->input == SinkInput::kVideo) info.streams.emplace_back(kVideoStream);
    if (pad->input == SinkInput::kMeasurement) info.streams.emplace_back(kMeasurementStream);
    if (pad->input == SinkInput::kArchive) info.streams.emplace_back(kArchiveStream);
    if (pad->signal) info.signals.push_back(*pad->signal);
  }
  if (settings.networkClock) info.streams.emplace_back(kClockStream);
  info.signalLossCauses = {kLostCause, kMalformedCause, kDuplicateCause, kOverloadCause};
  if (!state.calibrationYaml.empty()) {
    auto profile = parseProfile(state.calibrationYaml, "calibration in the stream");
    if (!profile.ok()) return profile.error();
    info.calibration = std::move(profile).value();
    if (info.calibration.doppler) info.calibration.doppler->spectralWindowS = state.spectralWindowS;
  }
  const bool measuring = std::any_of(state.pads.begin(), state.pads.end(), [](const auto& p) {
    return p->input == SinkInput::kMeasurement && p->hasCaps;
  });
  info.hasDoppler = info.hasSpectrum = measuring && info.calibration.doppler;
  info.hasVessel = measuring && info.calibration.bmode;
  return info;
}

}  // namespace soleus
