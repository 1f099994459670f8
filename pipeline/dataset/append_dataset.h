/// A growing dataset behind a buffer of at most one chunk.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "pipeline/dataset/h5.h"
#include "pipeline/dataset/layout.h"

namespace soleus {

/// Appends rows to one dataset made by create_layout, behind those that it has. Rows wait in memory until
/// flush() or until they fill a chunk of the file, so that each write touches one chunk and memory does not
/// grow with the recording. Everything throws h5::Failure.
class AppendDataset {
 public:
  AppendDataset(hid_t file, std::string path);

  /// A number of exactly the dataset's element type.
  template <class Number>
  requires std::is_arithmetic_v<Number>
  void push(Number value) {
    std::memcpy(nextRow(), &value, sizeof value);
    endRow();
  }
  /// Text, cut between characters to the dataset's width.
  void push(std::string_view text);
  /// One row of a 2-D dataset, exactly its width.
  void push(std::span<const std::uint8_t> row);

  /// The next rows replace the last `rows`. For a reader the dataset gets no shorter.
  void takeBack(std::size_t rows);
  /// Hands waiting rows to HDF5 and makes HDF5 hand them to the file.
  void flush();
  /// Forgets the dataset without any HDF5 call.
  void abandon() { dataset_.abandon(); }

 private:
  std::byte* nextRow() { return buffer_.data() + waitingRows_ * rowBytes_; }
  void endRow();
  void write();

  std::string path_;
  h5::Handle dataset_;
  h5::Handle type_;
  hsize_t rowWidth_ = 0;  ///< 0: one-dimensional
  std::size_t rowBytes_ = 0;
  std::size_t chunkRows_ = 0;
  std::size_t waitingRows_ = 0;
  hsize_t writtenRows_ = 0;
  hsize_t extentRows_ = 0;  ///< of the file: more than written while rows that were taken back are due
  bool unflushed_ = false;
  std::vector<std::byte> buffer_;
};

/// The columns of one table, appended row by row. Everything throws h5::Failure.
class AppendTable {
 public:
  AppendTable(hid_t file, const std::string& group, const TableSpec& spec);

  /// One row: a value for each column of the spec, in its order and of its type.
  template <class... Values>
  void append(const Values&... values) {
    std::size_t column = 0;
    (columns_.at(column++).push(values), ...);
  }
  void takeBack(std::size_t rows);
  /// The scale goes last: at every moment a reader finds at least as many values as times.
  void flush();
  void abandon();

 private:
  std::vector<AppendDataset> columns_;
};

}  // namespace soleus
