// Doppler sound that a scanner has low-passed, in a file sampled much faster.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>
#include <random>
#include <string>
#include <vector>

#include "pipeline/doppler/signal_unroller.h"

namespace soleus {
namespace {

using Channels = AudioCalibration::Channels;

constexpr double kRateHz = 22050;

AudioCalibration audio(Channels channels) {
  AudioCalibration a;
  a.channels = channels;
  a.transmitFrequencyHz = 5e6;
  a.angleDegrees = 60;
  a.wallFilterHz = 60;
  return a;
}

/// White noise at -50 dB up to `noiseEndHz` at either sign, a resting flow up to `restHz`, and bursts up to
/// `burstHz` for a third of the time; beyond, the last of 16 bits.
struct Sound {
  double noiseEndHz = kRateHz;
  double restHz = 300;
  double restSwing = 0.5;
  double burstHz = 1500;
  double noise = 0.003;
  double durationS = 12;

  [[nodiscard]] std::vector<std::complex<float>> samples() const {
    const int count = cv::getOptimalDFTSize(static_cast<int>(durationS * kRateHz));
    cv::RNG random(9);
    const auto band = [&](double fromHz, double toHz, double height) {
      cv::Mat part(1, count, CV_32FC2);
      random.fill(part, cv::RNG::NORMAL, 0, height);
      cv::dft(part, part);
      for (int n = 0; n < count; ++n) {
        const double hz = (n < count / 2 ? n : n - count) * kRateHz / count;
        if (hz < fromHz || hz > toHz) part.at<cv::Vec2f>(n) = {0, 0};
      }
      cv::dft(part, part, cv::DFT_INVERSE | cv::DFT_SCALE);
      return part;
    };
    const cv::Mat still = band(-noiseEndHz, noiseEndHz, noise);
    const cv::Mat slow = band(0, (1 - restSwing) * restHz, 0.05);
    const cv::Mat swung = band(0, restHz, 0.05);
    const cv::Mat fast = band(0, burstHz, 0.05);
    const cv::Mat last = band(-kRateHz, kRateHz, 1e-5);
    std::vector<std::complex<float>> all;
    for (int n = 0; n < count; ++n) {
      const double timeS = n / kRateHz;
      // Smoothly from one to the other: what is switched clicks, and a click has no end in frequency.
      const auto bursts = static_cast<float>(std::pow(std::sin(std::numbers::pi * timeS / 3), 4));
      const auto beats = static_cast<float>(std::pow(std::sin(std::numbers::pi * timeS / 0.8), 2));
      const cv::Vec2f sum =
          still.at<cv::Vec2f>(n) + last.at<cv::Vec2f>(n) + bursts * fast.at<cv::Vec2f>(n) +
          (1 - bursts) * (beats * swung.at<cv::Vec2f>(n) + (1 - beats) * slow.at<cv::Vec2f>(n));
      all.emplace_back(sum[0], sum[1]);
    }
    return all;
  }
};

std::vector<std::string> notes(const AudioCalibration& calibration, const Sound& sound) {
  SignalUnroller unroller(calibration, {kRateHz});
  std::vector<std::string> said;
  const auto take = [&](const Unrolled& out) {
    for (const Event& event : out.events) {
      if (event.label.find("nyquist_hz") == std::string::npos) continue;
      EXPECT_EQ(event.kind, EventKind::kNote);
      EXPECT_LE(event.label.size(), 200U);
      said.push_back(event.label);
    }
  };
  SampleBlock block;
  block.values = sound.samples();
  if (calibration.channels == Channels::kMono) {
    for (auto& value : block.values) value = value.real();
  }
  take(unroller.push(block, SessionTime{0}));
  take(unroller.flush());
  return said;
}

/// The first number of a text.
double number(const std::string& text) {
  return std::stod(text.substr(text.find_first_of("0123456789")));
}

TEST(BandEnd, isFoundInTheSoundOfASlowScanner) {
  for (const Channels channels : {Channels::kQuadrature, Channels::kMono}) {
    for (const double endHz : {1700.0, 2300.0, 4000.0}) {
      for (const double durationS : {4.0, 22.0}) {
        SCOPED_TRACE(::testing::Message() << endHz << " Hz, " << durationS << " s");
        Sound sound;
        sound.noiseEndHz = endHz;
        sound.durationS = durationS;
        const auto said = notes(audio(channels), sound);
        ASSERT_EQ(said.size(), 1U);
        EXPECT_NEAR(number(said[0]), endHz, 60) << "the window of 10 ms resolves 100 Hz";
      }
    }
  }
}

TEST(BandEnd, flowIsNone) {
  for (const Channels channels : {Channels::kQuadrature, Channels::kMono}) {
    SCOPED_TRACE(static_cast<int>(channels));
    EXPECT_TRUE(notes(audio(channels), {}).empty()) << "bursts over a resting flow";
    Sound rest;
    rest.burstHz = 300;
    EXPECT_TRUE(notes(audio(channels), rest).empty()) << "rest alone";
    Sound quiet;
    quiet.noise = 1e-5;
    EXPECT_TRUE(notes(audio(channels), quiet).empty()) << "hardly any noise";
  }
  Sound steady;
  steady.restHz = steady.burstHz = 2300;
  steady.restSwing = 0;
  EXPECT_TRUE(notes(audio(Channels::kQuadrature), steady).empty()) << "one direction alone";
}

TEST(BandEnd, isNotSaidWhereTheProfileNamesIt) {
  Sound sound;
  sound.noiseEndHz = 2300;
  AudioCalibration named = audio(Channels::kQuadrature);
  named.nyquistHz = 2300;
  EXPECT_TRUE(notes(named, sound).empty());
}

}  // namespace
}  // namespace soleus
