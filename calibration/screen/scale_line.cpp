#include "calibration/screen/scale_line.h"

#include <algorithm>
#include <cmath>

namespace soleus {
namespace {

constexpr std::size_t kLeastReadings = 3;
// Ticks are rounded to whole rows: an error spread evenly over one row has this standard deviation.
const double kRoundingPx = 1 / std::sqrt(12.0);

/// value = slope * (row - zero), signed: of one choice of signs.
struct Line {
  double zero = 0;
  double slope = 0;
};

struct Support {
  std::vector<std::size_t> used;
  std::vector<double> values;  // signed, of those
  double misfit = 0;
};

Support supportOf(const Line& line, const std::vector<ScaleReading>& readings,
                  const ScaleTolerance& tolerance) {
  Support support;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    double best = tolerance.rowPx;
    double signedValue = 0;
    bool fits = false;
    for (const double value : {readings[i].value, -readings[i].value}) {
      if (value < 0 && !tolerance.bothSides) continue;
      const double off = std::abs(line.zero + value / line.slope - readings[i].row);
      if (off > best) continue;
      best = off;
      signedValue = value;
      fits = true;
    }
    if (!fits) continue;
    support.used.push_back(i);
    support.values.push_back(signedValue);
    support.misfit += best * best;
  }
  return support;
}

/// Rows on values by least squares: the rows are what is rounded.
std::optional<Line> leastSquares(const Support& support, const std::vector<ScaleReading>& readings) {
  const auto n = static_cast<double>(support.used.size());
  double meanRow = 0;
  double meanValue = 0;
  for (std::size_t i = 0; i < support.used.size(); ++i) {
    meanRow += readings[support.used[i]].row / n;
    meanValue += support.values[i] / n;
  }
  double vv = 0;
  double vr = 0;
  for (std::size_t i = 0; i < support.used.size(); ++i) {
    const double v = support.values[i] - meanValue;
    vv += v * v;
    vr += v * (readings[support.used[i]].row - meanRow);
  }
  if (!(vv > 0) || vr == 0) return std::nullopt;
  const double rowsPerUnit = vr / vv;
  return Line{meanRow - rowsPerUnit * meanValue, 1 / rowsPerUnit};
}

double spreadOf(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double mean = 0;
  for (const double v : values) mean += v / n;
  double sum = 0;
  for (const double v : values) sum += (v - mean) * (v - mean);
  return std::sqrt(sum);
}

}  // namespace

std::optional<ScaleLine> fitScaleLine(const std::vector<ScaleReading>& readings,
                                      const ScaleTolerance& tolerance) {
  Support best;
  Line bestLine;
  const auto consider = [&](double rowA, double a, double rowB, double b) {
    if (a == b || std::abs(rowA - rowB) <= 2 * tolerance.rowPx) return;
    const double slope = (b - a) / (rowB - rowA);
    if (!tolerance.bothSides && slope <= 0) return;
    const Line line{rowA - a / slope, slope};
    Support support = supportOf(line, readings, tolerance);
    const bool better = support.used.size() > best.used.size() ||
                        (support.used.size() == best.used.size() && support.misfit < best.misfit);
    if (!better) return;
    best = std::move(support);
    bestLine = line;
  };
  for (std::size_t i = 0; i < readings.size(); ++i) {
    for (std::size_t j = i + 1; j < readings.size(); ++j) {
      consider(readings[i].row, readings[i].value, readings[j].row, readings[j].value);
      if (tolerance.bothSides)
        consider(readings[i].row, readings[i].value, readings[j].row, -readings[j].value);
    }
  }
  if (best.used.size() < kLeastReadings || 2 * best.used.size() <= readings.size()) return std::nullopt;
  const auto line = leastSquares(best, readings);
  if (!line) return std::nullopt;
  ScaleLine result;
  result.zeroRow = line->zero;
  result.unitsPerPixel = std::abs(line->slope);
  const Support kept = supportOf(*line, readings, tolerance);
  if (kept.used.size() < kLeastReadings) return std::nullopt;
  result.used = kept.used;
  result.residualPx = std::sqrt(kept.misfit / static_cast<double>(kept.used.size()));
  const double rowError = std::max(kRoundingPx, result.residualPx);
  result.uncertainty = rowError * result.unitsPerPixel / spreadOf(kept.values);
  return result;
}

}  // namespace soleus
