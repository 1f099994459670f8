#include "pipeline/contraction/muscle_bursts.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

#include "pipeline/contraction/level.h"

namespace soleus {
namespace {

// Windows that rest is looked for in: shorter than the pause between two contractions.
constexpr double kWindowS = 0.5;
constexpr double kRestShare = 0.25;
// Of a recording that is shorter nothing is said.
constexpr std::size_t kFewestWindows = 8;
// As at an onset (muscle_onset.cpp), but over all of the recording: chance has more room.
constexpr double kSds = 10;
// Of how far a force rises: weight is shifted before and after a contraction.
constexpr double kForceShare = 0.2;
// Shorter is a twitch, an artefact of a cable, or the heart.
constexpr double kShortestS = 0.2;
constexpr double kBridgedS = 0.15;
// Blood follows the muscle by some 50 to 200 ms, and a burst that is told by its level begins late.
constexpr double kFlowBeforeS = 0.3;
constexpr double kFlowAfterS = 0.7;
// It was seen, but nothing of it was measured.
constexpr double kQuality = 0.3;

/// Above it the muscle acts; infinite of a recording that is too short to tell.
double thresholdOf(const MuscleActivity& activity) {
  const std::vector<double>& timeS = activity.timeS();
  std::vector<Level> windows;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < timeS.size(); ++i) {
    if (timeS[i] - timeS[begin] < kWindowS) continue;
    const Level level = levelOf(std::span(activity.level()).subspan(begin, i - begin));
    if (!std::isnan(level.mean)) windows.push_back(level);  // else not all of it was recorded
    begin = i;
  }
  if (windows.size() < kFewestWindows) return INFINITY;
  std::ranges::sort(windows, {}, &Level::mean);
  const auto quiet = static_cast<std::size_t>(kRestShare * static_cast<double>(windows.size()));
  Level rest;
  for (std::size_t i = 0; i < quiet; ++i) {
    rest.mean += windows[i].mean / static_cast<double>(quiet);
    rest.sd += windows[i].sd / static_cast<double>(quiet);
  }
  double top = rest.mean;
  for (const double level : activity.level()) top = std::fmax(top, level);
  const double above = activity.source() == OnsetSource::kEmg ? 0 : kForceShare * (top - rest.mean);
  return rest.mean + std::max(kSds * rest.sd, above);
}

}  // namespace

std::vector<MuscleBurst> muscleBursts(const MuscleActivity& activity) {
  const double threshold = thresholdOf(activity);
  std::vector<MuscleBurst> bursts;
  for (std::size_t i = 0; i < activity.timeS().size(); ++i) {
    if (!(activity.level()[i] > threshold)) continue;
    const double atS = activity.timeS()[i];
    if (bursts.empty() || atS - bursts.back().endS > kBridgedS) bursts.push_back({atS, atS});
    bursts.back().endS = atS;
  }
  std::erase_if(bursts, [](const MuscleBurst& burst) { return burst.endS - burst.beginS < kShortestS; });
  return bursts;
}

void addWithoutFlow(std::vector<FoundContraction>& rows, const MuscleActivity& activity) {
  std::vector<FoundContraction> added;
  double lastEndS = -INFINITY;
  for (const MuscleBurst& burst : muscleBursts(activity)) {
    const double notBeforeS = std::exchange(lastEndS, burst.endS);
    const bool hasRow = std::ranges::any_of(rows, [&](const FoundContraction& row) {
      return row.flowOnsetS > burst.beginS - kFlowBeforeS && row.flowOnsetS < burst.endS + kFlowAfterS;
    });
    if (hasRow) continue;
    FoundContraction row;
    row.onsetS = activity.onsetS(burst.beginS, notBeforeS).value_or(burst.beginS);
    row.onsetSource = activity.source();
    row.quality = kQuality;
    added.push_back(row);
  }
  rows.insert(rows.end(), added.begin(), added.end());
  std::ranges::stable_sort(rows, {}, &FoundContraction::onsetS);
}

}  // namespace soleus
