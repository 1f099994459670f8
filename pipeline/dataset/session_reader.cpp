#include "pipeline/dataset/session_reader.h"

#include <cmath>
#include <limits>

#include "pipeline/dataset/h5_attribute.h"
#include "pipeline/dataset/h5_read.h"

namespace soleus {

namespace {

using h5::Handle;

class Hdf5SessionReader final : public SessionReader {
 public:
  Hdf5SessionReader(std::string path, Handle file) : path_(std::move(path)), file_(std::move(file)) {}

  bool has(const std::string& path) const override;
  std::vector<std::string> members(const std::string& group) const override;
  std::vector<std::string> membersAsMade(const std::string& group) const override;
  Result<std::vector<double>> column(const std::string& path) const override;
  Result<std::vector<std::string>> texts(const std::string& path) const override;
  Result<cv::Mat> spectrumRows(std::size_t first, std::size_t count) const override;
  std::vector<std::string> attributeNames(const std::string& path) const override;
  std::string textAttribute(const std::string& path, const std::string& name) const override;
  double numberAttribute(const std::string& path, const std::string& name) const override;

 private:
  /// What `read` gives for the object at `path`; nothing if there is no such object or it can't be read.
  template <class Read>
  auto onObject(const std::string& path, Read&& read) const -> std::invoke_result_t<Read, hid_t>;

  std::string path_;
  Handle file_;
};

template <class Read>
auto Hdf5SessionReader::onObject(const std::string& path, Read&& read) const
    -> std::invoke_result_t<Read, hid_t> {
  if (!has(path)) return std::nullopt;
  auto result = h5::attempt(ErrorKind::kBadInput, path_, [&] {
    const Handle object(H5Oopen(file_.id(), path.c_str(), H5P_DEFAULT), H5Oclose, "cannot open", path);
    return read(object.id());
  });
  return result.ok() ? std::move(result).value() : std::nullopt;
}

bool Hdf5SessionReader::has(const std::string& path) const {
  h5::prepare();
  return h5::exists(file_.id(), path);
}

std::vector<std::string> Hdf5SessionReader::members(const std::string& group) const {
  h5::prepare();
  return h5::members(file_.id(), group);
}

std::vector<std::string> Hdf5SessionReader::membersAsMade(const std::string& group) const {
  h5::prepare();
  return h5::membersAsMade(file_.id(), group);
}

Result<std::vector<double>> Hdf5SessionReader::column(const std::string& path) const {
  return h5::attempt(ErrorKind::kBadInput, path_, [&] {
    const h5::Dataset dataset(file_.id(), path);
    if (dataset.shape().size() != 1) throw h5::Failure{"not a column: " + path, {}};
    std::vector<double> values = dataset.numbers();
    const auto attribute = [&](const char* name, double absent) {
      const auto found = h5::readNumbers(dataset.id(), name);
      return found && found->size() == 1 ? found->front() : absent;
    };
    const double scale = attribute("scale_factor", 1);
    const double offset = attribute("add_offset", 0);
    const double fill = attribute("_FillValue", std::numeric_limits<double>::quiet_NaN());
    for (double& value : values) {
      value = value == fill ? std::numeric_limits<double>::quiet_NaN() : value * scale + offset;
    }
    return values;
  });
}

Result<std::vector<std::string>> Hdf5SessionReader::texts(const std::string& path) const {
  return h5::attempt(ErrorKind::kBadInput, path_, [&] { return h5::Dataset(file_.id(), path).texts(); });
}

Result<cv::Mat> Hdf5SessionReader::spectrumRows(std::size_t first, std::size_t count) const {
  return h5::attempt(ErrorKind::kBadInput, path_, [&] {
    const h5::Dataset dataset(file_.id(), "/doppler/spectrum");
    if (dataset.type() != ColumnType::kUint8 || dataset.shape().size() != 2) {
      throw h5::Failure{"not rows of bytes: /doppler/spectrum", {}};
    }
    if (first > dataset.shape()[0] || count > dataset.shape()[0] - first) {
      throw h5::Failure{"rows out of range in /doppler/spectrum",
                        "there are " + std::to_string(dataset.shape()[0])};
    }
    cv::Mat rows(static_cast<int>(count), static_cast<int>(dataset.shape()[1]), CV_8UC1);
    dataset.bytes(first, count, rows.data);
    return rows;
  });
}

std::vector<std::string> Hdf5SessionReader::attributeNames(const std::string& path) const {
  return onObject(path, [](hid_t object) { return std::optional(h5::attributeNames(object)); })
      .value_or(std::vector<std::string>{});
}

std::string Hdf5SessionReader::textAttribute(const std::string& path, const std::string& name) const {
  return onObject(path, [&](hid_t object) { return h5::readText(object, name.c_str()); }).value_or("");
}

double Hdf5SessionReader::numberAttribute(const std::string& path, const std::string& name) const {
  const auto values = onObject(path, [&](hid_t object) { return h5::readNumbers(object, name.c_str()); });
  return values && values->size() == 1 ? values->front() : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

Result<std::unique_ptr<SessionReader>> SessionReader::open(const std::string& path) {
  auto file = h5::openReadOnly(path);
  if (!file.ok()) return file.error();
  std::unique_ptr<SessionReader> reader = std::make_unique<Hdf5SessionReader>(path, std::move(file).value());
  const std::string schema = reader->textAttribute("/", "schema");
  if (schema != kSessionSchema) {
    return Error{ErrorKind::kBadInput, path, "not a session file",
                 schema.empty() ? "no attribute 'schema'" : "schema '" + schema + "'", kSessionSchema};
  }
  return reader;
}

}  // namespace soleus
