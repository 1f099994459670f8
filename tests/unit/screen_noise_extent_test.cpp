#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <random>

#include "calibration/screen/noise_extent.h"

namespace soleus {
namespace {

const cv::Rect kScreen(0, 0, 640, 480);
const cv::Rect kStrip(60, 200, 500, 240);
const cv::Rect kFlow(60, 260, 500, 70);

void paint(cv::Mat& range, const cv::Rect& box, double grey) {
  cv::max(range(box), grey, range(box));
}

/// Noise of which one pixel in twelve is brighter than black.
void addNoise(cv::Mat& range, const cv::Rect& box, unsigned seed = 11) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> any(0, 1);
  for (int y = box.y; y < box.y + box.height; ++y) {
    for (int x = box.x; x < box.x + box.width; ++x) {
      if (any(random) < 1.0 / 12) range.at<uchar>(y, x) = cv::saturate_cast<uchar>(5 + 40 * any(random));
    }
  }
}

/// Flow that grows from nothing, as the fastest of it is seldom: over `edgeRows` at either side.
void addFlow(cv::Mat& range, const cv::Rect& box, int edgeRows) {
  for (int y = box.y; y < box.y + box.height; ++y) {
    const int in = std::min(y - box.y, box.y + box.height - 1 - y) + 1;
    paint(range, {box.x, y, box.width, 1}, std::min(1.0, 1.0 * in / edgeRows) * 180);
  }
}

ScreenPicture blackScreen() {
  ScreenPicture picture;
  picture.range = cv::Mat(kScreen.size(), CV_8UC1, cv::Scalar(0));
  return picture;
}

double overlap(const cv::Rect& a, const cv::Rect& b) {
  return 1.0 * (a & b).area() / (a.area() + b.area() - (a & b).area());
}

TEST(NoiseExtent, FindsFaintNoiseRoundTheFlow) {
  ScreenPicture picture = blackScreen();
  addNoise(picture.range, kStrip);
  addFlow(picture.range, kFlow, 12);
  const auto found = noiseExtent(picture, kFlow, kScreen);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->box, kStrip);
}

TEST(NoiseExtent, FindsColumnsThatTheFlowHasNotReached) {
  ScreenPicture picture = blackScreen();
  addNoise(picture.range, kStrip);
  const cv::Rect late(220, kFlow.y, 340, kFlow.height);
  addFlow(picture.range, late, 12);
  const auto found = noiseExtent(picture, late, kScreen);
  ASSERT_TRUE(found);
  EXPECT_GT(overlap(found->box, kStrip), 0.99);
}

TEST(NoiseExtent, IsNotLedOutByACodecsSmearNorByFlickeringPrint) {
  ScreenPicture picture = blackScreen();
  addNoise(picture.range, kStrip);
  addFlow(picture.range, kFlow, 12);
  // Smear as of one block, and print below that a codec draws anew.
  paint(picture.range, {kStrip.x, kStrip.y - 5, kStrip.width, 5}, 1);
  paint(picture.range, {kStrip.x, kStrip.y + kStrip.height, kStrip.width, 4}, 1);
  paint(picture.range, {kStrip.x, kStrip.y + kStrip.height + 12, kStrip.width, 14}, 1);
  const auto found = noiseExtent(picture, kFlow, kScreen);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->box, kStrip);
}

TEST(NoiseExtent, CorrectsACoreThatItsSmearHasWidened) {
  ScreenPicture picture = blackScreen();
  addNoise(picture.range, kStrip);
  addFlow(picture.range, kFlow, 12);
  const cv::Rect wide(kStrip.x - 4, kStrip.y - 4, kStrip.width + 8, kStrip.height + 8);
  const auto found = noiseExtent(picture, wide, kScreen);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->box, kStrip);
}

// A codec keeps more of it in some blocks.
TEST(NoiseExtent, FindsNoiseThatIsTwiceAsStrongAtOneEdge) {
  ScreenPicture picture = blackScreen();
  const cv::Rect lower(kStrip.x, kFlow.y, kStrip.width, kStrip.y + kStrip.height - kFlow.y);
  for (const unsigned seed : {11, 12}) addNoise(picture.range, kStrip, seed);
  for (const unsigned seed : {13, 14}) addNoise(picture.range, lower, seed);
  addFlow(picture.range, kFlow, 12);
  const auto found = noiseExtent(picture, kFlow, kScreen);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->box, kStrip);
}

// The strip ends within a codec's block, which fades and rings across its edge.
TEST(NoiseExtent, FindsAnEdgeThatABlockFades) {
  ScreenPicture picture = blackScreen();
  paint(picture.range, kStrip, 13);
  addFlow(picture.range, kFlow, 12);
  const int fades[] = {12, 11, 10, 9, 8, 7, 6, 6};
  const int last = kStrip.y + kStrip.height - 5;
  for (int i = 0; i < 8; ++i) picture.range.row(last + i).colRange(60, 560) = cv::Scalar(fades[i]);
  const auto found = noiseExtent(picture, kFlow, kScreen);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->box.y, kStrip.y);
  EXPECT_NEAR(found->box.y + found->box.height, kStrip.y + kStrip.height, 2);
}

