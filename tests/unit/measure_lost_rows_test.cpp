// A moved zero pushes rows out of the strip that nobody gets back where the display's period is not known.
#include <gtest/gtest.h>

#include "pipeline/doppler/measure_columns.h"
#include "pipeline/doppler/noise_tracker.h"
#include "tests/unit/measure_synthetic.h"

namespace soleus {
namespace {

using testing::calibrationOf;
using testing::renderStrip;
using testing::SyntheticStrip;

constexpr int kStripPx = 400;
constexpr int kPxPerFrame = 9;
constexpr double kMovedS = 3.0;

/// A scrolling strip of steady flow whose zero moves `downRows` down at kMovedS; what leaves it below comes
/// in above, as on a scanner's display, but the profile doesn't say so.
std::vector<DopplerColumn> measureWhileZeroMoves(double cmPerS, int downRows) {
  SyntheticStrip strip;
  strip.columns = 1400;
  strip.vmCmPerS = [=](double) { return cmPerS; };
  cv::Mat all = renderStrip(strip);
  all.row(144).setTo(160);
  DopplerCalibration calibration = calibrationOf(strip);
  calibration.region.width = kStripPx;
  calibration.prfHz.reset();
  const auto unroller = makeUnroller(calibration);
  NoiseTracker noise(calibration);
  std::vector<DopplerColumn> measured;
  const auto take = [&](Unrolled&& out) {
    for (StripBlock& block : out.blocks) {
      noise.follow(block);
      auto columns = measureColumns(block, calibration, {});
      leaveOutUnmeasurable(block, calibration, columns);
      measured.insert(measured.end(), columns.begin(), columns.end());
    }
  };
  for (int end = kStripPx; end <= all.cols; end += kPxPerFrame) {
    const cv::Mat seen = all.colRange(end - kStripPx, end);
    cv::Mat frame = seen.clone();
    const double timeS = end * calibration.secondsPerPixel;
    if (timeS >= kMovedS) {
      seen.rowRange(0, seen.rows - downRows).copyTo(frame.rowRange(downRows, seen.rows));
      seen.rowRange(seen.rows - downRows, seen.rows).copyTo(frame.rowRange(0, downRows));
    }
    take(unroller->push(frame, SessionTime::fromSeconds(timeS)));
  }
  take(unroller->flush());
  return measured;
}

TEST(LostRows, FlowThatReachesThemIsAliasedAndHasNoVelocity) {
  // 100 rows down leave 44 rows, 24.6 cm/s, of the reverse axis.
  int after = 0;
  for (const DopplerColumn& column : measureWhileZeroMoves(-40, 100)) {
    if (column.time.seconds() < kMovedS + 0.8) continue;
    ++after;
    EXPECT_TRUE(std::isnan(column.peakReverseCmPerS)) << column.time.seconds();
    EXPECT_NE(column.quality & kAliased, 0) << column.time.seconds();
  }
  EXPECT_GT(after, 200);
}

// Zero near the edge, as for one-way flow: all of the other direction is on the screen.
TEST(LostRows, NextToNothingOfOneDirectionLeavesTheOther) {
  int after = 0;
  int measured = 0;
  for (const DopplerColumn& column : measureWhileZeroMoves(40, 140)) {
    if (column.time.seconds() < kMovedS + 0.8) continue;
    ++after;
    measured += std::isnan(column.peakForwardCmPerS) ? 0 : 1;
  }
  ASSERT_GT(after, 200);
  EXPECT_GT(measured, 0.95 * after);
}

TEST(LostRows, FlowAwayFromThemIsMeasured) {
  double sum = 0;
  int after = 0;
  for (const DopplerColumn& column : measureWhileZeroMoves(40, 60)) {
    if (column.time.seconds() < kMovedS + 0.8) continue;
    ++after;
    sum += column.peakForwardCmPerS;
    EXPECT_EQ(column.peakReverseCmPerS, 0) << column.time.seconds();
  }
  ASSERT_GT(after, 200);
  EXPECT_NEAR(sum / after, 40, 2);
}

}  // namespace
}  // namespace soleus
