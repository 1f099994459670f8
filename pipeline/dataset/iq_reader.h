/// Reads I/Q samples that another program has stored in an HDF5 file.
#pragma once

#include <complex>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/core/result.h"

namespace soleus {

/// Whether the file begins as HDF5 does. False also if it cannot be read.
bool isHdf5(const std::string& path);

/// Whether the file is HDF5 with I/Q in it, readable or not: /iq, or /i and /q. False also if it cannot be
/// read.
bool holdsIq(const std::string& path);

/// One open recording, read only, in one of three layouts: `/iq` as numbers [N, 2], `/iq` as a compound of
/// `r` and `i` (h5py's complex), or `/i` and `/q` as numbers [N]. The attribute `sampling_rate` in Hz stands
/// at the dataset or at the root, as may `start_s`, the session time of the first sample.
/// One thread at a time.
class IqReader {
 public:
  /// Errors (kBadInput): not HDF5, a session file, no I/Q in a known layout, no or no usable sampling rate.
  static Result<std::unique_ptr<IqReader>> open(const std::string& path);
  virtual ~IqReader() = default;

  [[nodiscard]] virtual double sampleRateHz() const = 0;  ///< 500 to 1e6
  [[nodiscard]] virtual double startS() const = 0;        ///< >= 0
  [[nodiscard]] virtual std::int64_t count() const = 0;   ///< samples, > 0
  /// Samples [first, first + count) as stored, in the file's own scale. Errors (kBadInput): damage.
  [[nodiscard]] virtual Result<std::vector<std::complex<double>>> read(std::int64_t first,
                                                                       std::int64_t count) const = 0;
};

}  // namespace soleus
