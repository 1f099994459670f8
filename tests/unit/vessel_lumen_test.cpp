#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <numbers>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <random>

#include "pipeline/vessel/lumen.h"

namespace soleus {
namespace {

constexpr double kMmPerPixel = 0.1465;
const cv::Size kSize(576, 273);

BmodeCalibration calibration() {
  return {{0, 0, kSize.width, kSize.height}, kMmPerPixel};
}

/// How the wall is drawn: half the grey at the true wall, two pixels wide, as an ideal display would; or the
/// echoes themselves smeared by the beam, which spreads the bright tissue into the lumen.
enum class Wall { kHalfGrey, kSmearedEcho };

/// Log-compressed Rayleigh speckle, correlated over about 2 x 4 pixels, around `tissueGrey`, in it a lumen at
/// grey 12; `lumenAt` says how far inside the lumen a point lies (> 0, pixels).
cv::Mat speckle(const std::function<double(double, double)>& lumenAt, unsigned seed,
                Wall wall = Wall::kHalfGrey, double tissueGrey = 100) {
  constexpr double kGreyPerDb = 4.25;
  cv::RNG random(seed);
  cv::Mat re(kSize, CV_32F);
  cv::Mat im(kSize, CV_32F);
  random.fill(re, cv::RNG::NORMAL, 0, 1);
  random.fill(im, cv::RNG::NORMAL, 0, 1);
  for (int y = 0; wall == Wall::kSmearedEcho && y < kSize.height; ++y) {
    for (int x = 0; x < kSize.width; ++x) {
      const double gain = std::pow(10.0, -1.2 * std::clamp(0.5 + lumenAt(x + 0.5, y + 0.5), 0.0, 1.0));
      re.at<float>(y, x) *= static_cast<float>(gain);
      im.at<float>(y, x) *= static_cast<float>(gain);
    }
  }
  const double sigmaX = 2.0;
  const double sigmaY = 1.0;
  cv::GaussianBlur(re, re, {0, 0}, sigmaX, sigmaY);
  cv::GaussianBlur(im, im, {0, 0}, sigmaX, sigmaY);
  const double meanPower = 2.0 / (4.0 * std::numbers::pi * sigmaX * sigmaY);  // of tissue after the blur
  cv::Mat grey(kSize, CV_8U);
  for (int y = 0; y < kSize.height; ++y) {
    for (int x = 0; x < kSize.width; ++x) {
      const double power = std::pow(re.at<float>(y, x), 2) + std::pow(im.at<float>(y, x), 2);
      double value = tissueGrey + kGreyPerDb * 10.0 * std::log10(power / meanPower + 1e-9);
      if (wall == Wall::kHalfGrey) {
        const double tissue = std::clamp(value, 0.0, 255.0);
        value = std::lerp(12.0 + 0.05 * tissue, tissue,
                          std::clamp(0.5 - lumenAt(x + 0.5, y + 0.5) / 2, 0.0, 1.0));
      }
      grey.at<std::uint8_t>(y, x) = cv::saturate_cast<std::uint8_t>(value);
    }
  }
  return grey;
}

std::function<double(double, double)> ellipse(cv::Point2d centre, double a, double b, double angle = 0) {
  return [=](double x, double y) {
    const double u = (x - centre.x) * std::cos(angle) + (y - centre.y) * std::sin(angle);
    const double v = -(x - centre.x) * std::sin(angle) + (y - centre.y) * std::cos(angle);
    const double q = std::hypot(u / a, v / b);
    return q < 1e-6 ? std::min(a, b) : (1.0 - q) * q / std::hypot(u / (a * a), v / (b * b));
  };
}

std::function<double(double, double)> band(double row, double slope, double width) {
  return [=](double x, double y) {
    const double distance = (y - row - slope * (x - 288)) * std::cos(std::atan(slope));
    return width / 2.0 - std::abs(distance);
  };
}

struct Shape {
  double widthMm;
  double heightMm;
  double angleDegrees;
};

class LumenEllipses : public ::testing::TestWithParam<Shape> {};

TEST_P(LumenEllipses, AreMeasuredWithinOnePercent) {
  const double a = GetParam().widthMm / 2 / kMmPerPixel;
  const double b = GetParam().heightMm / 2 / kMmPerPixel;
  const double trueMm = std::sqrt(GetParam().widthMm * GetParam().heightMm);
  double sum = 0;
  double squares = 0;
  constexpr int kSeeds = 12;
  for (unsigned seed = 1; seed <= kSeeds; ++seed) {
    const auto shape =
        ellipse({288 + 3.3 * seed, 136 - 1.7 * seed}, a, b, GetParam().angleDegrees * std::numbers::pi / 180);
    const VesselSample sample = measureLumen(speckle(shape, seed), calibration(), SessionTime{5});
    ASSERT_FALSE(std::isnan(sample.diameterMm)) << seed;
    EXPECT_GT(sample.confidence, 0.5);
    EXPECT_NEAR(sample.areaMm2, std::numbers::pi / 4 * sample.diameterMm * sample.diameterMm, 0.01);
    EXPECT_EQ(sample.time.ns, 5);
    const double error = sample.diameterMm / trueMm - 1;
    sum += error;
    squares += error * error;
  }
  const double bias = sum / kSeeds;
  const double sd = std::sqrt(squares / kSeeds - bias * bias);
  std::printf("%.1f x %.1f mm: diameter %+.2f %% SD %.2f %%\n", GetParam().widthMm, GetParam().heightMm,
              100 * bias, 100 * sd);
  EXPECT_LT(std::abs(bias), 0.01);
  EXPECT_LT(sd, 0.01);
}

INSTANTIATE_TEST_SUITE_P(Veins, LumenEllipses,
                         ::testing::Values(Shape{7.7, 7.7, 0}, Shape{9.0, 6.0, 0}, Shape{7.7, 4.2, 0},
                                           Shape{8.0, 4.0, 30}, Shape{4.3, 4.3, 0}, Shape{12, 10, -20}));

TEST(Lumen, ReadsSmallByTheBeamsWidthWhereTheWallIsSmeared) {
  double sum = 0;
  for (unsigned seed = 1; seed <= 8; ++seed) {
    const cv::Mat picture = speckle(ellipse({288, 136}, 26, 26), seed, Wall::kSmearedEcho);
    sum += measureLumen(picture, calibration(), {}).diameterMm / 8;
  }
  std::printf("smeared wall: %+.3f mm of 7.618\n", sum - 52 * kMmPerPixel);
  // Half grey lies 12 dB below the tissue. The mean power across a wall is a step smeared by the squared
  // beam, of standard deviation s / sqrt(2); its upper tail is 10^-1.2 at 1.53 of these, 1.08 s inside the
  // wall.
  EXPECT_LT(sum, 52 * kMmPerPixel);
  EXPECT_GT(sum, (52 - 2 * 1.08 * 2.0) * kMmPerPixel);
}

TEST(Lumen, IsNotSeenWhereThereIsNone) {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    const cv::Mat tissue = speckle([](double, double) { return -10.0; }, seed);
    const VesselSample sample = measureLumen(tissue, calibration(), {});
    EXPECT_TRUE(std::isnan(sample.diameterMm));
    EXPECT_TRUE(std::isnan(sample.areaMm2));
    EXPECT_EQ(sample.confidence, 0.0F);
  }
  EXPECT_TRUE(std::isnan(measureLumen(cv::Mat(kSize, CV_8U, cv::Scalar(0)), calibration(), {}).areaMm2));
  EXPECT_TRUE(std::isnan(measureLumen(cv::Mat(8, 8, CV_8U, cv::Scalar(90)), calibration(), {}).areaMm2));
}

TEST(Lumen, IsTheDarkRegionNearestTheMiddle) {
  const auto vein = ellipse({310, 140}, 26, 22);
  const auto artery = ellipse({120, 110}, 14, 14);
  const auto both = [&](double x, double y) { return std::max(vein(x, y), artery(x, y)); };
  const VesselSample sample = measureLumen(speckle(both, 3), calibration(), {});
  EXPECT_NEAR(sample.diameterMm, 2 * std::sqrt(26 * 22) * kMmPerPixel, 0.1);
  EXPECT_TRUE(std::isnan(sample.angleDegrees));  // across, a vessel has none
  // Or the one nearest a point.
  const Lumen other = findLumen(speckle(both, 3), calibration(), cv::Point2d(125, 112));
  EXPECT_NEAR(other.centre.x, 120, 1);
  EXPECT_NEAR(other.diameterPx(), 28, 0.7);
}

TEST(Lumen, IsTheBlackRegionNotTheGapNearerTheMiddle) {
  const auto vein = ellipse({330, 170}, 30, 26);
  cv::Mat picture = speckle(vein, 6);
  // Half as bright as the tissue, as muscle is between two fasciae.
  cv::Mat gap = picture(cv::Rect(230, 90, 90, 30));
  gap = gap * 0.3 + 8;
  EXPECT_NEAR(findLumen(picture, calibration()).centre.x, 330, 1);
}

TEST(Lumen, HasAPlaceAndADirection) {
  const Lumen across = findLumen(speckle(ellipse({300, 140}, 40, 24, 0.4), 3), calibration());
  EXPECT_EQ(across.section, Lumen::Section::kAcross);
  EXPECT_NEAR(across.centre.x, 300, 0.5);
  EXPECT_NEAR(across.centre.y, 140, 0.5);
  const Lumen along = findLumen(speckle(band(140, 0.2, 40), 2), calibration());
  EXPECT_EQ(along.section, Lumen::Section::kAlong);
  EXPECT_NEAR(along.angleRad, std::atan(0.2), 0.01);
  EXPECT_NEAR(along.centre.y, 140, 0.5);
}

TEST(Lumen, UnderADopplerGateIsMeasuredAsWithout) {
  const auto shape = ellipse({288, 136}, 26, 24);
  cv::Mat picture = speckle(shape, 8);
  const double bare = measureLumen(picture, calibration(), {}).diameterMm;
  picture(cv::Rect(262, 136, 52, 1)).setTo(210);
  picture(cv::Rect(280, 126, 16, 1)).setTo(210);
  picture(cv::Rect(280, 146, 16, 1)).setTo(210);
  EXPECT_NEAR(measureLumen(picture, calibration(), {}).diameterMm, bare, 0.05);
}

TEST(Lumen, AlongTheVesselIsMeasuredBesideAColourBox) {
  cv::Mat picture = speckle(band(140, 0.15, 40), 5);
  const double bare = measureLumen(picture, calibration(), {}).diameterMm;
  // Colour as luma in a third of the middle, over the walls as well.
  picture(cv::Rect(230, 100, 90, 60)).setTo(76);
  EXPECT_NEAR(measureLumen(picture, calibration(), {}).diameterMm, bare, 0.05);
}

TEST(Lumen, CutByABorderIsNotMeasured) {
  EXPECT_TRUE(std::isnan(measureLumen(speckle(ellipse({10, 136}, 30, 30), 1), calibration(), {}).areaMm2));
  // A shadow from above reaches the lower border.
  const auto shadow = [](double x, double y) { return y > 120 ? 40 - std::abs(x - 288) : -10.0; };
  EXPECT_TRUE(std::isnan(measureLumen(speckle(shadow, 1), calibration(), {}).diameterMm));
}

TEST(Lumen, StandingAtALateralBorderIsNotMeasured) {
  cv::Mat picture = speckle([](double, double) { return -10.0; }, 4);
  picture(cv::Rect(0, 40, 24, 190)).setTo(5);
  EXPECT_TRUE(std::isnan(measureLumen(picture, calibration(), {}).diameterMm));
}

TEST(Lumen, AlongTheVesselHasADiameterButNoArea) {
  for (const double slope : {0.0, 0.2, -0.25}) {
    const VesselSample sample = measureLumen(speckle(band(140, slope, 40), 2), calibration(), {});
    EXPECT_NEAR(sample.diameterMm, 40 * kMmPerPixel, 0.01 * 40 * kMmPerPixel) << slope;
    EXPECT_TRUE(std::isnan(sample.areaMm2));
    EXPECT_NEAR(sample.angleDegrees, 90 - std::atan(std::abs(slope)) * 180 / std::numbers::pi, 1) << slope;
    EXPECT_LE(sample.confidence, 0.5F);
    EXPECT_GT(sample.confidence, 0.2F);
  }
}

TEST(Lumen, GivesTheSameBitsAgain) {
  const cv::Mat picture = speckle(ellipse({288, 136}, 26, 20), 9);
  const VesselSample first = measureLumen(picture, calibration(), {});
  const VesselSample second = measureLumen(picture.clone(), calibration(), {});
  EXPECT_EQ(first.areaMm2, second.areaMm2);
  EXPECT_EQ(first.confidence, second.confidence);
}

}  // namespace
}  // namespace soleus
