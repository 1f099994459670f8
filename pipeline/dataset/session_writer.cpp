#include "pipeline/dataset/session_writer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <filesystem>
#include <limits>
#include <optional>

#include "pipeline/dataset/contraction_row.h"
#include "pipeline/dataset/create_layout.h"
#include "pipeline/dataset/h5.h"
#include "pipeline/dataset/h5_attribute.h"
#include "pipeline/dataset/open_session.h"
#include "pipeline/dataset/place_file.h"
#include "pipeline/dataset/root_attributes.h"
#include "pipeline/dataset/session_layout.h"
#include "pipeline/dataset/write_lock.h"

namespace soleus {

namespace {

using h5::check;
using h5::Handle;

constexpr Span kEmptyRowStep{1'000};

/// A row without velocities, nor a spectrum.
DopplerColumn emptyRow(SessionTime time) {
  constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
  return {time,     kUnknown, kUnknown, kUnknown, kUnknown, kUnknown,
          kUnknown, kUnknown, kUnknown, kUnknown, 0,        {}};
}

class Hdf5SessionWriter final : public SessionWriter {
 public:
  Hdf5SessionWriter(std::string path, std::size_t axisLength, OpenSession open, WriteLock lock)
      : path_(std::move(path)),
        noSpectrum_(axisLength, kSpectrumFill),
        open_(std::move(open)),
        lock_(std::move(lock)) {}
  Hdf5SessionWriter(const Hdf5SessionWriter&) = delete;
  Hdf5SessionWriter& operator=(const Hdf5SessionWriter&) = delete;
  ~Hdf5SessionWriter() override {
    if (!ended_) static_cast<void>(flush());
  }

  Status append(const FrameResult& result) override;
  Status append(const Contraction& contraction) override;
  Status append(const std::string& stream, const StreamSample& sample) override;
  Status append(const std::string& stream, const Gap& gap) override;
  Status append(const std::string& stream, const ClockState& clock) override;
  Status append(const std::string& stream, const StreamSample& sample,
                const std::vector<double>& values) override;
  Status append(const Event& event) override;
  Status publish() override;
  Status flush() override;
  Status finish(SessionState state, const std::map<std::string, StreamTotals>& totals) override;

 private:
  template <class Body>
  Status store(Body&& body);
  void appendColumns(const FrameResult& result);
  void appendColumn(const DopplerColumn& column);
  void appendSample(StreamTables& tables, const StreamSample& sample);
  void appendEvent(const Event& event) {
    open_.events->append(event.time.seconds(), static_cast<std::uint8_t>(event.kind),
                         std::string_view(event.label));
  }
  [[nodiscard]] Error notInFile(const std::string& what) const {
    return {ErrorKind::kBadInput, path_, "the file was not made for " + what, {}, {}};
  }

  std::string path_;
  std::vector<std::uint8_t> noSpectrum_;  ///< fill values, as long as the velocity axis
  std::vector<std::uint8_t> row_;         ///< grey as stored
  std::deque<DopplerColumn> ahead_;       ///< the last rows but for the empty ones: they come again
  std::size_t emptyRows_ = 0;             ///< behind those: what was seen and taken back
  SessionTime lastColumn_;                ///< of the last row
  std::int64_t contractions_ = 0;         ///< appended so far
  OpenSession open_;
  WriteLock lock_;
  std::optional<Error> ended_;  ///< why nothing can be written any more
};

/// Runs `body`, after which, if it fails, HDF5 is never called again on this file.
template <class Body>
Status Hdf5SessionWriter::store(Body&& body) {
  if (ended_) return *ended_;
  Status status = h5::attempt(ErrorKind::kStorage, path_, std::forward<Body>(body));
  if (!status.ok()) {
    open_.abandon();
    ended_ = status.error();
  }
  return status;
}

Status Hdf5SessionWriter::append(const FrameResult& result) {
  if (open_.spectrum) {
    for (const auto* columns : {&result.columns, &result.ahead}) {
      for (const DopplerColumn& column : *columns) {
        if (column.grey.empty() || column.grey.size() == noSpectrum_.size()) continue;
        return Error{ErrorKind::kBadInput, path_, "a spectral column does not fit the velocity axis",
                     std::to_string(column.grey.size()) + " values", std::to_string(noSpectrum_.size())};
      }
    }
  }
  const std::size_t still = ahead_.size() - std::min(ahead_.size(), result.columns.size());
  if (result.aheadKept > still)
    return Error{ErrorKind::kBadInput, path_, "more columns stand ahead than were given",
                 std::to_string(result.aheadKept), std::to_string(still) + " at most"};
  return store([&] {
    if (open_.doppler) appendColumns(result);
    if (open_.vessel) {
      for (const VesselSample& sample : result.vessel) {
        open_.vessel->append(sample.time.seconds(), sample.diameterMm, sample.areaMm2, sample.confidence);
        open_.vesselAngle->append(sample.angleDegrees);
      }
    }
    for (const Event& event : result.events) appendEvent(event);
  });
}

void Hdf5SessionWriter::appendColumns(const FrameResult& result) {
  const std::size_t rowsBefore = ahead_.size() + emptyRows_;
  const std::size_t untouched = result.columns.empty() ? result.aheadKept : 0;
  open_.takeBackColumns(rowsBefore - untouched);
  for (const DopplerColumn& column : result.columns) appendColumn(column);
  const auto again = static_cast<std::ptrdiff_t>(std::min(ahead_.size(), result.columns.size()));
  ahead_.erase(ahead_.begin(), ahead_.begin() + again);
  ahead_.erase(ahead_.begin() + static_cast<std::ptrdiff_t>(result.aheadKept), ahead_.end());
  ahead_.insert(ahead_.end(), result.ahead.begin(), result.ahead.end());
  for (std::size_t n = untouched; n < ahead_.size(); ++n) appendColumn(ahead_[n]);
  // A dataset that is read while it is written gets no shorter.
  const std::size_t rows = result.columns.size() + ahead_.size();
  emptyRows_ = rowsBefore - std::min(rowsBefore, rows);
  for (std::size_t n = 0; n < emptyRows_; ++n) appendColumn(emptyRow(lastColumn_ + kEmptyRowStep));
}

void Hdf5SessionWriter::appendColumn(const DopplerColumn& column) {
  if (open_.spectrum) {
    row_ = column.grey.empty() ? noSpectrum_ : column.grey;
    if (!column.grey.empty()) {
      for (std::uint8_t& grey : row_) grey = std::min<std::uint8_t>(grey, kSpectrumFill - 1);
    }
    open_.spectrum->push(std::span<const std::uint8_t>(row_));
    open_.uncertainty->append(column.peakUncertaintyCmPerS, column.meanUncertaintyCmPerS,
                              column.meanHiddenCmPerS);
  }
  if (open_.broadening) {
    open_.broadening->append(static_cast<float>(column.peakCmPerS * *open_.broadeningFactor));
  }
  lastColumn_ = column.time;
  open_.doppler->append(column.time.seconds(), column.peakCmPerS, column.peakForwardCmPerS,
                        column.peakReverseCmPerS, column.meanCmPerS, column.snrDb, column.quality);
  if (open_.flow) open_.flow->append(column.time.seconds(), column.volumeFlowMlPerMin);
}

Status Hdf5SessionWriter::append(const Contraction& c) {
  if (!ended_ && !open_.contractions) return notInFile("contractions");
  return store([&] { appendContraction(*open_.contractions, ++contractions_, c); });
}

Status Hdf5SessionWriter::append(const std::string& stream, const StreamSample& sample) {
  const auto found = open_.streams.find(stream);
  if (!ended_ && found == open_.streams.end()) return notInFile("stream '" + stream + "'");
  return store([&] { appendSample(found->second, sample); });
}

void Hdf5SessionWriter::appendSample(StreamTables& tables, const StreamSample& sample) {
  if (!tables.hasClock) {
    // One pair of times tells the offset and nothing of drift or uncertainty.
    constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
    const Span offset{sample.session.ns - sample.device.ns};
    tables.clock.append(sample.session.seconds(), offset.seconds(), kUnknown, kUnknown);
    tables.hasClock = true;
  }
  tables.samples.append(static_cast<std::int64_t>(sample.sequence), sample.device.ns, sample.arrival.ns,
                        sample.session.ns);
}

Status Hdf5SessionWriter::append(const std::string& stream, const Gap& gap) {
  const auto found = open_.streams.find(stream);
  if (!ended_ && found == open_.streams.end()) return notInFile("stream '" + stream + "'");
  return store([&] {
    found->second.gaps.append(gap.startS, gap.endS, static_cast<std::int64_t>(gap.count),
                              std::string_view(gap.cause));
  });
}

Status Hdf5SessionWriter::append(const std::string& stream, const ClockState& clock) {
  const auto found = open_.streams.find(stream);
  if (!ended_ && found == open_.streams.end()) return notInFile("stream '" + stream + "'");
  return store([&] {
    found->second.clock.append(clock.sessionS, clock.offsetS, clock.driftPpm, clock.uncertaintyS);
    found->second.hasClock = true;
  });
}

Status Hdf5SessionWriter::append(const std::string& stream, const StreamSample& sample,
                                 const std::vector<double>& values) {
  const auto found = open_.streams.find(stream);
  if (!ended_ && (found == open_.streams.end() || found->second.channels.size() != values.size()))
    return notInFile("signals of stream '" + stream + "' with " + std::to_string(values.size()) +
                     " channels");
  return store([&] {
    for (std::size_t c = 0; c < values.size(); ++c)
      found->second.channels[c].append(sample.session.seconds(), static_cast<float>(values[c]));
    appendSample(found->second, sample);
  });
}

Status Hdf5SessionWriter::append(const Event& event) {
  return store([&] { appendEvent(event); });
}

Status Hdf5SessionWriter::publish() {
  return store([&] { open_.publish(); });
}

Status Hdf5SessionWriter::flush() {
  return store([&] { open_.flush(); });
}

Status Hdf5SessionWriter::finish(SessionState state, const std::map<std::string, StreamTotals>& totals) {
  for (const auto& [name, total] : totals) {
    if (!ended_ && !open_.streams.contains(name)) return notInFile("stream '" + name + "'");
  }
  Status status = store([&] {
    if (!ahead_.empty())
      appendEvent(
          {ahead_.front().time, EventKind::kFault,
           "the measurement ended early: velocities from here are a first look, without what followed"});
    open_.flush();
    open_.closeDatasets();
    open_.file.close("cannot close the file");
    // Attributes can't be written under SWMR. All were made at creation and are overwritten in place: without
    // SWMR's ordering of writes, a kill or a full disk while an object grows would cost the object. The file
    // stays a member, so that a failure from here on abandons it.
    const Handle access = fileAccess();
    open_.file = Handle(H5Fopen(path_.c_str(), H5F_ACC_RDWR, access.id()), H5Fclose, "cannot end the file");
    for (const auto& [name, total] : totals) writeTotals(open_.file.id(), "/streams/" + name, total);
    h5::writeText(open_.file.id(), "status", stateName(state));
    check(H5Fflush(open_.file.id(), H5F_SCOPE_LOCAL), "cannot flush the file");
    open_.file.close("cannot close the file");
  });
  if (status.ok()) ended_ = Error{ErrorKind::kStorage, path_, "the session is already finished", {}, {}};
  return status;
}

Error existsAlready(const std::string& path) {
  return {ErrorKind::kBadInput, path, "the file exists; --force overwrites it", {}, {}};
}

}  // namespace

Result<std::unique_ptr<SessionWriter>> SessionWriter::create(const std::string& path, const SessionInfo& info,
                                                             bool overwrite) {
  namespace fs = std::filesystem;
  if (const auto error = contradiction(path, info)) return *error;
  std::error_code ignored;
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty() && !fs::is_directory(folder, ignored)) {
    return Error{ErrorKind::kStorage, path, "there is no folder " + folder.string(), {}, {}};
  }
  std::optional<WriteLock> replaced;  // held until the new file has its name
  if (fs::exists(path, ignored)) {
    if (!overwrite) return existsAlready(path);
    auto old = WriteLock::take(path);
    if (!old.ok()) return old.error();
    replaced.emplace(std::move(old).value());
  }
  // Under another name until it is open for SWMR, so that no kill leaves a file of this name that cannot be
  // read.
  const std::string growing =
      (folder / ("." + fs::path(path).filename().string() + ".part" + std::to_string(getpid()))).string();
  auto laidOut = h5::attempt(ErrorKind::kStorage, path, [&] {
    Handle file = createFile(growing);
    layOut(file.id(), info);
    file.close("cannot close the file");
    OpenSession open = openForAppending(growing, info);
    open.flush();
    return open;
  });
  auto lock = laidOut.ok() ? WriteLock::take(growing) : laidOut.error();
  const int misplaced = lock.ok() ? placeFile(growing, path, overwrite) : 0;
  if (!lock.ok() || misplaced != 0) fs::remove(growing, ignored);
  if (!laidOut.ok()) return laidOut.error();
  if (!lock.ok()) return Error{ErrorKind::kStorage, path, "cannot be created", lock.error().found, {}};
  if (misplaced == EEXIST) return existsAlready(path);
  if (misplaced != 0)
    return Error{ErrorKind::kStorage, path, "cannot be created", std::strerror(misplaced), {}};
  const std::size_t axisLength =
      info.calibration.doppler ? static_cast<std::size_t>(info.calibration.doppler->region.height) : 0;
  return std::unique_ptr<SessionWriter>(std::make_unique<Hdf5SessionWriter>(
      path, axisLength, std::move(laidOut).value(), std::move(lock).value()));
}

}  // namespace soleus
