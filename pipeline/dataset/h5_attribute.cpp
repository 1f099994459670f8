#include "pipeline/dataset/h5_attribute.h"

namespace soleus::h5 {

namespace {

Handle utf8Text() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "cannot make a text type");
  check(H5Tset_size(type.id(), H5T_VARIABLE), "cannot make a text type");
  check(H5Tset_cset(type.id(), H5T_CSET_UTF8), "cannot make a text type");
  return type;
}

void write(hid_t object, const char* name, hid_t fileType, hid_t memoryType, const Handle& space,
           const void* data) {
  const bool there = check(H5Aexists(object, name), "cannot look up attribute", name) > 0;
  const Handle attribute(there ? H5Aopen(object, name, H5P_DEFAULT)
                               : H5Acreate2(object, name, fileType, space.id(), H5P_DEFAULT, H5P_DEFAULT),
                         H5Aclose, "cannot create attribute", name);
  check(H5Awrite(attribute.id(), memoryType, data), "cannot write attribute", name);
}

void writeScalar(hid_t object, const char* name, hid_t fileType, hid_t memoryType, const void* data) {
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose, "cannot make a dataspace");
  write(object, name, fileType, memoryType, space, data);
}

/// The attribute if it is there and of type class `wanted`.
std::optional<Handle> find(hid_t object, const char* name, H5T_class_t wanted) {
  if (H5Aexists(object, name) <= 0) return std::nullopt;
  Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose, "cannot open attribute", name);
  const Handle type(H5Aget_type(attribute.id()), H5Tclose, "cannot read the type of attribute", name);
  if (H5Tget_class(type.id()) != wanted) return std::nullopt;
  return attribute;
}

hssize_t countOf(const Handle& attribute, const char* name) {
  const Handle space(H5Aget_space(attribute.id()), H5Sclose, "cannot read the shape of attribute", name);
  return check(H5Sget_simple_extent_npoints(space.id()), "cannot read the shape of attribute", name);
}

}  // namespace

void writeText(hid_t object, const char* name, const std::string& text) {
  const Handle type = utf8Text();
  const char* data = text.c_str();
  writeScalar(object, name, type.id(), type.id(), static_cast<const void*>(&data));
}

void writeNumber(hid_t object, const char* name, double value) {
  writeScalar(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value);
}

void writeNumber(hid_t object, const char* name, float value) {
  writeScalar(object, name, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, &value);
}

void writeCount(hid_t object, const char* name, std::int64_t value) {
  writeScalar(object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value);
}

void writeBytes(hid_t object, const char* name, const std::vector<std::uint8_t>& values) {
  if (values.size() == 1) return writeScalar(object, name, H5T_STD_U8LE, H5T_NATIVE_UINT8, values.data());
  const hsize_t count = values.size();
  const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose, "cannot make a dataspace");
  write(object, name, H5T_STD_U8LE, H5T_NATIVE_UINT8, space, values.data());
}

std::optional<std::string> readText(hid_t object, const char* name) {
  const auto attribute = find(object, name, H5T_STRING);
  if (!attribute || countOf(*attribute, name) != 1) return std::nullopt;
  const Handle type(H5Aget_type(attribute->id()), H5Tclose, "cannot read the type of attribute", name);
  if (check(H5Tis_variable_str(type.id()), "cannot read the type of attribute", name) > 0) {
    char* data = nullptr;
    check(H5Aread(attribute->id(), type.id(), static_cast<void*>(&data)), "cannot read attribute", name);
    std::string text = data == nullptr ? "" : data;
    H5free_memory(data);
    return text;
  }
  std::string text(H5Tget_size(type.id()), '\0');
  check(H5Aread(attribute->id(), type.id(), text.data()), "cannot read attribute", name);
  text.resize(text.find('\0') == std::string::npos ? text.size() : text.find('\0'));
  return text;
}

std::optional<std::vector<double>> readNumbers(hid_t object, const char* name) {
  auto attribute = find(object, name, H5T_FLOAT);
  if (!attribute) attribute = find(object, name, H5T_INTEGER);
  if (!attribute) return std::nullopt;
  std::vector<double> values(static_cast<std::size_t>(countOf(*attribute, name)));
  check(H5Aread(attribute->id(), H5T_NATIVE_DOUBLE, values.data()), "cannot read attribute", name);
  return values;
}

std::vector<std::string> attributeNames(hid_t object) {
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5A_info_t*, void* out) -> herr_t {
    static_cast<std::vector<std::string>*>(out)->emplace_back(name);
    return 0;
  };
  check(H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect, &names), "cannot list attributes");
  return names;
}

}  // namespace soleus::h5
