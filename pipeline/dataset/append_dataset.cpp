#include "pipeline/dataset/append_dataset.h"

#include <algorithm>
#include <array>
#include <ranges>

namespace soleus {

namespace {

using h5::check;
using h5::Handle;

/// Opens with a chunk cache of one chunk: appending never comes back to an earlier one, and the default of
/// 1 MB for each of some sixty datasets would be most of the program's memory.
Handle openGrowing(hid_t file, const std::string& path) {
  Handle probe(H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose, "cannot open", path);
  const Handle how(H5Dget_create_plist(probe.id()), H5Pclose, "cannot read the properties of", path);
  const Handle type(H5Dget_type(probe.id()), H5Tclose, "cannot read the type of", path);
  std::array<hsize_t, 2> chunk{1, 1};
  check(H5Pget_chunk(how.id(), 2, chunk.data()), "cannot read the chunks of", path);
  const std::size_t chunkBytes = chunk[0] * chunk[1] * H5Tget_size(type.id());
  // HDF5 lets all openings of a dataset share the first one's cache.
  probe.close("cannot close a dataset");
  const Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose, "cannot make properties");
  check(H5Pset_chunk_cache(access.id(), 1, chunkBytes, H5D_CHUNK_CACHE_W0_DEFAULT),
        "cannot set the chunk cache of", path);
  return {H5Dopen2(file, path.c_str(), access.id()), H5Dclose, "cannot open", path};
}

/// Longest prefix of at most `bytes` that does not split a UTF-8 character.
std::string_view cutUtf8(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  while (bytes > 0 && continues(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

}  // namespace

AppendDataset::AppendDataset(hid_t file, std::string path)
    : path_(std::move(path)),
      dataset_(openGrowing(file, path_)),
      type_(H5Dget_type(dataset_.id()), H5Tclose, "cannot read the type of", path_) {
  const Handle how(H5Dget_create_plist(dataset_.id()), H5Pclose, "cannot read the properties of", path_);
  std::array<hsize_t, 2> chunk{1, 0};
  check(H5Pget_chunk(how.id(), 2, chunk.data()), "cannot read the chunks of", path_);
  rowWidth_ = chunk[1];
  chunkRows_ = chunk[0];
  const Handle space(H5Dget_space(dataset_.id()), H5Sclose, "cannot read the shape of", path_);
  std::array<hsize_t, 2> extent{0, 0};
  check(H5Sget_simple_extent_dims(space.id(), extent.data(), nullptr), "cannot read the shape of", path_);
  writtenRows_ = extentRows_ = extent[0];
  rowBytes_ = H5Tget_size(type_.id()) * std::max<hsize_t>(1, rowWidth_);
  buffer_.resize(rowBytes_ * chunkRows_);
}

void AppendDataset::push(std::string_view text) {
  const std::string_view kept = cutUtf8(text, rowBytes_);
  std::fill_n(nextRow(), rowBytes_, std::byte{0});
  std::memcpy(nextRow(), kept.data(), kept.size());
  endRow();
}

void AppendDataset::push(std::span<const std::uint8_t> row) {
  std::memcpy(nextRow(), row.data(), std::min(row.size(), rowBytes_));
  endRow();
}

void AppendDataset::endRow() {
  ++waitingRows_;
  if ((writtenRows_ + waitingRows_) % chunkRows_ == 0) write();
}

void AppendDataset::takeBack(std::size_t rows) {
  const std::size_t waiting = std::min(rows, waitingRows_);
  waitingRows_ -= waiting;
  if (rows == waiting) return;
  writtenRows_ -= rows - waiting;
}

void AppendDataset::write() {
  if (waitingRows_ == 0) return;
  const int rank = rowWidth_ == 0 ? 1 : 2;
  extentRows_ = std::max(extentRows_, writtenRows_ + waitingRows_);
  const std::array<hsize_t, 2> extent{extentRows_, rowWidth_};
  const std::array<hsize_t, 2> start{writtenRows_, 0};
  const std::array<hsize_t, 2> count{waitingRows_, rowWidth_};
  check(H5Dset_extent(dataset_.id(), extent.data()), "cannot extend", path_);
  const Handle space(H5Dget_space(dataset_.id()), H5Sclose, "cannot read the shape of", path_);
  const Handle memory(H5Screate_simple(rank, count.data(), nullptr), H5Sclose, "cannot make a dataspace");
  check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr),
        "cannot select rows of", path_);
  check(H5Dwrite(dataset_.id(), type_.id(), memory.id(), space.id(), H5P_DEFAULT, buffer_.data()),
        "cannot write", path_);
  writtenRows_ += waitingRows_;
  waitingRows_ = 0;
  unflushed_ = true;
}

void AppendDataset::flush() {
  write();
  if (unflushed_) check(H5Dflush(dataset_.id()), "cannot flush", path_);
  unflushed_ = false;
}

AppendTable::AppendTable(hid_t file, const std::string& group, const TableSpec& spec) {
  for (const ColumnSpec& column : spec.columns) {
    columns_.emplace_back(file, group + "/" + std::string(column.name));
  }
}

void AppendTable::takeBack(std::size_t rows) {
  for (AppendDataset& column : columns_) column.takeBack(rows);
}

void AppendTable::flush() {
  for (AppendDataset& column : std::views::reverse(columns_)) column.flush();
}

void AppendTable::abandon() {
  for (AppendDataset& column : columns_) column.abandon();
}

}  // namespace soleus
