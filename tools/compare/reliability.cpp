#include "tools/compare/reliability.h"

#include <algorithm>
#include <cmath>

#include "tools/compare/quantiles.h"

namespace soleus {
namespace {

// Below, the interval of the SEM is too wide to be of any use (see withinSubject()).
constexpr std::size_t kFewestFreedom = 2;
const double kChange = 1.96 * std::sqrt(2.0);

Estimate scaled(const Estimate& estimate, double factor) {
  return {factor * estimate.value, factor * estimate.low, factor * estimate.high};
}

double meanOfRow(const std::vector<double>& row) {
  double sum = 0;
  for (const double value : row) sum += value;
  return sum / static_cast<double>(row.size());
}

/// The rows that are known in all of the first `sessions` sessions, cut to these.
Repeats completeRows(const Repeats& repeats, std::size_t sessions) {
  Repeats complete;
  for (const auto& row : repeats) {
    if (row.size() < sessions) continue;
    const auto end = row.begin() + static_cast<std::ptrdiff_t>(sessions);
    if (std::all_of(row.begin(), end, [](double v) { return std::isfinite(v); }))
      complete.emplace_back(row.begin(), end);
  }
  return complete;
}

/// Complete rows of the number of sessions that uses the most values.
Repeats mostComplete(const Repeats& repeats) {
  std::size_t longest = 0;
  for (const auto& row : repeats) longest = std::max(longest, row.size());
  Repeats best;
  for (std::size_t sessions = 2; sessions <= longest; ++sessions) {
    Repeats rows = completeRows(repeats, sessions);
    if (rows.empty()) break;
    if (best.empty() || rows.size() * sessions > best.size() * best.front().size()) best = std::move(rows);
  }
  return best;
}

/// Mean squares of the two-way table without replication.
struct TwoWay {
  double subjects = 0;  ///< their number n
  double sessions = 0;  ///< their number k
  double between = 0;   ///< subjects
  double bias = 0;      ///< sessions
  double error = 0;
};

TwoWay twoWay(const Repeats& rows) {
  TwoWay table{static_cast<double>(rows.size()), static_cast<double>(rows.front().size()), 0, 0, 0};
  std::vector<double> session(rows.front().size(), 0);
  double grand = 0;
  for (const auto& row : rows) {
    for (std::size_t j = 0; j < row.size(); ++j) session[j] += row[j] / table.subjects;
    grand += meanOfRow(row) / table.subjects;
  }
  for (const auto& row : rows) {
    const double subject = meanOfRow(row);
    table.between += table.sessions * (subject - grand) * (subject - grand);
    for (std::size_t j = 0; j < row.size(); ++j) {
      const double residual = (row[j] - subject) - (session[j] - grand);
      table.error += residual * residual;
    }
  }
  for (const double mean : session) table.bias += table.subjects * (mean - grand) * (mean - grand);
  table.between /= table.subjects - 1;
  table.bias /= table.sessions - 1;
  table.error /= (table.subjects - 1) * (table.sessions - 1);
  return table;
}

Estimate absoluteAgreement(const TwoWay& t) {
  const double n = t.subjects;
  const double k = t.sessions;
  Estimate icc;
  icc.value = (t.between - t.error) / (t.between + (k - 1) * t.error + k * (t.bias - t.error) / n);
  if (!(icc.value < 1)) return icc;
  // Satterthwaite's degrees of freedom of the error and bias together.
  const double a = k * icc.value / (n * (1 - icc.value));
  const double b = 1 + k * icc.value * (n - 1) / (n * (1 - icc.value));
  const double mixed = a * t.bias + b * t.error;
  const double freedom =
      mixed * mixed / (a * t.bias * a * t.bias / (k - 1) + b * t.error * b * t.error / ((n - 1) * (k - 1)));
  const double rest = k * t.bias + (k * n - k - n) * t.error;
  const double below = fisherQuantile(0.975, n - 1, freedom);
  const double above = fisherQuantile(0.975, freedom, n - 1);
  icc.low = n * (t.between - below * t.error) / (below * rest + n * t.between);
  icc.high = n * (above * t.between - t.error) / (rest + n * above * t.between);
  return icc;
}

Estimate consistency(const TwoWay& t) {
  const double k = t.sessions;
  const double freedom = (t.subjects - 1) * (k - 1);
  Estimate icc;
  icc.value = (t.between - t.error) / (t.between + (k - 1) * t.error);
  if (!(icc.value < 1)) return icc;
  const double ratio = t.between / t.error;
  const double low = ratio / fisherQuantile(0.975, t.subjects - 1, freedom);
  const double high = ratio * fisherQuantile(0.975, freedom, t.subjects - 1);
  icc.low = (low - 1) / (low + k - 1);
  icc.high = (high - 1) / (high + k - 1);
  return icc;
}

}  // namespace

WithinSubject withinSubject(const Repeats& repeats) {
  WithinSubject within;
  double sum = 0;
  double squares = 0;
  double first = kNotKnown;
  bool allEqual = true;
  for (const auto& row : repeats) {
    std::vector<double> known;
    std::copy_if(row.begin(), row.end(), std::back_inserter(known),
                 [](double v) { return std::isfinite(v); });
    if (known.size() < 2) continue;
    ++within.subjects;
    within.values += known.size();
    const double mean = meanOfRow(known);
    if (std::isnan(first)) first = known.front();
    for (const double value : known) {
      allEqual = allEqual && value == first;
      sum += value;
      squares += (value - mean) * (value - mean);
    }
  }
  within.freedom = within.values - within.subjects;
  if (within.freedom < kFewestFreedom || allEqual) return within;
  const auto freedom = static_cast<double>(within.freedom);
  within.mean = sum / static_cast<double>(within.values);
  within.sem = {std::sqrt(squares / freedom), std::sqrt(squares / chiSquaredQuantile(0.975, freedom)),
                std::sqrt(squares / chiSquaredQuantile(0.025, freedom))};
  within.mdc95 = scaled(within.sem, kChange);
  if (within.mean > 0) within.cv = scaled(within.sem, 1 / within.mean);
  return within;
}

Reliability reliabilityOf(const Repeats& repeats) {
  const Repeats rows = mostComplete(repeats);
  Reliability reliability;
  reliability.subjects = rows.size();
  reliability.sessions = rows.empty() ? 0 : rows.front().size();
  if (rows.size() < 2) return reliability;
  const double first = rows.front().front();
  const bool allEqual = std::ranges::all_of(rows, [&](const auto& row) {
    return std::ranges::all_of(row, [&](double value) { return value == first; });
  });
  if (allEqual) return reliability;  // else what rounding leaves would be told
  const TwoWay table = twoWay(rows);
  reliability.absolute = absoluteAgreement(table);
  reliability.consistent = consistency(table);
  return reliability;
}

}  // namespace soleus
