#include "pipeline/doppler/aliasing.h"

#include <algorithm>

namespace soleus {
namespace {

using Bands = std::vector<std::optional<SignalBand>>;

enum class Way { kUnknown, kForward, kReverse };

bool goesBeyond(const std::optional<SignalBand>& band, int ownRows) {
  return band && band->outer >= ownRows;
}

Way wayOf(const std::optional<SignalBand>& forward, const std::optional<SignalBand>& reverse,
          const DirectionAxis& axis) {
  const auto flows = [&](const std::optional<SignalBand>& band, int ownRows) {
    return goesBeyond(band, ownRows) && band->inner <= axis.leakageRows;
  };
  const bool forwardFlows = flows(forward, axis.size - axis.firstForward);
  const bool reverseFlows = flows(reverse, axis.lastReverse + 1);
  if (forwardFlows == reverseFlows) return Way::kUnknown;
  return forwardFlows ? Way::kForward : Way::kReverse;
}

Way fasterWay(const std::optional<SignalBand>& forward, const std::optional<SignalBand>& reverse) {
  const double up = forward ? forward->outer : 0;
  const double down = reverse ? reverse->outer : 0;
  if (up == down) return Way::kUnknown;
  return up > down ? Way::kForward : Way::kReverse;
}

/// The one direction of a run of aliased columns [begin, end): that of the columns on both sides of it, since
/// flow does not turn at full speed; of the run's own columns where the block shows no other.
Way wayOfRun(const std::vector<Way>& ways, std::size_t begin, std::size_t end) {
  const Way before = begin > 0 ? ways[begin - 1] : Way::kUnknown;
  const Way after = end < ways.size() ? ways[end] : Way::kUnknown;
  if (before != Way::kUnknown && after != Way::kUnknown) return before == after ? before : Way::kUnknown;
  if (before != Way::kUnknown || after != Way::kUnknown) return before == Way::kUnknown ? after : before;
  const auto votes = [&](Way way) {
    return std::count(ways.begin() + static_cast<std::ptrdiff_t>(begin),
                      ways.begin() + static_cast<std::ptrdiff_t>(end), way);
  };
  const auto forward = votes(Way::kForward);
  const auto reverse = votes(Way::kReverse);
  if (forward == reverse) return Way::kUnknown;
  return forward > reverse ? Way::kForward : Way::kReverse;
}

/// Gives every run of aliased columns its one direction.
void settleRuns(std::vector<Way>& ways, const std::vector<bool>& aliased) {
  for (std::size_t begin = 0; begin < ways.size();) {
    std::size_t end = begin;
    while (end < ways.size() && aliased[end]) ++end;
    if (end > begin) {
      const Way way = wayOfRun(ways, begin, end);
      std::fill(ways.begin() + static_cast<std::ptrdiff_t>(begin),
                ways.begin() + static_cast<std::ptrdiff_t>(end), way);
    }
    begin = end + 1;
  }
}

}  // namespace

std::vector<Aliasing> resolveAliasing(Bands& forward, Bands& reverse, const DirectionAxis& axis) {
  const int ownForward = axis.size - axis.firstForward;
  const int ownReverse = axis.lastReverse + 1;
  std::vector<bool> aliased;
  std::vector<Way> ways;
  for (std::size_t i = 0; i < forward.size(); ++i) {
    aliased.push_back(goesBeyond(forward[i], ownForward) || goesBeyond(reverse[i], ownReverse));
    ways.push_back(aliased[i] ? wayOf(forward[i], reverse[i], axis) : fasterWay(forward[i], reverse[i]));
  }
  settleRuns(ways, aliased);
  std::vector<Aliasing> found(forward.size(), Aliasing::kNone);
  for (std::size_t i = 0; i < forward.size(); ++i) {
    if (!aliased[i]) continue;
    const bool isForward = ways[i] == Way::kForward;
    std::optional<SignalBand>& flow = isForward ? forward[i] : reverse[i];
    std::optional<SignalBand>& other = isForward ? reverse[i] : forward[i];
    const int ownFlow = isForward ? ownForward : ownReverse;
    const int ownOther = isForward ? ownReverse : ownForward;
    if (ways[i] == Way::kUnknown || !flow || flow->reachesEnd || axis.wrapRows == 0) {
      forward[i].reset();
      reverse[i].reset();
      found[i] = Aliasing::kUnresolved;
      continue;
    }
    found[i] = Aliasing::kResolved;
    const double wrappedRows = flow->outer - ownFlow;
    if (other && other->outer > ownOther - wrappedRows - axis.leakageRows) other.reset();
  }
  return found;
}

}  // namespace soleus
