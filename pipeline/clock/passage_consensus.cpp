#include "pipeline/clock/passage_consensus.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace soleus {
namespace {

constexpr std::size_t kLeastPassages = 8;
constexpr double kReach = 0.03;
// What lies this near to a line is on it: whole columns, and a codec's smear.
constexpr double kOnLineColumns = 0.7;
// By this much the ends of the longest lap move from one pace that is tried to the next.
constexpr double kStepColumns = 0.5;
constexpr int kRefinements = 4;

using Lap = std::vector<Passage>;

/// The line of a pace through a lap: where it starts, and how many passages lie on it.
struct Line {
  double startColumns = 0;
  std::size_t count = 0;
};

Line lineThroughMost(const Lap& lap, double secondsPerColumn) {
  std::vector<double> starts;
  for (const Passage& p : lap) starts.push_back(p.timeS / secondsPerColumn - p.position);
  std::sort(starts.begin(), starts.end());
  Line best;
  std::size_t last = 0;
  for (std::size_t first = 0; first < starts.size(); ++first) {
    while (last < starts.size() && starts[last] <= starts[first] + 2 * kOnLineColumns) ++last;
    if (last - first > best.count) best = {(starts[first] + starts[last - 1]) / 2, last - first};
  }
  return best;
}

/// The pace that least squares make of what lies on the lines, every lap having its own.
double refined(const std::vector<Lap>& laps, double secondsPerColumn) {
  double covariance = 0;
  double variance = 0;
  for (const Lap& lap : laps) {
    const Line line = lineThroughMost(lap, secondsPerColumn);
    Lap on;
    for (const Passage& p : lap) {
      const double off = p.timeS / secondsPerColumn - p.position - line.startColumns;
      if (std::abs(off) <= kOnLineColumns) on.push_back(p);
    }
    double meanColumns = 0;
    double meanS = 0;
    for (const Passage& p : on) {
      meanColumns += p.position / static_cast<double>(on.size());
      meanS += p.timeS / static_cast<double>(on.size());
    }
    for (const Passage& p : on) {
      covariance += (p.position - meanColumns) * (p.timeS - meanS);
      variance += (p.position - meanColumns) * (p.position - meanColumns);
    }
  }
  return variance > 0 ? covariance / variance : secondsPerColumn;
}

}  // namespace

std::optional<double> paceOfMost(const std::deque<Passage>& passages, double nearS) {
  std::map<int, Lap> byLap;
  for (const Passage& p : passages) byLap[p.lap].push_back(p);
  std::vector<Lap> laps;
  double spanColumns = 0;
  for (auto& [number, lap] : byLap) {
    if (lap.size() < kLeastPassages) continue;
    spanColumns = std::max(spanColumns, std::abs(lap.back().position - lap.front().position));
    laps.push_back(std::move(lap));
  }
  if (!(spanColumns > 0)) return std::nullopt;
  const int steps = static_cast<int>(std::ceil(kReach * spanColumns / kStepColumns));
  double bestS = nearS;
  std::size_t most = 0;
  for (int step = -steps; step <= steps; ++step) {
    const double triedS = nearS * (1 + kReach * step / steps);
    std::size_t count = 0;
    for (const Lap& lap : laps) count += lineThroughMost(lap, triedS).count;
    if (count > most) {
      most = count;
      bestS = triedS;
    }
  }
  for (int i = 0; i < kRefinements; ++i) bestS = refined(laps, bestS);
  return std::clamp(bestS, nearS * (1 - kReach), nearS * (1 + kReach));
}

}  // namespace soleus
