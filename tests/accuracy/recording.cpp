#include "tests/accuracy/recording.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <stdexcept>

#include "calibration/phantom/column_spectrum.h"
#include "calibration/phantom/doppler_signal.h"
#include "calibration/phantom/haemodynamics.h"
#include "calibration/phantom/phantom.h"
#include "pipeline/core/velocity_axis.h"
#include "pipeline/doppler/measure_columns.h"
#include "pipeline/doppler/noise_tracker.h"
#include "pipeline/doppler/signal_unroller.h"
#include "pipeline/doppler/strip_assembler.h"
#include "tests/accuracy/screen.h"

namespace soleus::accuracy {
namespace {

Scenario scenarioOf(const AccuracyCase& c) {
  auto scenario = parseScenario(scenarioYaml(c), "accuracy");
  if (!scenario.ok()) throw std::runtime_error(scenario.error().sentence());
  return std::move(scenario).value();
}

// Ten blocks of samples a second.
constexpr int kBlocksPerS = 10;

/// A strip unrolled, and what its rows mean.
struct Strip {
  DopplerCalibration calibration;
  std::vector<StripBlock> blocks;
};

/// The strip's columns at their exact times, before any screen shows them.
Strip columnsOf(const Scenario& scenario, std::uint64_t seed) {
  const DopplerCalibration calibration = *profileOf(scenario).doppler;
  const Haemodynamics haemodynamics(scenario, seed);
  ColumnSpectrum spectrum(scenario, calibration);
  const int window = spectrum.windowSamples();
  const auto firstSample = [&](std::int64_t column) {
    const double middleS = (static_cast<double>(column) + 0.5) * calibration.secondsPerPixel;
    return std::llround(middleS * scenario.scanner.prfHz) - window / 2;
  };
  DopplerSignal signal(scenario, haemodynamics, seed, firstSample(0));
  StripAssembler assembler(calibration.region.height);
  cv::Mat grey(1, calibration.region.height, CV_8UC1);
  const auto count = static_cast<std::int64_t>(scenario.durationS / calibration.secondsPerPixel);
  for (std::int64_t k = 0; k < count; ++k) {
    const auto power = spectrum.power(signal.samples(firstSample(k), window));
    for (int row = 0; row < grey.cols; ++row) {
      grey.at<std::uint8_t>(row) = spectrum.grey(power[static_cast<std::size_t>(row)]);
    }
    assembler.push(grey, (static_cast<double>(k) + 0.5) * calibration.secondsPerPixel,
                   calibration.secondsPerPixel);
  }
  return {calibration, assembler.take(/*all=*/true)};
}

SignalSetup signalSetupOf(const Phantom& phantom) {
  return {static_cast<double>(phantom.sampleRateHz())};
}

/// The same flow as I/Q samples, in blocks as a sound card brings them.
Strip iqStripOf(const AccuracyCase& c) {
  auto phantom = Phantom::parse(scenarioYaml(c), "accuracy", c.seed);
  if (!phantom.ok()) throw std::runtime_error(phantom.error().sentence());
  const AudioCalibration audio = *phantom.value()->profile().audio;
  const int rateHz = phantom.value()->sampleRateHz();
  const SignalSetup setup = signalSetupOf(*phantom.value());
  Strip strip{signalStrip(audio, setup), {}};
  SignalUnroller unroller(audio, setup);
  const auto take = [&](Unrolled&& out) {
    std::move(out.blocks.begin(), out.blocks.end(), std::back_inserter(strip.blocks));
  };
  const int blockSamples = rateHz / kBlocksPerS;
  for (std::int64_t first = 0; first < phantom.value()->sampleCount(); first += blockSamples) {
    const auto count =
        static_cast<int>(std::min<std::int64_t>(blockSamples, phantom.value()->sampleCount() - first));
    const auto samples = phantom.value()->signal(first, count);
    take(unroller.push({{samples.begin(), samples.end()}},
                       SessionTime::fromSeconds(static_cast<double>(first) / rateHz)));
  }
  take(unroller.flush());
  return strip;
}

void learnNoise(Strip& strip) {
  NoiseTracker noise(strip.calibration);
  for (StripBlock& block : strip.blocks) noise.follow(block);
}

std::vector<DopplerColumn> columnsBy(const std::string& estimator, const Strip& strip) {
  std::vector<DopplerColumn> columns;
  for (const StripBlock& block : strip.blocks) {
    auto measured = measureColumns(block, strip.calibration, {estimator});
    std::move(measured.begin(), measured.end(), std::back_inserter(columns));
  }
  return columns;
}

}  // namespace

std::vector<Measured> measureCase(const AccuracyCase& c, const std::vector<std::string>& estimators) {
  if (isScreen(c.source)) return measureScreen(c, estimators);
  Strip strip = c.source == Source::kIq ? iqStripOf(c) : columnsOf(scenarioOf(c), c.seed);
  learnNoise(strip);
  std::vector<Measured> measured;
  for (const std::string& estimator : estimators)
    measured.push_back({estimator, columnsBy(estimator, strip)});
  return measured;
}

std::vector<DopplerColumn> measuredColumns(const Scenario& scenario, std::uint64_t seed) {
  Strip strip = columnsOf(scenario, seed);
  learnNoise(strip);
  return columnsBy(estimatorNames().front(), strip);
}

Truth truthOf(const AccuracyCase& c) {
  const Scenario scenario = scenarioOf(c);
  const auto haemodynamics = std::make_shared<Haemodynamics>(scenario, c.seed);
  auto phantom = Phantom::parse(scenarioYaml(c), "accuracy", c.seed);
  if (!phantom.ok()) throw std::runtime_error(phantom.error().sentence());
  Truth truth;
  truth.peakCmPerS = [haemodynamics](double t) { return haemodynamics->peakCmPerS(t); };
  truth.meanCmPerS = [haemodynamics](double t) { return haemodynamics->meanCmPerS(t); };
  truth.contractions = phantom.value()->contractions();
  truth.wallFilterCmPerS = scenario.scanner.wallFilterHz / dopplerShiftHz(scenario.scanner, 1.0);
  truth.durationS = scenario.durationS;
  truth.columnS =
      c.source == Source::kIq
          ? signalStrip(*phantom.value()->profile().audio, signalSetupOf(*phantom.value())).secondsPerPixel
          : profileOf(scenario).doppler->secondsPerPixel;
  return truth;
}

}  // namespace soleus::accuracy
