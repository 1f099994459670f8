#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calibration/profile/profile.h"
#include "pipeline/doppler/signal_strip.h"
#include "tools/report/headlines.h"
#include "tools/report/setup_line.h"

namespace soleus {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

json summary() {
  return {{"doppler",
           {{"columns", 1000},
            {"covered_s", 4.0},
            {"column_step_s", 0.004},
            {"gaps", 0},
            {"gaps_s", 0.0},
            {"aliasing_lasts", false},
            {"peak_forward_cm_per_s", 62.5},
            {"peak_forward_time_s", 1.25},
            {"peak_reverse_cm_per_s", -12.8},
            {"peak_reverse_time_s", 2.5},
            {"longest_away_s", 0.16},
            {"tamean_cm_per_s", 6.3},
            {"tamean_if_unmeasured_is_zero_cm_per_s", 4.536},
            {"measured_fraction", 0.72},
            {"no_velocity_fraction", 0.28},
            {"usable_fraction", 0.72},
            {"snr_median_db", 12.0},
            {"flag_fraction", {{"aliased", 0.0}, {"low_snr", 0.28}}}}},
          {"vessel",
           {{"seen_fraction", 0.011},
            {"diameter_mean_mm", 3.0},
            {"diameter_lowest_mm", 2.0},
            {"diameter_highest_mm", 9.0}}},
          {"flow", {{"mean_ml_per_min", 17.0}, {"measured_fraction", 0.01}}}};
}

Headline named(const json& numbers, const std::string& name) {
  for (const Headline& line : headlines(numbers))
    if (line.name == name) return line;
  ADD_FAILURE() << "no headline " << name;
  return {};
}

TEST(Headlines, GiveBothBoundsOfAMeanThatWasPartlyMeasured) {
  const Headline line = named(summary(), "TAMEAN, whole recording");
  EXPECT_EQ(line.value, "4.54 to 6.30");
  EXPECT_THAT(line.detail, HasSubstr("28 % of the columns show no signal above the noise"));
  EXPECT_TRUE(line.marked);
}

TEST(Headlines, TellColumnsWithoutSignalFromWeakOnes) {
  json numbers = summary();
  numbers["doppler"]["flag_fraction"]["low_snr"] = 0.52;
  const Headline line = named(numbers, "No signal above the noise");
  EXPECT_EQ(line.value, "28 %");  // as beside TAMEAN
  EXPECT_THAT(line.detail, HasSubstr("24 % more have a velocity, but below 3 dB"));
}

TEST(Headlines, GiveOneMeanWhereNearlyAllWasMeasured) {
  json numbers = summary();
  numbers["doppler"]["measured_fraction"] = 0.97;
  numbers["doppler"]["no_velocity_fraction"] = 0.03;
  const Headline line = named(numbers, "TAMEAN, whole recording");
  EXPECT_EQ(line.value, "6.30");
  EXPECT_THAT(line.detail, HasSubstr("97 %"));
  EXPECT_FALSE(line.marked);
}

TEST(Headlines, SayThatAliasingHidesThePeaks) {
  json numbers = summary();
  numbers["doppler"]["aliasing_lasts"] = true;
  numbers["doppler"]["flag_fraction"]["aliased"] = 0.07;
  for (const char* name : {"Highest velocity toward the heart", "Highest velocity away from the heart"}) {
    const Headline line = named(numbers, name);
    EXPECT_EQ(line.value, "not known");
    EXPECT_THAT(line.detail, HasSubstr("7.0 % of columns wrap around the scale"));
    EXPECT_TRUE(line.marked);
  }
  EXPECT_THAT(named(numbers, "TAMEAN, whole recording").detail,
              HasSubstr("without the 7.0 % that are aliased"));
}

TEST(Headlines, CallAwayFlowByItsDirectionAndLength) {
  const Headline line = named(summary(), "Highest velocity away from the heart");
  EXPECT_EQ(line.value, "-12.8");
  EXPECT_EQ(line.detail, "at 2.50 s; longest away-flow 0.16 s");
}

TEST(Headlines, SayNoneSeenWithoutATime) {
  json numbers = summary();
  numbers["doppler"]["peak_reverse_cm_per_s"] = 0.0;
  numbers["doppler"]["peak_reverse_time_s"] = nullptr;
  const Headline line = named(numbers, "Highest velocity away from the heart");
  EXPECT_EQ(line.value, "none seen");
  EXPECT_THAT(line.detail, IsEmpty());
}

TEST(Headlines, GiveNoDiameterAndFlowOfALumenThatWasHardlySeen) {
  const Headline diameter = named(summary(), "Vein diameter, mean");
  EXPECT_EQ(diameter.value, "not measured");
  EXPECT_EQ(diameter.detail, "the lumen was found in 1.1 % of frames");
  const Headline flow = named(summary(), "Volume flow, mean");
  EXPECT_EQ(flow.value, "not measured");
  EXPECT_THAT(flow.detail, HasSubstr("lumen and velocity in 1.0 % of columns"));
}

json withContractions() {
  json numbers = summary();
  const json series = {{"count", 8}, {"mean", 34.9}, {"sd", 2.5}, {"first", 37.2}, {"last", 30.8}};
  numbers["contractions"] = {
      {"count", 8},
      {"doubtful", 1},
      {"peak_velocity_cm_s", series},
      {"ejected_volume_ml",
       {{"count", 0}, {"mean", nullptr}, {"sd", nullptr}, {"first", nullptr}, {"last", nullptr}}},
      {"reflux", {{"measured", 8}, {"longest_s", 0.84}, {"over_0_5_s", 2}, {"over_1_0_s", 0}}}};
  return numbers;
}

TEST(Headlines, BeginWithTheQualityAndTheContractions) {
  const auto lines = headlines(withContractions());
  EXPECT_TRUE(lines[0].quality);
  EXPECT_EQ(lines[0].value, "limited");
  EXPECT_THAT(lines[0].detail, HasSubstr("1 of 9 contractions are doubtful"));
  EXPECT_EQ(lines[1].name, "Contractions");
  EXPECT_THAT(lines[1].detail, HasSubstr("1 doubtful"));
  const Headline peak = named(withContractions(), "Peak velocity, contractions");
  EXPECT_EQ(peak.value, "34.9");
  EXPECT_THAT(peak.detail, HasSubstr("first 37.2, last 30.8, standard deviation between them (SD) 2.5"));
  EXPECT_EQ(named(withContractions(), "Ejected volume, contractions").value, "not measured");
}

// Of two, a standard deviation says nothing.
TEST(Headlines, GiveHalfOfTheIntervalOfContractions) {
  json numbers = withContractions();
  numbers["contractions"]["peak_velocity_cm_s"]["uncertainty"] = 1.0;
  EXPECT_EQ(named(numbers, "Peak velocity, contractions").value, "34.9 ± 2.0");
}

// A ± is the same everywhere: half of a 95 % interval.
TEST(Headlines, GiveHalfOfTheIntervalOfAPeak) {
  json numbers = summary();
  numbers["doppler"]["peak_forward_uncertainty_cm_per_s"] = 0.5;
  const Headline line = named(numbers, "Highest velocity toward the heart");
  EXPECT_EQ(line.value, "62.5 ± 1.0");
  EXPECT_THAT(line.detail, HasSubstr("±: half of a 95 % interval"));
}

TEST(Headlines, GiveTheDelayFromWhatShowedTheMuscle) {
  json numbers = withContractions();
  const json none = {{"count", 0}, {"mean", nullptr}};
  numbers["contractions"]["emg_to_flow_s"] = none;
  numbers["contractions"]["force_to_flow_s"] = {{"count", 4},  {"mean", 0.124}, {"uncertainty", 0.01},
                                                {"sd", 0.018}, {"first", 0.12}, {"last", 0.13}};
  const Headline line = named(numbers, "Force to flow, contractions");
  EXPECT_EQ(line.value + " " + line.unit, "0.124 ± 0.020 s");
  EXPECT_THAT(line.detail, HasSubstr("(SD) 0.018"));
  for (const Headline& other : headlines(numbers)) EXPECT_NE(other.name, "EMG to flow, contractions");
}

TEST(Headlines, SayHowManyTimesTheFlowAtRestIsMoved) {
  json numbers = withContractions();
  EXPECT_EQ(named(numbers, "Pump output against rest").value, "not measured");
  numbers["contractions"]["pump"] = {
      {"ratio", 3.21}, {"ratio_uncertainty", 0.2}, {"ml_per_min", 321}, {"rest_ml_per_min", 100}};
  const Headline line = named(numbers, "Pump output against rest");
  EXPECT_EQ(line.value, "3.21 ± 0.39");
  EXPECT_THAT(line.detail, HasSubstr("321 mL/min"));
  EXPECT_THAT(line.detail, HasSubstr("100 mL/min"));
}

TEST(Headlines, GiveNoSpreadOfTwoContractions) {
  json numbers = withContractions();
  numbers["contractions"]["peak_velocity_cm_s"]["count"] = 2;
  EXPECT_THAT(named(numbers, "Peak velocity, contractions").detail, testing::Not(HasSubstr("SD")));
}

TEST(Headlines, GiveRefluxAgainstBothCutOffs) {
  json numbers = withContractions();
  const Headline line = named(numbers, "Reflux duration, longest");
  EXPECT_EQ(line.value + " " + line.unit, "0.84 s");
  EXPECT_THAT(line.detail, HasSubstr("0 of 8 longer than 1.0 s"));
  EXPECT_THAT(line.detail, HasSubstr("2 of 8 longer than 0.5 s"));
  numbers["contractions"]["reflux"]["longest_s"] = 0;
  EXPECT_EQ(named(numbers, "Reflux duration, longest").value, "none seen");
}

TEST(Headlines, AskForTheSideWhereAllFlowIsAway) {
  json numbers = summary();
  numbers["contractions"] = {{"count", 0}, {"doubtful", 0}};
  EXPECT_FALSE(named(numbers, "Contractions").marked);
  numbers["doppler"]["peak_reverse_cm_per_s"] = -66.4;
  numbers["doppler"]["peak_forward_cm_per_s"] = 0;
  EXPECT_TRUE(named(numbers, "Contractions").marked);
  EXPECT_THAT(named(numbers, "Contractions").detail, HasSubstr("--toward-heart"));
}

TEST(Headlines, SayWhereContractionsWereNotLookedFor) {
  EXPECT_EQ(headlines(summary()).back().name, "Contractions");
  EXPECT_EQ(headlines(summary()).back().value, "not looked for");
}

TEST(Headlines, SayWhereNoContractionWasSeen) {
  json numbers = summary();
  numbers["contractions"] = {{"count", 0}, {"doubtful", 0}};
  EXPECT_EQ(named(numbers, "Contractions").value, "none seen");
}

TEST(SetupLine, NamesSideAngleScaleAndLength) {
  EXPECT_EQ(
      setupLine(R"(schema: soleus.calibration/1
screen: {width: 640, height: 480}
doppler:
  region: {x: 10, y: 200, width: 400, height: 100}
  display: scroll
  seconds_per_pixel: 0.004
  cm_per_s_per_pixel: 1.0
  baseline_row: 280.5
  toward_heart: up
  angle_degrees: 60
  angle_corrected: true
bmode:
  region: {x: 10, y: 10, width: 100, height: 100}
  mm_per_pixel: 0.1465
)"),
      "Toward the heart: up on the screen · angle 60° (scale already corrected); if it is off by 5°, true "
      "velocities are 0.87 to 1.18 times those given · scale -19 to 80 cm/s · "
      "dynamic range 60 dB (assumed) · 0.1465 mm per pixel");
}

TEST(SetupLine, NamesNoScreenWhereSoundWasMeasured) {
  const auto lineOf = [](const char* channels) {
    CalibrationProfile profile;
    profile.audio.emplace();
    profile.audio->transmitFrequencyHz = 4.4e6;
    profile.audio->channels = std::string(channels) == "mono" ? AudioCalibration::Channels::kMono
                                                              : AudioCalibration::Channels::kForwardReverse;
    return setupLine(profileYaml(signalProfile(profile, {44100})));
  };
  EXPECT_TRUE(lineOf("mono").starts_with("One channel of sound: direction not known")) << lineOf("mono");
  EXPECT_TRUE(lineOf("two").starts_with("Toward the heart: the forward direction of the sound"))
      << lineOf("two");
}

TEST(SetupLine, IsEmptyForWhatIsNoProfile) {
  EXPECT_EQ(setupLine(""), "");
  EXPECT_EQ(setupLine("angle: <60>"), "");
}

}  // namespace
}  // namespace soleus