// Of a block that the strip's last rows hardly reach little is left.
TEST(NoiseExtent, FindsAnEdgeThatABlockFadesToAThird) {
  ScreenPicture picture = blackScreen();
  paint(picture.range, kStrip, 13);
  addFlow(picture.range, kFlow, 12);
  const int end = kStrip.y + kStrip.height;
  for (int i = 0; i < 8; ++i) picture.range.row(end - 2 + i).colRange(60, 560) = cv::Scalar(i < 2 ? 6 : 5);
  const auto found = noiseExtent(picture, kFlow, kScreen);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->box.y, kStrip.y);
  EXPECT_NEAR(found->box.y + found->box.height, end, 3);
}

// Bursts fill more than half of the height of all columns but the first, which they have not reached.
TEST(NoiseExtent, FindsColumnsBesideFlowThatFillsMostOfTheHeight) {
  ScreenPicture picture = blackScreen();
  addNoise(picture.range, kStrip);
  const cv::Rect late(220, 254, 340, 132);
  addFlow(picture.range, late, 12);
  const auto found = noiseExtent(picture, late, kScreen);
  ASSERT_TRUE(found);
  EXPECT_GT(overlap(found->box, kStrip), 0.99);
}

// Odd rows: no block of a codec ends there, nor do two rows of one colour.
TEST(NoiseExtent, TellsByHowManyRowsAStripMayBeHigherOrLower) {
  const cv::Rect odd(60, 201, 500, 238);
  ScreenPicture picture = blackScreen();
  paint(picture.range, odd, 13);
  addFlow(picture.range, kFlow, 12);
  const auto sharp = noiseExtent(picture, kFlow, kScreen);
  ASSERT_TRUE(sharp);
  EXPECT_EQ(sharp->box, odd);
  EXPECT_EQ(sharp->fewerRows, 2);  // smear may be as strong as noise
  EXPECT_EQ(sharp->moreRows, 0);
  // Rows at the lower edge that may be noise or smear.
  for (const int row : {437, 438, 439, 440}) picture.range.row(row).colRange(60, 560) = cv::Scalar(6);
  const auto smeared = noiseExtent(picture, kFlow, kScreen);
  ASSERT_TRUE(smeared);
  const int end = smeared->box.y + smeared->box.height;
  EXPECT_LE(end - smeared->fewerRows, 437);
  EXPECT_GE(end + smeared->moreRows, 441);
  EXPECT_LE(smeared->fewerRows + smeared->moreRows, 8);
  // Print that flickers below it makes nothing surer.
  picture.range.row(453).colRange(60, 560) = cv::Scalar(13);
  const auto beside = noiseExtent(picture, kFlow, kScreen);
  ASSERT_TRUE(beside);
  EXPECT_LE(beside->box.y + beside->box.height - beside->fewerRows, 437);
}

// Where a block of a codec ends, the strip may have ended within it.
TEST(NoiseExtent, IsLessSureOfAnEdgeAtTheEndOfABlock) {
  const cv::Rect even(60, 201, 500, 239);  // to row 440
  ScreenPicture picture = blackScreen();
  paint(picture.range, even, 13);
  addFlow(picture.range, kFlow, 12);
  const auto found = noiseExtent(picture, kFlow, kScreen);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->box, even);
  EXPECT_EQ(found->fewerRows, 1 + 7);
  EXPECT_EQ(found->moreRows, 0);
}

TEST(NoiseExtent, DoesNotTakeFlowInABlackSpectrumForNoise) {
  for (const int edgeRows : {12, 20, 30}) {
    SCOPED_TRACE(edgeRows);
    ScreenPicture picture = blackScreen();
    addFlow(picture.range, kFlow, edgeRows);
    EXPECT_FALSE(noiseExtent(picture, kFlow, kScreen));
  }
}

// As in a recording of a scanner, whose flow ends within one block on the side where it turns.
TEST(NoiseExtent, DoesNotTakeFlowThatABlockFadesForNoise) {
  const int everySecondRow[] = {21, 21, 33, 19, 14, 15, 18, 21, 26, 31, 35, 38, 41, 43,
                                45, 46, 48, 50, 52, 52, 52, 54, 53, 54, 56, 66, 76, 79,
                                57, 30, 14, 26, 57, 66, 56, 46, 34, 24, 11, 6,  4,  4};
  ScreenPicture picture = blackScreen();
  int y = 249;
  for (const int grey : everySecondRow) {
    paint(picture.range, {kFlow.x, y, kFlow.width, 2}, grey);
    y += 2;
  }
  EXPECT_FALSE(noiseExtent(picture, {kFlow.x, 248, kFlow.width, 79}, kScreen));
}

TEST(NoiseExtent, DoesNotTakeNoiseOnOneSideForTheWhole) {
  // What lies above the flow is hidden, or the spectrum ends there: not to be told.
  ScreenPicture picture = blackScreen();
  addNoise(picture.range, {kStrip.x, kFlow.y, kStrip.width, kStrip.y + kStrip.height - kFlow.y});
  addFlow(picture.range, kFlow, 12);
  EXPECT_FALSE(noiseExtent(picture, kFlow, kScreen));
}

TEST(NoiseExtent, LooksNowhereOutsideTheRoom) {
  ScreenPicture picture = blackScreen();
  addNoise(picture.range, kStrip);
  addFlow(picture.range, kFlow, 12);
  // Another region begins within the strip: its noise has no end there.
  const cv::Rect room(0, 0, kScreen.width, kStrip.y + kStrip.height - 20);
  EXPECT_FALSE(noiseExtent(picture, kFlow, room));
}

}  // namespace
}  // namespace soleus
