#include <algorithm>

#include "pipeline/doppler/envelope_band.h"
#include "pipeline/doppler/envelope_estimator.h"

namespace soleus {
namespace {

// Cloutier's factors, and the signal-to-noise ratio (13 dB) that parts them.
constexpr double kEtaLowSnr = 8.0;
constexpr double kEtaHighSnr = 11.0;
constexpr double kHighSnr = 20.0;

// Four rows in succession: a painted line of one or two pixels, blurred by a codec, is thinner.
constexpr int kRunRows = 4;

class ThresholdEstimator : public ColumnEstimator {
 public:
  [[nodiscard]] std::optional<SignalBand> find(const DirectionSpectrum& spectrum) const override {
    const auto power = spectrum.power;
    const RowRange signal = significantBand(spectrum);
    double sum = 0;
    for (int i = signal.begin; i < signal.end; ++i)
      sum += power[static_cast<std::size_t>(i)] - spectrum.noise;
    if (signal.length() < kRunRows) return std::nullopt;
    const double eta = sum / signal.length() > kHighSnr * spectrum.noise ? kEtaHighSnr : kEtaLowSnr;
    const double threshold = eta * spectrum.noise;

    int run = 0;
    for (int i = static_cast<int>(power.size()) - 1; i >= 0; --i) {
      run = power[static_cast<std::size_t>(i)] > threshold ? run + 1 : 0;
      if (run < kRunRows) continue;
      const double outer = fallingCrossing(power, {i, i + kRunRows}, threshold);
      const bool reachesEnd = i + kRunRows == static_cast<int>(power.size());
      return SignalBand{static_cast<double>(std::min(signal.begin, i)), outer, reachesEnd};
    }
    return std::nullopt;
  }
};

}  // namespace

std::unique_ptr<EnvelopeEstimator> makeThresholdEstimator() {
  return std::make_unique<ThresholdEstimator>();
}

}  // namespace soleus
