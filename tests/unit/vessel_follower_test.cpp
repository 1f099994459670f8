#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "pipeline/vessel/lumen_follower.h"

namespace soleus {
namespace {

constexpr double kMmPerPixel = 0.15;
const cv::Size kSize(400, 280);
const BmodeCalibration kCalibration{{0, 0, kSize.width, kSize.height}, kMmPerPixel};
constexpr double kFramesPerS = 25;

struct Dark {
  cv::Point2d centre;
  double widthPx;
  double heightPx;
};

/// Noisy tissue with dark ellipses whose edge is two pixels wide.
cv::Mat pictureOf(const std::vector<Dark>& ellipses, int frame, double tissueGrey = 110) {
  cv::RNG random(static_cast<std::uint64_t>(frame) + 17);
  cv::Mat picture(kSize, CV_8U);
  for (int y = 0; y < kSize.height; ++y) {
    for (int x = 0; x < kSize.width; ++x) {
      double grey = tissueGrey + random.gaussian(12);
      for (const Dark& d : ellipses) {
        const double q =
            std::hypot((x + 0.5 - d.centre.x) * 2 / d.widthPx, (y + 0.5 - d.centre.y) * 2 / d.heightPx);
        const double insidePx = (1 - q) * std::min(d.widthPx, d.heightPx) / 2;
        grey = std::lerp(grey, 10.0, std::clamp(0.5 + insidePx / 2, 0.0, 1.0));
      }
      picture.at<std::uint8_t>(y, x) = cv::saturate_cast<std::uint8_t>(grey);
    }
  }
  return picture;
}

/// Follows a course of pictures at 25 frames/s.
class Following {
 public:
  VesselSample show(const std::vector<Dark>& ellipses) { return show(pictureOf(ellipses, frame_)); }
  VesselSample show(const cv::Mat& picture) {
    const SessionTime time = SessionTime::fromSeconds(frame_++ / kFramesPerS);
    const auto followed = follower_.push(picture, findLumen(picture, kCalibration), time);
    EXPECT_EQ(followed.sample.time, time);
    if (followed.event) said.push_back(followed.event->label);
    return followed.sample;
  }
  std::vector<std::string> said;

