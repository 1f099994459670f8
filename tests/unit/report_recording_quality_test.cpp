#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tools/report/recording_quality.h"

namespace soleus {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::SizeIs;

json goodSummary() {
  return {{"status", "complete"},
          {"streams",
           {{{"name", "video"},
             {"received", 1800},
             {"written", 1800},
             {"dropped", json::object()},
             {"balanced", true}}}},
          {"events", {{{"kind", "note"}}}},
          {"doppler",
           {{"columns", 15000},
            {"covered_s", 60.0},
            {"gaps_s", 0.0},
            {"aliasing_lasts", false},
            {"snr_median_db", 15.0},
            {"unreadable_fraction", 0.0},
            {"flag_fraction", {{"aliased", 0.001}}}}},
          {"contractions",
           {{"count", 10}, {"doubtful", 0}, {"pump", {{"ml_per_min", 60.0}, {"rest_ml_per_min", 120.0}}}}}};
}

/// Level and first reason after a change.
std::pair<std::string, std::string> verdictOf(const std::function<void(json&)>& change) {
  json summary = goodSummary();
  change(summary);
  const json verdict = recordingQuality(summary);
  EXPECT_GE(verdict["reasons"].size(), 1U);
  return {verdict["level"], verdict["reasons"][0]};
}

void expectVerdict(const std::string& level, const std::string& reason,
                   const std::function<void(json&)>& change) {
  const auto [found, why] = verdictOf(change);
  EXPECT_EQ(found, level) << why;
  EXPECT_THAT(why, HasSubstr(reason));
}

TEST(RecordingQuality, IsGoodWhereNothingStandsAgainstIt) {
  expectVerdict("good", "whole, with a strong signal", [](json&) {});
  // Few columns with a signal are what a resting vein behind a wall filter has.
  expectVerdict("good", "", [](json& s) { s["doppler"]["usable_fraction"] = 0.3; });
  expectVerdict("good", "29 % of the columns show none",
                [](json& s) { s["doppler"]["no_velocity_fraction"] = 0.29; });
  // Reflux is a finding.
  expectVerdict("good", "", [](json& s) { s["contractions"]["reflux"] = {{"longest_s", 3.0}}; });
}

TEST(RecordingQuality, IsLimitedByWhatAReaderHasToKnow) {
  expectVerdict("limited", "cut short", [](json& s) { s["status"] = "interrupted"; });
  expectVerdict("limited", "2 faults", [](json& s) {
    s["events"] = {{{"kind", "fault"}}, {{"kind", "fault"}}};
  });
  expectVerdict("limited", "SNR of 8 dB", [](json& s) { s["doppler"]["snr_median_db"] = 8; });
  expectVerdict("limited", "2.0 % of the columns are aliased",
                [](json& s) { s["doppler"]["flag_fraction"]["aliased"] = 0.02; });
  expectVerdict("limited", "5.0 % of 'video' was lost", [](json& s) {
    s["streams"][0]["dropped"] = {{"overload", 90}};
  });
  expectVerdict("limited", "3.2 % of the time is missing", [](json& s) { s["doppler"]["gaps_s"] = 2.0; });
  expectVerdict("limited", "2 of 12 contractions are doubtful",
                [](json& s) { s["contractions"]["doubtful"] = 2; });
  expectVerdict("limited", "is its side right?", [](json& s) {
    s["doppler"]["peak_forward_cm_per_s"] = 20.0;
    s["doppler"]["peak_reverse_cm_per_s"] = -70.0;
  });
  expectVerdict("limited", "few contractions", [](json& s) { s["contractions"]["count"] = 2; });
  expectVerdict("limited", "too little rest",
                [](json& s) { s["contractions"]["pump"]["rest_ml_per_min"] = nullptr; });
}

TEST(RecordingQuality, IsPoorWhereNumbersMustNotBeUsed) {
  expectVerdict("poor", "not all of 'video' is accounted for",
                [](json& s) { s["streams"][0]["balanced"] = false; });
  expectVerdict("poor", "no velocity", [](json& s) { s["doppler"]["columns"] = 0; });
  expectVerdict("poor", "hardly any signal", [](json& s) { s["doppler"]["snr_median_db"] = 2; });
  expectVerdict("poor", "aliasing hides", [](json& s) { s["doppler"]["aliasing_lasts"] = true; });
  expectVerdict("poor", "25 % of the time is missing", [](json& s) { s["doppler"]["gaps_s"] = 20.0; });
  expectVerdict("poor", "11 of 12 contractions are doubtful", [](json& s) {
    s["contractions"]["count"] = 1;
    s["contractions"]["doubtful"] = 11;
  });
}

TEST(RecordingQuality, OfWhatIsNotThereSaysNothingGood) {
  expectVerdict("poor", "no column shows a signal", [](json& s) { s["doppler"]["snr_median_db"] = nullptr; });
  expectVerdict("good", "no Doppler signal to judge", [](json& s) { s.erase("doppler"); });
  expectVerdict("limited", "the lumen was found in 10 % of the frames", [](json& s) {
    s.erase("doppler");
    s["vessel"] = {{"seen_fraction", 0.1}};
  });
}

TEST(RecordingQuality, LooksWhetherTheMusclesSignalIsWhereTheFlowIs) {
  const auto rows = [](const char* source) { return json(10, {{"counts", true}, {"onset_source", source}}); };
  const auto with = [&](const char* source, int withoutFlow) {
    return [=](json& s) {
      s["contractions"]["rows"] = rows(source);
      s["contractions"]["without_flow"] = withoutFlow;
    };
  };
  expectVerdict("limited", "is the signal's offset right?", with("flow", 9));
  expectVerdict("good", "", with("emg", 9));
  expectVerdict("good", "", with("flow", 0));
}

TEST(RecordingQuality, NamesTheGravestReasonFirstAndAllOfThem) {
  json summary = goodSummary();
  summary["status"] = "repaired";
  summary["doppler"]["aliasing_lasts"] = true;
  const json verdict = recordingQuality(summary);
  EXPECT_EQ(verdict["level"], "poor");
  ASSERT_THAT(verdict["reasons"], SizeIs(2));
  EXPECT_THAT(verdict["reasons"][0].get<std::string>(), HasSubstr("aliasing"));
}

TEST(RecordingQuality, LooksAtTheCalibration) {
  const auto profile = [](const std::string& angle, const std::string& range) {
    return "schema: soleus.calibration/1\nscreen: {width: 640, height: 480}\ndoppler:\n"
           "  region: {x: 10, y: 10, width: 400, height: 200}\n  display: scroll\n  seconds_per_pixel: "
           "0.004\n"
           "  cm_per_s_per_pixel: 0.5\n  baseline_row: 110\n  toward_heart: up\n  angle_degrees: " +
           angle + "\n  angle_corrected: true\n" + range;
  };
  expectVerdict("good", "", [&](json& s) { s["calibration"] = profile("60", "  dynamic_range_db: 40\n"); });
  expectVerdict("limited", "a steep angle of 70°: a degree more or less changes velocities by 5 %",
                [&](json& s) { s["calibration"] = profile("70", "  dynamic_range_db: 40\n"); });
  expectVerdict("limited", "dynamic range is assumed",
                [&](json& s) { s["calibration"] = profile("60", ""); });
}

}  // namespace
}  // namespace soleus
