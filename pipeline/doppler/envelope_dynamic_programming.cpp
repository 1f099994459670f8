#include <algorithm>
#include <cmath>
#include <span>

#include "pipeline/doppler/envelope_band.h"
#include "pipeline/doppler/envelope_estimator.h"

namespace soleus {
namespace {

// Bands thinner than three rows are painted lines.
constexpr int kLeastRows = 3;

// The derivative along velocity is the difference of the means over this much on either side: a resolution
// more than the window smears an edge over, and wide enough to average the speckle.
constexpr double kDerivativeWindows = 2.0;

// A burst of 80 cm/s that rises within 100 ms climbs some 300 resolutions (of 3.5 cm/s) in a second: that may
// cost a tenth of what a clear edge yields.
constexpr double kClimbWindowsPerS = 300.0;
constexpr double kCostOfClimb = 0.1;

// The difference lies within -1 and 1; a step that costs more than both together never pays.
constexpr double kWorthless = 2.0;

/// How far the power falls at each boundary of rows, 0 .. size: 1 from full signal to none.
using Falls = std::vector<float>;

Falls fallsOf(const DirectionSpectrum& spectrum, RowRange band) {
  const auto power = spectrum.power;
  // Weighted by power: the level at the bright end of a blunt profile's spectrum, where the edge is.
  double sum = 0;
  double squares = 0;
  for (int i = band.begin; i < band.end; ++i) {
    const double signal = std::max(0.0, power[static_cast<std::size_t>(i)] - spectrum.noise);
    sum += signal;
    squares += signal * signal;
  }
  const double level = sum > 0 ? squares / sum : spectrum.noise;
  // Saturating: the edges of bright speckle within the signal would outweigh the one of the spectrum.
  std::vector<double> sums(power.size() + 1, 0.0);
  for (std::size_t i = 0; i < power.size(); ++i) {
    const double signal = std::max(0.0, power[i] - spectrum.noise);
    sums[i + 1] = sums[i] + 2 * signal / (signal + level);
  }
  const int size = static_cast<int>(power.size());
  const int reach = std::max(1, static_cast<int>(std::lround(kDerivativeWindows * spectrum.windowRows)));
  Falls falls(sums.size());
  for (int i = 0; i <= size; ++i) {
    // Towards zero the signal goes on as at its first row; beyond the axis there is nothing.
    const int from = std::max(0, i - reach);
    const double at = sums[static_cast<std::size_t>(i)];
    const double inside = i > from ? (at - sums[static_cast<std::size_t>(from)]) / (i - from) : 0.0;
    const double outside = (sums[static_cast<std::size_t>(std::min(size, i + reach))] - at) / reach;
    falls[static_cast<std::size_t>(i)] = static_cast<float>(0.5 * (inside - outside));
  }
  return falls;
}

/// Vertex of the parabola through the fall at `row` and at its neighbours.
double refined(const Falls& falls, int row) {
  const auto i = static_cast<std::size_t>(row);
  if (row == 0 || i + 1 >= falls.size()) return row;
  const double curvature = falls[i - 1] - 2.0 * falls[i] + falls[i + 1];
  if (curvature >= 0) return row;
  return row + std::clamp(0.5 * (falls[i - 1] - falls[i + 1]) / curvature, -0.5, 0.5);
}

/// The path of boundaries through consecutive columns with the least sum of -fall + cost * step^2, step in
/// rows.
std::vector<int> bestPath(const std::vector<Falls>& columns, double cost) {
  const int rows = static_cast<int>(columns.front().size());
  const int reach = std::min(rows - 1, static_cast<int>(std::sqrt(kWorthless / cost)));
  std::vector<float> stepCost(static_cast<std::size_t>(reach) + 1);
  for (std::size_t d = 0; d < stepCost.size(); ++d)
    stepCost[d] = static_cast<float>(cost * static_cast<double>(d * d));
  std::vector<std::vector<int>> from(columns.size(), std::vector<int>(static_cast<std::size_t>(rows)));
  std::vector<float> best(static_cast<std::size_t>(rows), 0.0F);
  for (std::size_t column = 0; column < columns.size(); ++column) {
    std::vector<float> next(best.size());
    for (int row = 0; row < rows; ++row) {
      const auto r = static_cast<std::size_t>(row);
      int origin = row;
      float least = best[r];
      for (int other = std::max(0, row - reach); column > 0 && other <= std::min(rows - 1, row + reach);
           ++other) {
        const float sum =
            best[static_cast<std::size_t>(other)] + stepCost[static_cast<std::size_t>(std::abs(other - row))];
        if (sum >= least) continue;
        least = sum;
        origin = other;
      }
      next[r] = least - columns[column][r];
      from[column][r] = origin;
    }
    best = std::move(next);
  }
  std::vector<int> path(columns.size());
  int row = static_cast<int>(std::min_element(best.begin(), best.end()) - best.begin());
  for (std::size_t column = columns.size(); column-- > 0;) {
    path[column] = row;
    row = from[column][static_cast<std::size_t>(row)];
  }
  return path;
}

class DynamicProgrammingEstimator final : public EnvelopeEstimator {
 public:
  [[nodiscard]] std::vector<std::optional<SignalBand>> trace(const DirectionStrip& both) const override {
    std::vector<std::optional<SignalBand>> bands(static_cast<std::size_t>(both.power.rows));
    if (both.ownRows == 0) return bands;  // a signal of one direction
    // What wraps around is not followed.
    DirectionStrip strip = both;
    strip.power = both.power.colRange(0, both.ownRows);
    std::vector<Falls> run;
    for (int column = 0; column < strip.power.rows; ++column) {
      const std::span smooth(strip.smooth.power.ptr<float>(column), static_cast<std::size_t>(strip.ownRows));
      const double looks = strip.smooth.looks[static_cast<std::size_t>(column)];
      const DirectionSpectrum spectrum{smooth, strip.noise, looks, strip.windowRows, strip.hiddenRows};
      const RowRange band = significantBand(spectrum);
      if (band.length() >= kLeastRows) {
        bands[static_cast<std::size_t>(column)] = SignalBand{static_cast<double>(band.begin), 0, false};
        run.push_back(fallsOf(spectrum, band));
      } else {
        // Nothing ties the flow before a stretch of noise to the one after it.
        followRun(strip, run, column, bands);
      }
    }
    followRun(strip, run, strip.power.rows, bands);
    return bands;
  }

 private:
  /// Sets the outer ends of the columns of `run`, which ends before column `end`, and clears it.
  static void followRun(const DirectionStrip& strip, std::vector<Falls>& run, int end,
                        std::vector<std::optional<SignalBand>>& bands) {
    if (run.empty()) return;
    const double climbRows = kClimbWindowsPerS * strip.windowRows * strip.secondsPerColumn;
    const std::vector<int> path = bestPath(run, kCostOfClimb / (climbRows * climbRows));
    for (std::size_t i = 0; i < run.size(); ++i) {
      SignalBand& band = *bands[static_cast<std::size_t>(end) - run.size() + i];
      band.reachesEnd = path[i] == strip.power.cols;
      band.outer = std::max(refined(run[i], path[i]), band.inner + 0.5);
    }
    run.clear();
  }
};

}  // namespace

std::unique_ptr<EnvelopeEstimator> makeDynamicProgrammingEstimator() {
  return std::make_unique<DynamicProgrammingEstimator>();
}

}  // namespace soleus
