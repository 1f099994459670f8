#include "tests/accuracy/score.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace soleus::accuracy {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr double kStepS = 0.0005;
// Columns further apart than this many of their steps have lost some between them.
constexpr double kNextWithin = 1.5;

// Rest ends this long before an onset, as a baseline does, and begins where the contraction before it and
// the reflux are over.
constexpr double kBeforeOnsetS = 0.2;
constexpr double kRestS = 1.5;
// Slower flow shows no more than its smeared edge beyond what the wall filter weakens.
constexpr double kHiddenCorners = 2;

struct Range {
  double startS = 0;
  double endS = 0;
};

using Value = float DopplerColumn::*;

std::vector<const DopplerColumn*> inside(const std::vector<DopplerColumn>& columns, Range range,
                                         Value value) {
  std::vector<const DopplerColumn*> chosen;
  for (const DopplerColumn& column : columns) {
    const double t = column.time.seconds();
    if (t >= range.startS && t < range.endS && std::isfinite(column.*value)) chosen.push_back(&column);
  }
  return chosen;
}

/// Trapezium rule over what has a value, held on to the ends of the range.
double integral(const std::vector<const DopplerColumn*>& columns, Range range, Value value) {
  if (columns.empty()) return kUnknown;
  double sum = (columns.front()->time.seconds() - range.startS) * (columns.front()->*value) +
               (range.endS - columns.back()->time.seconds()) * (columns.back()->*value);
  for (std::size_t i = 1; i < columns.size(); ++i) {
    sum += 0.5 * (columns[i - 1]->*value + columns[i]->*value) *
           (columns[i]->time.seconds() - columns[i - 1]->time.seconds());
  }
  return sum;
}

double integral(const std::function<double(double)>& value, Range range) {
  double sum = 0;
  for (double t = range.startS + kStepS / 2; t < range.endS; t += kStepS) sum += value(t) * kStepS;
  return sum;
}

/// Share of the range's time that no column with a value stands for: columns that never came are missed too.
double missingShare(const std::vector<DopplerColumn>& columns, double columnS, Range range, Value value) {
  double coveredS = 0;
  const auto cover = [&](double fromS, double toS) {
    coveredS += std::max(0.0, std::min(toS, range.endS) - std::max(fromS, range.startS));
  };
  double lastS = -std::numeric_limits<double>::infinity();
  for (const DopplerColumn& column : columns) {
    if (!std::isfinite(column.*value)) continue;
    const double t = column.time.seconds();
    const bool next = t - lastS <= kNextWithin * columnS;
    cover(lastS, next ? t : lastS + columnS / 2);
    if (!next) cover(t - columnS / 2, t);
    lastS = t;
  }
  cover(lastS, lastS + columnS / 2);
  return 1 - coveredS / (range.endS - range.startS);
}

/// Gain and shift together, by regression on the truth and its slope: a gain alone must not look like a lag.
double lagMs(const std::vector<const DopplerColumn*>& columns, const Truth& truth) {
  double aa = 0;
  double ab = 0;
  double bb = 0;
  double ay = 0;
  double by = 0;
  for (const DopplerColumn* column : columns) {
    const double t = column->time.seconds();
    const double a = truth.peakCmPerS(t);
    const double b = (truth.peakCmPerS(t + 0.002) - truth.peakCmPerS(t - 0.002)) / 0.004;
    const double y = column->peakForwardCmPerS;
    aa += a * a;
    ab += a * b;
    bb += b * b;
    ay += a * y;
    by += b * y;
  }
  const double determinant = aa * bb - ab * ab;
  if (!(determinant > 0)) return kUnknown;
  const double gain = (ay * bb - by * ab) / determinant;
  return -1000 * (by * aa - ay * ab) / determinant / gain;
}

