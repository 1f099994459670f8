#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "pipeline/doppler/pixel_sums.h"

namespace soleus {
namespace {

std::vector<std::uint8_t> pixels(int count, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<std::uint8_t> values(static_cast<std::size_t>(count));
  for (auto& value : values) value = static_cast<std::uint8_t>(random());
  return values;
}

class PixelSums : public testing::TestWithParam<int> {};

TEST_P(PixelSums, AreThoseOfPlainArithmetic) {
  const auto a = pixels(GetParam(), 1);
  const auto b = pixels(GetParam(), 2);
  std::uint64_t sum = 0;
  std::uint64_t differences = 0;
  std::uint64_t squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const int apart = a[i] - b[i];
    sum += a[i];
    differences += static_cast<std::uint64_t>(apart < 0 ? -apart : apart);
    squares += static_cast<std::uint64_t>(apart * apart);
  }
  EXPECT_EQ(sumOf(a.data(), GetParam()), sum);
  EXPECT_EQ(sumOfDifferences(a.data(), b.data(), GetParam()), differences);
  EXPECT_EQ(sumOfSquaredDifferences(a.data(), b.data(), GetParam()), squares);
}

// Nothing, less than one stride of sixteen, whole strides, and a rest.
INSTANTIATE_TEST_SUITE_P(Counts, PixelSums, testing::Values(0, 1, 15, 16, 17, 64, 1049));

TEST(PixelSums, HoldTheLongestRow) {
  constexpr int kCount = 60000;
  const std::vector<std::uint8_t> black(kCount, 0);
  const std::vector<std::uint8_t> white(kCount, 255);
  EXPECT_EQ(sumOfSquaredDifferences(black.data(), white.data(), kCount), 60000ULL * 255 * 255);
}

}  // namespace
}  // namespace soleus
