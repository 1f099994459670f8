/// The HDF5 side of a session file that is being written: its datasets, open for appending.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/dataset/append_dataset.h"
#include "pipeline/dataset/h5.h"
#include "pipeline/dataset/session_writer.h"

namespace soleus {

/// What grows with one source.
struct StreamTables {
  AppendTable samples;
  AppendTable gaps;
  AppendTable clock;
  bool hasClock = false;              ///< the clock's first row is written
  std::vector<AppendTable> channels;  ///< of a signal stream
};

/// Parts that the file does not have are empty. Everything throws h5::Failure but abandon().
struct OpenSession {
  h5::Handle file;
  std::optional<AppendTable> doppler;
  std::optional<AppendDataset> spectrum;
  std::optional<AppendTable> uncertainty;
  std::optional<double> broadeningFactor;
  std::optional<AppendTable> broadening;
  std::optional<AppendTable> vessel;
  std::optional<AppendTable> vesselAngle;
  std::optional<AppendTable> flow;
  std::optional<AppendTable> contractions;
  std::optional<AppendTable> events;
  std::map<std::string, StreamTables> streams;

  /// The next rows of the columns' tables replace the last `count`.
  void takeBackColumns(std::size_t count);
  /// Hands what waits to the file, for its readers.
  void publish();
  /// The same, down to the disk.
  void flush();
  /// Forgets the file without any HDF5 call.
  void abandon();
  void closeDatasets();
};

/// Opens a file that create_layout has made of `info`, for SWMR writing.
OpenSession openForAppending(const std::string& path, const SessionInfo& info);

}  // namespace soleus