/// The longest uninterrupted stay below the threshold, in seconds: single columns of noise elsewhere are no
/// reflux. NaN counts as above. `timeAndValue`: evenly spaced.
double longestBelowS(const std::vector<std::pair<double, double>>& timeAndValue, double threshold) {
  if (timeAndValue.size() < 2) return kUnknown;
  int longest = 0;
  int run = 0;
  for (const auto& [time, value] : timeAndValue) {
    run = value < threshold ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest * (timeAndValue.back().first - timeAndValue.front().first) /
         static_cast<double>(timeAndValue.size() - 1);
}

double refluxS(const std::vector<DopplerColumn>& columns, Range range, double threshold) {
  std::vector<std::pair<double, double>> values;
  for (const DopplerColumn& column : columns) {
    const double t = column.time.seconds();
    if (t >= range.startS && t < range.endS) values.emplace_back(t, column.peakReverseCmPerS);
  }
  return longestBelowS(values, threshold);
}

double refluxS(const std::function<double(double)>& value, Range range, double threshold) {
  std::vector<std::pair<double, double>> values;
  for (double t = range.startS; t < range.endS; t += kStepS) values.emplace_back(t, value(t));
  return longestBelowS(values, threshold);
}

double columnSdPercent(const std::vector<const DopplerColumn*>& columns, const Truth& truth, double peak) {
  double count = 0;
  double sum = 0;
  double squares = 0;
  for (const DopplerColumn* column : columns) {
    const double truePeak = truth.peakCmPerS(column->time.seconds());
    if (truePeak < 0.5 * peak) continue;
    const double error = 100 * (column->peakForwardCmPerS / truePeak - 1);
    ++count;
    sum += error;
    squares += error * error;
  }
  return count > 1 ? std::sqrt(std::max(0.0, squares / count - sum * sum / count / count)) : kUnknown;
}

/// Of forward flow alone that is faster than the wall filter leaves whole; NaN where that is less than half.
double restPercent(const std::vector<DopplerColumn>& columns, Range range, const Truth& truth) {
  double sum = 0;
  double expected = 0;
  std::size_t count = 0;
  const auto all = inside(columns, range, &DopplerColumn::meanCmPerS);
  for (const DopplerColumn* column : all) {
    const double t = column->time.seconds();
    if (truth.peakCmPerS(t) < kHiddenCorners * truth.wallFilterCmPerS) continue;
    sum += column->meanCmPerS;
    expected += truth.meanCmPerS(t);
    ++count;
  }
  return count > 0 && 2 * count >= all.size() ? 100 * (sum / expected - 1) : kUnknown;
}

}  // namespace

std::vector<ContractionScore> score(const std::vector<DopplerColumn>& columns, const Truth& truth) {
  std::vector<ContractionScore> scores;
  for (std::size_t i = 0; i < truth.contractions.size(); ++i) {
    const Contraction& row = truth.contractions[i];
    const Range ejection{row.onsetS, row.endS};
    const double nextS =
        i + 1 < truth.contractions.size() ? truth.contractions[i + 1].onsetS : truth.durationS;
    ContractionScore s;
    const auto seen = inside(columns, ejection, &DopplerColumn::peakForwardCmPerS);
    s.missingShare = missingShare(columns, truth.columnS, ejection, &DopplerColumn::peakForwardCmPerS);
    double highest = kUnknown;
    for (const DopplerColumn* column : seen)
      highest = std::fmax(highest, static_cast<double>(column->peakForwardCmPerS));
    s.peakPercent = 100 * (highest / row.peakVelocityCmPerS - 1);
    s.vtiPercent = 100 * (integral(seen, ejection, &DopplerColumn::peakForwardCmPerS) / row.vtiCm - 1);
    s.meanPercent = 100 * (integral(inside(columns, ejection, &DopplerColumn::meanCmPerS), ejection,
                                    &DopplerColumn::meanCmPerS) /
                               integral(truth.meanCmPerS, ejection) -
                           1);
    const double restEndS = row.onsetS - kBeforeOnsetS;
    s.restPercent = restPercent(columns, {restEndS - kRestS, restEndS}, truth);
    s.lagMs = lagMs(seen, truth);
    s.columnSdPercent = columnSdPercent(seen, truth, row.peakVelocityCmPerS);
    const Range after{row.endS, nextS};
    s.refluxMs = row.refluxDurationS > 0 ? 1000 * (refluxS(columns, after, -truth.wallFilterCmPerS) -
                                                   refluxS(truth.peakCmPerS, after, -truth.wallFilterCmPerS))
                                         : kUnknown;
    scores.push_back(s);
  }
  return scores;
}

}  // namespace soleus::accuracy
