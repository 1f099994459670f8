#include "pipeline/clock/event_match.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>

namespace soleus {
namespace {

// Beyond what sampling leaves open: jitter of stamps, gradual onsets, and a drift of 100 ppm in three
// minutes.
constexpr double kPlayS = 0.010;
// Delays nearer than this are one and the same.
constexpr double kGuardS = 0.040;
// So few can meet by chance wherever one looks.
constexpr std::size_t kFewest = 3;
// Probability that as many meet somewhere by chance.
constexpr double kChance = 1e-4;
// Another delay at which more than this share meets is as good.
constexpr double kRival = 0.5;
// How many of the strongest events are looked at.
constexpr std::array<std::size_t, 10> kCounts{3, 5, 8, 12, 18, 27, 40, 60, 120, 400};

using Events = std::vector<SyncEvent>;

struct Edge {
  double delayS;
  int step;
};

/// How many pairs meet at each delay, and at which most do.
struct Meetings {
  std::vector<Edge> edges;  // ascending
  std::size_t best = 0;
  double delayS = 0;
  double halfWidthS = 0;  // the widest
};

Meetings meetingsOf(const Events& first, const Events& second, double withinS) {
  Meetings found;
  for (const SyncEvent& b : second) {
    const double fromS = b.middleS() - withinS;
    const double toS = b.middleS() + withinS;
    auto a = std::lower_bound(first.begin(), first.end(), fromS,
                              [](const SyncEvent& e, double timeS) { return e.middleS() < timeS; });
    for (; a != first.end() && a->middleS() <= toS; ++a) {
      const double halfS = std::max(a->halfWidthS(), b.halfWidthS()) + kPlayS;
      const double middleS = a->middleS() - b.middleS();
      found.halfWidthS = std::max(found.halfWidthS, halfS);
      found.edges.push_back({middleS - halfS, 1});
      found.edges.push_back({middleS + halfS, -1});
    }
  }
  std::sort(found.edges.begin(), found.edges.end(), [](const Edge& a, const Edge& b) {
    return a.delayS != b.delayS ? a.delayS < b.delayS : a.step > b.step;
  });
  std::size_t depth = 0;
  for (std::size_t n = 0; n < found.edges.size(); ++n) {
    depth += static_cast<std::size_t>(found.edges[n].step);
    if (depth <= found.best || n + 1 == found.edges.size()) continue;
    found.best = depth;
    found.delayS = 0.5 * (found.edges[n].delayS + found.edges[n + 1].delayS);
  }
  return found;
}

/// The next best delay, away from the best, and the mean number of meetings there.
struct Rival {
  std::size_t count = 0;
  double delayS = 0;
  double usual = 0;
};

Rival rivalOf(const Meetings& all, double withinS) {
  const double guardS = std::max(kGuardS, 2 * all.halfWidthS);
  Rival rival;
  std::size_t depth = 0;
  double sumS = 0;
  for (std::size_t n = 0; n + 1 < all.edges.size(); ++n) {
    depth += static_cast<std::size_t>(all.edges[n].step);
    const double fromS = all.edges[n].delayS;
    const double toS = all.edges[n + 1].delayS;
    if (std::abs(0.5 * (fromS + toS) - all.delayS) <= guardS) continue;
    sumS += static_cast<double>(depth) * (toS - fromS);
    if (depth > rival.count) rival = {depth, 0.5 * (fromS + toS), 0};
  }
  rival.usual = sumS / std::max(guardS, 2 * (withinS - guardS));
  return rival;
}

/// Logarithm of the probability that a Poisson variable of this mean is `count` or more; an upper bound.
double logTail(double mean, std::size_t count) {
  const auto k = static_cast<double>(count);
  if (k <= mean) return 0;
  return std::min(0.0, k * std::log(mean) - mean - std::lgamma(k + 1) - std::log1p(-mean / (k + 1)));
}

double lengthOf(const SyncSeries& series) {
  return std::max(1e-3, series.endS - series.startS);
}

/// One choice of how many events to look at.
struct Attempt {
  Events first;
  Events second;
  Meetings meetings;
  Rival rival;
  double logChance = std::numeric_limits<double>::infinity();
};

Attempt attempt(Events first, Events second, double lengthS, double withinS) {
  Attempt made{std::move(first), std::move(second), {}, {}};
  made.meetings = meetingsOf(made.first, made.second, withinS);
  if (made.meetings.best == 0) return made;
  made.rival = rivalOf(made.meetings, withinS);
  const double windowS = 2 * made.meetings.halfWidthS;
  const double expected =
      static_cast<double>(made.first.size()) * static_cast<double>(made.second.size()) * windowS / lengthS;
  const double mean = std::max(expected, made.rival.usual);
  made.logChance = std::log(std::max(1.0, 2 * withinS / windowS)) + logTail(mean, made.meetings.best);
  return made;
}

std::string milliseconds(double s) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f ms", 1e3 * s);
  return text;
}

std::string counted(std::size_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

Error tooFew(const SyncSeries& series) {
  return {ErrorKind::kBadInput, series.name, "too few sync events",
          series.events.empty() ? "none" : "only " + std::to_string(series.events.size()),
          "at least 3 sudden flashes, pulses or taps, better 10"};
}

/// Pairs the events that meet at this delay, the nearest with each other, each once.
EventMatch pairUp(const Attempt& made, const SyncSeries& first, const SyncSeries& second) {
  EventMatch match;
  match.delayS = made.meetings.delayS;
  std::vector<bool> taken(made.first.size(), false);
  const double fromS = std::max(second.startS, first.startS - match.delayS) - made.meetings.halfWidthS;
  const double toS = std::min(second.endS, first.endS - match.delayS) + made.meetings.halfWidthS;
  const auto shared = [&](double timeS) { return timeS >= fromS && timeS <= toS; };
  for (const SyncEvent& b : made.second) {
    if (!shared(b.middleS())) continue;
    std::optional<std::size_t> nearest;
    double leastS = 0;
    for (std::size_t n = 0; n < made.first.size(); ++n) {
      const SyncEvent& a = made.first[n];
      const double offS = std::abs(a.middleS() - b.middleS() - match.delayS);
      if (taken[n] || offS > std::max(a.halfWidthS(), b.halfWidthS()) + kPlayS || (nearest && offS >= leastS))
        continue;
      nearest = n;
      leastS = offS;
    }
    if (!nearest) {
      ++match.unmatchedSecond;
      continue;
    }
    taken[*nearest] = true;
    const SyncEvent& a = made.first[*nearest];
    EventPair pair{a.earliestS - b.latestS, a.latestS - b.earliestS, std::hypot(a.biasS, b.biasS),
                   b.middleS()};
    if (a.end && b.end)
      pair.end = Between{a.end->earliestS - b.end->latestS, a.end->latestS - b.end->earliestS};
    match.pairs.push_back(pair);
  }
  for (std::size_t n = 0; n < made.first.size(); ++n)
    match.unmatchedFirst += !taken[n] && shared(made.first[n].middleS() - match.delayS) ? 1 : 0;
  return match;
}

double widestStepS(const Events& events) {
  double widestS = 0;
  for (std::size_t n = 1; n < events.size(); ++n)
    widestS = std::max(widestS, events[n].middleS() - events[n - 1].middleS());
  return widestS;
}

}  // namespace

Result<EventMatch> matchEvents(const SyncSeries& first, const SyncSeries& second, double withinS) {
  if (first.events.size() < kFewest) return tooFew(first);
  if (second.events.size() < kFewest) return tooFew(second);
  const double lengthS = std::min(lengthOf(first), lengthOf(second));
  Attempt best;
  for (const std::size_t a : kCounts) {
    for (const std::size_t b : kCounts) {
      Attempt made = attempt(strongest(first.events, a), strongest(second.events, b), lengthS, withinS);
      if (made.logChance < best.logChance) best = std::move(made);
      if (b >= second.events.size()) break;
    }
    if (a >= first.events.size()) break;
  }
  const std::string seen = counted(first.events.size(), "event") + " against " +
                           std::to_string(second.events.size()) + " of " + second.name;
  const std::string range = milliseconds(-withinS) + " and " + milliseconds(withinS);
  const std::size_t meet = best.meetings.best;
  if (meet < kFewest || best.logChance > std::log(kChance)) {
    return Error{ErrorKind::kBadInput, first.name, "no delay between " + range + " fits the events",
                 seen + ", of which " + std::to_string(meet) + " meet, as they may by chance",
                 "more events that both show, unevenly spaced"};
  }
  if (static_cast<double>(best.rival.count) > kRival * static_cast<double>(meet)) {
    return Error{ErrorKind::kBadInput, first.name, "the delay is not clear",
                 std::to_string(meet) + " events meet at " + milliseconds(best.meetings.delayS) + ", " +
                     std::to_string(best.rival.count) + " at " + milliseconds(best.rival.delayS),
                 "events unevenly spaced, or a narrower range"};
  }
  EventMatch match = pairUp(best, first, second);
  const double aroundS = withinS + 1.5 * widestStepS(best.second);
  const Rival beyond = rivalOf(meetingsOf(best.first, best.second, aroundS), aroundS);
  if (static_cast<double>(beyond.count) > kRival * static_cast<double>(meet))
    match.otherDelayS = beyond.delayS;
  return match;
}

}  // namespace soleus
