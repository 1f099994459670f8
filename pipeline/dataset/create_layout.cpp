#include "pipeline/dataset/create_layout.h"

#include <hdf5_hl.h>

#include <array>
#include <cstdio>
#include <limits>

#include "pipeline/dataset/h5_attribute.h"

namespace soleus {

namespace {

// The kernel's, or a part of it.
constexpr hsize_t kPageBytes = 4096;

using h5::check;
using h5::Handle;

hid_t fileType(ColumnType type) {
  switch (type) {
    case ColumnType::kFloat64:
      return H5T_IEEE_F64LE;
    case ColumnType::kFloat32:
      return H5T_IEEE_F32LE;
    case ColumnType::kInt64:
      return H5T_STD_I64LE;
    case ColumnType::kUint8:
      return H5T_STD_U8LE;
    case ColumnType::kText:
      break;
  }
  return H5T_C_S1;
}

/// Chunked, growing along the first dimension: with one unlimited dimension the 1.10 format indexes chunks by
/// an extensible array, which SWMR supports and which finds a chunk in constant time however long the
/// session. No compression: under SWMR each flush of a chunk that is not yet full would move it and leak its
/// old place.
Handle createGrowing(hid_t file, const std::string& path, hid_t type, std::size_t chunkRows,
                     std::size_t rowWidth, const void* fill) {
  const int rank = rowWidth == 0 ? 1 : 2;
  const std::array<hsize_t, 2> now{0, rowWidth};
  const std::array<hsize_t, 2> most{H5S_UNLIMITED, rowWidth};
  const std::array<hsize_t, 2> chunk{chunkRows, rowWidth};
  const Handle space(H5Screate_simple(rank, now.data(), most.data()), H5Sclose, "cannot make a dataspace");
  const Handle how(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "cannot make properties");
  check(H5Pset_chunk(how.id(), rank, chunk.data()), "cannot set the chunks of", path);
  if (fill != nullptr) check(H5Pset_fill_value(how.id(), type, fill), "cannot set the fill of", path);
  check(H5Pset_obj_track_times(how.id(), false), "cannot make properties");
  check(H5Pset_attr_creation_order(how.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "cannot make properties");
  return {H5Dcreate2(file, path.c_str(), type, space.id(), H5P_DEFAULT, how.id(), H5P_DEFAULT), H5Dclose,
          "cannot create", path};
}

void writeFlags(hid_t dataset, const ColumnSpec& column) {
  std::vector<std::uint8_t> values(flagCount(column.flagMeanings));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<std::uint8_t>(column.flagsAreBits ? 1U << i : i);
  }
  h5::writeBytes(dataset, column.flagsAreBits ? "flag_masks" : "flag_values", values);
  h5::writeText(dataset, "flag_meanings", std::string(column.flagMeanings));
}

void makeScale(hid_t dataset, const std::string& name) {
  check(H5DSset_scale(dataset, name.c_str()), "cannot make a scale of", name);
}

void attachScale(hid_t dataset, hid_t scale, unsigned dimension, const std::string& path) {
  check(H5DSattach_scale(dataset, scale, dimension), "cannot attach the scale of", path);
}

/// The width of a text column as netCDF names it: a dimension without a variable. The words and the field of
/// ten digits are those that netCDF-4 looks for (NetCDF-4 file format, "dimension without variable").
Handle createTextWidth(hid_t file, const std::string& path, std::size_t bytes) {
  const hsize_t extent = bytes;
  const Handle space(H5Screate_simple(1, &extent, nullptr), H5Sclose, "cannot make a dataspace");
  Handle width(
      H5Dcreate2(file, path.c_str(), H5T_STD_U8LE, space.id(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
      H5Dclose, "cannot create", path);
  std::array<char, 80> name{};
  std::snprintf(name.data(), name.size(), "This is a netCDF dimension but not a netCDF variable.%10zu",
                bytes);
  makeScale(width.id(), name.data());
  return width;
}

Handle createColumn(hid_t file, const std::string& group, const ColumnSpec& column, std::size_t chunkRows,
                    bool isScale) {
  const std::string path = group + "/" + std::string(column.name);
  const auto nan64 = std::numeric_limits<double>::quiet_NaN();
  const auto nan32 = std::numeric_limits<float>::quiet_NaN();
  const void* fill = column.type == ColumnType::kFloat64   ? static_cast<const void*>(&nan64)
                     : column.type == ColumnType::kFloat32 ? static_cast<const void*>(&nan32)
                                                           : nullptr;
  Handle dataset = createGrowing(file, path, fileType(column.type), chunkRows, column.textBytes, fill);
  h5::writeText(dataset.id(), "long_name", std::string(column.longName));
  if (!column.units.empty()) h5::writeText(dataset.id(), "units", std::string(column.units));
  if (!column.flagMeanings.empty()) writeFlags(dataset.id(), column);
  if (column.type == ColumnType::kText) {
    h5::writeText(dataset.id(), "_Encoding", "utf-8");
    const Handle width = createTextWidth(file, path + "_length", column.textBytes);
    attachScale(dataset.id(), width.id(), 1, path);
  }
  // CF forbids missing values in a coordinate.
  if (!isScale && column.type == ColumnType::kFloat64) h5::writeNumber(dataset.id(), "_FillValue", nan64);
  if (!isScale && column.type == ColumnType::kFloat32) h5::writeNumber(dataset.id(), "_FillValue", nan32);
  return dataset;
}

}  // namespace

Handle fileAccess() {
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "cannot make properties");
  // SWMR needs the 1.10 format; naming it keeps the files the same with a later library.
  check(H5Pset_libver_bounds(access.id(), H5F_LIBVER_V110, H5F_LIBVER_V110), "cannot set the file format");
  // A reader that follows the recording holds a lock of HDF5's: with it the file could not be opened anew to
  // end it. Writers are kept apart by a lock of our own (write_lock).
  check(H5Pset_file_locking(access.id(), false, true), "cannot set the file's locking");
  // The metadata cache keeps the size it starts with (2 MB) instead of growing to 32 MB over hours.
  H5AC_cache_config_t cache{};
  cache.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  check(H5Pget_mdc_config(access.id(), &cache), "cannot set the metadata cache");
  cache.incr_mode = H5C_incr__off;
  cache.flash_incr_mode = H5C_flash_incr__off;
  check(H5Pset_mdc_config(access.id(), &cache), "cannot set the metadata cache");
  return access;
}

Handle createFile(const std::string& path) {
  const Handle access = fileAccess();
  const Handle how(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "cannot make properties");
  check(H5Pset_link_creation_order(how.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "cannot make properties");
  check(H5Pset_attr_creation_order(how.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "cannot make properties");
  // A kill ends a write between two pages of memory. No object may lie across two: its checksum would break.
  check(H5Pset_file_space_strategy(how.id(), H5F_FSPACE_STRATEGY_PAGE, false, 1), "cannot make properties");
  check(H5Pset_file_space_page_size(how.id(), kPageBytes), "cannot make properties");
  return {H5Fcreate(path.c_str(), H5F_ACC_TRUNC, how.id(), access.id()), H5Fclose, "cannot create the file"};
}

void createGroup(hid_t file, const std::string& path) {
  const Handle how(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, "cannot make properties");
  check(H5Pset_link_creation_order(how.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "cannot make properties");
  const Handle group(H5Gcreate2(file, path.c_str(), H5P_DEFAULT, how.id(), H5P_DEFAULT), H5Gclose,
                     "cannot create", path);
}

void createTable(hid_t file, const std::string& path, const TableSpec& spec) {
  createGroup(file, path);
  const ColumnSpec& first = spec.columns.front();
  const Handle scale = createColumn(file, path, first, spec.chunkRows, true);
  makeScale(scale.id(), std::string(first.name));
  for (const ColumnSpec& column : spec.columns.subspan(1)) {
    const Handle dataset = createColumn(file, path, column, spec.chunkRows, false);
    attachScale(dataset.id(), scale.id(), 0, path);
  }
}

void addColumns(hid_t file, const std::string& path, const TableSpec& spec, const std::string& scalePath) {
  const Handle scale(H5Dopen2(file, scalePath.c_str(), H5P_DEFAULT), H5Dclose, "cannot open", scalePath);
  for (const ColumnSpec& column : spec.columns) {
    const Handle dataset = createColumn(file, path, column, spec.chunkRows, false);
    attachScale(dataset.id(), scale.id(), 0, path);
  }
}

void createSignal(hid_t file, const std::string& name, const std::string& units, const std::string& source,
                  double samplesPerSecond) {
  const std::string group = "/signals/" + name;
  createTable(file, group, kSignalTable);
  const Handle value(H5Oopen(file, (group + "/value").c_str(), H5P_DEFAULT), H5Oclose, "cannot open",
                     group + "/value");
  h5::writeText(value.id(), "units", units);
  const Handle signal(H5Oopen(file, group.c_str(), H5P_DEFAULT), H5Oclose, "cannot open", group);
  h5::writeText(signal.id(), "source", source);
  h5::writeNumber(signal.id(), "sampling_rate", samplesPerSecond);
}

void createSpectrum(hid_t file, const std::vector<double>& velocityCmPerS, double dynamicRangeDb) {
  const hsize_t width = velocityCmPerS.size();
  const Handle space(H5Screate_simple(1, &width, nullptr), H5Sclose, "cannot make a dataspace");
  const std::string velocityPath = "/doppler/velocity";
  const Handle velocity(H5Dcreate2(file, velocityPath.c_str(), H5T_IEEE_F64LE, space.id(), H5P_DEFAULT,
                                   H5P_DEFAULT, H5P_DEFAULT),
                        H5Dclose, "cannot create", velocityPath);
  check(H5Dwrite(velocity.id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, velocityCmPerS.data()),
        "cannot write", velocityPath);
  h5::writeText(velocity.id(), "long_name", "velocity, positive toward the heart");
  h5::writeText(velocity.id(), "units", "cm s-1");
  makeScale(velocity.id(), "velocity");

  const std::string path = "/doppler/spectrum";
  const Handle spectrum =
      createGrowing(file, path, H5T_STD_U8LE, kSpectrumChunkRows, velocityCmPerS.size(), &kSpectrumFill);
  h5::writeText(spectrum.id(), "long_name", "Doppler power below full scale");
  h5::writeText(spectrum.id(), "units", "dB");
  // S = 10^((DR * grey / 255 - DR) / 10): the grey map of a log-compressed display.
  h5::writeNumber(spectrum.id(), "scale_factor", dynamicRangeDb / 255.0);
  h5::writeNumber(spectrum.id(), "add_offset", -dynamicRangeDb);
  h5::writeBytes(spectrum.id(), "_FillValue", {kSpectrumFill});
  const Handle time(H5Dopen2(file, "/doppler/time", H5P_DEFAULT), H5Dclose, "cannot open", "/doppler/time");
  attachScale(spectrum.id(), time.id(), 0, path);
  attachScale(spectrum.id(), velocity.id(), 1, path);
}

}  // namespace soleus
