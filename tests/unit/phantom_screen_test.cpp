#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

#include "pipeline/core/velocity_axis.h"
#include "tests/unit/phantom_scenarios.h"

namespace soleus {
namespace {

using testing::Sketch;

constexpr std::uint8_t kBlackLuma = 16;

cv::Mat frameOf(Phantom& phantom, std::int64_t number) {
  cv::Mat i420;
  phantom.render(number, i420);
  return i420.clone();
}

cv::Mat cut(const cv::Mat& i420, const Region& r) {
  return i420(cv::Rect(r.x, r.y, r.width, r.height)).clone();
}

cv::Mat stripOf(Phantom& phantom, std::int64_t number) {
  return cut(frameOf(phantom, number), phantom.profile().doppler->region);
}

bool same(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && cv::norm(a, b, cv::NORM_INF) == 0.0;
}

TEST(PhantomScreen, FrameDependsOnlyOnScenarioSeedAndNumber) {
  for (const char* mode : {"scroll", "sweep"}) {
    Sketch sketch;
    sketch.mode = mode;
    sketch.contractions = testing::kOneBurst;
    const auto inOrder = sketch.phantom(7);
    cv::Mat frame12;
    for (int n = 0; n <= 40; ++n) {
      if (n == 12)
        frame12 = frameOf(*inOrder, n);
      else
        frameOf(*inOrder, n);
    }
    EXPECT_TRUE(same(frameOf(*inOrder, 12), frame12)) << "going back";
    EXPECT_TRUE(same(frameOf(*sketch.phantom(7), 12), frame12)) << "skipping ahead";
    EXPECT_FALSE(same(frameOf(*sketch.phantom(8), 12), frame12)) << "another seed";
  }
}

TEST(PhantomScreen, ScrollMovesByTheColumnsThatEnded) {
  Sketch sketch;
  const auto phantom = sketch.phantom();
  // 25 frames a second, 4 ms a column: exactly ten new columns a frame.
  const cv::Mat before = stripOf(*phantom, 3);
  const cv::Mat after = stripOf(*phantom, 4);
  EXPECT_TRUE(same(after.colRange(0, 390), before.colRange(10, 400)));
}

TEST(PhantomScreen, EmptyScrollFillsFromTheRight) {
  Sketch sketch;
  sketch.prefilled = false;
  const auto phantom = sketch.phantom();
  EXPECT_EQ(cv::countNonZero(stripOf(*phantom, 0) != kBlackLuma), 0);
  const cv::Mat strip = stripOf(*phantom, 2);
  EXPECT_EQ(cv::countNonZero(strip.colRange(0, 380) != kBlackLuma), 0);
  for (int x = 380; x < 400; ++x) EXPECT_GT(cv::countNonZero(strip.col(x) != kBlackLuma), 0) << x;
}

TEST(PhantomScreen, SweepWritesBehindTheGap) {
  Sketch sketch;
  sketch.mode = "sweep";
  sketch.startPhaseColumns = 395;
  const auto phantom = sketch.phantom();
  const cv::Mat before = stripOf(*phantom, 0);
  const cv::Mat after = stripOf(*phantom, 1);
  // Columns 0 to 9 went to x = 395 to 399 and 0 to 4; the gap of 6 is ahead of them.
  for (int x = 5; x < 11; ++x) EXPECT_EQ(cv::countNonZero(after.col(x) != kBlackLuma), 0) << x;
  EXPECT_TRUE(same(after.colRange(11, 395), before.colRange(11, 395)));
  for (int x : {395, 399, 0, 4}) EXPECT_GT(cv::countNonZero(after.col(x) != before.col(x)), 50) << x;
}

/// Rows brighter than the noise in each column: grows with the velocity there.
std::vector<double> litRows(const cv::Mat& strip) {
  std::vector<double> lit;
  // The noise lies around grey 51 and seldom passes 51 + 8 dB; the flow of 60 cm/s lies 24 dB above it.
  for (int x = 0; x < strip.cols; ++x) lit.push_back(cv::countNonZero(strip.col(x) > 16 + 115));
  return lit;
}

/// Pearson's correlation.
double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sx += x[i], sy += y[i];
    sxx += x[i] * x[i], syy += y[i] * y[i], sxy += x[i] * y[i];
  }
  return (sxy - sx * sy / n) / std::sqrt((sxx - sx * sx / n) * (syy - sy * sy / n));
}

