#include <algorithm>

#include "pipeline/doppler/cumulative_power.h"
#include "pipeline/doppler/envelope_band.h"
#include "pipeline/doppler/envelope_estimator.h"

namespace soleus {
namespace {

// Bands thinner than three rows are painted lines.
constexpr int kLeastRows = 3;

class GeometricEstimator final : public ColumnEstimator {
 public:
  [[nodiscard]] std::optional<SignalBand> find(const DirectionSpectrum& spectrum) const override {
    const auto power = spectrum.power;
    const RowRange band = significantBand(spectrum);
    if (band.length() < kLeastRows) return std::nullopt;
    const int size = static_cast<int>(power.size());
    const double begin = band.begin;
    // Without noise behind the signal there is no second slope to find the knee by.
    if (band.end == size) return SignalBand{begin, static_cast<double>(size), true};
    const auto cumulative = cumulativePower(power);
    const int peak = spectralPeak(power, band);
    const int end = std::max(knee(cumulative, peak), peak + 1);
    // At the knee the power falls through the chord's slope: between two rows, it lies where it does so.
    const double slope =
        (cumulative.back() - cumulative[static_cast<std::size_t>(peak)]) / std::max(1, size - peak);
    return SignalBand{begin, std::max(fallingCrossing(power, {peak, end}, slope), begin + 0.5), false};
  }
};

}  // namespace

std::unique_ptr<ColumnEstimator> makeGeometricEstimator() {
  return std::make_unique<GeometricEstimator>();
}

}  // namespace soleus
