#include "tools/soleus/iq_sound.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace soleus {
namespace {

constexpr std::int64_t kBlockSamples = 16384;

// 24 dB for the peaks: a wall in motion stands 10 to 20 dB above the mean of a recording.
constexpr double kWantedRms = 1.0 / 16;
// Below what counts as full scale.
constexpr double kMostHeld = 0.99;
// Clipping is a run of so many samples; a single spike is none and must not push the rest into the floor.
constexpr std::size_t kHeldSamples = 4;

/// RMS, and the level that some run of kHeldSamples stays at or above on one channel.
class Level {
 public:
  void add(std::complex<double> value) {
    squares_ += std::norm(value);
    ++count_;
    held_ = std::max({held_, runOf(left_, value.real()), runOf(right_, value.imag())});
  }
  [[nodiscard]] double rms() const { return std::sqrt(squares_ / static_cast<double>(count_)); }
  [[nodiscard]] double held() const { return held_; }

 private:
  using Latest = std::array<double, kHeldSamples>;
  double runOf(Latest& latest, double value) const {
    latest[count_ % kHeldSamples] = std::abs(value);
    return *std::ranges::min_element(latest);
  }
  Latest left_{};
  Latest right_{};
  double squares_ = 0;
  std::size_t count_ = 0;
  double held_ = 0;
};

Result<double> scaleOf(const IqReader& reader, const std::string& path) {
  Level level;
  for (std::int64_t first = 0; first < reader.count(); first += kBlockSamples) {
    const auto values = reader.read(first, std::min(kBlockSamples, reader.count() - first));
    if (!values.ok()) return values.error();
    for (std::size_t n = 0; n < values.value().size(); ++n) {
      const std::complex<double> value = values.value()[n];
      if (!std::isfinite(std::norm(value))) {
        return Error{ErrorKind::kBadInput,
                     path + ", sample " + std::to_string(first + static_cast<std::int64_t>(n)),
                     "is not a number", "NaN or infinity", "a finite value"};
      }
      level.add(value);
    }
  }
  const double rms = level.rms();
  if (rms <= 0) return Error{ErrorKind::kBadInput, path, "is silent", "zeros alone", "a Doppler signal"};
  return level.held() > 0 ? std::min(kWantedRms / rms, kMostHeld / level.held()) : kWantedRms / rms;
}

}  // namespace

Result<MadeSound> iqSound(const IqReader& reader, const std::string& path) {
  const auto scale = scaleOf(reader, path);
  if (!scale.ok()) return scale.error();
  const auto timeNs = [&reader](std::int64_t sample) {
    return std::llround((reader.startS() + static_cast<double>(sample) / reader.sampleRateHz()) * 1e9);
  };
  MadeSound sound{"F32LE", static_cast<int>(std::lround(reader.sampleRateHz())), timeNs(reader.count()), {}};
  sound.next = [&reader, timeNs, scale = scale.value(),
                first = std::int64_t{0}]() mutable -> Result<SoundBlock> {
    const std::int64_t end = std::min(first + kBlockSamples, reader.count());
    SoundBlock block{{}, timeNs(first), timeNs(end)};
    if (end == first) return block;
    const auto values = reader.read(first, end - first);
    if (!values.ok()) return values.error();
    std::vector<float> scaled;
    for (const std::complex<double> value : values.value()) {
      scaled.push_back(static_cast<float>(scale * value.real()));
      scaled.push_back(static_cast<float>(scale * value.imag()));
    }
    block.bytes.resize(scaled.size() * sizeof(float));
    std::memcpy(block.bytes.data(), scaled.data(), block.bytes.size());
    first = end;
    return block;
  };
  return sound;
}

}  // namespace soleus
