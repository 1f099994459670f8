#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>

#include "tests/report/synthetic_session.h"
#include "tools/report/spectrum_picture.h"

namespace soleus {
namespace {

/// A spectrum of three velocities: background 10, and per column the values of `marks` at the highest
/// velocity.
SyntheticSession marked(std::size_t columns, const std::map<std::size_t, int>& marks) {
  SyntheticSession session;
  session.spectrumRow = [columns, marks](std::size_t i) {
    EXPECT_LT(i, columns);
    cv::Mat row(1, 3, CV_8UC1, cv::Scalar(10));
    if (marks.count(i) > 0) row.at<std::uint8_t>(0, 2) = static_cast<std::uint8_t>(marks.at(i));
    return row;
  };
  return session;
}

std::vector<double> evenTimes(std::size_t count, double stepS) {
  std::vector<double> timeS(count);
  for (std::size_t i = 0; i < count; ++i) timeS[i] = stepS * (static_cast<double>(i) + 0.5);
  return timeS;
}

const std::vector<double> kVelocity = {-10.0, 0.0, 10.0};

TEST(PaintSpectrum, KeepsEveryColumnOfAShortRecordingAcrossTiles) {
  const SyntheticSession session = marked(25, {{0, 50}, {24, 250}});
  PictureLimits limits;
  limits.tileColumns = 10;
  const auto painted = paintSpectrum(session, evenTimes(25, 0.1), kVelocity, limits);
  ASSERT_TRUE(painted.ok()) << painted.error().sentence();
  const SpectrumPicture& picture = painted.value();
  EXPECT_EQ(picture.columnsPerPixel, 1U);
  EXPECT_DOUBLE_EQ(picture.lowestCmPerS, -15.0);  // rows are 10 cm/s tall around their centres
  EXPECT_DOUBLE_EQ(picture.highestCmPerS, 15.0);
  ASSERT_EQ(picture.tilesPng.size(), 3U);
  const cv::Mat first = cv::imdecode(picture.tilesPng[0], cv::IMREAD_UNCHANGED);
  const cv::Mat last = cv::imdecode(picture.tilesPng[2], cv::IMREAD_UNCHANGED);
  ASSERT_EQ(first.type(), CV_8UC1);
  ASSERT_EQ(first.size(), cv::Size(10, 3));
  ASSERT_EQ(last.size(), cv::Size(5, 3));
  EXPECT_EQ(first.at<std::uint8_t>(0, 0), 50);  // the highest velocity is at the top
  EXPECT_EQ(first.at<std::uint8_t>(2, 0), 10);
  EXPECT_EQ(last.at<std::uint8_t>(0, 4), 250);
  ASSERT_EQ(picture.segments.size(), 3U);
  EXPECT_NEAR(picture.segments[0].startS, 0.0, 1e-12);
  EXPECT_NEAR(picture.segments[0].endS, 1.0, 1e-12);
  EXPECT_NEAR(picture.segments[2].endS, 2.5, 1e-12);
}

TEST(PaintSpectrum, BreaksAtAGapSoThatTimeStaysTrue) {
  std::vector<double> timeS = evenTimes(20, 0.1);
  for (std::size_t i = 12; i < 20; ++i) timeS[i] += 5.0;
  const auto painted = paintSpectrum(marked(20, {}), timeS, kVelocity);
  ASSERT_TRUE(painted.ok());
  const auto& segments = painted.value().segments;
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_EQ(painted.value().tilesPng.size(), 1U);
  EXPECT_EQ(segments[0].columns, 12);
  EXPECT_NEAR(segments[0].endS, 1.2, 1e-12);
  EXPECT_EQ(segments[1].firstColumn, 12);
  EXPECT_EQ(segments[1].columns, 8);
  EXPECT_NEAR(segments[1].startS, 6.2, 1e-12);
  EXPECT_NEAR(segments[1].endS, 7.0, 1e-12);
}

TEST(PaintSpectrum, PoolsByTheStrongestAndNeverAcrossAGap) {
  // 100 columns to at most 25: four to one. A gap after column 49 leaves a last pool of two before it.
  std::vector<double> timeS = evenTimes(100, 0.1);
  for (std::size_t i = 50; i < 100; ++i) timeS[i] += 5.0;
  PictureLimits limits;
  limits.maxColumns = 25;
  const auto painted = paintSpectrum(marked(100, {{6, 200}, {49, 180}, {50, 90}}), timeS, kVelocity, limits);
  ASSERT_TRUE(painted.ok());
  EXPECT_EQ(painted.value().columnsPerPixel, 4U);
  const cv::Mat tile = cv::imdecode(painted.value().tilesPng.at(0), cv::IMREAD_UNCHANGED);
  ASSERT_EQ(tile.cols, 26);
  EXPECT_EQ(tile.at<std::uint8_t>(0, 1), 200);
  EXPECT_EQ(tile.at<std::uint8_t>(0, 12), 180);
  EXPECT_EQ(tile.at<std::uint8_t>(0, 13), 90);
  EXPECT_EQ(painted.value().segments.size(), 2U);
}

TEST(PaintSpectrum, LeavesOpenWhatHasNoSpectrum) {
  // Twelve columns drawn as three: the first has a spectrum in two of its four, the second in none, and of
  // the third a single value is missing.
  constexpr std::uint8_t kMissing = 255;
  SyntheticSession session = marked(12, {{0, 200}, {11, kMissing}});
  session.spectrumRow = [rowOf = session.spectrumRow](std::size_t i) {
    return i >= 2 && i < 8 ? cv::Mat(1, 3, CV_8UC1, cv::Scalar(kMissing)) : rowOf(i);
  };
  PictureLimits limits;
  limits.maxColumns = 3;
  const auto painted = paintSpectrum(session, evenTimes(12, 0.1), kVelocity, limits);
  ASSERT_TRUE(painted.ok());
  const cv::Mat tile = cv::imdecode(painted.value().tilesPng.at(0), cv::IMREAD_UNCHANGED);
  ASSERT_EQ(tile.size(), cv::Size(2, 3));
  EXPECT_EQ(tile.at<std::uint8_t>(0, 0), 200);
  EXPECT_EQ(tile.at<std::uint8_t>(1, 0), 10);
  EXPECT_EQ(tile.at<std::uint8_t>(0, 1), 10);
  const auto& segments = painted.value().segments;
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_NEAR(segments[0].endS, 0.4, 1e-12);
  EXPECT_NEAR(segments[1].startS, 0.8, 1e-12);
}

TEST(PaintSpectrum, DrawsNothingOfASessionWithoutAnySpectrum) {
  SyntheticSession session;
  session.spectrumRow = [](std::size_t) { return cv::Mat(1, 3, CV_8UC1, cv::Scalar(255)); };
  const auto painted = paintSpectrum(session, evenTimes(5, 0.1), kVelocity);
  ASSERT_TRUE(painted.ok());
  EXPECT_TRUE(painted.value().segments.empty());
}

TEST(PaintSpectrum, StaysBoundedWhenGapsAreEverywhere) {
  // Runs of three columns between gaps of 11 s, longer than the 100 columns pooled at first: 3334 runs, which
  // would leave as many drawn columns where 100 are allowed.
  std::vector<double> timeS;
  for (std::size_t i = 0; i < 10000; ++i)
    timeS.push_back(0.1 * static_cast<double>(i) + 11.0 * static_cast<double>(i / 3));
  PictureLimits limits;
  limits.maxColumns = 100;
  const auto painted = paintSpectrum(marked(10000, {}), timeS, kVelocity, limits);
  ASSERT_TRUE(painted.ok());
  EXPECT_LE(cv::imdecode(painted.value().tilesPng.at(0), cv::IMREAD_UNCHANGED).cols, 125);
}

TEST(PaintSpectrum, ReadsInBlocks) {
  const SyntheticSession session = marked(20000, {});
  ASSERT_TRUE(paintSpectrum(session, evenTimes(20000, 0.1), kVelocity).ok());
  EXPECT_LE(session.mostRowsAskedAtOnce, 4096U);
}

TEST(PaintSpectrum, RefusesRowsThatDoNotFitTheAxis) {
  const auto painted = paintSpectrum(marked(5, {}), evenTimes(5, 0.1), std::vector<double>{0.0, 1.0});
  ASSERT_FALSE(painted.ok());
  EXPECT_EQ(painted.error().where, "/doppler/spectrum");
}

}  // namespace
}  // namespace soleus
