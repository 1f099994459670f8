/// The scanner's Doppler signal: complex I/Q samples at the PRF, before or behind its wall filter.
#pragma once

#include <complex>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "calibration/phantom/blood_echo.h"
#include "calibration/phantom/butterworth.h"
#include "calibration/phantom/haemodynamics.h"
#include "calibration/phantom/scenario.h"

namespace soleus {

/// Blood of mean power 1, the vessel wall's echo locked to its motion, and white noise. Positive frequency is
/// flow toward the heart; what moves faster than the Nyquist velocity aliases, because the samples are taken
/// at the PRF. Sample i belongs to time i / PRF; i may be negative. Sequential; one thread at a time.
/// `haemodynamics` is borrowed for life.
class DopplerSignal {
 public:
  enum class Side { kBeforeWallFilter, kBehindWallFilter };

  /// `firstSample`: the first that may be asked for; filters are settled by then.
  DopplerSignal(const Scenario& scenario, const Haemodynamics& haemodynamics, std::uint64_t seed,
                std::int64_t firstSample, Side side = Side::kBehindWallFilter);

  /// `count` samples from `first` on, valid until the next call. `first` may not decrease between calls.
  std::span<const std::complex<float>> samples(std::int64_t first, int count);

 private:
  void makeBlock();

  ScannerSettings scanner_;
  const Haemodynamics& haemodynamics_;
  double transitLengthCm_;
  BloodEcho blood_;
  CounterRandom clutterRandom_;
  CounterRandom noiseRandom_;
  Butterworth clutterFilter_;
  std::optional<Butterworth> wallFilter_;
  double clutterScale_;
  double noiseScale_;
  std::int64_t nextBlock_;
  std::int64_t bufferStart_;  // sample number of buffer_[0]
  std::vector<std::complex<float>> buffer_;
};

}  // namespace soleus
