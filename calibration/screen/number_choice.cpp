#include "calibration/screen/number_choice.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

namespace soleus {
namespace {

constexpr std::size_t kLeastSure = 2;
constexpr std::size_t kLeastInAnyReading = 3;
// Scales this near are the same one, through other pairs of rounded rows.
constexpr double kSameScale = 0.03;

struct Line {
  double zeroRow = 0;
  double rowsPerUnit = 0;  // signed
};

/// What a line makes of an axis.
struct Choice {
  Line line;
  std::vector<std::optional<double>> values;  // of each number, if any of its readings lies on the line
  std::size_t numbers = 0;                    // that have one
  std::size_t tell = 0;                       // those of them other than 0
  std::size_t sure = 0;                       // those of these as they were surely read
  double misfitPx = 0;

  [[nodiscard]] auto rank() const { return std::tuple(numbers, sure, -misfitPx); }
  [[nodiscard]] bool believable() const {
    return sure >= kLeastSure || (sure >= 1 && tell >= kLeastInAnyReading);
  }
};

/// How far a value lies off its row, on the better side of zero.
double offPx(const Line& line, double row, double value, bool bothSides) {
  const double down = std::abs(line.zeroRow + value * line.rowsPerUnit - row);
  if (!bothSides) return down;
  return std::min(down, std::abs(line.zeroRow - value * line.rowsPerUnit - row));
}

std::vector<double> readingsOf(const AxisNumber& number) {
  std::vector<double> readings = {number.value};
  readings.insert(readings.end(), number.others.begin(), number.others.end());
  return readings;
}

Choice choiceBy(const Line& line, const std::vector<AxisNumber>& numbers, const ScaleTolerance& tolerance) {
  Choice choice{line, {}};
  for (const AxisNumber& number : numbers) {
    // What was believed first is taken if it lies on the line at all.
    std::optional<double> value;
    for (const double reading : readingsOf(number)) {
      const double off = offPx(line, number.row, reading, tolerance.bothSides);
      if (off > tolerance.rowPx) continue;
      value = reading;
      choice.misfitPx += off;
      break;
    }
    choice.values.push_back(value);
    if (!value) continue;
    ++choice.numbers;
    choice.tell += *value != 0 ? 1 : 0;
    choice.sure += *value != 0 && number.sure && *value == number.value ? 1 : 0;
  }
  return choice;
}

/// Every line through two of the points in any of their readings that passes through all that is known.
std::vector<Choice> choices(const std::vector<AxisNumber>& numbers, const std::vector<ScaleReading>& known,
                            const ScaleTolerance& tolerance) {
  struct Point {
    double row = 0;
    std::vector<double> readings;
  };
  std::vector<Point> points;
  for (const AxisNumber& number : numbers) points.push_back({number.row, readingsOf(number)});
  for (const ScaleReading& reading : known) points.push_back({reading.row, {reading.value}});
  std::vector<Choice> found;
  const auto consider = [&](const Point& p, double a, const Point& q, double b) {
    if (a == b || std::abs(p.row - q.row) <= 2 * tolerance.rowPx) return;
    const double rowsPerUnit = (q.row - p.row) / (b - a);
    if (!tolerance.bothSides && rowsPerUnit <= 0) return;
    const Line line{p.row - a * rowsPerUnit, rowsPerUnit};
    const bool all = std::all_of(known.begin(), known.end(), [&](const ScaleReading& k) {
      return offPx(line, k.row, k.value, tolerance.bothSides) <= tolerance.rowPx;
    });
    if (all) found.push_back(choiceBy(line, numbers, tolerance));
  };
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (std::size_t j = i + 1; j < points.size(); ++j) {
      for (const double a : points[i].readings) {
        for (const double b : points[j].readings) {
          consider(points[i], a, points[j], b);
          if (tolerance.bothSides) consider(points[i], a, points[j], -b);
        }
      }
    }
  }
  return found;
}

bool sameScale(const Choice& a, const Choice& b) {
  return std::abs(std::abs(a.line.rowsPerUnit / b.line.rowsPerUnit) - 1) <= kSameScale;
}

}  // namespace

std::vector<AxisNumber> chosenNumbers(std::vector<AxisNumber> numbers, const std::vector<ScaleReading>& known,
                                      const ScaleTolerance& tolerance) {
  const std::vector<Choice> all = choices(numbers, known, tolerance);
  const auto best = std::max_element(all.begin(), all.end(),
                                     [](const Choice& a, const Choice& b) { return a.rank() < b.rank(); });
  const bool chosen = best != all.end() && best->believable() &&
                      std::none_of(all.begin(), all.end(), [&](const Choice& other) {
                        return other.numbers >= best->numbers && !sameScale(other, *best);
                      });
  std::vector<AxisNumber> kept;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::optional<double> value = chosen ? best->values[i] : std::nullopt;
    if (!value && !numbers[i].sure) continue;
    if (value) numbers[i].value = *value;
    kept.push_back(numbers[i]);
  }
  std::sort(kept.begin(), kept.end(), [](const AxisNumber& a, const AxisNumber& b) { return a.row < b.row; });
  return kept;
}

}  // namespace soleus
