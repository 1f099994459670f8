#include "pipeline/dataset/iq_reader.h"

#include <array>
#include <cmath>
#include <fstream>
#include <optional>
#include <sstream>

#include "pipeline/dataset/h5_attribute.h"
#include "pipeline/dataset/h5_read.h"

namespace soleus {
namespace {

// What the element that measures takes: below, no Doppler shift of a vein fits; above, it is raw echo.
constexpr double kLeastRateHz = 500;
constexpr double kMostRateHz = 1e6;
constexpr double kLongestStartS = 1e6;

enum class Layout { kPairs, kComplex, kTwoColumns };

bool isNumber(hid_t type) {
  const H5T_class_t kind = H5Tget_class(type);
  return kind == H5T_FLOAT || kind == H5T_INTEGER;
}

/// The two layouts by the names in them.
bool hasPairs(hid_t file) {
  return h5::exists(file, "/iq");
}
bool hasColumns(hid_t file) {
  return h5::exists(file, "/i") && h5::exists(file, "/q");
}

h5::Handle typeOf(const h5::Dataset& dataset) {
  return {H5Dget_type(dataset.id()), H5Tclose, "cannot read the type of the samples"};
}

/// Compound of two numbers named r and i.
bool isComplex(const h5::Dataset& dataset) {
  const h5::Handle type = typeOf(dataset);
  if (dataset.shape().size() != 1 || H5Tget_class(type.id()) != H5T_COMPOUND) return false;
  for (const char* name : {"r", "i"}) {
    const int index = H5Tget_member_index(type.id(), name);
    if (index < 0) return false;
    const h5::Handle member(H5Tget_member_type(type.id(), static_cast<unsigned>(index)), H5Tclose,
                            "cannot read the type of a part of the samples");
    if (!isNumber(member.id())) return false;
  }
  return true;
}

h5::Handle complexInMemory() {
  h5::Handle type(H5Tcreate(H5T_COMPOUND, sizeof(std::complex<double>)), H5Tclose, "cannot make a type");
  h5::check(H5Tinsert(type.id(), "r", 0, H5T_NATIVE_DOUBLE), "cannot make a type");
  h5::check(H5Tinsert(type.id(), "i", sizeof(double), H5T_NATIVE_DOUBLE), "cannot make a type");
  return type;
}

class Hdf5IqReader final : public IqReader {
 public:
  Hdf5IqReader(std::string path, h5::Handle file) : path_(std::move(path)), file_(std::move(file)) {
    if (hasPairs(file_.id())) {
      first_.emplace(file_.id(), "/iq");
      const auto& shape = first_->shape();
      if (isComplex(*first_)) {
        layout_ = Layout::kComplex;
      } else if (shape.size() == 2 && shape[1] == 2 && isNumber(typeOf(*first_).id())) {
        layout_ = Layout::kPairs;
      } else {
        throw h5::Failure{"/iq is neither numbers [N, 2] nor a compound [N] of r and i", {}};
      }
    } else if (hasColumns(file_.id())) {
      layout_ = Layout::kTwoColumns;
      first_.emplace(file_.id(), "/i");
      second_.emplace(file_.id(), "/q");
      for (const auto* column : {&*first_, &*second_}) {
        if (column->shape().size() != 1 || !isNumber(typeOf(*column).id()))
          throw h5::Failure{"/i and /q are not columns of numbers", {}};
      }
      if (first_->shape() != second_->shape()) throw h5::Failure{"/i and /q differ in length", {}};
      static_cast<void>(second_->size());
    } else {
      throw h5::Failure{"holds no I/Q: neither /iq nor /i and /q", {}};
    }
    static_cast<void>(first_->size());  // refuses a length that the file cannot hold
    count_ = static_cast<std::int64_t>(first_->shape()[0]);
    if (count_ == 0) throw h5::Failure{"holds no sample", {}};
    rateHz_ = attribute("sampling_rate", kLeastRateHz, kMostRateHz, std::nullopt);
    startS_ = attribute("start_s", 0, kLongestStartS, 0.0);
  }

  [[nodiscard]] double sampleRateHz() const override { return rateHz_; }
  [[nodiscard]] double startS() const override { return startS_; }
  [[nodiscard]] std::int64_t count() const override { return count_; }

