// One recording coded again must give the same velocity-time integrals. By hand they are traced with a
// coefficient of variation of some 10 %.
#include <gtest/gtest.h>

#include <cmath>

#include "pipeline/doppler/measure_columns.h"
#include "tests/accuracy/recording.h"

namespace soleus::accuracy {
namespace {

constexpr double kMostChangePercent = 3;

class AccuracyCodecs : public ::testing::TestWithParam<Source> {
 protected:
  static std::vector<ContractionScore> scoresWith(const std::string& codec) {
    AccuracyCase c;
    c.source = GetParam();
    c.codec = codec;
    const auto measured = measureCase(c, {estimatorNames().front()});
    return score(measured.front().columns, truthOf(c));
  }
};

TEST_P(AccuracyCodecs, leaveTheVelocityTimeIntegralAlone) {
  const auto lossless = scoresWith("ffv1");
  ASSERT_EQ(lossless.size(), static_cast<std::size_t>(kContractions));
  for (const std::string codec : {"h264-18", "h264-23", "h264-30", "mjpeg"}) {
    const auto again = scoresWith(codec);
    ASSERT_EQ(again.size(), lossless.size());
    for (std::size_t i = 0; i < again.size(); ++i) {
      // Both are in percent of the same truth, within 3 % of it: their difference is the change.
      const double change = again[i].vtiPercent - lossless[i].vtiPercent;
      EXPECT_LE(std::abs(change), kMostChangePercent) << codec << ", contraction " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Both, AccuracyCodecs, ::testing::Values(Source::kScroll, Source::kSweep),
                         [](const auto& each) { return nameOf(each.param); });

}  // namespace
}  // namespace soleus::accuracy
