#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "pipeline/doppler/measure_columns.h"
#include "tests/unit/measure_synthetic.h"

namespace soleus {
namespace {

using testing::blocksOf;
using testing::calibrationOf;
using testing::renderStrip;
using testing::SyntheticStrip;

// Seeds apart from those that the constants of the estimator were fitted on (10001 to 75004).
constexpr unsigned kFirstSeed = 500001;

struct Errors {
  double peakBias = 0;  ///< relative
  double peakSd = 0;
  double meanBias = 0;
  double nanShare = 0;
  double peakZ = 0;  ///< root mean square of error over stated uncertainty: 1 where that is right
  double meanZ = 0;
};

Errors errorsOf(SyntheticStrip strip, double vmCmPerS, int seeds) {
  double count = 0;
  double nan = 0;
  double sum = 0;
  double squares = 0;
  double mean = 0;
  double peakZ = 0;
  double meanZ = 0;
  const double trueMean = vmCmPerS * strip.profileExponent / (strip.profileExponent + 2);
  strip.vmCmPerS = [=](double) { return vmCmPerS; };
  for (int seed = 0; seed < seeds; ++seed) {
    strip.seed = kFirstSeed + static_cast<unsigned>(seed);
    for (const auto& block : blocksOf(renderStrip(strip), strip.secondsPerColumn)) {
      for (const auto& column : measureColumns(block, calibrationOf(strip), {})) {
        if (std::isnan(column.peakCmPerS)) {
          ++nan;
          continue;
        }
        const double error = column.peakCmPerS / vmCmPerS - 1;
        ++count;
        sum += error;
        squares += error * error;
        mean += column.meanCmPerS / trueMean - 1;
        peakZ += std::pow((column.peakCmPerS - vmCmPerS) / column.peakUncertaintyCmPerS, 2);
        meanZ += std::pow((column.meanCmPerS - trueMean) / column.meanUncertaintyCmPerS, 2);
      }
    }
  }
  const double bias = sum / count;
  return {bias,
          std::sqrt(squares / count - bias * bias),
          mean / count,
          nan / (nan + count),
          std::sqrt(peakZ / count),
          std::sqrt(meanZ / count)};
}

struct Display {
  const char* name;
  double secondsPerColumn;
  double dynamicRangeDb;
  double blurPx;
};

class Accuracy : public ::testing::TestWithParam<Display> {};

TEST_P(Accuracy, OfSteadyFlowFromParabolicToBlunt) {
  for (const double exponent : {2.0, 4.0, 6.0}) {
    for (const double vm : {35.0, 65.0}) {
      SyntheticStrip strip;
      strip.profileExponent = exponent;
      strip.snrDb = 10;
      strip.secondsPerColumn = GetParam().secondsPerColumn;
      strip.dynamicRangeDb = GetParam().dynamicRangeDb;
      strip.blurPx = GetParam().blurPx;
      strip.columns = static_cast<int>(1.0 / strip.secondsPerColumn);
      const Errors errors = errorsOf(strip, vm, 2);
      printf(
          "n %.0f  vm %.0f: peak %+.1f %% SD %.1f %%, mean %+.1f %%; errors over uncertainty %.2f and %.2f\n",
          exponent, vm, 100 * errors.peakBias, 100 * errors.peakSd, 100 * errors.meanBias, errors.peakZ,
          errors.meanZ);
      // A sweep of 14 ms a column averages a third of the independent speckle of a scroll.
      const double sdLimit = GetParam().secondsPerColumn < 0.01 ? 0.05 : 0.075;
      EXPECT_LT(std::abs(errors.peakBias), 0.03) << exponent << " " << vm;
      EXPECT_LT(errors.peakSd, sdLimit) << exponent << " " << vm;
      EXPECT_LT(std::abs(errors.meanBias), 0.05) << exponent << " " << vm;
      EXPECT_LT(errors.nanShare, 0.001);
      // A stated uncertainty is worth its name if errors are about as large. Blunt and slow flow, whose
      // spectrum is not flat at zero, moves the mean most beyond it.
      EXPECT_GT(errors.peakZ, 0.7);
      EXPECT_LT(errors.peakZ, 1.7);
      EXPECT_GT(errors.meanZ, 0.7);
      EXPECT_LT(errors.meanZ, 2.2);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Displays, Accuracy,
                         ::testing::Values(Display{"Scroll60dB", 0.00381, 60, 0},
                                           Display{"Scroll40dBBlurred", 0.00381, 40, 1},
                                           Display{"Sweep60dB", 0.01393, 60, 0}),
                         [](const auto& display) { return display.param.name; });

TEST(MeasureAccuracy, FollowsABurstWithoutDelay) {
  SyntheticStrip strip;
  strip.profileExponent = 3;
  const double startS = 0.3;
  const double lengthS = 0.4;
  strip.vmCmPerS = [=](double t) {
    const double phase = (t - startS) / lengthS;
    return 8 + (phase > 0 && phase < 1 ? 62 * std::pow(std::sin(std::numbers::pi * phase), 2) : 0.0);
  };
  std::vector<double> peaks;
  std::vector<double> lags;
  for (unsigned seed = 0; seed < 4; ++seed) {
    strip.seed = kFirstSeed + seed;
    double peak = 0;
    double moment = 0;
    double area = 0;
    for (const auto& block : blocksOf(renderStrip(strip), strip.secondsPerColumn)) {
      for (const auto& column : measureColumns(block, calibrationOf(strip), {})) {
        if (!(column.peakCmPerS > 20)) continue;
        peak = std::max(peak, static_cast<double>(column.peakCmPerS));
        moment += column.time.seconds() * column.peakCmPerS;
        area += column.peakCmPerS;
      }
    }
    peaks.push_back(peak);
    lags.push_back(moment / area - (startS + lengthS / 2));
  }
  for (const double peak : peaks)
    EXPECT_NEAR(peak, 70, 0.06 * 70);  // the maximum of a noisy trace reads high
  for (const double lag : lags) EXPECT_NEAR(lag, 0, 0.006);
}

// At rest the wall filter hides up to half of the spectrum. A blunt profile has little there, a parabola
// much.
TEST(MeasureAccuracy, MeanAtRestKnowsBluntProfiles) {
  for (const double exponent : {2.0, 4.0, 6.0}) {
    SyntheticStrip strip;
    strip.profileExponent = exponent;
    strip.wallFilterHz = 69;  // 2.4 cm/s
    const Errors errors = errorsOf(strip, 10, 6);
    printf("n %.0f: peak %+.1f %%, mean %+.1f %%; errors over uncertainty %.2f\n", exponent,
           100 * errors.peakBias, 100 * errors.meanBias, errors.meanZ);
    EXPECT_LT(std::abs(errors.meanBias), 0.06) << exponent;
  }
}

// The average over time spreads a steep flank over rows beyond its middle's envelope; left out, they take
// what is fastest.
TEST(MeasureAccuracy, MeanIsWholeWhereVelocityChangesFast) {
  SyntheticStrip strip;
  strip.profileExponent = 6;
  // Up and down between 10 and 70 cm/s at 600 cm/s2, as the flanks of a contraction.
  strip.vmCmPerS = [](double t) { return 10 + 600 * std::abs(std::remainder(t, 0.2)); };
  double mean = 0;
  double truth = 0;
  for (unsigned seed = 0; seed < 8; ++seed) {
    strip.seed = kFirstSeed + seed;
    for (const auto& block : blocksOf(renderStrip(strip), strip.secondsPerColumn)) {
      for (const auto& column : measureColumns(block, calibrationOf(strip), {})) {
        const double vm = strip.vmCmPerS(column.time.seconds());
        if (vm < 25 || vm > 55) continue;
        mean += column.meanCmPerS;
        truth += vm * 6 / 8;
      }
    }
  }
  EXPECT_NEAR(mean / truth, 1.0, 0.03);
}

}  // namespace
}  // namespace soleus
