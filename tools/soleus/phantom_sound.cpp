#include "tools/soleus/phantom_sound.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace soleus {
namespace {

// Ten a second: each begins close to a whole millisecond, which is what Matroska stamps to.
constexpr int kBlocksPerS = 10;
constexpr double kLargestS24 = 8388607;

void appendS24(std::vector<std::uint8_t>& bytes, float value) {
  const auto level =
      static_cast<std::int32_t>(std::lround(std::clamp(static_cast<double>(value), -1.0, 1.0) * kLargestS24));
  const auto bits = static_cast<std::uint32_t>(level);
  for (const int shift : {0, 8, 16}) bytes.push_back(static_cast<std::uint8_t>(bits >> shift));
}

std::int64_t timeNs(std::int64_t sample, int rateHz) {
  return std::llround(static_cast<double>(sample) * 1e9 / rateHz);
}

}  // namespace

MadeSound phantomSound(Phantom& phantom) {
  const int rateHz = phantom.sampleRateHz();
  MadeSound sound{"S24LE", rateHz, timeNs(phantom.sampleCount(), rateHz), {}};
  sound.next = [&phantom, rateHz, first = std::int64_t{0}]() mutable -> Result<SoundBlock> {
    const std::int64_t end = std::min(first + rateHz / kBlocksPerS, phantom.sampleCount());
    SoundBlock block{{}, timeNs(first, rateHz), timeNs(end, rateHz)};
    for (const auto value : phantom.signal(first, static_cast<int>(end - first))) {
      appendS24(block.bytes, value.real());
      appendS24(block.bytes, value.imag());
    }
    first = end;
    return block;
  };
  return sound;
}

CalibrationProfile soundProfile(const Phantom& phantom) {
  CalibrationProfile profile = phantom.profile();
  profile.screenWidth = profile.screenHeight = 0;
  profile.doppler.reset();
  profile.bmode.reset();
  return profile;
}

}  // namespace soleus
