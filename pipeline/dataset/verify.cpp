#include "pipeline/dataset/verify.h"

#include <limits>

#include "pipeline/dataset/h5_read.h"
#include "pipeline/dataset/verify_layout.h"
#include "pipeline/dataset/verify_times.h"
#include "pipeline/dataset/verify_values.h"
#include "pipeline/dataset/verify_velocities.h"

namespace soleus {

namespace {

constexpr double kAny = std::numeric_limits<double>::infinity();

/// The highest value that CF flags of this many words allow.
double highestFlag(std::string_view meanings, bool bits) {
  const std::size_t count = flagCount(meanings);
  return static_cast<double>(bits ? (std::size_t{1} << count) - 1 : count - 1);
}

/// Layout of the table at `group`; no number is infinite, and flags hold only values that have a meaning.
void checkTableAndValues(Examination& examination, const std::string& group, const TableSpec& spec) {
  checkTable(examination, group, spec);
  for (const ColumnSpec& column : spec.columns) {
    const std::string path = group + "/" + std::string(column.name);
    if (column.type == ColumnType::kFloat32 || column.type == ColumnType::kFloat64) {
      checkFinite(examination, path);
    }
    if (column.flagMeanings.empty()) continue;
    checkRange(examination, path, 0, highestFlag(column.flagMeanings, column.flagsAreBits));
  }
}

void checkDoppler(Examination& examination) {
  checkTableAndValues(examination, "/doppler", kDopplerTable);
  for (const TableSpec* spec : {&kUncertaintyTable, &kBroadeningTable}) {
    checkAddedColumns(examination, "/doppler", *spec, kDopplerTable.columns.front());
    for (const ColumnSpec& column : spec->columns)
      checkFinite(examination, "/doppler/" + std::string(column.name));
  }
  for (const ColumnSpec& column : kUncertaintyTable.columns) {
    checkRange(examination, "/doppler/" + std::string(column.name), 0, kAny);
  }
  checkSpectrum(examination);
  checkIncreasing(examination, "/doppler/time");
  checkIncreasing(examination, "/doppler/velocity");
  checkVelocities(examination);
}

void checkVessel(Examination& examination) {
  checkTableAndValues(examination, "/vessel", kVesselTable);
  checkAddedColumns(examination, "/vessel", kVesselAngleTable, kVesselTable.columns.front());
  checkRange(examination, "/vessel/angle", 0, 90);
  checkIncreasing(examination, "/vessel/time");
  checkRange(examination, "/vessel/diameter", 0, kAny);
  checkRange(examination, "/vessel/area", 0, kAny);
  checkRange(examination, "/vessel/confidence", 0, 1);
  checkLumen(examination);
}

void checkFlow(Examination& examination) {
  checkTableAndValues(examination, "/flow", kFlowTable);
  checkIncreasing(examination, "/flow/time");
  checkFlowTimes(examination);
}

void checkEvents(Examination& examination) {
  checkTableAndValues(examination, "/events", kEventTable);
  examination.examine("/events/time", [&] {
    for (const double time : readColumn(examination, "/events/time").value_or(std::vector<double>{})) {
      if (!(time - time == 0)) return examination.add("/events/time", "holds a time that is not finite");
    }
  });
}

void checkStreams(Examination& examination) {
  for (const std::string& name : h5::members(examination.file(), "/streams")) {
    const std::string group = "/streams/" + name;
    checkTableAndValues(examination, group, kStreamTable);
    checkTableAndValues(examination, group + "/gaps", kGapTable);
    checkTableAndValues(examination, group + "/clock", kClockTable);
    checkStream(examination, group);
    checkNotBackwards(examination, group + "/session_time_ns");
    checkIncreasing(examination, group + "/clock/session_time_s");
  }
}

void checkAll(Examination& examination) {
  const auto has = [&](const char* path) { return h5::exists(examination.file(), path); };
  examination.examine("/", [&] { checkRoot(examination); });
  if (has("/doppler")) checkDoppler(examination);
  if (has("/vessel")) checkVessel(examination);
  if (has("/flow")) checkFlow(examination);
  if (has("/contractions")) {
    checkTableAndValues(examination, "/contractions", kContractionTable);
    checkAddedColumns(examination, "/contractions", kContractionUncertaintyTable,
                      kContractionTable.columns.front());
    for (const ColumnSpec& column : kContractionUncertaintyTable.columns)
      checkRange(examination, "/contractions/" + std::string(column.name), 0, kAny);
    checkRange(examination, "/contractions/quality", 0, 1);
    checkContractions(examination);
  }
  checkEvents(examination);
  checkSignals(examination);
  for (const std::string& name : h5::members(examination.file(), "/signals")) {
    checkIncreasing(examination, "/signals/" + name + "/time");
    checkFinite(examination, "/signals/" + name + "/value");
  }
  checkStreams(examination);
  checkSessionClock(examination);
  if (!has("/doppler") && !has("/vessel") && !has("/signals") && !has("/streams")) {
    examination.add("/", "holds no measurement: none of doppler, vessel, signals, streams");
  }
}

}  // namespace

Result<std::vector<Finding>> verifySession(const std::string& path) {
  const auto file = h5::openReadOnly(path);
  if (!file.ok()) return file.error();
  return h5::attempt(ErrorKind::kBadInput, path, [&] {
    Examination examination(file.value().id());
    checkAll(examination);
    return examination.takeFindings();
  });
}

}  // namespace soleus
