#include <gmock/gmock.h>

#include <opencv2/core.hpp>

#include "calibration/screen/panel_edges.h"

namespace soleus {
namespace {

const cv::Rect kRoom(0, 0, 400, 300);
const cv::Rect kStrip(40, 60, 320, 180);
const cv::Rect kFlow(40, 130, 320, 60);

/// A black strip with faint noise and flow in a grey panel; a codec smears the noise by four rows.
ScreenPicture stripInPanel(int panelGrey) {
  ScreenPicture picture;
  picture.mean = cv::Mat(kRoom.size(), CV_8U, cv::Scalar(panelGrey));
  picture.mean(kStrip).setTo(0);
  picture.mean(kFlow).setTo(60);
  picture.mean.row(kFlow.y).setTo(200);  // the line at zero
  picture.range = cv::Mat(kRoom.size(), CV_8U, cv::Scalar(0));
  picture.range(cv::Rect(kStrip.x, kStrip.y - 4, kStrip.width, kStrip.height + 8)).setTo(7);
  picture.range(kFlow).setTo(120);
  return picture;
}

TEST(PanelEdges, AStripEndsWhereThePanelBegins) {
  EXPECT_EQ(rowsWithinPanel(stripInPanel(44), kFlow, kRoom), cv::Range(60, 240));
}

TEST(PanelEdges, AFramesLineOneRowAwayIsNoEdge) {
  ScreenPicture picture = stripInPanel(44);
  picture.mean.row(kStrip.y - 2).setTo(95);
  picture.mean.row(kStrip.y + kStrip.height + 1).setTo(95);
  EXPECT_EQ(rowsWithinPanel(picture, kFlow, kRoom), cv::Range(60, 240));
}

TEST(PanelEdges, NothingOnABlackPanelNorBesideABlurredOne) {
  EXPECT_FALSE(rowsWithinPanel(stripInPanel(4), kFlow, kRoom));
  ScreenPicture blurred = stripInPanel(44);
  blurred.mean.row(kStrip.y - 1).setTo(22);
  EXPECT_FALSE(rowsWithinPanel(blurred, kFlow, kRoom));
}

// The strip's first row and the panel's last are brightened alike by the line between them.
TEST(PanelEdges, NothingWhereACodecSmearsAFramesLineOverTheEdge) {
  ScreenPicture picture = stripInPanel(72);
  picture.mean.row(kStrip.y - 2).setTo(46);
  picture.mean.row(kStrip.y - 1).setTo(100);
  picture.mean.row(kStrip.y).setTo(35);
  EXPECT_FALSE(rowsWithinPanel(picture, kFlow, kRoom));
}

// Flow fills one side of zero so often that its ground is as bright as a panel; but it moves.
TEST(PanelEdges, FlowBesideTheDarkRowsAtZeroIsNoPanel) {
  ScreenPicture picture = stripInPanel(44);
  const cv::Rect below(kStrip.x, 190, kStrip.width, 40);
  picture.mean(below).setTo(60);
  picture.range(below).setTo(120);
  picture.mean(kFlow).setTo(0);
  picture.range(kFlow).setTo(7);
  EXPECT_EQ(rowsWithinPanel(picture, kStrip, kRoom), cv::Range(60, 240));
}

// The spectrum may end before its ground does.
TEST(PanelEdges, NothingWhereTheNoiseEndsBefore) {
  ScreenPicture picture = stripInPanel(44);
  picture.range(cv::Rect(kStrip.x, kStrip.y - 4, kStrip.width, 24)).setTo(0);
  EXPECT_FALSE(rowsWithinPanel(picture, kFlow, kRoom));
}

}  // namespace
}  // namespace soleus
