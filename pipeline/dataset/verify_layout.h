/// Checks of names, types, shapes and attributes against the layout, and what all checks share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipeline/dataset/h5.h"
#include "pipeline/dataset/layout.h"
#include "pipeline/dataset/verify.h"

namespace soleus {

/// A file under examination and what was found in it so far.
class Examination {
 public:
  /// `file` stays open as long as this lives.
  explicit Examination(hid_t file) : file_(file) {}

  [[nodiscard]] hid_t file() const { return file_; }
  void add(const std::string& path, const std::string& fault) { findings_.push_back({path, fault}); }
  /// Runs `body`; a failed HDF5 call becomes a finding about `path`.
  template <class Body>
  void examine(const std::string& path, Body&& body) {
    try {
      body();
    } catch (const h5::Failure& failure) {
      add(path, failure.what + (failure.reason.empty() ? "" : ": " + failure.reason));
    }
  }
  [[nodiscard]] std::vector<Finding> takeFindings() { return std::move(findings_); }

 private:
  hid_t file_;
  std::vector<Finding> findings_;
};

/// The contract's root attributes.
void checkRoot(Examination& examination);

/// Every column of the table at `group`: there, of its type, shape and units, on its scale, as long as it.
void checkTable(Examination& examination, const std::string& group, const TableSpec& spec);

/// Columns that may stand in the group of a table besides its own, on the same `scale`: those that are there.
void checkAddedColumns(Examination& examination, const std::string& group, const TableSpec& spec,
                       const ColumnSpec& scale);

/// /doppler/velocity and /doppler/spectrum: both or neither, packed in dB, on their scales.
void checkSpectrum(Examination& examination);

/// /signals/NAME, all of them.
void checkSignals(Examination& examination);

/// A number as findings show it.
std::string numberText(double value);

/// " at entry 7"
std::string atEntry(std::size_t index);

/// Values of the 1-D dataset, as stored; nothing if it is not there or is no column of numbers (which the
/// checks above report).
std::optional<std::vector<double>> readColumn(const Examination& examination, const std::string& path);

}  // namespace soleus
