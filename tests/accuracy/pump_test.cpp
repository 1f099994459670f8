// What is promised of contractions, on a few legs.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/accuracy/pump_leg.h"
#include "tests/accuracy/pump_score.h"

namespace soleus::accuracy {
namespace {

constexpr std::uint64_t kFirstSeed = 1101;
constexpr int kLegs = 5;

double middleOf(std::vector<double> values) {
  std::ranges::sort(values);
  return values.at(values.size() / 2);
}

TEST(Pump, IsMeasuredAsPromised) {
  PumpScore score;
  for (std::uint64_t seed = kFirstSeed; seed < kFirstSeed + kLegs; ++seed) {
    const Scenario leg = legOf(seed);
    score.add(trueOf(leg, seed), foundIn(leg, seed));
  }
  ASSERT_EQ(score.truths, 10 * kLegs);
  EXPECT_GE(score.pairs.size(), 0.99 * score.truths);
  EXPECT_LE(score.invented, 0.01 * score.truths);
  std::vector<double> onsetS;
  std::vector<double> muscleS;
  std::vector<double> ejected;
  int held = 0;
  int refluxWrong = 0;
  for (const auto& [truth, found, uncertainty] : score.pairs) {
    onsetS.push_back(std::abs(found.flowOnsetS - truth.flowOnsetS));
    muscleS.push_back(std::abs(found.onsetS - truth.onsetS));
    ejected.push_back(std::abs(found.ejectedVolumeMl / truth.ejectedVolumeMl - 1));
    held +=
        std::abs(found.peakVelocityCmPerS - truth.peakVelocityCmPerS) <= 1.96 * uncertainty.peakVelocityCmPerS
            ? 1
            : 0;
    for (const double cutOffS : {0.5, 1.0}) {
      const bool told = (found.refluxDurationS > cutOffS) == (truth.refluxDurationS > cutOffS);
      if (std::abs(truth.refluxDurationS - cutOffS) >= 0.1 && !told) ++refluxWrong;
    }
  }
  EXPECT_LE(middleOf(onsetS), 0.040);
  EXPECT_LE(middleOf(muscleS), 0.020);
  EXPECT_LE(middleOf(ejected), 0.05);
  EXPECT_GE(held, 0.85 * score.truths) << "of fifty, most of them alike within a leg";
  EXPECT_LE(refluxWrong, 1);
}

}  // namespace
}  // namespace soleus::accuracy
