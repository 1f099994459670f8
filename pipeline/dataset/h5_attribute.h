/// Attributes of HDF5 objects, one function for each kind. Writers throw h5::Failure; readers say "absent".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/dataset/h5.h"

namespace soleus::h5 {

/// Scalar text, variable length, UTF-8: the kind that h5py, h5netcdf and netCDF4 all give back as plain text.
/// Overwrites an existing text attribute.
void writeText(hid_t object, const char* name, const std::string& text);
void writeNumber(hid_t object, const char* name, double value);
void writeNumber(hid_t object, const char* name, float value);
void writeCount(hid_t object, const char* name, std::int64_t value);
/// One value as a scalar, several as a 1-D array.
void writeBytes(hid_t object, const char* name, const std::vector<std::uint8_t>& values);

/// Text of either string kind; nothing if absent or not text.
std::optional<std::string> readText(hid_t object, const char* name);
/// All values of a numeric attribute, as double; nothing if absent or not a number.
std::optional<std::vector<double>> readNumbers(hid_t object, const char* name);
/// Names of all attributes, in the order of names.
std::vector<std::string> attributeNames(hid_t object);

}  // namespace soleus::h5
