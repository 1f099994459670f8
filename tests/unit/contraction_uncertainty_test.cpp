#include <gtest/gtest.h>

#include <cmath>

#include "pipeline/contraction/uncertainty.h"

namespace soleus {
namespace {

/// 5 mL through 0.5 cm2 in 0.5 s, over rest of 8 cm/s.
FoundContraction row() {
  FoundContraction c;
  c.onsetS = c.flowOnsetS = 10;
  c.endS = 10.5;
  c.baselineVelocityCmPerS = 8;
  c.peakVelocityCmPerS = 40;
  c.meanVelocityCmPerS = 20;
  c.vtiCm = 12;
  c.augmentationRatio = 5;
  c.augmentationCmPerS = 32;
  c.ejectedVolumeMl = 5;
  c.excessVolumeMl = 4;
  c.refluxDurationS = 0;
  return c;
}

TEST(ContractionUncertainty, GoesWithWhatTheWindowResolves) {
  const ContractionUncertainty fine = uncertaintyOf(row(), 1);
  const ContractionUncertainty coarse = uncertaintyOf(row(), 3);
  EXPECT_GT(fine.peakVelocityCmPerS, 0);
  EXPECT_NEAR(coarse.peakVelocityCmPerS, 3 * fine.peakVelocityCmPerS, 1e-12);
  EXPECT_NEAR(coarse.ejectedVolumeMl, 3 * fine.ejectedVolumeMl, 1e-12);
  EXPECT_NEAR(coarse.flowOnsetS, 3 * fine.flowOnsetS, 1e-12);
}

// A velocity that is off by dv over the ejection is off by dv times area times time in volume, and by dv
// times time in VTI.
TEST(ContractionUncertainty, OfVolumesIsThatOfVelocitiesOverTheEjection) {
  FoundContraction longer = row();
  longer.endS = 11;
  longer.vtiCm = 24;
  longer.ejectedVolumeMl = 10;
  const ContractionUncertainty once = uncertaintyOf(row(), 3.5);
  const ContractionUncertainty twice = uncertaintyOf(longer, 3.5);
  EXPECT_NEAR(twice.vtiCm, 2 * once.vtiCm, 1e-12);
  EXPECT_NEAR(twice.ejectedVolumeMl, 2 * once.ejectedVolumeMl, 1e-12);
  EXPECT_NEAR(twice.peakVelocityCmPerS, once.peakVelocityCmPerS, 1e-12);
}

TEST(ContractionUncertainty, OfTheAugmentationIsThatOfBothVelocities) {
  const ContractionUncertainty u = uncertaintyOf(row(), 3.5);
  EXPECT_NEAR(u.augmentationCmPerS, std::hypot(u.peakVelocityCmPerS, u.baselineVelocityCmPerS), 1e-12);
  EXPECT_NEAR(u.augmentationRatio / 5, std::hypot(u.peakVelocityCmPerS / 40, u.baselineVelocityCmPerS / 8),
              1e-12);
}

// Of 8 cm/s that breathing moves by half to either side, the mean over a third of a breath may be off by 2.7
// (SD).
TEST(ContractionUncertainty, OfRestThatIsShorterThanABreathIsThatOfTheBreath) {
  FoundContraction c = row();
  const double whole = uncertaintyOf(c, 3.5).baselineVelocityCmPerS;
  c.restBreaths = 1.0 / 3;
  const ContractionUncertainty u = uncertaintyOf(c, 3.5);
  EXPECT_NEAR(u.baselineVelocityCmPerS, std::hypot(whole, 2.70), 0.01);
  EXPECT_GT(u.augmentationRatio, 5 * 0.3);
}

TEST(ContractionUncertainty, IsMissingWhereTheMeasureIs) {
  FoundContraction c = row();
  c.ejectedVolumeMl = c.excessVolumeMl = c.baselineVelocityCmPerS = c.augmentationRatio =
      c.augmentationCmPerS = std::nan("");
  const ContractionUncertainty u = uncertaintyOf(c, 3.5);
  EXPECT_TRUE(std::isnan(u.ejectedVolumeMl) && std::isnan(u.excessVolumeMl));
  EXPECT_TRUE(std::isnan(u.baselineVelocityCmPerS) && std::isnan(u.augmentationRatio));
  EXPECT_TRUE(std::isnan(u.augmentationCmPerS) && std::isnan(u.refillTimeS) &&
              std::isnan(u.refluxPeakCmPerS));
  EXPECT_FALSE(std::isnan(u.peakVelocityCmPerS) || std::isnan(u.refluxDurationS));
}

}  // namespace
}  // namespace soleus
