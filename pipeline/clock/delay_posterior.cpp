#include "pipeline/clock/delay_posterior.h"

#include <algorithm>
#include <cmath>

namespace soleus {
namespace {

constexpr double kOutliers = 0.05;
// Of jitter: from less than any stamp has to more than makes an event one of a pair.
constexpr double kLeastJitterS = 0.0001;
constexpr double kMostJitterS = 0.02;
constexpr int kJitters = 10;
constexpr int kDelays = 1600;
// Beyond the bounds of all pairs the delay isn't looked for.
constexpr double kMarginS = 0.005;
// A little more than 95 %: the model is one.
constexpr double kCovered = 0.97;

double below(double z) {
  return 0.5 * std::erfc(-z * M_SQRT1_2);
}

/// Log likelihood of a delay if the jitter is `jitterS`.
double logLikelihood(const std::vector<EventPair>& pairs, double delayS, double jitterS, double spreadS) {
  double sum = 0;
  for (const EventPair& pair : pairs) {
    const double widthS = std::max(pair.mostS - pair.leastS, 1e-6);
    const double inside =
        (below((pair.mostS - delayS) / jitterS) - below((pair.leastS - delayS) / jitterS)) / widthS;
    sum += std::log((1 - kOutliers) * inside + kOutliers / spreadS);
  }
  return sum;
}

}  // namespace

DelayEstimate delayOfPairs(const std::vector<EventPair>& pairs) {
  double leastS = pairs.front().leastS;
  double mostS = pairs.front().mostS;
  for (const EventPair& pair : pairs) {
    leastS = std::min(leastS, pair.leastS);
    mostS = std::max(mostS, pair.mostS);
  }
  leastS -= kMarginS;
  mostS += kMarginS;
  const double spreadS = mostS - leastS;
  const double stepS = spreadS / kDelays;
  std::vector<double> logs(static_cast<std::size_t>(kDelays) * kJitters);
  double highest = -1e300;
  for (int j = 0; j < kJitters; ++j) {
    const double jitterS = kLeastJitterS * std::pow(kMostJitterS / kLeastJitterS, j / (kJitters - 1.0));
    for (int d = 0; d < kDelays; ++d) {
      double& log = logs[static_cast<std::size_t>(j) * kDelays + static_cast<std::size_t>(d)];
      log = logLikelihood(pairs, leastS + (d + 0.5) * stepS, jitterS, spreadS);
      highest = std::max(highest, log);
    }
  }
  std::vector<double> weight(kDelays, 0.0);
  double total = 0;
  double mean = 0;
  for (std::size_t n = 0; n < logs.size(); ++n) {
    const std::size_t d = n % kDelays;
    const double w = std::exp(logs[n] - highest);
    weight[d] += w;
    total += w;
    mean += w * (static_cast<double>(d) + 0.5);
  }
  mean /= total;
  // The narrowest interval about the mean that covers as much.
  double covered = 0;
  int reach = 0;
  const int middle = std::clamp(static_cast<int>(mean), 0, kDelays - 1);
  const auto at = [&](int d) { return d >= 0 && d < kDelays ? weight[static_cast<std::size_t>(d)] : 0.0; };
  covered = at(middle);
  while (covered < kCovered * total && reach < kDelays) {
    ++reach;
    covered += at(middle - reach) + at(middle + reach);
  }
  return {leastS + mean * stepS, (reach + 1) * stepS};
}

}  // namespace soleus
