#include <algorithm>
#include <cmath>

#include "pipeline/doppler/envelope_band.h"
#include "pipeline/doppler/envelope_estimator.h"

namespace soleus {
namespace {

// A band thinner than three rows is a painted line.
constexpr int kLeastRows = 3;

// The band of signal may fade to a fifth of its power in a hole of speckle before it counts as ended.
constexpr double kBandFraction = 0.2;

// The edge is sought a little below half power, where fewer holes of speckle are taken for it: on simulated
// parabolic flow that lowered the standard deviation from 4.0 to 2.6 %. The outward shift this costs, and the
// one of a blunt profile, whose spectrum peaks at its end, are known and taken back below.
constexpr double kEdgeFraction = 0.39;

// Level and edge depend on each other; a third round moves the edge by less than a tenth of a row.
constexpr int kRounds = 3;

// Outward shift of that point from the true maximum in widths of the spectral window, fitted to profiles of
// exponent 2 to 6: 0.2 for a parabola, rising to 1.1 for plug flow.
constexpr double kShiftOfParabola = 0.2;
constexpr double kShiftOfPlug = 1.1;
constexpr double kShiftRate = 2.0;
// Speckle alone lowers the bluntness to here; below it nothing more is learnt about the profile.
constexpr double kLeastBluntness = 0.9;

// A spectrum of few windows' width is mostly the window's own lobe, whose flank lies further out: the
// additional shift of slow flow (exponents 2 to 6 together, 4 to 30 cm/s at windows of 3.5 cm/s).
constexpr double kShiftOfLobe = 0.75;
constexpr double kLobeWindows = 4.2;

double at(std::span<const float> power, int i) {
  return power[static_cast<std::size_t>(i)];
}

/// The spectrum's level in the band, weighted by power, so that rows of weak signal count little.
double levelIn(const DirectionSpectrum& spectrum, RowRange band) {
  double sum = 0;
  double squares = 0;
  for (int i = band.begin; i < band.end; ++i) {
    const double signal = std::max(0.0, at(spectrum.power, i) - spectrum.noise);
    sum += signal;
    squares += signal * signal;
  }
  // Speckle raises the mean of squares by its own relative variance.
  return sum > 0 ? squares / sum / (1.0 + 1.0 / spectrum.looks) : 0.0;
}

/// Mean power of the outer third over that of the whole: 1 for a parabola's flat spectrum, 2 for exponent 6.
double bluntness(const DirectionSpectrum& spectrum, double edge) {
  const int rows = static_cast<int>(edge);
  const int third = static_cast<int>(std::ceil(edge * 2.0 / 3.0));
  double all = 0;
  double outer = 0;
  for (int i = 0; i < rows; ++i) {
    const double signal = at(spectrum.power, i) - spectrum.noise;
    all += signal;
    if (i >= third) outer += signal;
  }
  if (all <= 0 || third >= rows) return 1.0;
  return std::max(kLeastBluntness, outer / (rows - third) / (all / rows));
}

double shiftInWindows(double blunt) {
  return kShiftOfParabola + (kShiftOfPlug - kShiftOfParabola) * (1.0 - std::exp(-kShiftRate * (blunt - 1.0)));
}

/// The maximum without the shift that slow flow has, from the shifted one; both in windows from zero
/// velocity.
double withoutLobe(double shifted) {
  double edge = shifted;
  for (int round = 0; round < kRounds; ++round) {
    const double width = edge / kLobeWindows;
    edge = shifted - kShiftOfLobe * std::exp(-width * width);
  }
  return edge;
}

class HalfPowerEstimator : public ColumnEstimator {
 public:
  [[nodiscard]] std::optional<SignalBand> find(const DirectionSpectrum& spectrum) const override {
    const auto power = spectrum.power;
    const RowRange seed = significantBand(spectrum);
    if (seed.length() < kLeastRows) return std::nullopt;

    RowRange band = seed;
    double threshold = 0;
    for (int round = 0; round < kRounds; ++round) {
      const double level = levelIn(spectrum, band);
      threshold = spectrum.noise + kEdgeFraction * level;
      const RowRange whole = bandAbove(power, spectrum.noise + kBandFraction * level);
      int end = whole.end;
      while (end > whole.begin && at(power, end - 1) <= threshold) --end;
      if (end == whole.begin) break;
      band = {whole.begin, end};
    }
    const double edge = fallingCrossing(power, band, threshold);
    const double begin = std::min(seed.begin, band.begin);
    if (edge >= static_cast<double>(power.size())) return SignalBand{begin, edge, true};
    const double blunt = shiftInWindows(bluntness(spectrum, edge));
    const double windows = withoutLobe((edge + spectrum.hiddenRows) / spectrum.windowRows - blunt);
    const double outer = windows * spectrum.windowRows - spectrum.hiddenRows;
    return SignalBand{begin, std::max(outer, band.begin + 0.5), false};
  }
};

}  // namespace

std::unique_ptr<ColumnEstimator> makeHalfPowerEstimator() {
  return std::make_unique<HalfPowerEstimator>();
}

}  // namespace soleus
