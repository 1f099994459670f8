#include <gmock/gmock.h>

#include <algorithm>
#include <opencv2/core.hpp>

#include "calibration/screen/moving_regions.h"

namespace soleus {
namespace {

using testing::SizeIs;

const cv::Size kScreen(1024, 768);

ScreenPicture moving(const std::vector<cv::Rect>& boxes) {
  ScreenPicture picture;
  picture.mean = cv::Mat(kScreen, CV_8U, cv::Scalar(0));
  picture.range = cv::Mat(kScreen, CV_8U, cv::Scalar(0));
  picture.spread = cv::Mat(kScreen, CV_32F, cv::Scalar(0));
  for (const cv::Rect& box : boxes) {
    picture.range(box).setTo(120);
    picture.spread(box).setTo(30);
  }
  return picture;
}

TEST(MovingRegions, AStripAndAPictureCloseBesideEachOtherAreTwo) {
  const cv::Rect strip(82, 417, 538, 140);
  const cv::Rect bmode(655, 108, 311, 505);
  const auto regions = movingRegions(moving({strip, bmode}));
  ASSERT_THAT(regions, SizeIs(2));
  EXPECT_EQ(regions[0].box, bmode);
  EXPECT_EQ(regions[1].box, strip);
}

// The picture's last row is the strip's by chance; noise and speckle move all over both.
TEST(MovingRegions, AStripAndAPictureThatEndOnOneRowAreTwo) {
  const cv::Rect strip(82, 217, 538, 396);
  const cv::Rect bmode(655, 108, 311, 505);
  EXPECT_THAT(movingRegions(moving({strip, bmode})), SizeIs(2));
}

/// Rises from the left lower corner to half of the width and falls again.
void burst(ScreenPicture& picture, const cv::Rect& box) {
  for (int x = 0; x < box.width; ++x) {
    const int high = box.height * std::min(x + 1, box.width - x) * 2 / (box.width + 1);
    const cv::Rect column(box.x + x, box.y + box.height - high, 1, high);
    picture.range(column).setTo(120);
    picture.spread(column).setTo(30);
  }
}

// Bursts of one spectrum, which stand on its zero.
TEST(MovingRegions, WavesThatStandOnOneLineAreOne) {
  ScreenPicture picture = moving({});
  burst(picture, {82, 380, 400, 120});
  burst(picture, {472, 250, 300, 250});
  EXPECT_THAT(movingRegions(picture), SizeIs(1));
}

TEST(MovingRegions, ClocksAreLeftOut) {
  EXPECT_THAT(movingRegions(moving({cv::Rect(20, 20, 100, 20)})), SizeIs(0));
}

}  // namespace
}  // namespace soleus
