#include "pipeline/dataset/verify_layout.h"

#include <hdf5_hl.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

#include "pipeline/dataset/archive_digest.h"
#include "pipeline/dataset/h5_attribute.h"
#include "pipeline/dataset/h5_read.h"
#include "pipeline/dataset/root_attributes.h"

namespace soleus {

namespace {

/// Whether `text` follows `shape`, in which d stands for a digit and h for a hexadecimal digit.
bool hasShape(std::string_view text, std::string_view shape) {
  constexpr std::string_view kDigits = "0123456789";
  constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";
  return std::ranges::equal(text, shape, [&](char c, char form) {
    if (form == 'd') return kDigits.find(c) != std::string_view::npos;
    if (form == 'h') return kHexDigits.find(c) != std::string_view::npos;
    return c == form;
  });
}

/// ISO 8601 date and time in UTC, with or without a fraction of the second.
bool isUtc(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd";
  if (!hasShape(text.substr(0, kShape.size()), kShape)) return false;
  std::string_view rest = text.substr(kShape.size());
  if (rest.starts_with('.'))
    rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of("0123456789", 1)));
  return rest == "Z" || rest == "+00:00";
}

bool isEnded(std::string_view status) {
  return status == "complete" || status == "interrupted" || status == "repaired";
}

const char* typeName(std::optional<ColumnType> type) {
  if (!type) return "another type";
  switch (*type) {
    case ColumnType::kFloat64:
      return "float64";
    case ColumnType::kFloat32:
      return "float32";
    case ColumnType::kInt64:
      return "int64";
    case ColumnType::kUint8:
      return "uint8";
    case ColumnType::kText:
      break;
  }
  return "characters (S1)";
}

