#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "tools/compare/agreement.h"
#include "tools/compare/difference.h"
#include "tools/compare/quantiles.h"

namespace soleus {
namespace {

bool holds(const Estimate& estimate, double truth) {
  return estimate.low <= truth && truth <= estimate.high;
}

// Peak expiratory flow by two meters, L/min: Table 1 of Bland and Altman 1986, first measurements.
std::vector<double> peakFlowDifferences() {
  const std::vector<double> wright = {494, 395, 516, 434, 476, 557, 413, 442, 650,
                                      433, 417, 656, 267, 478, 178, 423, 427};
  const std::vector<double> mini = {512, 430, 520, 428, 500, 600, 364, 380, 658,
                                    445, 432, 626, 260, 477, 259, 350, 451};
  std::vector<double> differences;
  for (std::size_t i = 0; i < wright.size(); ++i) differences.push_back(wright[i] - mini[i]);
  return differences;
}

TEST(Agreement, IsThatOfBlandAndAltmansPeakFlowMeters) {
  const Agreement agreement = agreementOf(peakFlowDifferences());
  EXPECT_EQ(agreement.count, 17U);
  EXPECT_NEAR(agreement.bias.value, -2.1, 0.05);
  EXPECT_NEAR(agreement.sd, 38.8, 0.05);
  EXPECT_NEAR(agreement.bias.low, -22.0, 0.1);
  EXPECT_NEAR(agreement.bias.high, 17.8, 0.1);
  // The paper takes 2 SD for 1.96.
  EXPECT_NEAR(agreement.lower.value, -79.7 + 0.04 * 38.8, 0.1);
  EXPECT_NEAR(agreement.upper.value, 75.5 - 0.04 * 38.8, 0.1);
  // The paper's interval (-114.3 to -45.1) is symmetric; the exact one lies further out.
  EXPECT_NEAR(agreement.lower.low, -114.3, 10);
  EXPECT_NEAR(agreement.lower.high, -45.1, 10);
  EXPECT_LT(agreement.lower.low, -114.3);
  EXPECT_LT(agreement.lower.high, -45.1);
}

TEST(Agreement, OfOnePairIsNotKnown) {
  const std::vector<double> one = {3};
  const Agreement agreement = agreementOf(one);
  EXPECT_EQ(agreement.count, 1U);
  EXPECT_TRUE(std::isnan(agreement.bias.value));
  EXPECT_TRUE(std::isnan(agreement.upper.high));
}

// As from analyses of one recording: how they scatter is not known.
TEST(Agreement, OfEqualDifferencesHasNoIntervals) {
  const std::vector<double> equal = {2, 2, 2};
  const Agreement agreement = agreementOf(equal);
  EXPECT_EQ(agreement.bias.value, 2);
  EXPECT_EQ(agreement.upper.value, 2);
  EXPECT_TRUE(std::isnan(agreement.bias.low));
  EXPECT_TRUE(std::isnan(agreement.upper.high));
}

// Of 4000 studies with five subjects.
TEST(Agreement, CoversBiasAndLimitsOfFewSubjects) {
  constexpr int kStudies = 4000;
  constexpr double kBias = 3;
  constexpr double kSd = 2;
  std::mt19937 random(1);
  std::normal_distribution<double> difference(kBias, kSd);
  int bias = 0;
  int lower = 0;
  int upper = 0;
  for (int study = 0; study < kStudies; ++study) {
    std::vector<double> differences(5);
    for (double& d : differences) d = difference(random);
    const Agreement agreement = agreementOf(differences);
    bias += holds(agreement.bias, kBias) ? 1 : 0;
    lower += holds(agreement.lower, kBias - 1.96 * kSd) ? 1 : 0;
    upper += holds(agreement.upper, kBias + 1.96 * kSd) ? 1 : 0;
  }
  // Three standard errors of such a share are 1 %.
  EXPECT_NEAR(bias / 4000.0, 0.95, 0.01);
  EXPECT_NEAR(lower / 4000.0, 0.95, 0.01);
  EXPECT_NEAR(upper / 4000.0, 0.95, 0.01);
}

TEST(Quantiles, AreThoseOfTheTables) {
  EXPECT_NEAR(studentQuantile(0.975, 10), 2.228, 5e-4);
  EXPECT_NEAR(chiSquaredQuantile(0.975, 10), 20.483, 5e-4);
  EXPECT_NEAR(fisherQuantile(0.95, 5, 10), 3.326, 5e-4);
  EXPECT_NEAR(shiftedStudentQuantile(0.975, 10, 0), 2.228, 5e-4);
}

TEST(Quantiles, OfNothingAreNotKnown) {
  EXPECT_TRUE(std::isnan(studentQuantile(0.975, 0)));
  EXPECT_TRUE(std::isnan(fisherQuantile(0.975, 5, std::nan(""))));
}

// Between two subjects and many, no interval is lost.
TEST(Quantiles, OfLimitsOfAgreementAreFoundForAnyNumberOfSubjects) {
  for (const int count : {2, 3, 5, 10, 30, 100, 300, 1000}) {
    const double shift = 1.96 * std::sqrt(count);
    const double near = shiftedStudentQuantile(0.025, count - 1, shift);
    const double far = shiftedStudentQuantile(0.975, count - 1, shift);
    EXPECT_LT(near, shift) << count;
    EXPECT_GT(far, shift) << count;
    EXPECT_LT(far, 60 * shift) << count;
  }
}

TEST(Difference, HasWelchsInterval) {
  // SE 1.5^0.5, 9.6 degrees of freedom: 2.24 of them.
  const Estimate difference =
      differenceOf({10, 40, std::sqrt(5.0), kNotKnown}, {8, 43, std::sqrt(8.0), kNotKnown});
  EXPECT_DOUBLE_EQ(difference.value, 3);
  const double freedom = 1.5 * 1.5 / (0.25 / 9 + 1.0 / 7);
  EXPECT_NEAR(difference.high - 3, studentQuantile(0.975, freedom) * std::sqrt(1.5), 1e-12);
  EXPECT_NEAR(3 - difference.low, difference.high - 3, 1e-12);
}

TEST(Difference, IsAsUncertainAsTheMeasurement) {
  // Contractions all alike: what remains are 3 and 4 of the measurement.
  const Estimate difference = differenceOf({5, 40, 0, 3}, {5, 50, 0, 4});
  EXPECT_NEAR(difference.high, 10 + 1.96 * 5, 1e-12);
}

TEST(Difference, OfASingleContractionHasNoInterval) {
  const Estimate difference = differenceOf({1, 40, kNotKnown, 1}, {5, 50, 2, 1});
  EXPECT_DOUBLE_EQ(difference.value, 10);
  EXPECT_TRUE(std::isnan(difference.low));
}

// As without reflux in either.
TEST(Difference, OfWhatDoesNotScatterHasNoInterval) {
  const Estimate difference = differenceOf({6, 0, 0, kNotKnown}, {6, 0, 0, kNotKnown});
  EXPECT_EQ(difference.value, 0);
  EXPECT_TRUE(std::isnan(difference.high));
}

TEST(Difference, CoversTheTruthWhereContractionsScatterUnequally) {
  constexpr int kPairs = 4000;
  std::mt19937 random(2);
  const auto session = [&](int count, double mean, double sd) {
    std::normal_distribution<double> contraction(mean, sd);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < count; ++i) {
      const double value = contraction(random);
      sum += value;
      squares += value * value;
    }
    return SessionMean{static_cast<std::size_t>(count), sum / count,
                       std::sqrt((squares - sum * sum / count) / (count - 1)), kNotKnown};
  };
  int held = 0;
  for (int pair = 0; pair < kPairs; ++pair)
    held += holds(differenceOf(session(5, 60, 10), session(10, 65, 3)), 5) ? 1 : 0;
  EXPECT_NEAR(held / 4000.0, 0.95, 0.015);
}

}  // namespace
}  // namespace soleus
