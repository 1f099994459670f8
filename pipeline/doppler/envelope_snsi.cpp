#include <algorithm>
#include <cmath>

#include "pipeline/doppler/cumulative_power.h"
#include "pipeline/doppler/envelope_band.h"
#include "pipeline/doppler/envelope_estimator.h"

namespace soleus {
namespace {

// Bands thinner than three rows are painted lines.
constexpr int kLeastRows = 3;

// Where the parts to be fitted begin and end is our choice, by the geometric method's knee. The signal's part
// is the half next to it: a blunt profile's spectrum rises towards its end, and it is the slope there that
// matters.
constexpr double kSignalFrom = 0.75;

// What the spectral window rounds off, a resolution to either side of the knee, belongs to neither part.
constexpr double kRoundedWindows = 1.0;

// Four resolutions of noise say more of its slope than the recording's mean noise does of this column.
constexpr double kLeastNoiseWindows = 4.0;

struct Line {
  double slope = 0;
  double atZero = 0;
};

/// Least squares over the boundaries [begin, end], at least two.
Line fitted(const std::vector<double>& cumulative, int begin, int end) {
  const double count = end - begin + 1;
  const double middle = 0.5 * (begin + end);
  double sum = 0;
  double moment = 0;
  for (int i = begin; i <= end; ++i) {
    sum += cumulative[static_cast<std::size_t>(i)];
    moment += (i - middle) * cumulative[static_cast<std::size_t>(i)];
  }
  const double slope = 12 * moment / (count * (count * count - 1));
  return {slope, sum / count - slope * middle};
}

class SlopeIntersectionEstimator final : public ColumnEstimator {
 public:
  [[nodiscard]] std::optional<SignalBand> find(const DirectionSpectrum& spectrum) const override {
    const RowRange band = significantBand(spectrum);
    if (band.length() < kLeastRows) return std::nullopt;
    const int size = static_cast<int>(spectrum.power.size());
    const double begin = band.begin;
    if (band.end == size) return SignalBand{begin, static_cast<double>(size), true};
    const auto cumulative = cumulativePower(spectrum.power);
    const int end = std::max(knee(cumulative, spectralPeak(spectrum.power, band)), band.begin + kLeastRows);
    const int rounded = static_cast<int>(std::lround(kRoundedWindows * spectrum.windowRows));

    // Slow flow is narrower than what the window rounds off; the parts then meet at the knee.
    const int signalFrom = band.begin + static_cast<int>(kSignalFrom * (end - band.begin));
    const int signalTo = std::max(end - rounded, std::min(signalFrom + 2, end));
    const Line signal = fitted(cumulative, std::min(signalFrom, signalTo - 1), signalTo);

    const int noiseFrom = std::min(end + rounded, size - 1);
    const bool enough = size - noiseFrom >= kLeastNoiseWindows * spectrum.windowRows;
    const double before = cumulative[static_cast<std::size_t>(noiseFrom)];
    const Line noise = enough ? fitted(cumulative, noiseFrom, size)
                              : Line{spectrum.noise, before - spectrum.noise * noiseFrom};
    if (signal.slope <= noise.slope) return SignalBand{begin, static_cast<double>(end), false};
    const double meeting = (noise.atZero - signal.atZero) / (signal.slope - noise.slope);
    return SignalBand{begin, std::clamp(meeting, begin + 0.5, static_cast<double>(size)), false};
  }
};

}  // namespace

std::unique_ptr<ColumnEstimator> makeSlopeIntersectionEstimator() {
  return std::make_unique<SlopeIntersectionEstimator>();
}

}  // namespace soleus
