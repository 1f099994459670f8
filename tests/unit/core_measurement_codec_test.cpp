#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "pipeline/core/measurement_codec.h"

namespace soleus {
namespace {

FrameResult sample() {
  FrameResult r;
  r.sequence = 7;
  r.frameTime = {123456789};
  for (int i = 0; i < 3; ++i) {
    DopplerColumn c;
    c.time = {1000 + i};
    c.peakCmPerS = 50.5F + static_cast<float>(i);
    c.peakReverseCmPerS = -3;
    c.meanCmPerS = std::numeric_limits<float>::quiet_NaN();
    c.snrDb = 12;
    c.peakUncertaintyCmPerS = 0.5F;
    c.meanUncertaintyCmPerS = 0.25F;
    c.meanHiddenCmPerS = 2.5F;
    c.volumeFlowMlPerMin = 150;
    c.quality = kAliased | kOverlay;
    c.grey = {1, 2, static_cast<std::uint8_t>(i)};
    r.columns.push_back(c);
  }
  for (int i = 0; i < 2; ++i) {
    r.aheadKept = 7;
    r.ahead.push_back(r.columns.back());
    r.ahead.back().time = {1003 + i};
    r.ahead.back().grey = {7, 8, static_cast<std::uint8_t>(i)};
  }
  r.vessel.push_back({{5}, 7.7F, 46.0F, 0.9F, 78.5F});
  r.events.push_back({{6}, EventKind::kGap, "a gap"});
  r.events.push_back({{7}, EventKind::kFault, ""});
  return r;
}

TEST(MeasurementCodec, GivesBackWhatWasPutIn) {
  const auto decoded = decodeResult(encodeResult(sample()));
  ASSERT_TRUE(decoded.ok()) << decoded.error().sentence();
  const auto& r = decoded.value();
  EXPECT_EQ(r.sequence, 7U);
  EXPECT_EQ(r.frameTime.ns, 123456789);
  EXPECT_FALSE(r.endOfStream);
  ASSERT_EQ(r.columns.size(), 3U);
  EXPECT_EQ(r.columns[2].time.ns, 1002);
  EXPECT_FLOAT_EQ(r.columns[2].peakCmPerS, 52.5F);
  EXPECT_TRUE(std::isnan(r.columns[0].meanCmPerS));
  EXPECT_EQ(r.columns[1].peakUncertaintyCmPerS, 0.5F);
  EXPECT_EQ(r.columns[1].meanUncertaintyCmPerS, 0.25F);
  EXPECT_EQ(r.columns[1].meanHiddenCmPerS, 2.5F);
  EXPECT_EQ(r.columns[1].volumeFlowMlPerMin, 150.0F);
  EXPECT_EQ(r.columns[1].quality, kAliased | kOverlay);
  EXPECT_EQ(r.columns[2].grey, (std::vector<std::uint8_t>{1, 2, 2}));
  ASSERT_EQ(r.ahead.size(), 2U);
  EXPECT_EQ(r.aheadKept, 7U);
  EXPECT_EQ(r.ahead[1].time.ns, 1004);
  EXPECT_FLOAT_EQ(r.ahead[1].peakCmPerS, 52.5F);
  EXPECT_EQ(r.ahead[1].grey, (std::vector<std::uint8_t>{7, 8, 1}));
  ASSERT_EQ(r.vessel.size(), 1U);
  EXPECT_FLOAT_EQ(r.vessel[0].areaMm2, 46.0F);
  EXPECT_FLOAT_EQ(r.vessel[0].angleDegrees, 78.5F);
  ASSERT_EQ(r.events.size(), 2U);
  EXPECT_EQ(r.events[0].label, "a gap");
  EXPECT_EQ(r.events[1].kind, EventKind::kFault);
}

TEST(MeasurementCodec, RefusesEveryTruncationAndAnyExtraByte) {
  auto bytes = encodeResult(sample());
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    EXPECT_FALSE(decodeResult(std::span(bytes).first(n)).ok()) << n << " bytes";
  }
  bytes.push_back(0);
  EXPECT_FALSE(decodeResult(bytes).ok());
  bytes.pop_back();
  bytes[0] = 'X';
  EXPECT_FALSE(decodeResult(bytes).ok());
}

}  // namespace
}  // namespace soleus
