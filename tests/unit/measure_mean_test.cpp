#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>
#include <random>
#include <vector>

#include "pipeline/doppler/mean_velocity.h"

namespace soleus {
namespace {

constexpr double kNoise = 1e-3;
// Looks of a spectrum without speckle.
constexpr double kExpected = 1e6;

/// 288 rows of 0.5 cm/s about the middle, as long a spectral window as makes 3.5 cm/s, a filter of 2.4 cm/s.
DopplerCalibration calibration() {
  DopplerCalibration c;
  c.region = {0, 0, 100, 288};
  c.secondsPerPixel = 0.004;
  c.cmPerSPerPixel = 0.5;
  c.baselineRow = 144;
  c.transmitFrequencyHz = 4.4e6;
  c.prfHz = 4114.3;  // 144 cm/s
  c.wallFilterHz = 69;
  return c;
}

/// The spectrum of a profile of this exponent (2: flat) up to `edgeCmPerS`, behind a Butterworth high-pass of
/// the order, as a Hann window shows it.
std::vector<float> spectrumOf(double exponent, double edgeCmPerS, int order, const DirectionAxis& axis) {
  constexpr double kFiner = 8;
  const double cornerRows = 2.415 / axis.stepCmPerS;  // 69 Hz at 4.4 MHz and 60 degrees
  const double edgeRows = edgeCmPerS / axis.stepCmPerS;
  std::vector<float> power(static_cast<std::size_t>(axis.size), static_cast<float>(kNoise));
  for (int i = 0; i < axis.size; ++i) {
    double sum = 0;
    for (int k = 0; k < edgeRows * kFiner; ++k) {
      const double rows = (k + 0.5) / kFiner;
      const double passed = order > 0 ? 1.0 / (1.0 + std::pow(cornerRows / rows, 2 * order)) : 1.0;
      const double x = (i + 0.5 - axis.zeroIndex - rows) / axis.windowRows + 1e-7;
      const double hann = std::sin(std::numbers::pi * x) / (std::numbers::pi * x * (1.0 - x * x));
      const double share = std::pow(std::max(0.0, 1 - k / kFiner / edgeRows), 2 / exponent) -
                           std::pow(std::max(0.0, 1 - (k + 1) / kFiner / edgeRows), 2 / exponent);
      sum += passed * share * edgeRows * hann * hann;
    }
    power[static_cast<std::size_t>(i)] += static_cast<float>(0.1 * sum / axis.windowRows);
  }
  return power;
}

ColumnEnvelope forwardTo(double edgeCmPerS, const DirectionAxis& axis) {
  ColumnEnvelope envelope;
  envelope.forward = true;
  envelope.forwardCmPerS = edgeCmPerS;
  envelope.forwardRange = {axis.firstForward,
                           static_cast<int>(std::ceil(axis.zeroIndex + edgeCmPerS / axis.stepCmPerS))};
  envelope.reverseRange = {axis.lastReverse + 1, axis.lastReverse + 1};
  return envelope;
}

IndexRange rowsOf(const ColumnEnvelope& envelope) {
  return {envelope.reverseRange.begin, envelope.forwardRange.end};
}

/// One spectrum of a blunt profile (exponent 6) up to 80 cm/s, with the speckle of `looks` Hann windows.
std::vector<float> speckledSpectrum(int looks, std::mt19937& random, const DirectionAxis& axis) {
  constexpr int kSamples = 64;
  constexpr int kShells = 160;
  constexpr double kEdgeCmPerS = 80;
  const auto turn = [&](double cmPerS, int t) {
    const double resolutions = cmPerS / axis.stepCmPerS / axis.windowRows;
    return std::polar(1.0, 2 * std::numbers::pi * resolutions * t / kSamples);
  };
  std::normal_distribution<double> normal;
  std::vector<float> power(static_cast<std::size_t>(axis.size), static_cast<float>(kNoise));
  for (int look = 0; look < looks; ++look) {
    std::vector<std::complex<double>> window(kSamples);
    for (int shell = 0; shell < kShells; ++shell) {
      const double share = (shell + 0.5) / kShells;
      const double amplitude = std::pow(1 - share, 1.0 / 6 - 0.5) / std::sqrt(kShells);
      const std::complex<double> echo{amplitude * normal(random), amplitude * normal(random)};
      for (int t = 0; t < kSamples; ++t) {
        const double hann = 1 - std::cos(2 * std::numbers::pi * (t + 0.5) / kSamples);
        window[static_cast<std::size_t>(t)] += hann * echo * turn(share * kEdgeCmPerS, t);
      }
    }
    for (int i = 0; i < axis.size; ++i) {
      std::complex<double> sum;
      for (int t = 0; t < kSamples; ++t) {
        sum += window[static_cast<std::size_t>(t)] *
               std::conj(turn((i + 0.5 - axis.zeroIndex) * axis.stepCmPerS, t));
      }
      power[static_cast<std::size_t>(i)] += static_cast<float>(std::norm(sum) / kSamples / looks);
    }
  }
  return power;
}

// A blunt profile's power lies under its edge; speckle that happens to be strong there raises the divisor
// of the mean as well, and single columns read low.
TEST(MeanVelocity, IsNotLoweredBySpeckle) {
  constexpr int kSpectra = 1500;
  constexpr int kLooks = 2;
  const DirectionAxis axis = directionAxis(calibration());
  const ColumnEnvelope envelope = forwardTo(80, axis);
  std::mt19937 random(1);
  std::vector<float> expected(static_cast<std::size_t>(axis.size));
  double mean = 0;
  for (int n = 0; n < kSpectra; ++n) {
    const auto power = speckledSpectrum(kLooks, random, axis);
    for (std::size_t i = 0; i < power.size(); ++i) expected[i] += power[i] / kSpectra;
    mean += spectralMoments(power, kLooks, kNoise, envelope, rowsOf(envelope), axis).meanCmPerS / kSpectra;
  }
  const double truth =
      spectralMoments(expected, kLooks * kSpectra, kNoise, envelope, rowsOf(envelope), axis).meanCmPerS;
  EXPECT_NEAR(mean / truth, 1.0, 0.004);
}

// The zero line is painted as bright as nothing else in the strip, and walls echo 40 dB above blood.
TEST(MeanVelocity, AndItsUncertaintyKnowNothingOfTheLinePaintedAtZero) {
  const DirectionAxis axis = directionAxis(calibration());
  const ColumnEnvelope envelope = forwardTo(60, axis);
  const auto plain = spectrumOf(2, 60, 2, axis);
  auto painted = plain;
  for (int i = axis.lastReverse + 1; i < axis.firstForward; ++i) painted[static_cast<std::size_t>(i)] = 1.0F;
  const auto without = spectralMoments(plain, 2, kNoise, envelope, rowsOf(envelope), axis);
  const auto with = spectralMoments(painted, 2, kNoise, envelope, rowsOf(envelope), axis);
  EXPECT_EQ(with.meanCmPerS, without.meanCmPerS);
  EXPECT_EQ(with.meanVariance, without.meanVariance);
}

// A parabolic profile moves at half its maximum, whatever the order of the filter that hid its slow part.
TEST(MeanVelocity, IsNotRaisedByTheWallFilterWhateverItsOrder) {
  const DirectionAxis axis = directionAxis(calibration());
  for (const int order : {2, 4, 6}) {
    for (const double edgeCmPerS : {6.0, 9.0, 15.0, 40.0}) {
      const auto power = spectrumOf(2, edgeCmPerS, order, axis);
      const ColumnEnvelope envelope = forwardTo(edgeCmPerS, axis);
      const double mean =
          spectralMoments(power, kExpected, kNoise, envelope, rowsOf(envelope), axis).meanCmPerS;
      EXPECT_NEAR(mean / (edgeCmPerS / 2), 1.0, 0.08) << "order " << order << ", " << edgeCmPerS << " cm/s";
    }
  }
}

// The string of a phantom moves at one velocity: nothing slow moves beside it.
TEST(MeanVelocity, AddsNothingSlowToASingleVelocity) {
  const DirectionAxis axis = directionAxis(calibration());
  const auto faster = spectrumOf(2, 42, 0, axis);
  const auto slower = spectrumOf(2, 38, 0, axis);
  std::vector<float> string(faster.size());
  for (std::size_t i = 0; i < string.size(); ++i)
    string[i] = static_cast<float>(kNoise) + std::max(0.0F, faster[i] - slower[i]);
  const ColumnEnvelope envelope = forwardTo(42, axis);
  EXPECT_NEAR(spectralMoments(string, kExpected, kNoise, envelope, rowsOf(envelope), axis).meanCmPerS, 40,
              0.4);
}

// A blunt profile has little behind the filter, and the envelope knows how blunt it is.
TEST(MeanVelocity, IsNotLoweredByTheWallFilterWhereTheProfileIsBlunt) {
  const DirectionAxis axis = directionAxis(calibration());
  for (const double exponent : {2.0, 3.0, 5.0, 6.0}) {
    for (const double edgeCmPerS : {8.0, 12.0, 20.0, 40.0}) {
      const auto power = spectrumOf(exponent, edgeCmPerS, 6, axis);
      ColumnEnvelope envelope = forwardTo(edgeCmPerS, axis);
      envelope.forwardMeanShare = exponent / (exponent + 2);
      const double mean =
          spectralMoments(power, kExpected, kNoise, envelope, rowsOf(envelope), axis).meanCmPerS;
      EXPECT_NEAR(mean / (edgeCmPerS * envelope.forwardMeanShare), 1.0, 0.06)
          << "exponent " << exponent << ", " << edgeCmPerS << " cm/s";
    }
  }
}

TEST(MeanVelocity, TakesAFilterOfUnknownCornerForNone) {
  DopplerCalibration unknown = calibration();
  unknown.wallFilterHz.reset();
  const DirectionAxis axis = directionAxis(unknown);
  const auto power = spectrumOf(2, 15, 0, axis);
  const ColumnEnvelope envelope = forwardTo(15, axis);
  EXPECT_NEAR(spectralMoments(power, 8, kNoise, envelope, rowsOf(envelope), axis).meanCmPerS, 7.5, 0.3);
}

TEST(MeanVelocity, StaysBetweenTheEnvelopes) {
  const DirectionAxis axis = directionAxis(calibration());
  // All power lies in the rows beside the envelope's end that count as its smeared edge.
  const ColumnEnvelope envelope = forwardTo(15, axis);
  std::vector<float> power(288, static_cast<float>(kNoise));
  for (int i = envelope.forwardRange.end + 2; i < envelope.forwardRange.end + 4; ++i)
    power[static_cast<std::size_t>(i)] = 0.1F;
  EXPECT_DOUBLE_EQ(spectralMoments(power, 8, kNoise, envelope, rowsOf(envelope), axis).meanCmPerS, 15);
}

TEST(DirectionAxis, KnowsTheWallFilterFromThePulseRepetitionFrequencyAlone) {
  DopplerCalibration c = calibration();
  c.transmitFrequencyHz.reset();
  c.wallFilterHz = 100;
  // 288 rows * 100 Hz / 4114.3 Hz = 7.0 rows either side of 144.
  const DirectionAxis axis = directionAxis(c);
  EXPECT_NEAR(axis.wallFilterRows, 7.0, 0.001);
  EXPECT_EQ(axis.firstForward - 144, 7);
  EXPECT_EQ(143 - axis.lastReverse, 7);
  c.wallFilterHz.reset();
  EXPECT_EQ(directionAxis(c).firstForward - 144, 2);  // the painted line alone
}

}  // namespace
}  // namespace soleus
