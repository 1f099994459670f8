#include "pipeline/doppler/signal_unroller.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>
#include <utility>

#include "pipeline/doppler/strip_report.h"

namespace soleus {
namespace {

using Sample = std::complex<float>;

// Containers round the stamps of sound to a millisecond, and live sources jitter by more without losing
// anything.
constexpr double kToldGapS = 0.002;
constexpr double kGapS = 0.010;

// The largest value of 16 bits is 0.99997; a sine of full height stays above this for no more than three
// samples of any rate at which it is a Doppler shift.
constexpr float kFullScale = 0.9999F;
constexpr int kClippedRun = 4;

// Keeps the logarithm of digital silence finite.
constexpr float kLeastPower = 1e-30F;

std::vector<float> hann(int samples) {
  std::vector<double> weights;
  double sum = 0;
  for (int n = 0; n < samples; ++n) {
    const double x = std::sin(std::numbers::pi * (n + 0.5) / samples);
    weights.push_back(x * x);
    sum += weights.back();
  }
  std::vector<float> scaled;
  for (const double weight : weights) scaled.push_back(static_cast<float>(weight / sum));
  return scaled;
}

}  // namespace

SignalUnroller::SignalUnroller(const AudioCalibration& audio, const SignalSetup& setup)
    : audio_(audio),
      setup_(setup),
      window_(signalWindow(audio, setup)),
      strip_(signalStrip(audio, setup)),
      weights_(hann(window_.samples)),
      filter_(audio.wallFilterHz, setup.sampleRateHz),
      assembler_(strip_.region.height),
      bandEnd_(window_, setup.sampleRateHz / window_.transformed, strip_.secondsPerPixel),
      transform_(1, window_.transformed, CV_32FC2),
      power_(static_cast<std::size_t>(strip_.region.height)),
      column_(1, strip_.region.height, CV_8UC1),
      clock_(setup.sampleRateHz) {}

Unrolled SignalUnroller::push(const SampleBlock& block, SessionTime time) {
  follow(block, time.seconds());
  noteClipping(block);
  received_ += std::ssize(block.values);
  filter_.push(block.values, samples_);
  // A run at full scale is only known as such some samples later.
  if (clock_.settledBy(received_))
    makeColumns(std::min(kept_ + std::ssize(samples_), received_ - (kClippedRun - 1)));
  return {assembler_.take(false), std::exchange(events_, {})};
}

Unrolled SignalUnroller::flush() {
  end();
  sayBandEnd(bandEnd_.finish());
  directionSaid_ = false;
  Unrolled rest{assembler_.take(true), std::exchange(events_, {})};
  assembler_ = StripAssembler(strip_.region.height);
  return rest;
}

/// Whether the block goes on where the last one ended.
void SignalUnroller::follow(const SampleBlock& block, double timeS) {
  if (!std::exchange(directionSaid_, true) && audio_.channels == AudioCalibration::Channels::kMono) {
    events_.push_back(stripEvent(timeS, EventKind::kNote,
                                 "One channel tells no direction: all velocities are counted as forward"));
  }
  if (!open_) return begin(timeS, timeS);
  const double missingS = clock_.deviationS(received_, timeS);
  const double endS = clock_.timeS(received_);
  if (missingS > (block.discontinuous ? kToldGapS : kGapS)) {
    events_.push_back(stripEvent(endS, EventKind::kGap, "Samples of %.4f s are missing", missingS));
    end();
    begin(timeS, timeS);
  } else if (missingS < -kGapS) {
    events_.push_back(stripEvent(endS, EventKind::kGap,
                                 "Time stamps step back by %.4f s: as much sound is left out", -missingS));
    end();
    begin(timeS, endS);
  } else {
    clock_.observe(received_, timeS);
  }
}

/// No column's window begins before `notBeforeS`, which is >= `startS`.
void SignalUnroller::begin(double startS, double notBeforeS) {
  open_ = true;
  clock_.start(startS);
  received_ = kept_ = 0;
  nextMiddle_ = window_.samples / 2 + std::llround(std::ceil((notBeforeS - startS) * setup_.sampleRateHz));
  samples_.clear();
  clipped_.clear();
  runLeft_ = runRight_ = 0;
}

void SignalUnroller::end() {
  if (!open_) return;
  filter_.finish(samples_);
  makeColumns(kept_ + std::ssize(samples_));
  assembler_.breakHere();
  open_ = false;
}

void SignalUnroller::noteClipping(const SampleBlock& block) {
  for (const Sample value : block.values) {
    clipped_.push_back(0);
    runLeft_ = std::abs(value.real()) >= kFullScale ? runLeft_ + 1 : 0;
    runRight_ = std::abs(value.imag()) >= kFullScale ? runRight_ + 1 : 0;
    const int run = std::max(runLeft_, runRight_);
    const std::ptrdiff_t reach = std::min<std::ptrdiff_t>(kClippedRun, std::ssize(clipped_));
    if (run >= kClippedRun) std::fill(clipped_.end() - reach, clipped_.end(), std::uint8_t{1});
  }
}

void SignalUnroller::makeColumns(std::int64_t samplesKnown) {
  const int half = window_.samples / 2;
  for (; nextMiddle_ + half < samplesKnown; nextMiddle_ += window_.hopSamples) makeColumn();
  const std::int64_t done = std::min(nextMiddle_ - half - kept_, std::ssize(samples_));
  if (done <= 0) return;
  samples_.erase(samples_.begin(), samples_.begin() + done);
  clipped_.erase(clipped_.begin(), clipped_.begin() + done);
  kept_ += done;
}

void SignalUnroller::makeColumn() {
  const std::int64_t first = nextMiddle_ - window_.samples / 2 - kept_;
  transform_.setTo(cv::Scalar(0, 0));
  auto* values = transform_.ptr<Sample>();
  std::uint8_t clipped = 0;
  for (int n = 0; n < window_.samples; ++n) {
    values[n] = samples_[static_cast<std::size_t>(first + n)] * weights_[static_cast<std::size_t>(n)];
    clipped |= clipped_[static_cast<std::size_t>(first + n)];
  }
  cv::dft(transform_, transform_);

  const double rangeDb = *strip_.dynamicRangeDb;
  const auto greyPerDb = static_cast<float>(255.0 / rangeDb);
  for (int row = 0; row < column_.cols; ++row) {
    float& own = power_[static_cast<std::size_t>(row)];
    own = power(window_.rowsAbove - row);
    const float db = 10.0F * std::log10(std::max(own, kLeastPower));
    const float grey = (db + static_cast<float>(rangeDb)) * greyPerDb;
    column_.at<std::uint8_t>(0, row) = static_cast<std::uint8_t>(std::lround(std::clamp(grey, 0.0F, 255.0F)));
  }
  assembler_.push(column_, clock_.timeS(nextMiddle_), strip_.secondsPerPixel, 0,
                  static_cast<std::uint8_t>(clipped != 0 ? kClipped : 0));
  sayBandEnd(bandEnd_.push(power_));
}

/// The profile alone decides what is measured: whether that is the end of the scanner's band, or of its flow,
/// a person has to know.
void SignalUnroller::sayBandEnd(std::optional<double> endHz) {
  if (!endHz || audio_.nyquistHz) return;
  events_.push_back(
      stripEvent(clock_.timeS(nextMiddle_), EventKind::kNote,
                 "The sound is empty above about %.0f Hz: noise is read too low and velocities may "
                 "follow it; if the scanner's sound ends there, set 'nyquist_hz' in the profile's "
                 "audio section",
                 *endHz));
}

/// Power at `bin` of the strip, negative ones below its baseline.
float SignalUnroller::power(int bin) const {
  const auto* values = transform_.ptr<Sample>();
  const int size = window_.transformed;
  const Sample here = values[(bin + size) % size];
  if (audio_.channels == AudioCalibration::Channels::kQuadrature || bin == 0) return std::norm(here);
  // Two real signals were transformed as one complex one; the symmetry of their spectra takes them apart, and
  // each shows half of a tone's height at either sign of its frequency.
  const Sample mirror = std::conj(values[(size - bin) % size]);
  return std::norm(bin > 0 ? here + mirror : here - mirror);
}

}  // namespace soleus
