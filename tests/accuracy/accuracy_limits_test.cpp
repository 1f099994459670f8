// The benchmark's fixed part: few recordings, the default estimator, the limits that the full run is held to.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "pipeline/doppler/measure_columns.h"
#include "tests/accuracy/limits.h"
#include "tests/accuracy/recording.h"
#include "tests/accuracy/table.h"

namespace soleus::accuracy {
namespace {

// Recordings of two contractions each: enough to see a bias of the size of the limits. Drawing and coding a
// screen takes most of the time, and its limits are wider.
constexpr std::uint64_t kSeedsOfSignals = 4;
constexpr std::uint64_t kSeedsOfScreen = 2;
constexpr double kSnrDb = 10;

class AccuracyLimits : public ::testing::TestWithParam<AccuracyCase> {};

std::uint64_t seedsOf(Source source) {
  return isScreen(source) ? kSeedsOfScreen : kSeedsOfSignals;
}

std::vector<ContractionScore> scoresOf(AccuracyCase c) {
  std::vector<ContractionScore> all;
  for (c.seed = 1; c.seed <= seedsOf(c.source); ++c.seed) {
    const auto measured = measureCase(c, {estimatorNames().front()});
    const auto scores = score(measured.front().columns, truthOf(c));
    all.insert(all.end(), scores.begin(), scores.end());
  }
  return all;
}

TEST_P(AccuracyLimits, areKept) {
  const auto scores = scoresOf(GetParam());
  const Limits limits = limitsOf(GetParam().source);
  ASSERT_EQ(scores.size(), seedsOf(GetParam().source) * kContractions);
  // Written so that NaN fails.
  const auto expectWithin = [&](const char* what, double value, double limit) {
    EXPECT_TRUE(std::abs(value) <= limit) << what << ": " << value << ", at most " << limit;
  };
  const Spread peak = spreadOf(scores, &ContractionScore::peakPercent);
  expectWithin("peak velocity, bias in %", peak.mean, limits.peakBiasPercent);
  expectWithin("peak velocity, SD in %", peak.sd, limits.peakSdPercent);
  expectWithin("VTI, error in %", spreadOf(scores, &ContractionScore::vtiPercent).mean, limits.vtiPercent);
  expectWithin("mean velocity, error in %", spreadOf(scores, &ContractionScore::meanPercent).mean,
               limits.meanPercent);
  expectWithin("lag in ms", spreadOf(scores, &ContractionScore::lagMs).mean, limits.lagMs);
  expectWithin("reflux duration, error in ms", spreadOf(scores, &ContractionScore::refluxMs).mean,
               limits.refluxMs);
  expectWithin("share of time without a value", spreadOf(scores, &ContractionScore::missingShare).mean, 0.01);
}

AccuracyCase aliasedCase(double exponent, double peakCmPerS, double snrDb) {
  AccuracyCase c;
  c.exponent = exponent;
  c.peakCmPerS = peakCmPerS;
  c.snrDb = snrDb;
  return c;
}

AccuracyCase caseOf(Source source, const std::string& codec, double exponent) {
  AccuracyCase c;
  c.source = source;
  c.codec = codec;
  c.exponent = exponent;
  c.snrDb = kSnrDb;
  return c;
}

std::string nameOfCase(const ::testing::TestParamInfo<AccuracyCase>& info) {
  std::string name = nameOf(info.param.source);
  if (info.param.codec != "none") {
    name += '_';
    std::copy_if(info.param.codec.begin(), info.param.codec.end(), std::back_inserter(name),
                 [](char letter) { return letter != '-'; });
  }
  const auto whole = [](double value) { return std::to_string(static_cast<int>(value)); };
  return name + "_exponent" + whole(info.param.exponent) + "_peak" + whole(info.param.peakCmPerS) + "_snr" +
         whole(info.param.snrDb);
}

INSTANTIATE_TEST_SUITE_P(Default, AccuracyLimits,
                         ::testing::Values(caseOf(Source::kIq, "none", 2), caseOf(Source::kIq, "none", 6),
                                           caseOf(Source::kColumns, "none", 2),
                                           caseOf(Source::kColumns, "none", 4),
                                           caseOf(Source::kColumns, "none", 6),
                                           caseOf(Source::kScroll, "h264-23", 2),
                                           caseOf(Source::kSweep, "mjpeg", 2)),
                         nameOfCase);

// The spectrum fills most of the axis and leaves few rows to tell the noise by: 1.6 times the Nyquist
// velocity of 102 cm/s, and 1.8, with a spread of 8 %.
INSTANTIATE_TEST_SUITE_P(Aliased, AccuracyLimits,
                         ::testing::Values(aliasedCase(4, 163, 5), aliasedCase(2, 185, 10)), nameOfCase);

}  // namespace
}  // namespace soleus::accuracy