 private:
  LumenFollower follower_{kCalibration};
  int frame_ = 0;
};

const Dark kVein{{200, 140}, 56, 50};
const Dark kLarger{{90, 140}, 90, 80};
constexpr double kTrueMm = 0.15 * 52.915;  // the square root of 56 x 50

TEST(Follower, AgreesWithEachPictureWhereTheVeinChangesAsVeinsDo) {
  Following following;
  for (int frame = 0; frame < 20; ++frame) {
    // Down to a third of the area in a quarter of a second, and up again.
    const double full = frame < 6 ? 1 - frame / 9.0 : std::min(1.0, 3 / 9.0 + (frame - 6) / 15.0);
    const Dark vein{{200.0 + frame, 140}, 56, 50 * full};
    const cv::Mat picture = pictureOf({vein}, frame);
    const VesselSample alone = measureLumen(picture, kCalibration, {});
    const VesselSample sample = following.show(picture);
    EXPECT_EQ(sample.areaMm2, alone.areaMm2) << frame;
    EXPECT_NEAR(sample.areaMm2 / (std::numbers::pi / 4 * 56 * 50 * full * kMmPerPixel * kMmPerPixel), 1, 0.04)
        << frame;
  }
  EXPECT_TRUE(following.said.empty());
}

TEST(Follower, StaysWithTheVeinWhenSomethingLargerAppearsForAMoment) {
  Following following;
  const Dark vein{{320, 150}, 44, 40};
  following.show({vein});
  for (int frame = 0; frame < 8; ++frame) {
    const cv::Mat picture = pictureOf({vein, {{190, 140}, 100, 90}}, frame);
    ASSERT_GT(measureLumen(picture, kCalibration, {}).diameterMm, 12);  // by itself it deceives
    EXPECT_NEAR(following.show(picture).diameterMm, 0.15 * std::sqrt(44.0 * 40.0), 0.1);
  }
}

TEST(Follower, BelievesWhatStands) {
  Following following;
  for (int frame = 0; frame < 5; ++frame) following.show({kVein});
  int unseen = 0;
  while (std::isnan(following.show({kLarger}).diameterMm) && unseen < 100) ++unseen;
  // Half a second.
  EXPECT_GE(unseen, 12);
  EXPECT_LE(unseen, 14);
  EXPECT_NEAR(following.show({kLarger}).diameterMm, 0.15 * std::sqrt(90.0 * 80.0), 0.1);
}

TEST(Follower, SaysThatAVeinWasPressedShut) {
  Following following;
  const Dark artery{{310, 200}, 30, 30};
  for (int frame = 0; frame < 10; ++frame) following.show({kVein, artery});
  for (const double height : {42.0, 34.0, 26.0, 19.0, 14.0})
    following.show({{kVein.centre, 56, height}, artery});
  // Held shut for two seconds: what is dark elsewhere is not the vein.
  for (int frame = 0; frame < 50; ++frame) {
    const VesselSample sample = following.show({artery});
    EXPECT_TRUE(std::isnan(sample.areaMm2)) << frame;
    EXPECT_EQ(sample.confidence, 0.0F);
  }
  ASSERT_EQ(following.said.size(), 1U);
  EXPECT_NE(following.said[0].find("pressed"), std::string::npos);
  EXPECT_NEAR(following.show({kVein, artery}).diameterMm, kTrueMm, 0.1);
  ASSERT_EQ(following.said.size(), 2U);
  EXPECT_NE(following.said[1].find("seen again"), std::string::npos);
}

TEST(Follower, SaysThatTheImageWasLost) {
  Following following;
  for (int frame = 0; frame < 10; ++frame) following.show({kVein});
  for (int frame = 0; frame < 20; ++frame)
    EXPECT_TRUE(std::isnan(following.show(cv::Mat(kSize, CV_8U, cv::Scalar(0))).diameterMm));
  ASSERT_EQ(following.said.size(), 1U);
  EXPECT_NE(following.said[0].find("lost"), std::string::npos);
}

TEST(Follower, KeepsQuietAboutAFlaw) {
  Following following;
  for (int frame = 0; frame < 10; ++frame) following.show({kVein});
  for (int frame = 0; frame < 5; ++frame) following.show(std::vector<Dark>{});
  following.show({kVein});
  EXPECT_TRUE(following.said.empty());
}

TEST(Follower, BeginsAnewAfterAGap) {
  LumenFollower follower(kCalibration);
  const cv::Mat first = pictureOf({kVein}, 0);
  const cv::Mat second = pictureOf({kLarger}, 1);
  EXPECT_NEAR(follower.push(first, findLumen(first, kCalibration), {}).sample.diameterMm, kTrueMm, 0.1);
  const auto later = SessionTime::fromSeconds(0.6);
  EXPECT_NEAR(follower.push(second, findLumen(second, kCalibration), later).sample.diameterMm,
              kMmPerPixel * std::sqrt(90.0 * 80.0), 0.1);
}

TEST(Follower, SaysOnceAtWhichAngleAVesselRuns) {
  cv::Mat picture = pictureOf({}, 0);
  for (int y = 0; y < kSize.height; ++y) {
    for (int x = 0; x < kSize.width; ++x) {
      const double insidePx =
          22 - std::abs(y - 140 - 0.21256 * (x - 200)) * std::cos(12 * std::numbers::pi / 180);
      auto& grey = picture.at<std::uint8_t>(y, x);
      grey = cv::saturate_cast<std::uint8_t>(std::lerp(grey, 10.0, std::clamp(0.5 + insidePx / 2, 0.0, 1.0)));
    }
  }
  Following following;
  for (int frame = 0; frame < 60; ++frame) {
    EXPECT_NEAR(following.show(picture).diameterMm, 44 * kMmPerPixel, 0.1);
    EXPECT_EQ(following.said.size(), frame < 25 ? 0U : 1U);
  }
  EXPECT_NE(following.said[0].find("78 degrees"), std::string::npos) << following.said[0];
}

}  // namespace
}  // namespace soleus
