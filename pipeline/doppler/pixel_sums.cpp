#include "pipeline/doppler/pixel_sums.h"

#include <cstdlib>
#include <opencv2/core.hpp>
#include <opencv2/core/hal/intrin.hpp>

namespace soleus {
namespace {

constexpr int kLanes = cv::v_uint8x16::nlanes;

}  // namespace

std::uint64_t sumOf(const std::uint8_t* pixels, int count) {
  const cv::v_uint8x16 none = cv::v_setzero_u8();
  std::uint64_t sum = 0;
  int x = 0;
  for (; x + kLanes <= count; x += kLanes) sum += cv::v_reduce_sad(cv::v_load(pixels + x), none);
  for (; x < count; ++x) sum += pixels[x];
  return sum;
}

std::uint64_t sumOfDifferences(const std::uint8_t* a, const std::uint8_t* b, int count) {
  std::uint64_t sum = 0;
  int x = 0;
  for (; x + kLanes <= count; x += kLanes) sum += cv::v_reduce_sad(cv::v_load(a + x), cv::v_load(b + x));
  for (; x < count; ++x) sum += static_cast<std::uint64_t>(std::abs(a[x] - b[x]));
  return sum;
}

std::uint64_t sumOfSquaredDifferences(const std::uint8_t* a, const std::uint8_t* b, int count) {
  // Each of the four lanes takes a quarter of the pixels: 15,000 * 255^2 still fits.
  cv::v_uint32x4 squares = cv::v_setzero_u32();
  int x = 0;
  for (; x + kLanes <= count; x += kLanes) {
    const cv::v_uint8x16 apart = cv::v_absdiff(cv::v_load(a + x), cv::v_load(b + x));
    squares += cv::v_dotprod_expand(apart, apart);
  }
  std::uint64_t sum = cv::v_reduce_sum(squares);
  for (; x < count; ++x) sum += static_cast<std::uint64_t>((a[x] - b[x]) * (a[x] - b[x]));
  return sum;
}

}  // namespace soleus
