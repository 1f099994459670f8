#include "pipeline/dataset/session_rows.h"

#include <algorithm>

#include "pipeline/dataset/h5_attribute.h"
#include "pipeline/dataset/h5_read.h"

namespace soleus {
namespace {

/// Whether the object is a dataset that grows along its first dimension.
bool grows(hid_t file, const std::string& path) {
  const h5::Handle object(H5Oopen(file, path.c_str(), H5P_DEFAULT), H5Oclose, "cannot open", path);
  if (H5Iget_type(object.id()) != H5I_DATASET) return false;
  const h5::Handle space(H5Dget_space(object.id()), H5Sclose, "cannot read the shape of", path);
  const int rank = h5::check(H5Sget_simple_extent_ndims(space.id()), "cannot read the shape of", path);
  if (rank < 1) return false;
  std::vector<hsize_t> most(static_cast<std::size_t>(rank));
  h5::check(H5Sget_simple_extent_dims(space.id(), nullptr, most.data()), "cannot read the shape of", path);
  return most.front() == H5S_UNLIMITED;
}

void addColumns(hid_t file, const std::string& group, SessionRows& rows) {
  for (const std::string& name : h5::members(file, group)) {
    const std::string path = group + "/" + name;
    if (grows(file, path)) rows.columns.push_back(path);
  }
}

SessionRows rowsOf(hid_t file, const std::string& group) {
  SessionRows rows;
  addColumns(file, group, rows);
  return rows;
}

SessionRows timedRows(hid_t file, const std::string& group, const std::string& time) {
  SessionRows rows = rowsOf(file, group);
  rows.timeS = group + "/" + time;
  rows.increasing = {rows.timeS};
  return rows;
}

SessionRows countedRows(hid_t file, const std::string& group, const std::string& count) {
  SessionRows rows = rowsOf(file, group);
  rows.positive = {group + "/" + count};
  return rows;
}

SessionRows streamRows(hid_t file, const std::string& stream) {
  const std::string group = "/streams/" + stream;
  SessionRows rows = rowsOf(file, group);
  for (const char* name : {"/sequence", "/arrival_time_ns", "/session_time_ns"})
    rows.notBack.push_back(group + name);
  return rows;
}

/// The stream that a signal comes from; empty if it was added from a file.
std::string streamOf(hid_t file, const std::string& signal) {
  const h5::Handle object(H5Oopen(file, signal.c_str(), H5P_DEFAULT), H5Oclose, "cannot open", signal);
  const std::string source = h5::readText(object.id(), "source").value_or("");
  const auto streams = h5::members(file, "/streams");
  return std::ranges::find(streams, source) == streams.end() ? std::string{} : source;
}

}  // namespace

std::vector<SessionRows> sessionRows(hid_t file) {
  std::vector<SessionRows> all;
  if (h5::exists(file, "/doppler")) {
    all.push_back(timedRows(file, "/doppler", "time"));
    if (h5::exists(file, "/flow")) {
      addColumns(file, "/flow", all.back());
      all.back().increasing.emplace_back("/flow/time");
    }
  }
  if (h5::exists(file, "/vessel")) all.push_back(timedRows(file, "/vessel", "time"));
  if (h5::exists(file, "/contractions")) all.push_back(countedRows(file, "/contractions", "contraction"));
  if (h5::exists(file, "/events")) {
    all.push_back(rowsOf(file, "/events"));
    all.back().finite = {"/events/time"};
  }
  std::vector<std::string> signals;
  for (const std::string& name : h5::members(file, "/signals")) signals.push_back("/signals/" + name);
  for (const std::string& stream : h5::members(file, "/streams")) {
    SessionRows rows = streamRows(file, stream);
    for (const std::string& signal : signals) {
      if (streamOf(file, signal) != stream) continue;
      addColumns(file, signal, rows);
      rows.timeS = signal + "/time";
      rows.increasing.push_back(rows.timeS);
    }
    all.push_back(std::move(rows));
    all.push_back(countedRows(file, "/streams/" + stream + "/gaps", "count"));
    all.push_back(timedRows(file, "/streams/" + stream + "/clock", "session_time_s"));
    all.back().timeS.clear();  // a model may be told ahead of what it is for
  }
  for (const std::string& signal : signals) {
    if (streamOf(file, signal).empty()) all.push_back(timedRows(file, signal, "time"));
  }
  return all;
}

}  // namespace soleus
