#include "tools/report/average_contraction.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "pipeline/core/contraction.h"
#include "pipeline/core/measurement.h"
#include "tools/report/session_columns.h"

namespace soleus {
namespace {

using nlohmann::json;

// Some columns of a usual screen; a burst rises in ten times that.
constexpr double kStepS = 0.02;
constexpr double kBeforeS = 1;
constexpr double kLongestS = 8;
constexpr std::size_t kFewest = 2;

/// Means of the columns in each step from `fromS` on; NaN where there are none.
std::vector<double> courseOf(const std::vector<double>& timeS, const std::vector<double>& velocity,
                             const std::vector<double>& flags, double fromS, std::size_t steps) {
  std::vector<double> sums(steps, 0);
  std::vector<int> counts(steps, 0);
  for (auto i = static_cast<std::size_t>(std::lower_bound(timeS.begin(), timeS.end(), fromS) - timeS.begin());
       i < timeS.size(); ++i) {
    const auto step = static_cast<std::size_t>((timeS[i] - fromS) / kStepS);
    if (step >= steps) break;
    const bool aliased =
        i < flags.size() && flags[i] >= 0 && (static_cast<unsigned>(flags[i]) & kAliased) != 0;
    if (aliased || !std::isfinite(velocity[i])) continue;
    sums[step] += velocity[i];
    ++counts[step];
  }
  for (std::size_t step = 0; step < steps; ++step)
    sums[step] = counts[step] > 0 ? sums[step] / counts[step] : std::nan("");
  return sums;
}

double rounded(double value) {
  return std::round(value * 100) / 100;
}

}  // namespace

Result<json> averageContraction(const SessionReader& session) {
  const auto onset = columnIfPresent(session, "/contractions/flow_onset_s");
  if (!onset.ok()) return onset.error();
  const auto quality = columnIfPresent(session, "/contractions/quality", onset.value().size());
  if (!quality.ok()) return quality.error();
  const auto timeS = columnIfPresent(session, "/doppler/time");
  if (!timeS.ok()) return timeS.error();
  const auto velocity = columnIfPresent(session, "/doppler/peak_velocity", timeS.value().size());
  if (!velocity.ok()) return velocity.error();
  const auto flags = columnIfPresent(session, "/doppler/quality", timeS.value().size());
  if (!flags.ok()) return flags.error();
  if (quality.value().empty() || velocity.value().empty()) return json(nullptr);

  std::vector<double> onsetsS;
  double lastsS = kLongestS;
  for (std::size_t i = 0; i < onset.value().size(); ++i) {
    const double atS = onset.value()[i];
    if (!std::isfinite(atS)) continue;
    // What follows belongs to the next, whether that counts or not.
    for (std::size_t next = i + 1; next < onset.value().size(); ++next) {
      if (!std::isfinite(onset.value()[next])) continue;
      lastsS = std::min(lastsS, onset.value()[next] - atS);
      break;
    }
    if (quality.value()[i] >= kSureQuality) onsetsS.push_back(atS);
  }
  if (onsetsS.size() < kFewest) return json(nullptr);

  const auto steps = static_cast<std::size_t>((kBeforeS + lastsS) / kStepS);
  std::vector<std::vector<double>> courses;
  for (const double atS : onsetsS)
    courses.push_back(courseOf(timeS.value(), velocity.value(), flags.value(), atS - kBeforeS, steps));
  const std::size_t enough = std::max(kFewest, (onsetsS.size() + 1) / 2);
  json average = {{"contractions", onsetsS.size()},
                  {"time_s", json::array()},
                  {"mean", json::array()},
                  {"low", json::array()},
                  {"high", json::array()}};
  for (std::size_t step = 0; step < steps; ++step) {
    double sum = 0;
    double squares = 0;
    double count = 0;
    for (const auto& course : courses) {
      if (!std::isfinite(course[step])) continue;
      sum += course[step];
      squares += course[step] * course[step];
      ++count;
    }
    average["time_s"].push_back(rounded((static_cast<double>(step) + 0.5) * kStepS - kBeforeS));
    if (count < static_cast<double>(enough)) {
      for (const char* name : {"mean", "low", "high"}) average[name].push_back(nullptr);
      continue;
    }
    const double mean = sum / count;
    const double sd = std::sqrt(std::max(0.0, (squares - count * mean * mean) / (count - 1)));
    average["mean"].push_back(rounded(mean));
    average["low"].push_back(rounded(mean - sd));
    average["high"].push_back(rounded(mean + sd));
  }
  return average;
}

}  // namespace soleus
