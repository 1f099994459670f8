#include "pipeline/doppler/aliasing.h"

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

/// Gives the columns of unknown way that of their neighbours, where those on both sides agree or only one
/// side has any.
void fillWays(std::vector<Way>& ways, const std::vector<bool>& aliased) {
  for (std::size_t i = 0; i < ways.size();) {
    if (!aliased[i] || ways[i] != Way::kUnknown) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < ways.size() && aliased[end] && ways[end] == Way::kUnknown) ++end;
    const Way before = i > 0 ? ways[i - 1] : Way::kUnknown;
    const Way after = end < ways.size() ? ways[end] : Way::kUnknown;
    const bool agree = before == after || before == Way::kUnknown || after == Way::kUnknown;
    const Way way = before == Way::kUnknown ? after : before;
    for (; i < end; ++i) ways[i] = agree ? way : Way::kUnknown;
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
  fillWays(ways, aliased);
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
