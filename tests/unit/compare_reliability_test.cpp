#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "tools/compare/reliability.h"

namespace soleus {
namespace {

const double kMissing = std::nan("");

bool holds(const Estimate& estimate, double truth) {
  return estimate.low <= truth && truth <= estimate.high;
}

// Table 2 of Shrout and Fleiss 1979: six targets, four judges.
const Repeats kShroutFleiss = {{9, 2, 5, 8}, {6, 1, 3, 2},  {8, 4, 6, 8},
                               {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7}};

TEST(Reliability, IsThatOfShroutAndFleiss) {
  const Reliability reliability = reliabilityOf(kShroutFleiss);
  EXPECT_EQ(reliability.subjects, 6U);
  EXPECT_EQ(reliability.sessions, 4U);
  EXPECT_NEAR(reliability.absolute.value, 0.29, 0.005);
  EXPECT_NEAR(reliability.consistent.value, 0.71, 0.005);
  // Intervals as the package psych of R (function ICC) gives them for these data.
  EXPECT_NEAR(reliability.absolute.low, 0.019, 0.001);
  EXPECT_NEAR(reliability.absolute.high, 0.761, 0.001);
  EXPECT_NEAR(reliability.consistent.low, 0.342, 0.001);
  EXPECT_NEAR(reliability.consistent.high, 0.946, 0.001);
}

TEST(WithinSubject, IsTheMeanSquareWithinOfShroutAndFleiss) {
  const WithinSubject within = withinSubject(kShroutFleiss);
  EXPECT_EQ(within.freedom, 18U);
  EXPECT_NEAR(within.sem.value * within.sem.value, 6.26, 0.005);
  EXPECT_NEAR(within.mdc95.value, 1.96 * std::sqrt(2 * 6.2639), 0.001);
  EXPECT_NEAR(within.cv.value, within.sem.value / (127.0 / 24), 1e-12);
}

TEST(Reliability, TakesTheCompleteSubjectsOfTheMostUsefulNumberOfSessions) {
  // Four subjects twice are more values than one three times; the third subject has no second value.
  const Repeats repeats = {{1, 2, 9}, {4, 5}, {7, kMissing, 8}, {2, 2}, {6, 7}, {3}};
  const Reliability reliability = reliabilityOf(repeats);
  EXPECT_EQ(reliability.subjects, 4U);
  EXPECT_EQ(reliability.sessions, 2U);
  EXPECT_NEAR(reliability.consistent.value, reliabilityOf({{1, 2}, {4, 5}, {2, 2}, {6, 7}}).consistent.value,
              1e-12);
  // The one-way analysis has room for the third, and for the first subject's third value.
  const WithinSubject within = withinSubject(repeats);
  EXPECT_EQ(within.subjects, 5U);
  EXPECT_EQ(within.values, 11U);
  EXPECT_EQ(within.freedom, 6U);
}

TEST(Reliability, OfOneSubjectIsNotKnown) {
  EXPECT_TRUE(std::isnan(reliabilityOf({{1, 2, 3}}).absolute.value));
  EXPECT_TRUE(std::isnan(reliabilityOf({}).absolute.value));
  EXPECT_NEAR(withinSubject({{1, 2, 3}}).sem.value, 1, 1e-12);
  EXPECT_TRUE(std::isnan(withinSubject({{1, 2}}).sem.value));
}

TEST(Reliability, OfEqualSessionsIsOneWithoutAnInterval) {
  const Reliability reliability = reliabilityOf({{0.1, 0.1, 0.1}, {0.3, 0.3, 0.3}, {0.7, 0.7, 0.7}});
  EXPECT_EQ(reliability.absolute.value, 1);
  EXPECT_EQ(reliability.consistent.value, 1);
  EXPECT_TRUE(std::isnan(reliability.absolute.low));
}

// No reflux in anyone, in either session.
TEST(Reliability, OfValuesThatAreAllEqualIsNotKnown) {
  EXPECT_TRUE(std::isnan(reliabilityOf({{0, 0}, {0, 0}}).absolute.value));
  EXPECT_TRUE(std::isnan(withinSubject({{0, 0}, {0, 0}}).sem.value));
  EXPECT_EQ(withinSubject({{1, 1}, {2, 2}}).sem.value, 0);
}

TEST(Reliability, ABiasCountsForAbsoluteAgreementAlone) {
  const Reliability reliability = reliabilityOf({{1, 11}, {2, 12}, {3, 13.1}, {4, 13.9}});
  EXPECT_GT(reliability.consistent.value, 0.99);
  EXPECT_LT(reliability.absolute.value, 0.1);
}

struct Study {
  double subjectSd = 3;
  double sessionSd = 0;  ///< of a bias that all subjects of a session share
  double errorSd = 1.5;
};

Repeats simulate(const Study& study, std::size_t subjects, std::size_t sessions, std::mt19937& random) {
  std::normal_distribution<double> normal;
  std::vector<double> bias(sessions);
  for (double& b : bias) b = study.sessionSd * normal(random);
  Repeats repeats;
  for (std::size_t i = 0; i < subjects; ++i) {
    const double subject = 20 + study.subjectSd * normal(random);
    std::vector<double> row;
    for (const double b : bias) row.push_back(subject + b + study.errorSd * normal(random));
    repeats.push_back(std::move(row));
  }
  return repeats;
}

TEST(Reliability, CoversTheTrueCorrelations) {
  constexpr int kStudies = 3000;
  std::mt19937 random(3);
  for (const double sessionSd : {0.0, 1.0}) {
    for (const std::size_t sessions : {2U, 3U}) {
      const Study study{3, sessionSd, 1.5};
      const double between = study.subjectSd * study.subjectSd;
      const double error = study.errorSd * study.errorSd;
      int absolute = 0;
      int consistent = 0;
      for (int i = 0; i < kStudies; ++i) {
        const Reliability reliability = reliabilityOf(simulate(study, 12, sessions, random));
        absolute += holds(reliability.absolute, between / (between + sessionSd * sessionSd + error)) ? 1 : 0;
        consistent += holds(reliability.consistent, between / (between + error)) ? 1 : 0;
      }
      EXPECT_NEAR(consistent / 3000.0, 0.95, 0.012);
      // Satterthwaite's degrees of freedom are an approximation.
      EXPECT_NEAR(absolute / 3000.0, 0.95, 0.025);
    }
  }
}

TEST(WithinSubject, CoversTheTrueErrorOfUnequalRepeats) {
  constexpr int kStudies = 3000;
  std::mt19937 random(4);
  int held = 0;
  for (int i = 0; i < kStudies; ++i) {
    Repeats repeats = simulate({}, 6, 3, random);
    repeats[0].resize(2);
    repeats[1][1] = kMissing;
    repeats[2].resize(1);
    const WithinSubject within = withinSubject(repeats);
    EXPECT_EQ(within.freedom, 8U);
    held += holds(within.sem, 1.5) ? 1 : 0;
  }
  EXPECT_NEAR(held / 3000.0, 0.95, 0.012);
}

TEST(WithinSubject, CoversTheChangesOfUnchangedSubjects) {
  std::mt19937 random(5);
  const double changeMdc = withinSubject(simulate({}, 20000, 2, random)).mdc95.value;
  int beyond = 0;
  for (const auto& row : simulate({}, 20000, 2, random))
    beyond += std::abs(row[1] - row[0]) > changeMdc ? 1 : 0;
  EXPECT_NEAR(beyond / 20000.0, 0.05, 0.005);
}

TEST(Reliability, OfEqualValuesIsUnknownWhateverTheirSumsRoundTo) {
  for (const std::size_t subjects : {6U, 7U}) {
    for (const std::size_t sessions : {2U, 3U}) {
      const auto told = reliabilityOf(Repeats(subjects, std::vector<double>(sessions, 0.1)));
      EXPECT_TRUE(std::isnan(told.absolute.value)) << subjects << " x " << sessions;
      EXPECT_TRUE(std::isnan(told.consistent.value)) << subjects << " x " << sessions;
    }
  }
}

}  // namespace
}  // namespace soleus
