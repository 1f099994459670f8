#include "pipeline/dataset/h5_read.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "pipeline/dataset/write_lock.h"

namespace soleus::h5 {

namespace {

// HDF5 File Format Specification 3.0, II.A "Superblock", version 3: signature, version, sizes, flags.
constexpr std::array<unsigned char, 8> kSignature{0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};
constexpr std::size_t kVersionAt = 8;
constexpr std::size_t kFlagsAt = 11;
constexpr const char* kWanted = "an HDF5 file";
constexpr unsigned kOpenForWriting = 0x01 | 0x04;  // any writer, SWMR writer

Error unusable(const std::string& path, const std::string& what, const std::string& found = {},
               const std::string& expected = {}) {
  return {ErrorKind::kBadInput, path, what, found, expected};
}

/// What the first bytes say against opening the file, if anything.
std::optional<Error> faultOfSuperblock(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return unusable(path, "cannot be read", "no such file", kWanted);
  if (!std::filesystem::is_regular_file(status))
    return unusable(path, "cannot be read", "a folder or device", kWanted);
  std::ifstream in(path, std::ios::binary);
  std::array<unsigned char, 12> head{};
  in.read(reinterpret_cast<char*>(head.data()), head.size());
  if (in.bad() || !in.is_open())
    return unusable(path, "cannot be read", "a file without permission to read", kWanted);
  if (in.gcount() == 0) return unusable(path, "is not an HDF5 file", "an empty file", kWanted);
  if (!std::equal(kSignature.begin(), kSignature.end(), head.begin())) {
    return unusable(path, "is not an HDF5 file", "other first bytes", kWanted);
  }
  if (in.gcount() == head.size() && head[kVersionAt] >= 3 && (head[kFlagsAt] & kOpenForWriting) != 0) {
    if (isBeingWritten(path)) return unusable(path, "is still being recorded");
    return unusable(
        path,
        "left open by a crash; what was recorded up to the last flush is intact, and soleus repair "
        "makes a readable copy of it");
  }
  return std::nullopt;
}

}  // namespace

Result<Handle> openReadOnly(const std::string& path) {
  prepare();
  if (const auto fault = faultOfSuperblock(path)) return *fault;
  Handle file;
  const auto opened = attempt(ErrorKind::kBadInput, path, [&] {
    file = Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "damaged HDF5 file");
  });
  if (!opened.ok()) return opened.error();
  return file;
}

bool exists(hid_t file, const std::string& path) {
  if (path == "/") return true;
  // HDF5 looks up one link at a time.
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    if (H5Lexists(file, part.c_str(), H5P_DEFAULT) <= 0) return false;
    if (H5Oexists_by_name(file, part.c_str(), H5P_DEFAULT) <= 0) return false;
    if (end == std::string::npos) return true;
  }
}

namespace {

herr_t collectName(hid_t, const char* name, const H5L_info_t*, void* out) {
  static_cast<std::vector<std::string>*>(out)->emplace_back(name);
  return 0;
}

}  // namespace

std::vector<std::string> members(hid_t file, const std::string& group) {
  std::vector<std::string> names;
  if (!exists(file, group)) return names;
  H5Literate_by_name(file, group.c_str(), H5_INDEX_NAME, H5_ITER_INC, nullptr, collectName, &names,
                     H5P_DEFAULT);
  std::ranges::sort(names);
  return names;
}

std::vector<std::string> membersAsMade(hid_t file, const std::string& group) {
  std::vector<std::string> names;
  if (!exists(file, group)) return names;
  const herr_t done = H5Literate_by_name(file, group.c_str(), H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr,
                                         collectName, &names, H5P_DEFAULT);
  return done < 0 ? members(file, group) : names;
}

