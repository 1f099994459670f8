#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "calibration/screen/possible_lines.h"

namespace soleus {
namespace {

using testing::Gt;
using testing::Lt;

TEST(PossibleLines, TwoReadingsLeaveTheirRoundingOpen) {
  const auto slopes = possibleSlopes({{10.5, 0, 0.5}, {110.5, 50, 0.5}});
  ASSERT_TRUE(slopes);
  EXPECT_DOUBLE_EQ(slopes->least, 99.0 / 50);
  EXPECT_DOUBLE_EQ(slopes->most, 101.0 / 50);
  EXPECT_NEAR(slopes->mean, 2, 1e-9);
  EXPECT_NEAR(slopes->bound(), 0.01, 1e-9);
}

TEST(PossibleLines, NoneWhereReadingsContradictEachOther) {
  EXPECT_FALSE(possibleSlopes({{10.5, 0, 0.5}, {61.5, 25, 0.5}, {110.5, 50, 0.2}, {160.5, 75, 0.2}}));
  EXPECT_FALSE(possibleSlopes({{10.5, 20, 0.5}, {10.5, 20, 0.5}}));
}

// Between two roundings a slope is as probable as there is room for its zero: the ends have none.
TEST(PossibleLines, TheEndsOfWhatIsPossibleAreImprobable) {
  const std::vector<BoundedReading> readings = {{10.5, 0, 0.5}, {110.5, 50, 0.5}};
  const auto slopes = possibleSlopes(readings);
  ASSERT_TRUE(slopes);
  EXPECT_NEAR(doubtOf(readings, *slopes, 0.005), 0.25, 0.005);
  EXPECT_NEAR(doubtOf(readings, *slopes, 0.009), 0.01, 0.001);
  EXPECT_EQ(doubtOf(readings, *slopes, 0.0101), 0);
}

TEST(PossibleLines, DoubtIsHowOftenTheMeanIsOff) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> zeros(100, 101);
  std::uniform_real_distribution<double> slopesOf(1.6, 1.9);
  double expected = 0;
  int off = 0;
  constexpr int kScreens = 4000;
  for (int i = 0; i < kScreens; ++i) {
    const double zero = zeros(random);
    const double slope = slopesOf(random);
    std::vector<BoundedReading> readings;
    for (const double value : {-20.0, 0.0, 20.0, 40.0})
      readings.push_back({std::floor(zero + slope * value) + 0.5, value, 0.5});
    const auto slopes = possibleSlopes(readings);
    ASSERT_TRUE(slopes);
    EXPECT_LE(std::abs(slope - slopes->mean), slopes->bound() * slopes->mean + 1e-9);
    expected += doubtOf(readings, *slopes, 0.004);
    off += std::abs(slope / slopes->mean - 1) > 0.004 ? 1 : 0;
  }
  EXPECT_THAT(off, Gt(kScreens / 20));
  EXPECT_NEAR(off / expected, 1, 0.15);
}

}  // namespace
}  // namespace soleus
