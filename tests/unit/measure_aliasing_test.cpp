#include <gmock/gmock.h>

#include <algorithm>
#include <opencv2/core.hpp>
#include <vector>

#include "pipeline/doppler/aliasing.h"

namespace soleus {
namespace {

// 25 cm/s on either side: any velocity may follow any other within a column.
constexpr double kSecondsPerColumn = 0.0076;

DirectionAxis narrowAxis() {
  DirectionAxis axis;
  axis.size = 200;
  axis.firstForward = 100;
  axis.lastReverse = 99;
  axis.zeroIndex = 100;
  axis.wrapRows = 200;
  axis.leakageRows = 4;
  axis.stepCmPerS = 0.25;
  return axis;
}

/// Forward flow of blunt profile: `rows` long in each column, ten times the noise, which is 1.
std::vector<FastFlow> fastFlowOf(const std::vector<int>& rows) {
  const DirectionAxis axis = narrowAxis();
  const auto columns = static_cast<int>(rows.size());
  cv::Mat up(columns, axis.size, CV_32F, 1.0F);
  cv::Mat down(columns, axis.size, CV_32F, 1.0F);
  for (int c = 0; c < columns; ++c) {
    const int end = rows[static_cast<std::size_t>(c)];
    up.row(c).colRange(0, end) = 10.0F;
    down.row(c).colRange(axis.size - end, axis.size) = 10.0F;
  }
  return fastFlow(up, down, 1, kSecondsPerColumn, axis);
}

/// Flow of `before` rows, for `count` columns of `burst` rows, and of `before` again.
std::vector<int> burst(int before, int burst, int count) {
  std::vector<int> rows(30, before);
  rows.insert(rows.end(), static_cast<std::size_t>(count), burst);
  rows.insert(rows.end(), 30, before);
  return rows;
}

int fastColumns(const std::vector<FastFlow>& flow) {
  return static_cast<int>(std::count(flow.begin(), flow.end(), FastFlow::kForward));
}

TEST(FastFlow, IsNoneWhereSlowFlowWouldLeaveTheAxisForAMoment) {
  EXPECT_THAT(fastFlowOf(burst(30, 130, 4)), ::testing::Each(FastFlow::kNone));
}

TEST(FastFlow, IsABurstThatLasts) {
  EXPECT_EQ(fastColumns(fastFlowOf(burst(30, 130, 12))), 12);
}

TEST(FastFlow, IsTheTipOfABurstThatFillsTheAxis) {
  EXPECT_EQ(fastColumns(fastFlowOf(burst(85, 130, 4))), 4);
}

}  // namespace
}  // namespace soleus