TEST(PhantomScreen, ColumnsStandAtTheirTime) {
  for (const char* mode : {"scroll", "sweep"}) {
    Sketch sketch;
    sketch.mode = mode;
    sketch.restPeakCmPerS = 0;
    sketch.startPhaseColumns = 37;
    sketch.contractions = testing::kOneBurst;
    const auto phantom = sketch.phantom();
    // Averaged over seeds, because the rows lit by one realisation of the noise scatter by a tenth.
    std::vector<double> lit(400, 0.0);
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      const auto one = litRows(stripOf(*sketch.phantom(seed), 50));  // t = 2 s, 500 columns ended
      for (std::size_t x = 0; x < lit.size(); ++x) lit[x] += one[x];
    }
    double best = 0;
    int bestLagMs = -100;
    for (int lagMs = -20; lagMs <= 20; ++lagMs) {
      std::vector<double> shown, truth;
      for (int k = 265; k < 415; ++k) {  // 1.06 to 1.66 s, where the burst is well above the wall filter
        const int x = mode == std::string("scroll") ? 399 - (499 - k) : (k + 37) % 400;
        shown.push_back(lit[static_cast<std::size_t>(x)]);
        const double atS = (k + 0.5) * 0.004 - lagMs * 1e-3;
        truth.push_back(phantom->truthAt(SessionTime::fromSeconds(atS)).peakCmPerS);
      }
      if (correlation(shown, truth) > best) best = correlation(shown, truth), bestLagMs = lagMs;
    }
    EXPECT_GT(best, 0.99) << mode;
    EXPECT_NEAR(bestLagMs, 0, 3) << mode;  // a column is 4 ms
  }
}

TEST(PhantomScreen, UpperEdgeOfTheFlowIsAtItsVelocity) {
  Sketch sketch;
  sketch.restPeakCmPerS = 40;
  const auto phantom = sketch.phantom();
  const DopplerCalibration calibration = *phantom->profile().doppler;
  const cv::Mat strip = stripOf(*phantom, 0);
  const auto meanOfRow = [&](int row) { return cv::mean(strip.row(row))[0]; };
  double plateau = 0;
  int rows = 0;
  for (int row = 0; row < strip.rows; ++row) {
    const double v = velocityOfRow(calibration, row);
    if (v > 10 && v < 30) plateau += meanOfRow(row), ++rows;
  }
  plateau /= rows;
  // Half power is 3 dB below: 3/50 of 219 luma steps.
  const double half = plateau - 10.0 * std::log10(2.0) / 50.0 * 219.0;
  int row = 0;
  while (meanOfRow(row) < half) ++row;
  EXPECT_NEAR(velocityOfRow(calibration, row), 40.0, 1.2);
}

TEST(PhantomScreen, BaselineLineLiesOnTheBaselineRow) {
  Sketch sketch;
  sketch.baselineLine = true;
  sketch.baselineFraction = 0.6;
  const auto phantom = sketch.phantom();
  const cv::Mat strip = stripOf(*phantom, 0);
  const cv::Mat line = strip.row(120);
  EXPECT_EQ(cv::countNonZero(line != line.at<std::uint8_t>(0, 0)), 0);
  EXPECT_DOUBLE_EQ(velocityOfRow(*phantom->profile().doppler, 120), 0.0);
}

TEST(PhantomScreen, IdentityIsInTheHeaderAndNotInTheMeasuredRegions) {
  Sketch one, other;
  one.identity = "AAAA, BBBB  ID 1111";
  other.identity = "WWWW, MMMM  ID 9999";
  const auto a = one.phantom();
  const auto b = other.phantom();
  EXPECT_EQ(a->identity(), one.identity);
  const cv::Mat frameA = frameOf(*a, 5);
  const cv::Mat frameB = frameOf(*b, 5);
  const CalibrationProfile profile = a->profile();
  EXPECT_TRUE(same(cut(frameA, profile.doppler->region), cut(frameB, profile.doppler->region)));
  EXPECT_TRUE(same(cut(frameA, profile.bmode->region), cut(frameB, profile.bmode->region)));
  const int headerRows = profile.bmode->region.y;
  EXPECT_GT(cv::countNonZero(frameA.rowRange(0, headerRows) != frameB.rowRange(0, headerRows)), 100);
  EXPECT_TRUE(same(frameA.rowRange(headerRows, 480), frameB.rowRange(headerRows, 480)));
}

