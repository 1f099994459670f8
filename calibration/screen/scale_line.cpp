#include "calibration/screen/scale_line.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "calibration/screen/possible_lines.h"

namespace soleus {
namespace {

constexpr std::size_t kLeastReadings = 3;
// How far a true row may lie from the drawn one, on a screen that draws on whole rows and on one that
// doesn't.
constexpr double kWholeRowPx = 0.5;
constexpr double kBetweenRowsPx = 0.2;
// Zero's own row, where the others were placed from it.
constexpr double kZeroLinePx = 0.1;
// From a row to the one beside it.
constexpr double kBesidePx = 1.0;
// The middle of a number beside it is rounded twice.
constexpr double kNumberPx = 1.0;
// Rows this near to the middles of whole ones are whole: a codec moves them a little. Of rows that
// lie anywhere half do, so that a screen of which more do has whole ones; those that do not are less sure.
constexpr double kWholePx = 0.25;
constexpr double kWholeShare = 0.5;
// By how much less: such a row may be the one beside that which it seems to be.
constexpr double kUnclearPx = 0.75;
// Middles of rows that are not whole are found to this.
constexpr double kFoundPx = 0.06;

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

double middleOfRow(double row) {
  return std::floor(row) + 0.5;
}

/// Whether most rows are the middles of whole ones.
bool onWholeRows(const Support& support, const std::vector<ScaleReading>& readings) {
  const auto whole = std::count_if(support.used.begin(), support.used.end(), [&](std::size_t i) {
    return std::abs(readings[i].row - middleOfRow(readings[i].row)) <= kWholePx;
  });
  return whole > kWholeShare * static_cast<double>(support.used.size());
}

/// The rows of `support` with the bounds of their errors.
std::vector<BoundedReading> bounded(const Support& support, const std::vector<ScaleReading>& readings,
                                    bool ticked, bool whole) {
  std::vector<BoundedReading> result;
  for (std::size_t i = 0; i < support.used.size(); ++i) {
    const double row = readings[support.used[i]].row;
    const double middle = middleOfRow(row);
    BoundedReading reading{row, support.values[i], kNumberPx};
    if (ticked && !whole) reading.errorPx = kBetweenRowsPx + kFoundPx;
    if (whole) {
      const bool clear = std::abs(row - middle) <= kWholePx;
      reading.row = clear ? middle : row;
      reading.errorPx = kWholeRowPx + (clear ? 0 : kUnclearPx);
    }
    result.push_back(reading);
  }
  return result;
}

std::vector<BoundedReading> widened(std::vector<BoundedReading> rows, double byPx) {
  for (BoundedReading& row : rows) row.errorPx += byPx;
  return rows;
}

/// Sets the scale and how sure it is.
void settleScale(ScaleLine& result, const Support& support, const std::vector<ScaleReading>& readings,
                 const ScaleTolerance& tolerance) {
  const bool whole = tolerance.ticked && (tolerance.wholeRows || onWholeRows(support, readings));
  std::vector<BoundedReading> rows = bounded(support, readings, tolerance.ticked, whole);
  auto slopes = possibleSlopes(rows);
  const bool asThought = slopes.has_value();
  if (!asThought) {
    // Readings are further off than was thought: as far as they need, and as far again as whole rows may be.
    double byPx = 0;
    while (!slopes) slopes = possibleSlopes(widened(rows, byPx += kFoundPx));
    rows = widened(rows, byPx + kWholeRowPx);
    slopes = possibleSlopes(rows);
  }
  result.roundedUncertainty = slopes->bound();
  if (whole && asThought) {
    auto fromZero = rows;
    bool placed = false;
    for (std::size_t i = 0; i < fromZero.size(); ++i) {
      if (readings[support.used[i]].rounded || fromZero[i].errorPx != kWholeRowPx) continue;
      fromZero[i].errorPx = kZeroLinePx;
      placed = true;
    }
    if (const auto surer = possibleSlopes(fromZero); placed && surer) {
      rows = fromZero;
      slopes = surer;
    } else if (placed) {
      // A sharp zero that the ticks were not placed from: one of them may be the row beside its own.
      rows = widened(rows, kBesidePx);
      slopes = possibleSlopes(rows);
      result.roundedUncertainty = slopes->bound();
    }
  }
  result.unitsPerPixel = std::abs(1 / slopes->mean);
  result.uncertainty = slopes->bound();
  result.doubt = doubtOf(rows, *slopes, kScaleShare);
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
  const auto [lowest, highest] = std::minmax_element(kept.values.begin(), kept.values.end());
  if (!(*lowest < *highest)) return std::nullopt;
  result.used = kept.used;
  result.residualPx = std::sqrt(kept.misfit / static_cast<double>(kept.used.size()));
  settleScale(result, kept, readings, tolerance);
  return result;
}

}  // namespace soleus
