#include "calibration/phantom/doppler_signal.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace soleus {
namespace {

// The slowest filter has a corner of a few Hz and settles within some periods of it.
constexpr double kSettleS = 1.0;
// Echo of the wall that doesn't move, against the full clutter: -30 dB, well inside the filter's stop band.
constexpr double kStillWall = 0.03;
// Standing blood still changes, over some seconds.
constexpr double kLeastDriftCmPerS = 0.2;
// Samples kept before they are dropped in one go, so that dropping costs nothing.
constexpr std::size_t kBufferSamples = 4096;

std::int64_t floorDiv(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

double amplitude(double db) {
  return std::pow(10.0, db / 20.0);
}

}  // namespace

DopplerSignal::DopplerSignal(const Scenario& scenario, const Haemodynamics& haemodynamics, std::uint64_t seed,
                             std::int64_t firstSample, Side side)
    : scanner_(scenario.scanner),
      haemodynamics_(haemodynamics),
      transitLengthCm_(scenario.noise.transitLengthMm / 10.0),
      blood_(scenario.flow.profileExponent, seed),
      clutterRandom_(seed, RandomStream::kClutter),
      noiseRandom_(seed, RandomStream::kNoise),
      clutterFilter_(Butterworth::lowPass(scenario.noise.clutterBandHz, scenario.scanner.prfHz)),
      // White noise of power 1 keeps twice corner/PRF of it behind the low-pass.
      clutterScale_(amplitude(scenario.noise.clutterDb) *
                    std::sqrt(scenario.scanner.prfHz / (2.0 * scenario.noise.clutterBandHz))),
      noiseScale_(amplitude(-scenario.noise.snrDb)),
      nextBlock_(floorDiv(firstSample - std::llround(kSettleS * scenario.scanner.prfHz), BloodEcho::kBlock)),
      bufferStart_(nextBlock_ * BloodEcho::kBlock) {
  if (side == Side::kBehindWallFilter)
    wallFilter_ = Butterworth::highPass(scenario.scanner.wallFilterHz, scenario.scanner.prfHz);
}

void DopplerSignal::makeBlock() {
  const std::int64_t first = nextBlock_ * BloodEcho::kBlock;
  const double middleS = (static_cast<double>(first) + BloodEcho::kBlock / 2.0) / scanner_.prfHz;
  const double velocityCmPerS = haemodynamics_.peakCmPerS(middleS);
  const double shiftHz = dopplerShiftHz(scanner_, velocityCmPerS);
  std::array<std::complex<float>, BloodEcho::kBlock> blood{};
  blood_.add(2.0 * std::numbers::pi * shiftHz / scanner_.prfHz,
             std::max(std::abs(velocityCmPerS), kLeastDriftCmPerS) / transitLengthCm_ / scanner_.prfHz,
             blood);
  for (std::size_t k = 0; k < blood.size(); ++k) {
    const std::int64_t sample = first + static_cast<std::int64_t>(k);
    const auto counter = static_cast<std::uint64_t>(sample);  // wraps before time 0 and stays one to one
    const double timeS = static_cast<double>(sample) / scanner_.prfHz;
    const double wall = kStillWall + (1.0 - kStillWall) * haemodynamics_.wallMotion(timeS);
    const std::complex<double> clutter =
        clutterScale_ * wall * clutterFilter_(clutterRandom_.complexNormal(counter));
    const std::complex<double> noise = noiseScale_ * noiseRandom_.complexNormal(counter);
    const std::complex<double> echo = std::complex<double>(blood[k]) + clutter + noise;
    buffer_.emplace_back(wallFilter_ ? (*wallFilter_)(echo) : echo);
  }
  ++nextBlock_;
}

std::span<const std::complex<float>> DopplerSignal::samples(std::int64_t first, int count) {
  if (buffer_.size() > kBufferSamples) {
    const std::int64_t done = std::min<std::int64_t>(first - bufferStart_, std::ssize(buffer_));
    buffer_.erase(buffer_.begin(), buffer_.begin() + done);
    bufferStart_ += done;
  }
  while (bufferStart_ + std::ssize(buffer_) < first + count) makeBlock();
  return std::span(buffer_).subspan(static_cast<std::size_t>(first - bufferStart_),
                                    static_cast<std::size_t>(count));
}

}  // namespace soleus
