#include <algorithm>

#include "pipeline/doppler/cumulative_power.h"
#include "pipeline/doppler/envelope_band.h"
#include "pipeline/doppler/envelope_estimator.h"

namespace soleus {
namespace {

// The usual share. On the flat spectrum of a parabola it lies 5 % below the maximum, less what the spectral
// window smears outward; no correction, since its size hangs on the profile.
constexpr double kShare = 0.95;

// Bands thinner than three rows are painted lines.
constexpr int kLeastRows = 3;

// The main lobe of a Hann window ends two resolutions beyond the signal. What lies further out is noise,
// whose sum over a long axis would move the percentile, or flow of the other direction wrapped around the
// axis.
constexpr double kLobeWindows = 2.0;

class PercentileEstimator final : public ColumnEstimator {
 public:
  [[nodiscard]] std::optional<SignalBand> find(const DirectionSpectrum& spectrum) const override {
    const RowRange band = significantBand(spectrum);
    if (band.length() < kLeastRows) return std::nullopt;
    const int size = static_cast<int>(spectrum.power.size());
    const double begin = band.begin;
    if (band.end == size) return SignalBand{begin, static_cast<double>(size), true};
    const int end = std::min(size, band.end + static_cast<int>(kLobeWindows * spectrum.windowRows));
    const auto cumulative = cumulativePower(spectrum.power);
    const auto above = [&](int i) { return cumulative[static_cast<std::size_t>(i)] - spectrum.noise * i; };
    const double wanted = kShare * above(end);
    // From outside: noise below its mean may let the sum fall again on the way.
    int row = end - 1;
    while (row > band.begin && above(row) > wanted) --row;
    const double step = above(row + 1) - above(row);
    const double share = step > 0 ? std::clamp((wanted - above(row)) / step, 0.0, 1.0) : 1.0;
    return SignalBand{begin, std::max(row + share, begin + 0.5), false};
  }
};

}  // namespace

std::unique_ptr<ColumnEstimator> makePercentileEstimator() {
  return std::make_unique<PercentileEstimator>();
}

}  // namespace soleus
