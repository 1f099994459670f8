#include "pipeline/dataset/open_session.h"

#include <unistd.h>

#include "pipeline/core/beam_angle.h"
#include "pipeline/dataset/create_layout.h"
#include "pipeline/dataset/session_layout.h"

namespace soleus {

using h5::check;
using h5::Handle;

void OpenSession::takeBackColumns(std::size_t count) {
  if (spectrum) spectrum->takeBack(count);
  for (auto* table : {&uncertainty, &broadening, &doppler, &flow}) {
    if (*table) (*table)->takeBack(count);
  }
}

void OpenSession::publish() {
  // Before /doppler/time, which is their scale.
  if (spectrum) spectrum->flush();
  for (auto* table :
       {&uncertainty, &broadening, &doppler, &vesselAngle, &vessel, &flow, &contractions, &events}) {
    if (*table) (*table)->flush();
  }
  for (auto& [name, tables] : streams) {
    for (AppendTable& channel : tables.channels) channel.flush();
    tables.samples.flush();
    tables.gaps.flush();
    tables.clock.flush();
  }
}

void OpenSession::flush() {
  publish();
  check(H5Fflush(file.id(), H5F_SCOPE_LOCAL), "cannot flush the file");
  int* descriptor = nullptr;
  check(H5Fget_vfd_handle(file.id(), H5P_DEFAULT, reinterpret_cast<void**>(&descriptor)),
        "cannot find the file's descriptor");
  if (fdatasync(*descriptor) != 0) throw h5::Failure{"cannot bring the file to the disk", {}};
}

void OpenSession::abandon() {
  if (spectrum) spectrum->abandon();
  for (auto* table :
       {&uncertainty, &broadening, &doppler, &vesselAngle, &vessel, &flow, &contractions, &events}) {
    if (*table) (*table)->abandon();
  }
  for (auto& [name, tables] : streams) {
    for (AppendTable& channel : tables.channels) channel.abandon();
    tables.samples.abandon();
    tables.gaps.abandon();
    tables.clock.abandon();
  }
  file.abandon();
}

void OpenSession::closeDatasets() {
  spectrum.reset();
  for (auto* table :
       {&uncertainty, &broadening, &doppler, &vesselAngle, &vessel, &flow, &contractions, &events})
    table->reset();
  streams.clear();
}

OpenSession openForAppending(const std::string& path, const SessionInfo& info) {
  OpenSession open;
  const Handle access = fileAccess();
  open.file = Handle(H5Fopen(path.c_str(), H5F_ACC_RDWR | H5F_ACC_SWMR_WRITE, access.id()), H5Fclose,
                     "cannot begin writing");
  const hid_t file = open.file.id();
  if (info.hasDoppler) open.doppler.emplace(file, "/doppler", kDopplerTable);
  if (info.hasDoppler && info.hasSpectrum) {
    open.spectrum.emplace(file, "/doppler/spectrum");
    open.uncertainty.emplace(file, "/doppler", kUncertaintyTable);
    open.broadeningFactor = broadeningFactor(*info.calibration.doppler);
    if (open.broadeningFactor) open.broadening.emplace(file, "/doppler", kBroadeningTable);
  }
  if (info.hasVessel) {
    open.vessel.emplace(file, "/vessel", kVesselTable);
    open.vesselAngle.emplace(file, "/vessel", kVesselAngleTable);
  }
  if (info.hasVessel && info.hasDoppler) open.flow.emplace(file, "/flow", kFlowTable);
  if (info.hasContractions) open.contractions.emplace(file, "/contractions", kContractionTable);
  open.events.emplace(file, "/events", kEventTable);
  for (const std::string& name : streamsOf(info)) {
    const std::string group = "/streams/" + name;
    open.streams.emplace(name, StreamTables{.samples = AppendTable(file, group, kStreamTable),
                                            .gaps = AppendTable(file, group + "/gaps", kGapTable),
                                            .clock = AppendTable(file, group + "/clock", kClockTable),
                                            .channels = {}});
  }
  for (const SignalSource& source : info.signals) {
    for (const SignalChannel& channel : source.channels)
      open.streams.at(source.stream).channels.emplace_back(file, "/signals/" + channel.name, kSignalTable);
  }
  return open;
}

}  // namespace soleus
