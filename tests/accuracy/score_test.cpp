// The score itself, on columns that are the truth: what is lost must not go unseen.
#include "tests/accuracy/score.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace soleus::accuracy {
namespace {

constexpr double kOnsetS = 1;
constexpr double kEndS = 1.8;

/// One contraction of 80 cm/s over a resting flow of 8 cm/s.
Truth oneContraction() {
  Truth truth;
  truth.durationS = 4;
  truth.columnS = 0.004;
  truth.peakCmPerS = [](double t) {
    const double phase = (t - kOnsetS) / (kEndS - kOnsetS);
    return phase > 0 && phase < 1 ? 8 + 72 * std::pow(std::sin(std::numbers::pi * phase), 2) : 8;
  };
  truth.meanCmPerS = [peak = truth.peakCmPerS](double t) { return peak(t) / 2; };
  Contraction contraction;
  contraction.onsetS = kOnsetS;
  contraction.endS = kEndS;
  contraction.peakVelocityCmPerS = 80;
  contraction.vtiCm = 44 * (kEndS - kOnsetS);
  contraction.refluxDurationS = 0;
  truth.contractions = {contraction};
  return truth;
}

enum class Column { kSound, kWithoutVelocity, kAbsent };

/// Scores columns that are the truth where `become`, of a column's number and time, lets them.
template <class Become>
ContractionScore scoreWhere(Become become) {
  const Truth truth = oneContraction();
  std::vector<DopplerColumn> columns;
  for (int i = 0; i < static_cast<int>(truth.durationS / truth.columnS); ++i) {
    const double t = (i + 0.5) * truth.columnS;
    const Column fate = become(i, t);
    if (fate == Column::kAbsent) continue;
    DopplerColumn column;
    column.time = SessionTime::fromSeconds(t);
    const double peak =
        fate == Column::kSound ? truth.peakCmPerS(t) : std::numeric_limits<double>::quiet_NaN();
    column.peakForwardCmPerS = column.peakCmPerS = static_cast<float>(peak);
    column.meanCmPerS = static_cast<float>(peak / 2);
    columns.push_back(column);
  }
  return score(columns, truth).at(0);
}

TEST(Score, ofTheTruthIsZero) {
  const ContractionScore s = scoreWhere([](int, double) { return Column::kSound; });
  EXPECT_NEAR(s.missingShare, 0, 1e-6);
  EXPECT_NEAR(s.peakPercent, 0, 0.1);
  EXPECT_NEAR(s.vtiPercent, 0, 0.1);
  EXPECT_NEAR(s.meanPercent, 0, 0.1);
  EXPECT_NEAR(s.lagMs, 0, 0.1);
}

TEST(Score, missesColumnsWithoutAVelocityAndThoseThatNeverCame) {
  for (const Column lost : {Column::kWithoutVelocity, Column::kAbsent}) {
    // A tenth of a second in each flank.
    const ContractionScore holes = scoreWhere([lost](int, double t) {
      return (t > 1.15 && t < 1.25) || (t > 1.55 && t < 1.65) ? lost : Column::kSound;
    });
    EXPECT_NEAR(holes.missingShare, 0.2 / 0.8, 0.01);
    EXPECT_NEAR(
        scoreWhere([lost](int i, double) { return i % 10 == 0 ? Column::kSound : lost; }).missingShare, 0.9,
        0.01);
    EXPECT_NEAR(scoreWhere([lost](int, double t) { return t < 1.1 ? lost : Column::kSound; }).missingShare,
                0.1 / 0.8, 0.01);
    EXPECT_NEAR(scoreWhere([lost](int, double t) { return t > 1.7 ? lost : Column::kSound; }).missingShare,
                0.1 / 0.8, 0.01);
    EXPECT_EQ(scoreWhere([lost](int, double) { return lost; }).missingShare, 1);
  }
}

TEST(Score, takesUnevenColumnsForAllThatCame) {
  const Truth truth = oneContraction();
  std::vector<DopplerColumn> columns;
  for (double t = truth.columnS / 2; t < truth.durationS;
       t += (columns.size() % 2 == 0 ? 0.6 : 1.4) * truth.columnS) {
    DopplerColumn column;
    column.time = SessionTime::fromSeconds(t);
    column.peakForwardCmPerS = static_cast<float>(truth.peakCmPerS(t));
    columns.push_back(column);
  }
  EXPECT_NEAR(score(columns, truth).at(0).missingShare, 0, 1e-6);
}

}  // namespace
}  // namespace soleus::accuracy
