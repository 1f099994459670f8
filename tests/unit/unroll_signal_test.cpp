// Doppler signals turned into columns: velocity, direction and time of tones, and what must not depend on
// blocks.
#include <gmock/gmock.h>

#include <cmath>
#include <concepts>
#include <numbers>

#include "pipeline/core/velocity_axis.h"
#include "pipeline/doppler/power.h"
#include "pipeline/doppler/signal_unroller.h"

namespace soleus {
namespace {

using Channels = AudioCalibration::Channels;
using Samples = std::vector<std::complex<float>>;

constexpr double kRateHz = 4600;

AudioCalibration audio(Channels channels = Channels::kQuadrature, double wallFilterHz = 0) {
  AudioCalibration a;
  a.channels = channels;
  a.transmitFrequencyHz = 4.4e6;
  a.angleDegrees = 60;
  a.wallFilterHz = wallFilterHz;
  return a;
}

double velocityOf(double shiftHz) {
  return shiftHz * 154000.0 / (2 * 4.4e6 * 0.5);
}

/// `height` exp(j 2 pi f t) for each sample; f may depend on time.
template <std::invocable<double> Frequency>
Samples tone(double durationS, Frequency hz, float height = 0.5F, double rateHz = kRateHz) {
  Samples samples;
  double turns = 0;
  for (int n = 0; n < durationS * rateHz; ++n) {
    samples.push_back(std::polar(height, static_cast<float>(2 * std::numbers::pi * turns)));
    turns += hz(n / rateHz) / rateHz;
    turns -= std::floor(turns);
  }
  return samples;
}

Samples tone(double durationS, double hz, float height = 0.5F, double rateHz = kRateHz) {
  return tone(
      durationS, [hz](double) { return hz; }, height, rateHz);
}

/// All columns of a signal: power on the ascending velocity axis.
struct Spectrum {
  std::vector<double> timeS;
  std::vector<std::vector<float>> power;
  std::vector<std::uint8_t> quality;
  std::vector<Event> events;
  std::vector<double> axis;

  [[nodiscard]] double meanCmPerS(std::size_t column) const {
    double moment = 0;
    double sum = 0;
    for (std::size_t i = 0; i < axis.size(); ++i) {
      moment += axis[i] * power[column][i];
      sum += power[column][i];
    }
    return moment / sum;
  }
  [[nodiscard]] double highestDb() const {
    float highest = 0;
    for (const auto& column : power) highest = std::max(highest, *std::ranges::max_element(column));
    return 10 * std::log10(highest);
  }
};

class Bench {
 public:
  explicit Bench(const AudioCalibration& calibration, double rateHz = kRateHz)
      : setup_{rateHz}, strip_(signalStrip(calibration, setup_)), unroller_(calibration, setup_) {
    spectrum_.axis = velocityAxisCmPerS(strip_);
  }
  /// Pushes in blocks of `blockSamples`, the first at `startS`.
  void push(const Samples& samples, double startS = 0, std::size_t blockSamples = 1000) {
    for (std::size_t at = 0; at < samples.size(); at += blockSamples) {
      const std::size_t end = std::min(samples.size(), at + blockSamples);
      SampleBlock block;
      block.values.assign(samples.begin() + static_cast<std::ptrdiff_t>(at),
                          samples.begin() + static_cast<std::ptrdiff_t>(end));
      const double timeS = startS + static_cast<double>(at) / setup_.sampleRateHz;
      take(unroller_.push(block, SessionTime::fromSeconds(timeS)));
    }
  }
  Spectrum finish() {
    take(unroller_.flush());
    return spectrum_;
  }
  [[nodiscard]] const DopplerCalibration& strip() const { return strip_; }

 private:
  void take(Unrolled unrolled) {
    for (const StripBlock& block : unrolled.blocks) {
      const cv::Mat power = powerColumns(block, strip_);
      for (std::size_t n = 0; n < block.time.size(); ++n) {
        const float* row = power.ptr<float>(block.leftContext + static_cast<int>(n));
        spectrum_.power.emplace_back(row, row + power.cols);
        spectrum_.timeS.push_back(block.time[n].seconds());
        spectrum_.quality.push_back(block.quality[n]);
      }
    }
    for (Event& event : unrolled.events) spectrum_.events.push_back(std::move(event));
  }

