#include <gtest/gtest.h>

#include <vector>

#include "pipeline/doppler/envelope_band.h"

namespace soleus {
namespace {

constexpr double kNoise = 1.0;
constexpr double kWindowRows = 9.0;

/// Flat noise with ten rows of `level` times its mean, beginning at `first`.
std::vector<float> cluster(int first, float level) {
  std::vector<float> power(150, static_cast<float>(kNoise));
  for (int i = first; i < first + 10; ++i) power[static_cast<std::size_t>(i)] = level;
  return power;
}

RowRange found(const std::vector<float>& power) {
  return significantBand({power, kNoise, 4.0, kWindowRows, 2.0});
}

// For four looks the chance of 1e-5 lies at 4.8 times the noise, and that of 1e-8 at 6.9 times.
TEST(SignificantBand, AsksMoreOfABandThatStandsApartFromZero) {
  EXPECT_EQ(found(cluster(0, 5.5F)).length(), 10);
  EXPECT_EQ(found(cluster(100, 5.5F)).length(), 0);
  EXPECT_EQ(found(cluster(100, 8.0F)).length(), 10);
}

TEST(SignificantBand, KeepsAFaintBandAtTheEndOfTheAxisSinceAliasedFlowBeginsThere) {
  EXPECT_EQ(found(cluster(140, 5.5F)).length(), 10);
}

TEST(SignificantBand, FindsNothingInNoiseAlone) {
  EXPECT_EQ(found(cluster(0, 1.0F)).length(), 0);
}

}  // namespace
}  // namespace soleus
