#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "pipeline/clock/passage_model.h"

namespace soleus {
namespace {

constexpr double kFrameS = 1.0 / 30;

TEST(PassageModel, FollowsJitteredStampsOfWholePixels) {
  PassageModel model(600, 4, 0.04);
  std::mt19937 random(7);
  std::normal_distribution<double> jitterS(0, 0.005);
  for (int n = 0; n < 2000; ++n) {
    const double t = n * kFrameS;
    model.push({0, std::floor(t / 0.0039) + 0.5, t + jitterS(random)});
  }
  // 5 ms over 600 frames: 0.2 ms in the middle of the window, twice that at its end.
  EXPECT_NEAR(model.secondsPerColumn(), 0.0039, 0.0039 * 2e-4);
  EXPECT_NEAR(model.timeS(0, 66.0 / 0.0039), 66, 0.0012);
  EXPECT_NEAR(model.position(0, 66), 66.0 / 0.0039, 0.3);
}

TEST(PassageModel, StatesTheErrorOfItsPace) {
  // The error of a slope falls with the time watched to the power of 1.5, and grows with the scatter.
  const auto model = [](int frames, double jitterS) {
    PassageModel watched(600, 4, 0.04);
    std::mt19937 random(9);
    std::normal_distribution<double> jitter(0, jitterS);
    for (int n = 0; n < frames; ++n) watched.push({0, n * kFrameS / 0.0139, n * kFrameS + jitter(random)});
    return watched;
  };
  EXPECT_TRUE(std::isnan(model(5, 0.01).secondsPerColumnErrorShare()));
  const double brief = model(100, 0.01).secondsPerColumnErrorShare();
  EXPECT_NEAR(brief / model(400, 0.01).secondsPerColumnErrorShare(), 8, 2);
  EXPECT_NEAR(model(100, 0.02).secondsPerColumnErrorShare() / brief, 2, 0.4);
  // sqrt(12) 0.01 s / 3.3 s / sqrt(100), were all errors apart; twelve neighbours err together.
  EXPECT_NEAR(brief, std::sqrt(12.0) * 0.01 / 3.3 / 10 * std::sqrt(12.0), 0.0012);
}

TEST(PassageModel, AFrontSeenAtEitherOfTwoFacesTellsItsPaceLessSurely) {
  // The end of an erased gap runs some columns ahead of what is written; one is seen for seconds, then the
  // other.
  for (const double apartPx : {0.0, 3.0, 5.0, 8.0}) {
    std::mt19937 random(10);
    std::uniform_real_distribution<double> whileS(1, 3);
    int covered = 0;
    double toldShare = 0;
    for (int run = 0; run < 100; ++run) {
      PassageModel model(600, 5, 0.05);
      double untilS = 0;
      double facePx = run % 2 == 0 ? 0 : apartPx;
      for (int n = 0; n < 260; ++n) {
        const double t = n * 0.04;
        if (t > untilS) {
          untilS = t + whileS(random);
          facePx = facePx > 0 ? 0 : apartPx;
        }
        model.push({0, std::floor(t / 0.0053 + facePx) + 0.5, t});
      }
      const double off = std::abs(model.secondsPerColumn() / 0.0053 - 1);
      const double told = std::max(3 * model.secondsPerColumnErrorShare(), 1.5 * model.apartShare());
      covered += off < told ? 1 : 0;
      toldShare += told / 100;
    }
    EXPECT_GE(covered, 97) << apartPx;
    if (apartPx == 0) {
      EXPECT_LT(toldShare, 0.001);
    }
  }
}

TEST(PassageModel, AFifthOfOutliersDoesNoHarmFromTheStart) {
  PassageModel model(600, 4, 0.04);
  std::mt19937 random(8);
  std::uniform_real_distribution<double> anywhere(0, 400);
  for (int n = 0; n < 300; ++n) {
    const double t = n * kFrameS;
    model.push({0, n % 5 == 1 ? anywhere(random) : 72 * t, t});
  }
  EXPECT_NEAR(model.secondsPerColumn() * 72, 1, 1e-3);
}

TEST(PassageModel, MeasuresThePeriodApartFromTheLength) {
  // 430 columns in 5.9 s, but 6.1 s from sweep to sweep.
  PassageModel model(600, 5, 0.05);
  for (int n = 0; n < 900; ++n) {
    const double t = n * kFrameS;
    const int lap = static_cast<int>(t / 6.1);
    const double inLapS = t - lap * 6.1;
    if (inLapS > 5.9) continue;
    if (lap == 1 && !(model.periodS() > 0)) model.setPeriodS(6.05);
    model.push({lap, inLapS / 5.9 * 430, t});
  }
  EXPECT_NEAR(model.periodS(), 6.1, 1e-3);
  EXPECT_NEAR(model.secondsPerColumn() * 430, 5.9, 1e-3);
  EXPECT_LT(model.lapErrorColumns(), 0.5);
}

TEST(PassageModel, TellsAStepFromOutliers) {
  PassageModel model(600, 4, 0.04);
  int steps = 0;
  for (int n = 0; n < 300; ++n) {
    const double t = n * kFrameS;
    const double position = n < 200 ? 100 * t : 100 * t - 60;  // 60 columns back at frame 200
    const bool marker = n % 10 == 3;
    if (model.push({0, marker ? 17.0 : position, t}) == PassageModel::Verdict::kStep) {
      ++steps;
      EXPECT_GE(n, 204);
      EXPECT_LE(n, 225);
      model.restart();
    }
  }
  EXPECT_EQ(steps, 1);
  EXPECT_NEAR(model.position(0, 9.9), 930, 0.1);
}

TEST(PassageModel, StandingStillIsNoStep) {
  PassageModel model(600, 4, 0.04);
  for (int n = 0; n < 200; ++n) {
    const double t = n * kFrameS;
    EXPECT_NE(model.push({0, std::min(100 * t, 300.0), t}), PassageModel::Verdict::kStep);
  }
  EXPECT_NEAR(model.secondsPerColumn(), 0.01, 1e-4);
}

TEST(PassageModel, KnowsNothingBeforeItHasSeenEnough) {
  PassageModel model(600, 4, 0.04);
  EXPECT_TRUE(std::isnan(model.secondsPerColumn()));
  for (int n = 0; n < 11; ++n) model.push({0, 2.0 * n, n * kFrameS});
  EXPECT_FALSE(model.known());
  model.push({0, 22, 11 * kFrameS});
  EXPECT_TRUE(model.known());
  model.reset();
  EXPECT_FALSE(model.known());
  EXPECT_TRUE(std::isnan(model.periodS()));
}

}  // namespace
}  // namespace soleus
