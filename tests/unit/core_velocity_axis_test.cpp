#include <gtest/gtest.h>

#include "pipeline/core/velocity_axis.h"

namespace soleus {
namespace {

DopplerCalibration strip() {
  DopplerCalibration c;
  c.region = {10, 100, 200, 50};
  c.cmPerSPerPixel = 2.0;
  c.baselineRow = 120.0;
  return c;
}

TEST(VelocityAxis, RunsUpwardFromTheBaselineWhenTheHeartIsUp) {
  const auto axis = velocityAxisCmPerS(strip());
  ASSERT_EQ(axis.size(), 50U);
  // Bottom row 149 has its centre at 149.5, 29.5 px below the baseline.
  EXPECT_DOUBLE_EQ(axis.front(), -59.0);
  EXPECT_DOUBLE_EQ(axis.back(), 39.0);
  EXPECT_EQ(rowOfAxisIndex(strip(), 0), 49);
}

TEST(VelocityAxis, IsMirroredWhenTheHeartIsDown) {
  auto c = strip();
  c.towardHeart = Side::kDown;
  const auto axis = velocityAxisCmPerS(c);
  EXPECT_DOUBLE_EQ(axis.front(), -39.0);
  EXPECT_DOUBLE_EQ(axis.back(), 59.0);
  EXPECT_EQ(rowOfAxisIndex(c, 0), 0);
}

TEST(VelocityAxis, AppliesTheAngleOnlyToAnUncorrectedScale) {
  auto c = strip();
  c.angleCorrected = false;
  c.angleDegrees = 60;
  EXPECT_NEAR(velocityStepCmPerS(c), 4.0, 1e-12);
}

}  // namespace
}  // namespace soleus