  SignalSetup setup_;
  DopplerCalibration strip_;
  SignalUnroller unroller_;
  Spectrum spectrum_;
};

Spectrum spectrumOf(const AudioCalibration& calibration, const Samples& samples, double rateHz = kRateHz) {
  Bench bench(calibration, rateHz);
  bench.push(samples);
  return bench.finish();
}

TEST(Signal, toneIsAtItsVelocityInBothDirections) {
  for (const double hz : {700.0, 1534.5, -700.0, -2000.0}) {
    const Spectrum s = spectrumOf(audio(), tone(1, hz));
    ASSERT_GT(s.timeS.size(), 350U);
    for (std::size_t n = 0; n < s.timeS.size(); n += 50)
      EXPECT_NEAR(s.meanCmPerS(n), velocityOf(hz), 0.005 * std::abs(velocityOf(hz))) << hz;
  }
}

TEST(Signal, towardTheHeartMayBeReverse) {
  AudioCalibration turned = audio();
  turned.towardHeartIsForward = false;
  EXPECT_NEAR(spectrumOf(turned, tone(0.5, 900)).meanCmPerS(50), -velocityOf(900), 0.2);
}

TEST(Signal, toneOfFullHeightIsWhite) {
  EXPECT_NEAR(spectrumOf(audio(), tone(0.3, 1000, 1.0F)).highestDb(), 0, 0.5);
  EXPECT_NEAR(spectrumOf(audio(), tone(0.3, 1000, 0.1F)).highestDb(), -20, 0.5);
}

TEST(Signal, rowsAreAQuarterOfTheResolutionAtMost) {
  for (const double rateHz : {2000.0, 4600.0, 44100.0, 192000.0}) {
    const SignalSetup setup{rateHz};
    const SignalWindow window = signalWindow(audio(), setup);
    EXPECT_EQ(window.samples % 2, 1);
    EXPECT_GE(window.transformed, 4 * window.samples) << rateHz;
    const auto axis = velocityAxisCmPerS(signalStrip(audio(), setup));
    EXPECT_LE(axis.back(), 256) << rateHz;
    EXPECT_NEAR(axis.front(), -axis.back(), axis[1] - axis[0] + 1e-9);
  }
  const auto whole = velocityAxisCmPerS(signalStrip(audio(), SignalSetup{kRateHz}));
  EXPECT_NEAR(whole.back() - whole.front() + whole[1] - whole[0], velocityOf(kRateHz), 1e-6)
      << "one sampling rate, so that what wraps finds its place";
}

TEST(Signal, stagesLearnTheWindowThatWasUsed) {
  for (const double windowMs : {5.0, 10.0, 20.0}) {
    const DopplerCalibration strip = signalStrip(audio(), {44100, windowMs});
    EXPECT_NEAR(spectralWindowS(strip), windowMs * 1e-3, 0.03e-3);
    EXPECT_NEAR(looksPerColumn(strip), std::min(1.0, 5.0 / windowMs), 0.01);
    EXPECT_FALSE(strip.prfHz.has_value()) << "an axis cut short wraps nowhere";
  }
  EXPECT_NEAR(spectralWindowS(signalStrip(audio(), {kRateHz, 5})), 33 / kRateHz, 1e-9)
      << "at least 32 samples";
  EXPECT_EQ(signalStrip(audio(), {kRateHz}).prfHz, kRateHz);
  EXPECT_FALSE(signalStrip(audio(Channels::kForwardReverse), {kRateHz}).prfHz.has_value());
}

TEST(Signal, chirpLagsByLessThanTwoMilliseconds) {
  // 2000 Hz a second: 2 ms are 4 Hz, 0.14 cm/s.
  const double startS = 3;
  Bench bench(audio());
  bench.push(tone(1, [](double t) { return 200 + 2000 * t; }), startS);
  const Spectrum s = bench.finish();
  double lagS = 0;
  for (std::size_t n = 0; n < s.timeS.size(); ++n) {
    const double shiftHz = s.meanCmPerS(n) / velocityOf(1);
    lagS += (s.timeS[n] - startS) - (shiftHz - 200) / 2000;
  }
  EXPECT_NEAR(lagS / static_cast<double>(s.timeS.size()), 0, 0.001);
}

TEST(Signal, stepIsWhereItWas) {
  Bench bench(audio());
  bench.push(tone(1, [](double t) { return t < 0.5 ? 500.0 : 1500.0; }));
  const Spectrum s = bench.finish();
  std::size_t n = 0;
  while (s.meanCmPerS(n) < velocityOf(1000)) ++n;
  EXPECT_NEAR(s.timeS[n], 0.5, 0.0025) << "one hop";
}

TEST(Signal, blocksChangeNoBit) {
  Samples samples = tone(0.7, [](double t) { return 3000 * t; });
  for (std::size_t n = 1500; n < 1510; ++n) samples[n] = {1, 1};
  std::vector<Spectrum> all;
  for (const std::size_t size : {1U, 7U, 1000U, 100000U}) {
    Bench bench(audio(Channels::kQuadrature, 69));
    bench.push(samples, 0.1, size);
    all.push_back(bench.finish());
  }
  for (const Spectrum& other : all) {
    EXPECT_EQ(other.timeS, all.front().timeS);
    EXPECT_EQ(other.power, all.front().power);
    EXPECT_EQ(other.quality, all.front().quality);
    EXPECT_TRUE(other.events.empty());
  }
}

TEST(Signal, wallsOfFiftyDecibelsDoNotLeak) {
  // Blood of -60 dB beside walls that swing at up to 20 Hz.
  Samples samples = tone(2, 800, 0.001F);
  const Samples wall = tone(
      2, [](double t) { return 20 * std::sin(9 * t); }, 0.32F);
  for (std::size_t n = 0; n < samples.size(); ++n) samples[n] += wall[n];
  const Spectrum s = spectrumOf(audio(Channels::kQuadrature, 60), samples);
  for (std::size_t n = 0; n < s.timeS.size(); ++n) {
    // Nearer to the ends the filter has to guess how the wall's echo goes on.
    if (s.timeS[n] < 0.075 || s.timeS[n] > 2 - 0.075) continue;
    ASSERT_NEAR(s.meanCmPerS(n), velocityOf(800), 0.005 * velocityOf(800)) << "at " << s.timeS[n] << " s";
  }

  EXPECT_LT(std::abs(spectrumOf(audio(), samples).meanCmPerS(100)), 2) << "without a filter";
}

TEST(Signal, wallFilterPassesBloodUnchangedInTime) {
  // A click passes with its time and height: no delay, and nearly all of its band.
  WallFilter filter(69, kRateHz);
  Samples samples(3000);
  samples[1500] = 1;
  Samples out;
  filter.push(samples, out);
  filter.finish(out);
  ASSERT_EQ(out.size(), samples.size());
  EXPECT_NEAR(out[1500].real(), 1, 0.03);
  EXPECT_NEAR(std::abs(out[1490] - out[1510]), 0, 1e-6) << "the same before as after";
}

TEST(Signal, shortestRecordingsPassTheWallFilter) {
  for (const int count : {0, 1, 2, 46, 47, 48, 300, 600}) {
    const Spectrum s = spectrumOf(audio(Channels::kQuadrature, 69), Samples(static_cast<std::size_t>(count)));
    EXPECT_EQ(s.timeS.empty(), count < 47) << count;
  }
}

TEST(Signal, directionsFromTwoChannels) {
  Samples samples;
  const Samples left = tone(0.5, 1200);
  const Samples right = tone(0.5, 400);
  for (std::size_t n = 0; n < left.size(); ++n) samples.emplace_back(left[n].real(), 0.1F * right[n].real());
  const Spectrum s = spectrumOf(audio(Channels::kForwardReverse), samples);
  double forward = 0;
  double reverse = 0;
  for (std::size_t i = 0; i < s.axis.size(); ++i) (s.axis[i] > 0 ? forward : reverse) += s.power[50][i];
  EXPECT_NEAR(10 * std::log10(forward / reverse), 20, 0.5);
  EXPECT_NEAR(s.meanCmPerS(50), (velocityOf(1200) - 0.01 * velocityOf(400)) / 1.01, 0.5);
}

TEST(Signal, endsWhereTheScannersSoundDoes) {
  // What a scanner plays ends at half its pulse repetition frequency, however fast a sound card samples it.
  for (const Channels channels : {Channels::kForwardReverse, Channels::kQuadrature}) {
    AudioCalibration a = audio(channels);
    a.nyquistHz = 2300;
    const DopplerCalibration strip = signalStrip(a, {44100});
    const std::vector<double> axis = velocityAxisCmPerS(strip);
    EXPECT_NEAR(axis.back(), velocityOf(2300), velocityOf(15));
    EXPECT_NEAR(axis.front(), -velocityOf(2300), velocityOf(15));
    ASSERT_TRUE(strip.prfHz.has_value());
    EXPECT_DOUBLE_EQ(*strip.prfHz, 4600);
    // An axis that is cut short of it tells nothing of what wraps.
    EXPECT_FALSE(signalStrip(a, {44100, 10, 60}).prfHz.has_value());
  }
  AudioCalibration mono = audio(Channels::kMono);
  mono.nyquistHz = 2300;
  EXPECT_NEAR(velocityAxisCmPerS(signalStrip(mono, {44100})).back(), velocityOf(2300), velocityOf(15));
}

TEST(Signal, oneChannelHasNoReverseSideAndSaysSo) {
  Samples samples;
  for (const auto value : tone(0.5, -1200)) samples.emplace_back(value.real(), 0);
  const Spectrum s = spectrumOf(audio(Channels::kMono), samples);
  EXPECT_NEAR(s.axis.front(), 0, 1e-9);
  EXPECT_NEAR(s.meanCmPerS(50), velocityOf(1200), 0.5);
  ASSERT_EQ(s.events.size(), 1U);
  EXPECT_EQ(s.events[0].kind, EventKind::kNote);
  EXPECT_THAT(s.events[0].label, ::testing::HasSubstr("direction"));
}

TEST(Signal, gapIsAGap) {
  Bench bench(audio());
  bench.push(tone(0.5, 800));
  bench.push(tone(0.5, 800), 0.75);
  const Spectrum s = bench.finish();
  int gaps = 0;
  for (std::size_t n = 0; n < s.timeS.size(); ++n) {
    EXPECT_TRUE(s.timeS[n] < 0.5 || s.timeS[n] > 0.75);
    if ((s.quality[n] & kGapBefore) == 0) continue;
    ++gaps;
    EXPECT_NEAR(s.timeS[n], 0.755, 0.001);
  }
  EXPECT_EQ(gaps, 1);
  ASSERT_EQ(s.events.size(), 1U);
  EXPECT_EQ(s.events[0].kind, EventKind::kGap);
}

TEST(Signal, stampsRoundedToAMillisecondAreNoGap) {
  Bench bench(audio());
  for (int block = 0; block < 50; ++block)
    bench.push(tone(0.02, 800), 0.02 * block + (block % 3 - 1) * 0.0009);
  EXPECT_TRUE(bench.finish().events.empty());
}

TEST(Signal, clippedSamplesAreFlaggedWhereTheyLie) {
  Samples samples = tone(1, 800, 0.9F);
  for (std::size_t n = 2300; n < 2304; ++n) samples[n] = {1, samples[n].imag()};
  samples[1000] = samples[1001] = samples[1002] = {1, 0};  // as a whole wave may
  const Spectrum s = spectrumOf(audio(), samples);
  for (std::size_t n = 0; n < s.timeS.size(); ++n) {
    const bool flagged = (s.quality[n] & kClipped) != 0;
    if (flagged) {
      EXPECT_NEAR(s.timeS[n], 0.5, 0.007);
    }
    if (std::abs(s.timeS[n] - 0.5) < 0.004) {
      EXPECT_TRUE(flagged) << s.timeS[n];
    }
  }
}

}  // namespace
}  // namespace soleus