/// Whether `text` names the schema of a calibration profile, in whichever quotes and spaces of YAML. Reading
/// the profile is the calibration's business.
bool namesCalibrationSchema(std::string_view text) {
  constexpr std::string_view kKey = "schema";
  constexpr std::string_view kSchema = "soleus.calibration/1";
  for (std::size_t at = text.find(kKey); at != std::string_view::npos; at = text.find(kKey, at + 1)) {
    const std::string_view rest = text.substr(at + kKey.size());
    const std::size_t value = rest.find_first_not_of(" \t\"':");
    if (value == std::string_view::npos || rest.substr(0, value).find(':') == std::string_view::npos)
      continue;
    if (!rest.substr(value).starts_with(kSchema)) continue;
    const std::string_view after = rest.substr(value + kSchema.size());
    if (after.empty() || std::string_view(" \t\r\n\"',}").find(after.front()) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

void checkText(Examination& examination, hid_t object, const std::string& path, const char* name,
               const std::string& expected) {
  const auto found = h5::readText(object, name);
  if (found == expected) return;
  examination.add(path, "attribute '" + std::string(name) + "' is " +
                            (found ? "'" + *found + "'" : "missing or not text") + ", expected '" + expected +
                            "'");
}

void checkType(Examination& examination, const h5::Dataset& dataset, const std::string& path,
               ColumnType expected) {
  if (dataset.type() == expected) return;
  examination.add(path,
                  std::string("stored as ") + typeName(dataset.type()) + ", expected " + typeName(expected));
}

void checkFlags(Examination& examination, hid_t dataset, const std::string& path, const ColumnSpec& column) {
  std::vector<double> expected(flagCount(column.flagMeanings));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    expected[i] = static_cast<double>(column.flagsAreBits ? std::size_t{1} << i : i);
  }
  const char* name = column.flagsAreBits ? "flag_masks" : "flag_values";
  const auto found = h5::readNumbers(dataset, name);
  if (!found) examination.add(path, "attribute '" + std::string(name) + "' is missing or not numbers");
  if (found && *found != expected) {
    examination.add(path, "attribute '" + std::string(name) + "' does not hold the contract's " +
                              std::to_string(expected.size()) + " values");
  }
  checkText(examination, dataset, path, "flag_meanings", std::string(column.flagMeanings));
}

/// Whether the dimension `dimension` of `dataset` has the dataset at `scalePath` as its scale.
void checkScale(Examination& examination, const h5::Dataset& dataset, const std::string& path,
                unsigned dimension, const std::string& scalePath) {
  if (!h5::exists(examination.file(), scalePath)) return;  // reported as missing
  const h5::Dataset scale(examination.file(), scalePath);
  if (H5DSis_attached(dataset.id(), scale.id(), dimension) > 0) return;
  h5::takeErrorText();
  examination.add(path, "dimension " + std::to_string(dimension) + " does not have the scale " + scalePath);
}

/// The dataset, unless it is missing, which is reported.
std::optional<h5::Dataset> require(Examination& examination, const std::string& path) {
  if (!h5::exists(examination.file(), path)) {
    examination.add(path, "missing, expected a dataset");
    return std::nullopt;
  }
  return h5::Dataset(examination.file(), path);
}

void checkColumn(Examination& examination, const std::string& group, const ColumnSpec& column,
                 const ColumnSpec& scaleColumn, std::optional<hsize_t>& rows) {
  const std::string path = group + "/" + std::string(column.name);
  const std::string scalePath = group + "/" + std::string(scaleColumn.name);
  const auto dataset = require(examination, path);
  if (!dataset) return;
  checkType(examination, *dataset, path, column.type);
  const std::size_t rank = column.type == ColumnType::kText ? 2 : 1;
  if (dataset->shape().size() != rank) {
    examination.add(path, "has " + std::to_string(dataset->shape().size()) + " dimensions, expected " +
                              std::to_string(rank));
    return;
  }
  const bool isScale = path == scalePath;
  if (isScale) rows = dataset->shape()[0];
  if (rows && dataset->shape()[0] != *rows) {
    examination.add(path, "has " + std::to_string(dataset->shape()[0]) + " entries, expected " +
                              std::to_string(*rows) + " as in " + scalePath);
  }
  if (isScale && H5DSis_scale(dataset->id()) <= 0) examination.add(path, "is not a dimension scale");
  if (!isScale) checkScale(examination, *dataset, path, 0, scalePath);
  if (column.type == ColumnType::kText) {
    checkText(examination, dataset->id(), path, "_Encoding", "utf-8");
  } else {
    checkText(examination, dataset->id(), path, "units", std::string(column.units));
  }
  if (h5::readText(dataset->id(), "long_name").value_or("").empty()) {
    examination.add(path, "attribute 'long_name' is missing");
  }
  if (!column.flagMeanings.empty()) checkFlags(examination, dataset->id(), path, column);
}

void checkPacking(Examination& examination, const h5::Dataset& spectrum, const std::string& path) {
  const auto scale = h5::readNumbers(spectrum.id(), "scale_factor");
  const auto offset = h5::readNumbers(spectrum.id(), "add_offset");
  const auto fill = h5::readNumbers(spectrum.id(), "_FillValue");
  if (!scale || scale->size() != 1 || !(scale->front() > 0)) {
    examination.add(path, "attribute 'scale_factor' is missing or not above 0");
  }
  if (!offset || offset->size() != 1) examination.add(path, "attribute 'add_offset' is missing");
  if (!fill || fill->size() != 1) {
    examination.add(path, "attribute '_FillValue' is missing");
  } else if (fill->front() != kSpectrumFill) {
    examination.add(path, "attribute '_FillValue' is " + numberText(fill->front()) + ", expected " +
                              std::to_string(kSpectrumFill));
  }
  if (scale && scale->size() == 1 && offset && offset->size() == 1) {
    // Grey 255 is full scale, 0 dB. A scale kept as float32 differs by some 1e-7 of the range.
    const double rangeDb = scale->front() * 255.0;
    if (!(std::abs(rangeDb + offset->front()) <= 1e-6 * std::abs(rangeDb))) {
      examination.add(path, "attribute 'add_offset' is " + numberText(offset->front()) + ", expected " +
                                numberText(-rangeDb) +
                                ": the range of 255 steps of 'scale_factor' below 0 dB");
    }
  }
  checkText(examination, spectrum.id(), path, "units", "dB");
}

void checkSignal(Examination& examination, const std::string& group) {
  const auto time = require(examination, group + "/time");
  const auto value = require(examination, group + "/value");
  if (!time || !value) return;
  checkType(examination, *time, group + "/time", ColumnType::kFloat64);
  checkType(examination, *value, group + "/value", ColumnType::kFloat32);
  checkText(examination, time->id(), group + "/time", "units", "s");
  if (time->shape() != value->shape())
    examination.add(group + "/value", "is not as long as " + group + "/time");
  checkScale(examination, *value, group + "/value", 0, group + "/time");
  // The contract does not say whether group or value carries these.
  const h5::Handle object(H5Oopen(examination.file(), group.c_str(), H5P_DEFAULT), H5Oclose, "cannot open",
                          group);
  for (const char* name : {"units", "sampling_rate", "source"}) {
    if (H5Aexists(object.id(), name) > 0 || H5Aexists(value->id(), name) > 0) continue;
    examination.add(group, "attribute '" + std::string(name) + "' is missing");
  }
}

}  // namespace

void checkRoot(Examination& examination) {
  struct Rule {
    const char* name;
    bool (*holds)(std::string_view);
    const char* expected;
  };
  const auto any = [](std::string_view) { return true; };
  const std::array rules{
      Rule{"schema", [](std::string_view t) { return t == kSessionSchema; }, kSessionSchema},
      Rule{"title", any, "text"},
      Rule{"software", [](std::string_view t) { return !t.empty(); }, "a program and its version"},
      Rule{"created_utc", isUtc, "ISO 8601 in UTC, such as 2024-05-31T12:00:00Z"},
      Rule{"session_id",
           [](std::string_view t) { return hasShape(t, "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh"); }, "a UUID"},
      Rule{"status", isEnded, "complete, interrupted or repaired"},
      Rule{"subject", any, "text"},
      Rule{"limb", any, "text"},
      Rule{"condition", any, "text"},
      Rule{"configuration", any, "text"},
  };
  const h5::Handle root(H5Oopen(examination.file(), "/", H5P_DEFAULT), H5Oclose, "cannot open", "/");
  for (const Rule& rule : rules) {
    const auto text = h5::readText(root.id(), rule.name);
    if (text && rule.holds(*text)) continue;
    examination.add("/", "attribute '" + std::string(rule.name) + "' is " +
                             (text ? "'" + *text + "'" : "missing or not text") + ", expected " +
                             rule.expected);
  }
  const std::string status = h5::readText(root.id(), "status").value_or("");
  const auto digest = h5::readText(root.id(), kArchiveDigest);
  const bool sealed = digest && hasShape(*digest, std::string(64, 'h'));
  if (h5::readText(root.id(), kArchive) && !sealed && status == stateName(SessionState::kComplete))
    examination.add("/", "attribute 'archive_sha256' is " + (digest ? "'" + *digest + "'" : "missing") +
                             ", expected the 64 digits of a SHA-256");
  // Its text may be long, and what it says is the profile's business. Where nothing was measured, none is in
  // force.
  const auto calibration = h5::readText(root.id(), "calibration");
  const bool measured =
      h5::exists(examination.file(), "/doppler") || h5::exists(examination.file(), "/vessel");
  if (!calibration || (measured && calibration->empty())) {
    examination.add("/", "attribute 'calibration' is missing or empty, expected the whole profile in force");
  } else if (!calibration->empty() && !namesCalibrationSchema(*calibration)) {
    examination.add("/",
                    "attribute 'calibration' is no profile, expected one of schema: soleus.calibration/1");
  }
}

void checkTable(Examination& examination, const std::string& group, const TableSpec& spec) {
  std::optional<hsize_t> rows;
  for (const ColumnSpec& column : spec.columns) {
    examination.examine(group + "/" + std::string(column.name),
                        [&] { checkColumn(examination, group, column, spec.columns.front(), rows); });
  }
}

void checkAddedColumns(Examination& examination, const std::string& group, const TableSpec& spec,
                       const ColumnSpec& scale) {
  std::optional<hsize_t> rows;
  examination.examine(group, [&] {
    rows = h5::Dataset(examination.file(), group + "/" + std::string(scale.name)).shape().at(0);
  });
  for (const ColumnSpec& column : spec.columns) {
    const std::string path = group + "/" + std::string(column.name);
    if (!h5::exists(examination.file(), path)) continue;
    examination.examine(path, [&] { checkColumn(examination, group, column, scale, rows); });
  }
}

void checkSpectrum(Examination& examination) {
  const std::string path = "/doppler/spectrum";
  const std::string velocityPath = "/doppler/velocity";
  const hid_t file = examination.file();
  // A truth file holds velocities without a spectrum.
  if (!h5::exists(file, path) && !h5::exists(file, velocityPath)) return;
  examination.examine(path, [&] {
    const auto velocity = require(examination, velocityPath);
    const auto spectrum = require(examination, path);
    if (velocity) {
      checkType(examination, *velocity, velocityPath, ColumnType::kFloat64);
      checkText(examination, velocity->id(), velocityPath, "units", "cm s-1");
      if (velocity->shape().size() != 1) examination.add(velocityPath, "is not one-dimensional");
    }
    if (!spectrum) return;
    checkType(examination, *spectrum, path, ColumnType::kUint8);
    checkPacking(examination, *spectrum, path);
    checkScale(examination, *spectrum, path, 0, "/doppler/time");
    checkScale(examination, *spectrum, path, 1, velocityPath);
    if (!velocity || !h5::exists(file, "/doppler/time")) return;
    std::vector<hsize_t> expected = h5::Dataset(file, "/doppler/time").shape();
    expected.insert(expected.end(), velocity->shape().begin(), velocity->shape().end());
    if (spectrum->shape() != expected) examination.add(path, "its shape is not [time, velocity]");
  });
}

void checkSignals(Examination& examination) {
  for (const std::string& name : h5::members(examination.file(), "/signals")) {
    const std::string group = "/signals/" + name;
    examination.examine(group, [&] { checkSignal(examination, group); });
  }
}

std::string numberText(double value) {
  std::array<char, 32> digits{};
  std::snprintf(digits.data(), digits.size(), "%.10g", value);
  return digits.data();
}

std::string atEntry(std::size_t index) {
  return " at entry " + std::to_string(index);
}

std::optional<std::vector<double>> readColumn(const Examination& examination, const std::string& path) {
  if (!h5::exists(examination.file(), path)) return std::nullopt;
  const h5::Dataset dataset(examination.file(), path);
  const auto type = dataset.type();
  if (dataset.shape().size() != 1 || !type || *type == ColumnType::kText) return std::nullopt;
  return dataset.numbers();
}

}  // namespace soleus
