#include "pipeline/doppler/sweep_edge.h"

#include <algorithm>
#include <cmath>

namespace soleus {
namespace {

// Weight of the past: the last hundred frames that showed the front.
constexpr double kMemory = 0.99;
// The step of fewer frames is still ragged.
constexpr double kLeastFrames = 10;
// What is written into an erased gap or behind a bar stands out at least this far against the strongest
// change; what a codec adds to columns written a frame or two ago stays below.
constexpr double kStepShare = 0.35;
// Reach of the flank's top, px.
constexpr int kTopPx = 6;

}  // namespace

void SweepEdge::add(const std::vector<float>& changeGrey, int x0, double trackedPx) {
  const float strongest = *std::max_element(changeGrey.begin(), changeGrey.end());
  if (strongest < 2 * kVisibleGrey) return;
  frames_ = kMemory * frames_ + 1;
  for (int b = 0; b < kBins; ++b) {
    sum_[static_cast<std::size_t>(b)] *= kMemory;
    weight_[static_cast<std::size_t>(b)] *= kMemory;
  }
  for (std::size_t i = 0; i < changeGrey.size(); ++i) {
    // A column has changed if its right border lies beyond the write position.
    const double r = x0 + static_cast<double>(i) + 1 - trackedPx;
    const int bin = static_cast<int>(std::floor((r + kLeftPx) * kBinsPerPx));
    if (bin < 0 || bin >= kBins) continue;
    sum_[static_cast<std::size_t>(bin)] += changeGrey[i] / strongest;
    weight_[static_cast<std::size_t>(bin)] += 1;
  }
}

double SweepEdge::level(int bin) const {
  // Over two pixels, so that each level has seen every phase of the columns.
  double sum = 0;
  double weight = 0;
  for (int b = std::max(0, bin - kBinsPerPx); b < std::min(kBins, bin + kBinsPerPx); ++b) {
    sum += sum_[static_cast<std::size_t>(b)];
    weight += weight_[static_cast<std::size_t>(b)];
  }
  return weight > 0 ? sum / weight : 0;
}

std::optional<double> SweepEdge::offsetPx() const {
  if (frames_ < kLeastFrames) return std::nullopt;
  std::array<double, kBins> levels{};
  for (int b = 0; b < kBins; ++b) levels[static_cast<std::size_t>(b)] = level(b);
  const double highest = *std::max_element(levels.begin(), levels.end());
  int bin = 0;
  while (bin < kBins && levels[static_cast<std::size_t>(bin)] < kStepShare * highest) ++bin;
  const int topEnd = std::min(kBins, bin + kTopPx * kBinsPerPx);
  const double top = *std::max_element(levels.begin() + bin, levels.begin() + topEnd);
  const double half = top / 2;
  int above = bin;
  while (above < topEnd && levels[static_cast<std::size_t>(above)] < half) ++above;
  while (above > 0 && levels[static_cast<std::size_t>(above - 1)] >= half) --above;
  if (above == 0 || above >= topEnd) return std::nullopt;
  const double low = levels[static_cast<std::size_t>(above - 1)];
  const double high = levels[static_cast<std::size_t>(above)];
  // level(b) is centred on the left border of bin b.
  const double crossing = above - 1 + (half - low) / (high - low);
  return crossing / kBinsPerPx - kLeftPx;
}

}  // namespace soleus
