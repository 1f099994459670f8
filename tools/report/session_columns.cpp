#include "tools/report/session_columns.h"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace soleus {

Result<std::vector<double>> columnIfPresent(const SessionReader& session, const std::string& path) {
  if (!session.has(path)) return std::vector<double>{};
  return session.column(path);
}

Result<std::vector<double>> columnIfPresent(const SessionReader& session, const std::string& path,
                                            std::size_t length) {
  auto column = columnIfPresent(session, path);
  if (!column.ok() || !session.has(path) || column.value().size() == length) return column;
  return Error{ErrorKind::kBadInput, path, "length differs from that of its time axis",
               std::to_string(column.value().size()), std::to_string(length)};
}

double medianStepS(std::span<const double> timeS) {
  if (timeS.size() < 2) return 0;
  std::vector<double> steps(timeS.size() - 1);
  for (std::size_t i = 0; i < steps.size(); ++i) steps[i] = timeS[i + 1] - timeS[i];
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

std::vector<double> columnDurationsS(std::span<const double> timeS, const std::vector<bool>& startsAnew) {
  constexpr std::size_t kReach = 8;  // columns to either side that tell the usual step
  if (timeS.size() < 2) return std::vector<double>(timeS.size(), 1.0);
  std::vector<double> stepS(timeS.size() + 1);  // before each column, and after the last
  for (std::size_t i = 1; i < timeS.size(); ++i) {
    const std::size_t first = i - std::min(i, kReach);
    const double usualS = medianStepS(timeS.subspan(first, std::min(i + kReach, timeS.size()) - first));
    stepS[i] = startsAnew[i] ? usualS : std::min(timeS[i] - timeS[i - 1], kGapSteps * usualS);
  }
  stepS.front() = stepS[1];
  stepS.back() = stepS[timeS.size() - 1];
  std::vector<double> durationS(timeS.size());
  for (std::size_t i = 0; i < durationS.size(); ++i) durationS[i] = (stepS[i] + stepS[i + 1]) / 2;
  return durationS;
}

std::vector<std::size_t> gapsAfter(std::span<const double> timeS, double longestStepS) {
  std::vector<std::size_t> gaps;
  for (std::size_t i = 0; i + 1 < timeS.size(); ++i)
    if (timeS[i + 1] - timeS[i] > longestStepS) gaps.push_back(i);
  return gaps;
}

std::vector<std::string> words(const std::string& list) {
  std::istringstream stream(list);
  return {std::istream_iterator<std::string>(stream), {}};
}

}  // namespace soleus