  [[nodiscard]] Result<std::vector<std::complex<double>>> read(std::int64_t first,
                                                               std::int64_t count) const override {
    return h5::attempt(ErrorKind::kBadInput, path_, [&] {
      std::vector<std::complex<double>> values(static_cast<std::size_t>(count));
      if (layout_ == Layout::kTwoColumns) {
        std::vector<double> i(values.size());
        std::vector<double> q(values.size());
        rows(*first_, first, count, H5T_NATIVE_DOUBLE, i.data());
        rows(*second_, first, count, H5T_NATIVE_DOUBLE, q.data());
        for (std::size_t n = 0; n < values.size(); ++n) values[n] = {i[n], q[n]};
      } else if (layout_ == Layout::kComplex) {
        rows(*first_, first, count, complexInMemory().id(), values.data());
      } else {
        rows(*first_, first, count, H5T_NATIVE_DOUBLE, values.data());
      }
      return values;
    });
  }

 private:
  static void rows(const h5::Dataset& dataset, std::int64_t first, std::int64_t count, hid_t type,
                   void* out) {
    std::vector<hsize_t> start(dataset.shape().size(), 0);
    std::vector<hsize_t> extent = dataset.shape();
    start[0] = static_cast<hsize_t>(first);
    extent[0] = static_cast<hsize_t>(count);
    const h5::Handle space(H5Dget_space(dataset.id()), H5Sclose, "cannot read the shape of the samples");
    h5::check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), nullptr, extent.data(), nullptr),
              "cannot select samples");
    const h5::Handle memory(H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr),
                            H5Sclose, "cannot make a dataspace");
    h5::check(H5Dread(dataset.id(), type, memory.id(), space.id(), H5P_DEFAULT, out), "cannot read samples");
  }

  /// At the dataset or, failing that, at the root.
  [[nodiscard]] double attribute(const char* name, double least, double most,
                                 std::optional<double> absent) const {
    auto found = h5::readNumbers(first_->id(), name);
    if (!found) {
      const h5::Handle root(H5Oopen(file_.id(), "/", H5P_DEFAULT), H5Oclose, "cannot open the root");
      found = h5::readNumbers(root.id(), name);
    }
    if (!found && absent) return *absent;
    const std::string attribute = std::string("attribute '") + name + "'";
    if (!found || found->size() != 1) throw h5::Failure{"has no " + attribute + " of one number", {}};
    const double value = found->front();
    if (value >= least && value <= most) return value;
    std::ostringstream range;
    range << value << " is not from " << least << " to " << most;
    throw h5::Failure{attribute + " out of range", range.str()};
  }

  std::string path_;
  h5::Handle file_;
  Layout layout_ = Layout::kPairs;
  std::optional<h5::Dataset> first_;
  std::optional<h5::Dataset> second_;
  std::int64_t count_ = 0;
  double rateHz_ = 0;
  double startS_ = 0;
};

}  // namespace

bool isHdf5(const std::string& path) {
  constexpr std::array<char, 8> kSignature{'\x89', 'H', 'D', 'F', '\r', '\n', '\x1A', '\n'};
  std::array<char, 8> head{};
  std::ifstream(path, std::ios::binary).read(head.data(), head.size());
  return head == kSignature;
}

bool holdsIq(const std::string& path) {
  if (!isHdf5(path)) return false;
  const auto file = h5::openReadOnly(path);
  if (!file.ok()) return false;
  const auto found = h5::attempt(ErrorKind::kBadInput, path, [&] {
    return hasPairs(file.value().id()) || hasColumns(file.value().id());
  });
  return found.ok() && found.value();
}

Result<std::unique_ptr<IqReader>> IqReader::open(const std::string& path) {
  auto file = h5::openReadOnly(path);
  if (!file.ok()) return file.error();
  const auto schema = h5::attempt(ErrorKind::kBadInput, path, [&] {
    const h5::Handle root(H5Oopen(file.value().id(), "/", H5P_DEFAULT), H5Oclose, "cannot open the root");
    return h5::readText(root.id(), "schema").value_or("");
  });
  if (!schema.ok()) return schema.error();
  if (schema.value().starts_with("soleus.session/")) {
    return Error{ErrorKind::kBadInput, path, "is a session file, which has been measured already",
                 schema.value(), "I/Q samples in /iq, or in /i and /q"};
  }
  return h5::attempt(ErrorKind::kBadInput, path, [&]() -> std::unique_ptr<IqReader> {
    return std::make_unique<Hdf5IqReader>(path, std::move(file).value());
  });
}

}  // namespace soleus
