#include <gtest/gtest.h>

#include <vector>

#include "calibration/dicom/frame_header.h"

namespace soleus {
namespace {

/// A header of `count` segments at `offsets`, followed by 100 bytes.
std::vector<std::uint8_t> frameWith(std::uint32_t count, const std::vector<std::uint32_t>& offsets) {
  std::vector<std::uint32_t> words{count};
  words.insert(words.end(), offsets.begin(), offsets.end());
  words.resize(16);
  std::vector<std::uint8_t> frame;
  for (const std::uint32_t word : words)
    for (const int shift : {0, 8, 16, 24}) frame.push_back(static_cast<std::uint8_t>(word >> shift));
  frame.resize(164);
  return frame;
}

TEST(RleHeader, SegmentsLieBehindEachOtherInTheFrame) {
  EXPECT_TRUE(hasSoundRleHeader(frameWith(1, {64})));
  EXPECT_TRUE(hasSoundRleHeader(frameWith(3, {64, 100, 163})));
  EXPECT_FALSE(hasSoundRleHeader(frameWith(0, {64})));
  EXPECT_FALSE(hasSoundRleHeader(frameWith(16, {64})));
  EXPECT_FALSE(hasSoundRleHeader(frameWith(1, {63})));
  EXPECT_FALSE(hasSoundRleHeader(frameWith(2, {64, 64})));
  EXPECT_FALSE(hasSoundRleHeader(frameWith(2, {100, 64})));
  EXPECT_FALSE(hasSoundRleHeader(frameWith(2, {64, 164})));
  EXPECT_FALSE(hasSoundRleHeader(frameWith(2, {64, 0xffffffff})));
  EXPECT_FALSE(hasSoundRleHeader(std::vector<std::uint8_t>(64, 1)));
  EXPECT_FALSE(hasSoundRleHeader({}));
}

using Bytes = std::vector<std::uint8_t>;

TEST(JpegHeader, SegmentsLeadToTheFrame) {
  const Bytes start{0xff, 0xd8};
  const Bytes table{0xff, 0xdb, 0, 4, 1, 2};
  const Bytes frame{0xff, 0xc0, 0, 11, 8, 0, 4};
  const auto joined = [](std::initializer_list<Bytes> parts) {
    Bytes all;
    for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
  };
  EXPECT_TRUE(hasSoundJpegHeader(joined({start, frame})));
  EXPECT_TRUE(hasSoundJpegHeader(joined({start, table, {0xff, 0xff}, frame})));
  EXPECT_FALSE(hasSoundJpegHeader(joined({start, table})));
  EXPECT_FALSE(hasSoundJpegHeader(joined({table, frame})));
  EXPECT_FALSE(hasSoundJpegHeader(joined({start, {0xff, 0x01}, frame})));        // TEM
  EXPECT_FALSE(hasSoundJpegHeader(joined({start, {0xff, 0xdb, 0, 1}, frame})));  // shorter than its length
  EXPECT_FALSE(hasSoundJpegHeader(joined({start, {0xff, 0xdb, 255, 255}, frame})));  // beyond the end
  EXPECT_FALSE(hasSoundJpegHeader(joined({start, {0, 0}, frame})));
  EXPECT_FALSE(hasSoundJpegHeader({}));
}

}  // namespace
}  // namespace soleus
