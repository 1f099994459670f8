#include "pipeline/dataset/session_layout.h"

#include <algorithm>
#include <limits>
#include <string>

#include "pipeline/core/beam_angle.h"
#include "pipeline/core/subject_code.h"
#include "pipeline/core/velocity_axis.h"
#include "pipeline/dataset/create_layout.h"
#include "pipeline/dataset/h5.h"
#include "pipeline/dataset/h5_attribute.h"
#include "pipeline/dataset/root_attributes.h"

namespace soleus {
namespace {

using h5::Handle;

/// What holds for all velocities alike, as attributes of /doppler.
void writeSetUp(hid_t file, const DopplerCalibration& doppler) {
  const Handle group(H5Oopen(file, "/doppler", H5P_DEFAULT), H5Oclose, "cannot open", "/doppler");
  const AngleFactors factors = angleFactors(doppler);
  h5::writeNumber(group.id(), "angle_degrees", doppler.angleDegrees);
  h5::writeNumber(group.id(), "angle_uncertainty_degrees", doppler.angleUncertaintyDegrees);
  h5::writeNumber(group.id(), "angle_factor_low", factors.low);
  h5::writeNumber(group.id(), "angle_factor_high", factors.high);
  if (const auto broadening = broadeningFactor(doppler)) {
    h5::writeNumber(group.id(), "broadening_factor", *broadening);
  }
  if (doppler.spectralWindowS) h5::writeNumber(group.id(), "spectral_window_s", *doppler.spectralWindowS);
}

void createSignals(hid_t file, const SignalSource& source) {
  constexpr double kUneven = std::numeric_limits<double>::quiet_NaN();
  for (const SignalChannel& channel : source.channels)
    createSignal(file, channel.name, channel.units, source.stream, source.samplesPerSecond.value_or(kUneven));
}

/// The constant delay of a stream's source, which its session times are without.
void writeDelay(hid_t file, const std::string& group, const CaptureDelay& delay) {
  const Handle stream(H5Oopen(file, group.c_str(), H5P_DEFAULT), H5Oclose, "cannot open", group);
  h5::writeNumber(stream.id(), "capture_delay_s", delay.delayS);
  h5::writeNumber(stream.id(), "capture_delay_uncertainty_s", delay.uncertaintyS);
}

}  // namespace

std::vector<std::string> streamsOf(const SessionInfo& info) {
  std::vector<std::string> streams = info.streams;
  for (const SignalSource& source : info.signals) streams.push_back(source.stream);
  return streams;
}

void layOut(hid_t file, const SessionInfo& info) {
  writeRootAttributes(file, info);
  if (info.hasDoppler) createTable(file, "/doppler", kDopplerTable);
  if (info.hasDoppler && info.hasSpectrum) {
    const DopplerCalibration& doppler = *info.calibration.doppler;
    createSpectrum(file, velocityAxisCmPerS(doppler), doppler.dynamicRangeOrAssumedDb());
    addColumns(file, "/doppler", kUncertaintyTable, "/doppler/time");
    if (broadeningFactor(doppler)) addColumns(file, "/doppler", kBroadeningTable, "/doppler/time");
    writeSetUp(file, doppler);
  }
  if (info.hasVessel) {
    createTable(file, "/vessel", kVesselTable);
    addColumns(file, "/vessel", kVesselAngleTable, "/vessel/time");
  }
  if (info.hasVessel && info.hasDoppler) createTable(file, "/flow", kFlowTable);
  if (info.hasContractions) createTable(file, "/contractions", kContractionTable);
  createTable(file, "/events", kEventTable);
  if (!info.signals.empty()) createGroup(file, "/signals");
  for (const SignalSource& source : info.signals) createSignals(file, source);
  const std::vector<std::string> streams = streamsOf(info);
  if (!streams.empty()) createGroup(file, "/streams");
  for (const std::string& name : streams) {
    createTable(file, "/streams/" + name, kStreamTable);
    const auto signals = std::find_if(info.signals.begin(), info.signals.end(),
                                      [&](const SignalSource& s) { return s.stream == name; });
    const bool isSignals = signals != info.signals.end();
    reserveTotals(file, "/streams/" + name, isSignals ? info.signalLossCauses : info.lossCauses);
    if (const auto& delay = isSignals ? signals->delay : info.delay)
      writeDelay(file, "/streams/" + name, *delay);
    createTable(file, "/streams/" + name + "/gaps", kGapTable);
    createTable(file, "/streams/" + name + "/clock", kClockTable);
  }
}

std::optional<Error> contradiction(const std::string& path, const SessionInfo& info) {
  if (info.hasDoppler && info.hasSpectrum && !info.calibration.doppler) {
    return Error{ErrorKind::kBadInput, path, "a spectrum needs the calibration's part 'doppler'", "none", {}};
  }
  if (const Status code = checkSubjectCode(info.subject, path + ", subject"); !code.ok()) return code.error();
  std::vector<std::string> channels;
  for (const SignalSource& source : info.signals) {
    for (const SignalChannel& channel : source.channels) channels.push_back(channel.name);
  }
  for (std::vector<std::string> names : {streamsOf(info), channels}) {
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos)
        return Error{
            ErrorKind::kBadInput, path, "a stream's or signal's name must be one word", "'" + name + "'", {}};
    }
    if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end())
      return Error{
          ErrorKind::kBadInput, path, "two streams or signals have one name", "'" + *twice + "'", {}};
  }
  return std::nullopt;
}

}  // namespace soleus
