#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "pipeline/doppler/dynamic_range.h"
#include "tests/unit/measure_synthetic.h"

namespace soleus {
namespace {

using testing::renderStrip;
using testing::SyntheticStrip;

struct Noise {
  double dynamicRangeDb = 50;
  double aboveBlackDb = 12;  ///< of the mean power
  int looks = 1;             ///< spectra averaged into a column
  int columns = 1500;
  int rows = 200;
  unsigned seed = 1;
};

/// A strip of noise alone, columns and rows independent: CV_8U, a row for each column.
cv::Mat greyOf(const Noise& n) {
  std::mt19937 random(n.seed);
  std::gamma_distribution<double> power(n.looks, 1.0 / n.looks);
  cv::Mat grey(n.columns, n.rows, CV_8U);
  for (int i = 0; i < grey.rows; ++i) {
    for (int k = 0; k < grey.cols; ++k) {
      const double db = 10.0 * std::log10(power(random)) + n.aboveBlackDb;
      grey.at<std::uint8_t>(i, k) = cv::saturate_cast<std::uint8_t>(255.0 * db / n.dynamicRangeDb);
    }
  }
  return grey;
}

TEST(DynamicRange, IsFoundInNoiseOfSingleSpectra) {
  unsigned seed = 1;
  for (const double db : {30.0, 40.0, 60.0, 80.0}) {
    for (const double above : {5.0, 12.0, 20.0}) {
      const auto found =
          estimateDynamicRange(greyOf({.dynamicRangeDb = db, .aboveBlackDb = above, .seed = seed++}));
      ASSERT_TRUE(found) << db << " dB, noise " << above << " dB above black";
      EXPECT_NEAR(found->db, db, 0.04 * db) << "noise " << above << " dB above black";
      EXPECT_EQ(found->looks, 1.0);
    }
  }
}

// Without the looks an average of four spectra would pass for a range twice as wide.
TEST(DynamicRange, IsNotTakenInByAveragedSpectra) {
  for (const int looks : {2, 4}) {
    const auto found = estimateDynamicRange(greyOf({.dynamicRangeDb = 50, .looks = looks, .columns = 6000}));
    ASSERT_TRUE(found) << looks;
    EXPECT_NEAR(found->db, 50, 5) << looks;
    EXPECT_NEAR(found->looks, looks, 0.25 * looks);
  }
}

TEST(DynamicRange, IsFoundBesideFlow) {
  for (const double db : {40.0, 60.0}) {
    const SyntheticStrip strip{.columns = 3000, .dynamicRangeDb = db, .seed = 1003};
    const auto found = estimateDynamicRange(renderStrip(strip).t());
    ASSERT_TRUE(found) << db;
    EXPECT_NEAR(found->db, db, 0.06 * db);
  }
}

TEST(DynamicRange, IsNotGivenWithoutNoise) {
  EXPECT_FALSE(estimateDynamicRange(cv::Mat()));
  EXPECT_FALSE(estimateDynamicRange(cv::Mat::zeros(2000, 200, CV_8U)));
  EXPECT_FALSE(estimateDynamicRange(cv::Mat(2000, 200, CV_8U, cv::Scalar(60))));
  // The gain is too low: most of the noise is black.
  EXPECT_FALSE(estimateDynamicRange(greyOf({.aboveBlackDb = -3})));
  EXPECT_FALSE(estimateDynamicRange(greyOf({.columns = 100})));
}

// Evenly spread values, as no noise gives them.
TEST(DynamicRange, IsNotGivenForValuesThatAreNoSpeckle) {
  std::mt19937 random(5);
  std::uniform_int_distribution<int> any(20, 120);
  cv::Mat grey(2000, 200, CV_8U);
  for (int i = 0; i < grey.rows; ++i)
    for (int k = 0; k < grey.cols; ++k) grey.at<std::uint8_t>(i, k) = static_cast<std::uint8_t>(any(random));
  EXPECT_FALSE(estimateDynamicRange(grey));
}

}  // namespace
}  // namespace soleus
