#include "pipeline/clock/sound_onsets.h"

#include <algorithm>
#include <cmath>

#include "pipeline/clock/step_edges.h"

namespace soleus {
namespace {

// A tap is louder than what was before, over so long each.
constexpr double kAfterS = 0.006;
constexpr double kBeforeS = 0.030;
// Twice as loud in amplitude: bursts of blood swell, over a tenth of a second.
constexpr double kLeastRatio = 4;
// Rises below this share of the loudest energy do not count, however quiet it was before.
constexpr double kLeastShare = 1e-3;
// Rises nearer than this are one.
constexpr double kApartS = 0.030;
// An onset is looked for from so long before the rise up to the loudest bin that soon follows.
constexpr double kPickBeforeS = 0.030;
constexpr double kPickAfterS = 0.015;
// Energy of silence, as a share of the event's loudest bin: the logarithm of nothing is nothing to compare.
constexpr double kSilence = 1e-5;
// The criterion picks the first bins that are clearly louder, not the first.
constexpr double kBiasS = 0.0008;
// Loudness is compared over so long.
constexpr double kRiseStepS = 0.002;

/// Where the energy changes, by Akaike's criterion, in bins [from, to).
std::size_t pick(const std::vector<double>& energy, std::size_t from, std::size_t to) {
  double loudest = 0;
  double all = 0;
  for (std::size_t n = from; n < to; ++n) {
    loudest = std::max(loudest, energy[n]);
    all += energy[n];
  }
  const double floor = kSilence * loudest;
  double before = 0;
  double least = 1e300;
  std::size_t best = from;
  for (std::size_t n = from + 1; n < to; ++n) {
    before += energy[n - 1];
    const auto k = static_cast<double>(n - from);
    const auto rest = static_cast<double>(to - n);
    const double criterion =
        k * std::log(before / k + floor) + rest * std::log((all - before) / rest + floor);
    if (criterion < least) {
      least = criterion;
      best = n;
    }
  }
  return best;
}

}  // namespace

SyncSeries soundOnsets(const SoundEnergy& sound, const std::string& name) {
  SyncSeries series;
  series.name = name;
  const std::vector<double>& energy = sound.energy;
  series.startS = sound.startS;
  series.endS = sound.startS + sound.binS * static_cast<double>(energy.size());
  const auto bins = [&](double s) {
    return static_cast<std::size_t>(std::max(1L, std::lround(s / sound.binS)));
  };
  const std::size_t before = bins(kBeforeS);
  const std::size_t after = bins(kAfterS);
  if (energy.size() < 2 * (before + after)) return series;
  std::vector<double> sum(energy.size() + 1, 0.0);
  for (std::size_t n = 0; n < energy.size(); ++n) sum[n + 1] = sum[n] + energy[n];
  const auto mean = [&](std::size_t from, std::size_t to) {
    return std::max(0.0, sum[to] - sum[from]) / static_cast<double>(to - from);
  };
  double loudest = 0;
  for (std::size_t n = after; n <= energy.size(); ++n) loudest = std::max(loudest, mean(n - after, n));
  std::vector<double> ratio(energy.size(), 0.0);
  for (std::size_t n = before; n + after <= energy.size(); ++n)
    ratio[n] = mean(n, n + after) / (mean(n - before, n) + kLeastShare * loudest);
  const std::size_t apart = bins(kApartS);
  for (std::size_t n = before; n + after <= energy.size();) {
    if (ratio[n] < kLeastRatio) {
      ++n;
      continue;
    }
    // The highest of those that follow each other closely.
    std::size_t top = n;
    for (std::size_t k = n; k < std::min(energy.size(), top + apart); ++k)
      if (ratio[k] > ratio[top]) top = k;
    const std::size_t from = top - std::min(top, bins(kPickBeforeS));
    const std::size_t end = std::min(energy.size(), top + bins(kPickAfterS));
    const auto peak = std::max_element(energy.begin() + static_cast<std::ptrdiff_t>(top),
                                       energy.begin() + static_cast<std::ptrdiff_t>(end));
    const auto onset = static_cast<double>(
        pick(energy, from, std::min(energy.size(), static_cast<std::size_t>(peak - energy.begin()) + 2)));
    series.events.push_back({sound.startS + (onset - 0.5) * sound.binS,
                             sound.startS + (onset + 1) * sound.binS, std::log(ratio[top]), kBiasS});
    n = top + apart;
  }
  series.events = withoutBounces(series.events);
  const std::size_t step = bins(kRiseStepS);
  for (std::size_t n = 2 * step; n <= energy.size(); n += step) {
    const double height = std::sqrt(mean(n - step, n)) - std::sqrt(mean(n - 2 * step, n - step));
    const double endS =
        sound.startS + sound.binS * (static_cast<double>(n) - 0.5 * static_cast<double>(step));
    if (height > 0) series.rises.push_back({endS - sound.binS * static_cast<double>(step), endS, height});
  }
  return series;
}

}  // namespace soleus
