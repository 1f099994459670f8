#include "pipeline/dataset/repair.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "pipeline/core/measurement.h"
#include "pipeline/dataset/append_dataset.h"
#include "pipeline/dataset/create_layout.h"
#include "pipeline/dataset/h5_attribute.h"
#include "pipeline/dataset/h5_read.h"
#include "pipeline/dataset/root_attributes.h"
#include "pipeline/dataset/session_rows.h"
#include "pipeline/dataset/settle_looks.h"

namespace soleus {
namespace {

using h5::check;
using h5::Handle;

/// Opens whatever marks a writer left, as the library's own h5clear does with `-s --increment=0` in one step:
/// without the second half the file would be cut where its superblock last knew its end.
void takeMarksOff(const std::string& path) {
  const Handle access = fileAccess();
  const hbool_t yes = true;
  check(H5Pset(access.id(), "clear_status_flags", &yes), "cannot clear the marks of the writer");
  check(H5Pset(access.id(), "skip_eof_check", &yes), "cannot clear the marks of the writer");
  Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, access.id()), H5Fclose, "damaged HDF5 file");
  check(H5Fincrement_filesize(file.id(), 0), "cannot set the end of the file");
  file.close("cannot close the file");
}

std::size_t rowCount(hid_t file, const std::string& path) {
  return static_cast<std::size_t>(h5::Dataset(file, path).shape().front());
}

void cutTo(hid_t file, const std::string& path, std::size_t rows) {
  const h5::Dataset dataset(file, path);
  std::vector<hsize_t> extent = dataset.shape();
  extent.front() = rows;
  check(H5Dset_extent(dataset.id(), extent.data()), "cannot cut", path);
}

/// Without the rows at the end of which a number never reached the file: the place of a value that was not
/// written reads as NaN or as 0.
std::size_t writtenRows(hid_t file, const SessionRows& rows, std::size_t count) {
  const auto trim = [&](const std::vector<std::string>& paths, const auto& sound) {
    for (const std::string& path : paths) {
      const auto values = h5::Dataset(file, path).numbers();
      while (count > 0 && !sound(values, count - 1)) --count;
    }
  };
  using Values = std::vector<double>;
  trim(rows.finite, [](const Values& v, std::size_t at) { return std::isfinite(v[at]); });
  trim(rows.positive, [](const Values& v, std::size_t at) { return v[at] > 0; });
  trim(rows.notBack, [](const Values& v, std::size_t at) { return at == 0 || v[at] >= v[at - 1]; });
  trim(rows.increasing, [](const Values& v, std::size_t at) {
    return std::isfinite(v[at]) && (at == 0 || v[at] > v[at - 1]);
  });
  return count;
}

/// Cuts a table's columns to one length; gives the rows that were cut.
std::size_t makeEven(hid_t file, const SessionRows& rows) {
  if (rows.columns.empty()) return 0;
  std::size_t shortest = std::numeric_limits<std::size_t>::max();
  std::size_t longest = 0;
  for (const std::string& path : rows.columns) {
    const std::size_t count = rowCount(file, path);
    shortest = std::min(shortest, count);
    longest = std::max(longest, count);
  }
  const std::size_t kept = writtenRows(file, rows, shortest);
  for (const std::string& path : rows.columns) cutTo(file, path, kept);
  return longest - kept;
}

/// A stream's balance from what the file has of it.
StreamTotals countedTotals(hid_t file, const std::string& group) {
  StreamTotals totals;
  totals.written = totals.received = rowCount(file, group + "/sequence");
  const auto counts = h5::Dataset(file, group + "/gaps/count").numbers();
  const auto causes = h5::Dataset(file, group + "/gaps/cause").texts();
  const Handle stream(H5Oopen(file, group.c_str(), H5P_DEFAULT), H5Oclose, "cannot open", group);
  for (std::size_t n = 0; n < std::min(counts.size(), causes.size()); ++n) {
    // A gap of another cause tells of what nobody received.
    if (H5Aexists(stream.id(), ("dropped_" + causes[n]).c_str()) <= 0) continue;
    const auto count = static_cast<std::uint64_t>(counts[n]);
    totals.received += count;
    totals.droppedByCause[causes[n]] += count;
  }
  return totals;
}

double newestTimeS(hid_t file, const std::vector<SessionRows>& all) {
  double newestS = 0;
  const auto see = [&](const std::string& path, double unitS) {
    const auto values = h5::Dataset(file, path).numbers();
    if (!values.empty()) newestS = std::max(newestS, values.back() * unitS);
  };
  for (const SessionRows& rows : all) {
    if (!rows.timeS.empty()) see(rows.timeS, 1);
  }
  for (const std::string& name : h5::members(file, "/streams"))
    see("/streams/" + name + "/session_time_ns", 1e-9);
  return newestS;
}

void appendEvent(hid_t file, const Event& event) {
  AppendTable events(file, "/events", kEventTable);
  events.append(event.time.seconds(), static_cast<std::uint8_t>(event.kind), std::string_view(event.label));
  events.flush();
}

/// What speaks against taking the file for a session that was broken off.
std::optional<Error> notBroken(hid_t file, const std::string& path) {
  const auto schema = h5::readText(file, "schema");
  if (schema != kSessionSchema)
    return Error{ErrorKind::kBadInput, path, "is no session",
                 schema ? "schema '" + *schema + "'" : "no schema",
                 std::string("schema '") + kSessionSchema + "'"};
  const std::string status = h5::readText(file, "status").value_or("");
  if (status == stateName(SessionState::kRecording)) return std::nullopt;
  return Error{ErrorKind::kBadInput, path, "has ended by itself and needs no repair",
               "status '" + status + "'", "'recording', as a crash leaves it"};
}

}  // namespace

Result<Repair> repairSession(const std::string& path) {
  const auto opened = h5::attempt(ErrorKind::kBadInput, path, [&] { takeMarksOff(path); });
  if (!opened.ok()) return opened.error();
  std::optional<Error> fault;
  const auto mended = h5::attempt(ErrorKind::kStorage, path, [&] {
    Repair repair;
    const Handle access = fileAccess();
    Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, access.id()), H5Fclose, "damaged HDF5 file");
    fault = notBroken(file.id(), path);
    if (fault) return repair;
    const auto all = sessionRows(file.id());
    for (const SessionRows& rows : all) repair.rowsCut += makeEven(file.id(), rows);
    settleLooks(file.id());
    for (const std::string& name : h5::members(file.id(), "/streams"))
      writeTotals(file.id(), "/streams/" + name, countedTotals(file.id(), "/streams/" + name));
    repair.lastS = newestTimeS(file.id(), all);
    appendEvent(file.id(), {SessionTime::fromSeconds(repair.lastS), EventKind::kFault,
                            "the recording was broken off here; the file was repaired; its last velocities "
                            "may be a first look, without what followed"});
    h5::writeText(file.id(), "repaired_utc", nowIso8601());
    h5::writeText(file.id(), "status", stateName(SessionState::kRepaired));
    file.close("cannot close the file");
    return repair;
  });
  if (fault) return *fault;
  return mended;
}

}  // namespace soleus