Dataset::Dataset(hid_t file, std::string path)
    : path_(std::move(path)),
      dataset_(H5Dopen2(file, path_.c_str(), H5P_DEFAULT), H5Dclose, "cannot open", path_),
      type_(H5Dget_type(dataset_.id()), H5Tclose, "cannot read the type of", path_) {
  const Handle space(H5Dget_space(dataset_.id()), H5Sclose, "cannot read the shape of", path_);
  shape_.resize(static_cast<std::size_t>(
      check(H5Sget_simple_extent_ndims(space.id()), "cannot read the shape of", path_)));
  check(H5Sget_simple_extent_dims(space.id(), shape_.data(), nullptr), "cannot read the shape of", path_);
  hsize_t bytes = 0;
  check(H5Fget_filesize(file, &bytes), "cannot read the size of the file of", path_);
  fileBytes_ = bytes;
}

std::optional<ColumnType> Dataset::type() const {
  const auto is = [&](hid_t wanted) { return H5Tequal(type_.id(), wanted) > 0; };
  if (is(H5T_IEEE_F64LE)) return ColumnType::kFloat64;
  if (is(H5T_IEEE_F32LE)) return ColumnType::kFloat32;
  if (is(H5T_STD_I64LE)) return ColumnType::kInt64;
  if (is(H5T_STD_U8LE)) return ColumnType::kUint8;
  const bool text = H5Tget_class(type_.id()) == H5T_STRING && H5Tis_variable_str(type_.id()) <= 0;
  if (text && H5Tget_size(type_.id()) == 1) return ColumnType::kText;
  return std::nullopt;
}

std::size_t Dataset::size() const {
  // The most that deflate packs is 1032 to 1 (RFC 1951); a shape beyond that is damage, not data.
  const double mostElements = 1032.0 * static_cast<double>(fileBytes_);
  double elements = 1;
  for (const hsize_t length : shape_) elements *= static_cast<double>(length);
  if (elements > mostElements) throw Failure{"impossible shape of " + path_, {}};
  return static_cast<std::size_t>(elements);
}

std::vector<double> Dataset::numbers() const {
  const H5T_class_t kind = H5Tget_class(type_.id());
  if (kind != H5T_FLOAT && kind != H5T_INTEGER) throw Failure{"not a number: " + path_, {}};
  std::vector<double> values(size());
  if (values.empty()) return values;
  check(H5Dread(dataset_.id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
        "cannot read", path_);
  return values;
}

void Dataset::bytes(std::size_t first, std::size_t count, void* out) const {
  if (shape_.size() != 2 || H5Tget_size(type_.id()) != 1) throw Failure{"not rows of bytes: " + path_, {}};
  if (first > shape_[0] || count > shape_[0] - first) {
    throw Failure{"rows out of range in " + path_, "there are " + std::to_string(shape_[0])};
  }
  if (count == 0 || shape_[1] == 0) return;
  static_cast<void>(size());
  const std::array<hsize_t, 2> start{first, 0};
  const std::array<hsize_t, 2> extent{count, shape_[1]};
  const Handle space(H5Dget_space(dataset_.id()), H5Sclose, "cannot read the shape of", path_);
  check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), nullptr, extent.data(), nullptr),
        "cannot select rows of", path_);
  const Handle memory(H5Screate_simple(2, extent.data(), nullptr), H5Sclose, "cannot make a dataspace");
  check(H5Dread(dataset_.id(), type_.id(), memory.id(), space.id(), H5P_DEFAULT, out), "cannot read", path_);
}

std::vector<std::string> Dataset::texts() const {
  if (type() != ColumnType::kText || shape_.size() != 2) throw Failure{"not a character array: " + path_, {}};
  std::vector<char> characters(size());
  bytes(0, shape_[0], characters.data());
  std::vector<std::string> rows;
  for (hsize_t row = 0; row < shape_[0]; ++row) {
    const char* begin = characters.data() + row * shape_[1];
    rows.emplace_back(begin, strnlen(begin, shape_[1]));
  }
  return rows;
}

}  // namespace soleus::h5
