#include <gtest/gtest.h>

#include <opencv2/core.hpp>

#include "calibration/screen/strip_well.h"

namespace soleus {
namespace {

const cv::Rect kStrip(60, 120, 400, 160);
const cv::Rect kRoom(0, 60, 560, 300);
// Flow that rests on the line at zero, below it.
const cv::Rect kCore(60, 201, 400, 40);

/// A strip that is black but for flow and the line at zero, on a screen of `panel` grey.
cv::Mat screen(int panel) {
  cv::Mat mean(400, 560, CV_8U, cv::Scalar(panel));
  mean(kStrip).setTo(2);
  mean(kCore).colRange(0, 300).setTo(60);
  mean(cv::Rect(kStrip.x, 199, kStrip.width, 1)).setTo(150);
  return mean;
}

void drawFrame(cv::Mat& mean, int grey) {
  const cv::Rect r(kStrip.x - 2, kStrip.y - 2, kStrip.width + 4, kStrip.height + 4);
  for (const cv::Rect& side :
       {cv::Rect(r.x, r.y, r.width, 1), cv::Rect(r.x, r.y + r.height - 1, r.width, 1),
        cv::Rect(r.x, r.y, 1, r.height), cv::Rect(r.x + r.width - 1, r.y, 1, r.height)})
    mean(side).setTo(grey);
}

TEST(StripWell, EndsAtABrighterPanelToThePixel) {
  const auto well = stripWell(screen(54), kCore, kRoom);
  ASSERT_TRUE(well);
  EXPECT_EQ(well->box, kStrip);
  EXPECT_TRUE(well->toThePixel);
}

TEST(StripWell, EndsAtAPanelThatACodecBlurs) {
  cv::Mat mean = screen(54);
  mean.row(kStrip.y).setTo(15);                                    // brighter than black, still the strip's
  mean.row(kStrip.y + kStrip.height).colRange(60, 460).setTo(40);  // darker, already the panel's
  const auto well = stripWell(mean, kCore, kRoom);
  ASSERT_TRUE(well);
  EXPECT_EQ(well->box.y, kStrip.y);
  EXPECT_EQ(well->box.height, kStrip.height);
}

TEST(StripWell, EndsWithinAFrameOnABlackScreen) {
  cv::Mat mean = screen(2);
  drawFrame(mean, 110);
  const auto well = stripWell(mean, kCore, kRoom);
  ASSERT_TRUE(well);
  EXPECT_FALSE(well->toThePixel);
  EXPECT_EQ(well->box, cv::Rect(kStrip.x - 1, kStrip.y - 1, kStrip.width + 2, kStrip.height + 2));
}

// The line at zero is as bright as a frame, and as long.
TEST(StripWell, IsNotWhatTheLineAtZeroCutsOff) {
  EXPECT_FALSE(stripWell(screen(2), kCore, kRoom));
  cv::Mat mean = screen(2);
  drawFrame(mean, 110);
  const cv::Rect fromZero(kCore.x, 197, kCore.width, 60);  // what moves began above the line
  const auto well = stripWell(mean, fromZero, kRoom);
  ASSERT_TRUE(well);
  EXPECT_EQ(well->box.y, kStrip.y - 1);
}

TEST(StripWell, IsNoneWhereTheStripIsNarrowerThanIt) {
  cv::Mat mean = screen(54);
  const cv::Rect narrow(kCore.x, kCore.y, kCore.width / 2, kCore.height);
  EXPECT_FALSE(stripWell(mean, narrow, kRoom));
}

}  // namespace
}  // namespace soleus
