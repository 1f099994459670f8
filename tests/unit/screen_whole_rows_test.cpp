#include <gmock/gmock.h>

#include "calibration/screen/whole_rows.h"

namespace soleus {
namespace {

TEST(WholeRows, OneHeightThatAxisAndSettingsAllowTellsTheScale) {
  // Found three rows too low: the axis leaves 159.2 to 160.8 rows open.
  const auto scale = scaleOfWholeRows(160, {1.0, 0.005}, {157, 3, 3});
  ASSERT_TRUE(scale);
  EXPECT_DOUBLE_EQ(scale->cmPerSPerPixel, 1);
  EXPECT_DOUBLE_EQ(scale->uncertainty, 0);
}

TEST(WholeRows, SeveralHeightsLeaveTheirMiddle) {
  const auto scale = scaleOfWholeRows(160, {1.0, 0.008}, {160, 3, 3});  // 159 to 161
  ASSERT_TRUE(scale);
  EXPECT_DOUBLE_EQ(scale->cmPerSPerPixel, 1);
  EXPECT_NEAR(scale->uncertainty, 1 / 160.0, 1e-9);
  const auto nearer = scaleOfWholeRows(160, {1.0, 0.008}, {162, 1, 1});  // 161
  ASSERT_TRUE(nearer);
  EXPECT_DOUBLE_EQ(nearer->cmPerSPerPixel, 160 / 161.0);
}

TEST(WholeRows, NeverLeavesWhatTheAxisAllows) {
  EXPECT_FALSE(scaleOfWholeRows(160, {1.0, 0.005}, {162, 0, 0}));
  EXPECT_FALSE(scaleOfWholeRows(163, {1.0, 0.005}, {160, 1, 1}));
  EXPECT_FALSE(scaleOfWholeRows(160.5, {1.0, 0.002}, {160, 9, 9}));  // between two rows
}

}  // namespace
}  // namespace soleus
