/// Opens files for reading and reads datasets, for SessionReader, IqReader and verifySession.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipeline/core/result.h"
#include "pipeline/dataset/h5.h"
#include "pipeline/dataset/layout.h"

namespace soleus::h5 {

/// Opens an HDF5 file read only. Errors (kBadInput): missing, not HDF5, cut short, left open by a writer that
/// was killed or still runs (the sentence says that nothing flushed is lost). The last is read from the
/// superblock before HDF5 sees the file.
Result<Handle> openReadOnly(const std::string& path);

/// Whether an object stands at the absolute `path`. Never fails: a broken path is one that is not there.
bool exists(hid_t file, const std::string& path);

/// Names of the members of a group, sorted; empty if there is no such group.
std::vector<std::string> members(hid_t file, const std::string& group);
/// The same in the order in which they were made, if the file knows it.
std::vector<std::string> membersAsMade(hid_t file, const std::string& group);

/// A dataset and what it holds. Opening throws Failure.
class Dataset {
 public:
  Dataset(hid_t file, std::string path);

  [[nodiscard]] hid_t id() const { return dataset_.id(); }
  /// Length along each dimension.
  [[nodiscard]] const std::vector<hsize_t>& shape() const { return shape_; }
  /// The contract's type, or nothing for any other.
  [[nodiscard]] std::optional<ColumnType> type() const;
  /// As stored, converted to double, in C order. Throws Failure, also if the shape claims more than the file
  /// can hold.
  [[nodiscard]] std::vector<double> numbers() const;
  /// Number of elements. Throws Failure if the shape claims more than the file can hold.
  [[nodiscard]] std::size_t size() const;
  /// Rows [first, first + count) of a 2-D dataset of bytes or characters.
  void bytes(std::size_t first, std::size_t count, void* out) const;
  /// Throws Failure unless the dataset is [rows, bytes] of single characters.
  [[nodiscard]] std::vector<std::string> texts() const;

 private:
  std::string path_;
  Handle dataset_;
  Handle type_;
  std::vector<hsize_t> shape_;
  std::size_t fileBytes_ = 0;
};

}  // namespace soleus::h5