/// The radius, along a ray from the lumen's middle, at which the mean brightness of many rays has risen half
/// way from the lumen to the wall: here as a factor of the true ellipse's radius.
double halfStep(const cv::Mat& picture, double halfWidth, double halfHeight) {
  constexpr int kRays = 720;
  std::vector<double> profile;
  for (int step = 0; step <= 60; ++step) {
    const double factor = 0.7 + 0.01 * step;
    double sum = 0;
    for (int ray = 0; ray < kRays; ++ray) {
      const double angle = 2.0 * CV_PI * ray / kRays;
      const int x = static_cast<int>(picture.cols / 2.0 + factor * halfWidth * std::cos(angle));
      const int y = static_cast<int>(picture.rows / 2.0 + factor * halfHeight * std::sin(angle));
      sum += picture.at<std::uint8_t>(y, x);
    }
    profile.push_back(sum / kRays);
  }
  const double half = (profile.front() + *std::max_element(profile.begin(), profile.end())) / 2.0;
  std::size_t i = 0;
  while (profile[i] < half) ++i;
  return 0.7 + 0.01 * (static_cast<double>(i) - (profile[i] - half) / (profile[i] - profile[i - 1]));
}

TEST(PhantomScreen, HalfStepOfTheWallLiesOnTheTrueLumen) {
  const auto phantom = Sketch{}.phantom();
  // Frame 0, no breath yet: the vein's middle is the picture's. 8 mm round with axes 1.2 to 1, 0.2 mm a
  // pixel.
  const cv::Mat picture = cut(frameOf(*phantom, 0), phantom->profile().bmode->region);
  const double factor = halfStep(picture, 20.0 * std::sqrt(1.2), 20.0 / std::sqrt(1.2));
  EXPECT_NEAR(factor, 1.0, 0.012);  // a quarter of a pixel
}

TEST(PhantomScreen, VeinNarrowsInTheContraction) {
  Sketch sketch;
  sketch.contractions =
      "first_s: 1, interval_s: 3, count: 1, duration_s: 0.8, peak_cm_s: 60, pause_s: 0.5, "
      "refill_time_constant_s: 5, area_narrowing_percent: 40";
  const auto phantom = sketch.phantom();
  const auto darkPixels = [&](int number) {
    const cv::Mat picture = cut(frameOf(*phantom, number), phantom->profile().bmode->region);
    cv::Mat dark;
    cv::inRange(picture(cv::Rect(80, 66, 40, 48)), 16, 40, dark);  // 40 lies between lumen and wall
    return cv::countNonZero(dark);
  };
  // 60 % of the area at the end of the burst (frame 44, 1.76 s), less the edge's pixels on both sides.
  EXPECT_NEAR(static_cast<double>(darkPixels(44)) / darkPixels(0), 0.6, 0.06);
}

TEST(PhantomScreen, GreysAreLimitedRangeWithNeutralChroma) {
  const auto phantom = Sketch{}.phantom();
  const cv::Mat frame = frameOf(*phantom, 0);
  double least = 0, most = 0;
  cv::minMaxLoc(frame.rowRange(0, 480), &least, &most);
  EXPECT_GE(least, 16);
  EXPECT_LE(most, 235);
  // Chroma of the strip's rows, first plane: half the rows and columns of the picture.
  const cv::Mat u(240, 320, CV_8UC1, const_cast<std::uint8_t*>(frame.ptr(480)));
  EXPECT_EQ(cv::countNonZero(u(cv::Rect(20, 130, 200, 100)) != 128), 0);
}

TEST(PhantomScreen, FrameTimesFollowTheRate) {
  const auto result = Phantom::load(SOLEUS_SOURCE_DIR "/configs/scenarios/quick.yaml", 1);
  ASSERT_TRUE(result.ok()) << result.error().sentence();
  const Phantom& phantom = *result.value();
  EXPECT_EQ(phantom.frameCount(), 360);  // 12 s at 30000/1001
  EXPECT_EQ(phantom.width(), 640);
}

}  // namespace
}  // namespace soleus
