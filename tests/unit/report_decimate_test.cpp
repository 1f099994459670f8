#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tools/report/decimate.h"

namespace soleus {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

std::vector<double> evenTimes(std::size_t count) {
  std::vector<double> timeS(count);
  for (std::size_t i = 0; i < count; ++i) timeS[i] = 0.004 * static_cast<double>(i);
  return timeS;
}

TEST(RowsToDraw, KeepsEveryRowOfAShortRecording) {
  const std::vector<double> values = {1, 2, std::nan(""), 4, 5};
  const DrawnRows drawn = rowsToDraw(evenTimes(5), {values}, 5);
  EXPECT_THAT(drawn.rows, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_EQ(drawn.rowsPerBin, 1U);
}

TEST(RowsToDraw, KeepsASinglePeakOfEachSeriesAmongAHundredThousandRows) {
  std::vector<double> forward(100000, 5.0);
  std::vector<double> reverse(100000, 0.0);
  forward[54321] = 120.0;
  reverse[12345] = -33.0;
  forward[777] = 4.0;  // a dip is an extreme as well
  const DrawnRows drawn = rowsToDraw(evenTimes(100000), {forward, reverse}, 2000);
  EXPECT_THAT(drawn.rows, Contains(54321U));
  EXPECT_THAT(drawn.rows, Contains(12345U));
  EXPECT_THAT(drawn.rows, Contains(777U));
  EXPECT_THAT(drawn.rows, Contains(99999U));
  // 2000 rows and the first and last, which belong to a bin but need not be its extremes.
  EXPECT_LE(drawn.rows.size(), 2002U);
  EXPECT_TRUE(std::is_sorted(drawn.rows.begin(), drawn.rows.end()));
}

TEST(RowsToDraw, KeepsLongMissingStretchesAndTheirEnds) {
  std::vector<double> values(10000, 1.0);
  // 10000 rows to 100 are 50 bins of 200 rows. The stretch covers no bin wholly: [300, 520).
  for (std::size_t i = 300; i < 520; ++i) values[i] = std::nan("");
  const DrawnRows drawn = rowsToDraw(evenTimes(10000), {values}, 100);
  EXPECT_EQ(drawn.rowsPerBin, 200U);
  EXPECT_THAT(drawn.rows, Contains(300U));
  EXPECT_THAT(drawn.rows, Contains(519U));
}

TEST(RowsToDraw, KeepsTheLongestOfTooManyMissingStretchesAndSaysWhatItBridges) {
  // Every tenth row is missing, 2000 stretches where 160 / 32 = 5 have room. One is of 5 rows, which a line
  // would cross in 6 steps of 4 ms, two are of 3 rows, the others of one.
  std::vector<double> values(20000, 1.0);
  for (std::size_t i = 0; i < values.size(); i += 10) values[i] = std::nan("");
  for (const std::size_t i : {5001, 5002, 5003, 5004, 7001, 7002, 9001, 9002}) values[i] = std::nan("");
  const DrawnRows drawn = rowsToDraw(evenTimes(20000), {values}, 160);
  for (const std::size_t end : {4999U, 5000U, 5004U, 5005U, 7000U, 7002U, 9000U, 9002U})
    EXPECT_THAT(drawn.rows, Contains(end));
  EXPECT_LE(drawn.rows.size(), 160U + 2U + 4U * 5U);
  EXPECT_NEAR(drawn.longestBridgedS, 0.008, 1e-9);
  const DrawnRows tighter = rowsToDraw(evenTimes(20000), {values}, 32);
  EXPECT_NEAR(tighter.longestBridgedS, 0.016, 1e-9);
}

TEST(RowsToDraw, KeepsAllMissingAsMissing) {
  const std::vector<double> values(1000, std::nan(""));
  EXPECT_THAT(rowsToDraw(evenTimes(1000), {values}, 10).rows, ElementsAre(0, 999));
}

TEST(RowsToDraw, BreaksLinesAtGapsInTime) {
  std::vector<double> timeS = evenTimes(1000);
  for (std::size_t i = 400; i < 1000; ++i) timeS[i] += 10.0;
  for (std::size_t i = 700; i < 1000; ++i) timeS[i] += 0.007;  // 2.75 steps: jitter, not a gap
  const std::vector<double> values(1000, 1.0);
  EXPECT_THAT(rowsToDraw(timeS, {values}, 1000).breaks, ElementsAre(399));
  const DrawnRows coarse = rowsToDraw(timeS, {values}, 40);
  EXPECT_THAT(coarse.breaks, ElementsAre(399));
  EXPECT_THAT(coarse.rows, Contains(399U));
  EXPECT_THAT(coarse.rows, Contains(400U));
  EXPECT_THAT(coarse.rows, Not(Contains(451U)));
}

}  // namespace
}  // namespace soleus
