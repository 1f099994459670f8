// What a protocol asked for beside what was done: numbers, tile and verdict.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/report/headlines.h"
#include "tools/report/protocol_summary.h"
#include "tools/report/recording_quality.h"

namespace soleus {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

ProtocolInForce heelRaises(Expected expected = Expected::kContraction) {
  Protocol protocol;
  protocol.name = "heel";
  protocol.title = "Heel raise";
  protocol.expected = expected;
  protocol.restBeforeS = 20;
  protocol.cues = CueRow{"up", 4, 5, 1};
  protocol.restAfterS = 15;
  return {protocol, 0};
}

/// A session of 60 s with the cues at 20, 25, 30 and 35 s.
json sessionWith(const std::vector<double>& onsetS, const std::vector<double>& doubtfulS = {}) {
  json rows = json::array();
  for (const auto* list : {&onsetS, &doubtfulS}) {
    for (const double timeS : *list)
      rows.push_back({{"number", static_cast<double>(rows.size() + 1)},
                      {"onset_s", timeS},
                      {"flow_onset_s", timeS},
                      {"counts", list == &onsetS},
                      {"peak_velocity_cm_s", 70.0},
                      {"reflux_duration_s", 1.5}});
  }
  json events = {{{"time_s", 0.5}, {"kind", "note"}, {"label", "began"}}};
  for (int i = 0; i < 4; ++i)
    events.push_back(
        {{"time_s", 20.0 + 5 * i}, {"kind", "cue"}, {"label", std::to_string(i + 1) + " of 4: up"}});
  return {{"status", "complete"},
          {"events", events},
          {"doppler",
           {{"columns", 100},
            {"end_s", 60.0},
            {"covered_s", 60.0},
            {"gaps_s", 0.0},
            {"snr_median_db", 15.0},
            {"flag_fraction", {{"aliased", 0.0}}}}},
          {"contractions", {{"count", onsetS.size()}, {"doubtful", doubtfulS.size()}, {"rows", rows}}}};
}

json compared(const ProtocolInForce& asked, json session) {
  return protocolSummary(asked, session);
}

Headline tile(const json& protocol) {
  const json summary{{"status", "complete"}, {"protocol", protocol}};
  for (const Headline& line : headlines(summary))
    if (line.name == "Protocol") return line;
  ADD_FAILURE() << "no tile";
  return {};
}

TEST(ProtocolSummary, TellsThatAllWasDone) {
  const json made = compared(heelRaises(), sessionWith({20.2, 25.3, 30.4, 35.1}));
  EXPECT_EQ(made["asked"], 4);
  EXPECT_EQ(made["given"], 4);
  EXPECT_EQ(made["done"], 4);
  EXPECT_NEAR(made["delay_median_s"], 0.25, 1e-9);
  EXPECT_THAT(made["unexpected"], IsEmpty());
  EXPECT_EQ(made["cues"][2]["contraction"], 3);
  EXPECT_EQ(made["cues"][2]["peak_velocity_cm_s"], 70);
  EXPECT_EQ(made["cues"][2]["reflux_duration_s"], 1.5);
  EXPECT_NEAR(made["cues"][2]["delay_s"], 0.4, 1e-9);
  EXPECT_THAT(unlikeAsked(made), IsEmpty());
  EXPECT_EQ(tile(made).value, "4 of 4 done");
  EXPECT_EQ(tile(made).detail, "Heel raise; median 0.25 s after the cue");
  EXPECT_FALSE(tile(made).marked);
}

TEST(ProtocolSummary, NamesWhatIsMissingAndWhatNobodyAskedFor) {
  // One between two cues, one of the warm-up, one after the protocol's end at 50 s.
  json session = sessionWith({12.0, 19.8, 28.5, 35.1, 55.0}, {30.2});
  session["protocol"] = compared(heelRaises(), session);
  const json& made = session["protocol"];
  EXPECT_EQ(made["done"], 2);
  EXPECT_EQ(made["unexpected"], json({1, 3}));
  EXPECT_TRUE(made["cues"][1]["contraction"].is_null());
  EXPECT_EQ(made["cues"][2]["doubtful"], 6);
  EXPECT_TRUE(tile(made).marked);
  EXPECT_EQ(tile(made).value, "2 of 4 done");
  EXPECT_THAT(tile(made).detail, AllOf(HasSubstr("median 0.05 s before the cue"),
                                       HasSubstr("no contraction followed 2 of 4 cues"),
                                       HasSubstr("2 contractions without a cue: C1, C3")));
  // How well it was recorded does not depend on it.
  EXPECT_THAT(recordingQuality(session)["reasons"].dump(), Not(HasSubstr("cue")));
}

TEST(ProtocolSummary, TellsAMuscleThatActedFromOneThatDidNot) {
  json session = sessionWith({20.2, 25.3, 35.1}, {30.1});
  session["contractions"]["rows"][3]["flow_onset_s"] = nullptr;
  json made = compared(heelRaises(), session);
  EXPECT_EQ(made["done"], 4);
  EXPECT_EQ(made["without_flow"], 1);
  EXPECT_EQ(made["cues"][2]["contraction"], 4);
  EXPECT_EQ(made["cues"][2]["without_flow"], true);
  EXPECT_THAT(tile(made).detail, AllOf(HasSubstr("the muscle acted and no flow followed after 1 of 4 cues"),
                                       Not(HasSubstr("no contraction followed"))));
  // Where rest was asked for it did not rest.
  session = sessionWith({}, {30.1});
  session["contractions"]["rows"][0]["flow_onset_s"] = nullptr;
  made = compared(heelRaises(Expected::kRest), session);
  EXPECT_EQ(made["unexpected"], json({1}));
  EXPECT_EQ(tile(made).value, "not at rest");
}

TEST(ProtocolSummary, TheLastCueIsAnsweredAfterTheEnd) {
  ProtocolInForce asked = heelRaises();
  asked.protocol.restAfterS = 0;
  EXPECT_EQ(compared(asked, sessionWith({20.2, 25.3, 30.1, 35.1}))["done"], 4);
}

TEST(ProtocolSummary, CountsOfCuesThatLieOutsideTheRecording) {
  json session = sessionWith({20.2, 25.3});
  session["events"].erase(3);
  session["events"].erase(3);
  session["doppler"]["end_s"] = 28.0;
  const json made = compared(heelRaises(), session);
  EXPECT_EQ(made["given"], 2);
  EXPECT_NEAR(made["ended_early_s"], 22, 1e-9);
  EXPECT_EQ(tile(made).value, "2 of 4 done");
  EXPECT_THAT(tile(made).detail,
              AllOf(HasSubstr("2 of 4 cues lie outside the recording"), Not(HasSubstr("followed"))));
}

TEST(ProtocolSummary, WhereRestIsExpectedContractionsStandOut) {
  const json moved = compared(heelRaises(Expected::kRest), sessionWith({15.0, 25.3}));
  EXPECT_EQ(moved["done"], 3);
  EXPECT_EQ(moved["unexpected"], json({1, 2}));
  EXPECT_EQ(tile(moved).value, "not at rest");
  EXPECT_TRUE(tile(moved).marked);
  EXPECT_THAT(tile(moved).detail, HasSubstr("2 contractions where rest was asked for: C1, C2"));
  const json still = compared(heelRaises(Expected::kRest), sessionWith({}));
  EXPECT_EQ(tile(still).value, "at rest, as asked");
  EXPECT_FALSE(tile(still).marked);
}

TEST(ProtocolSummary, OfRestAloneTellsHowMuchIsMissing) {
  ProtocolInForce rest = heelRaises(Expected::kRest);
  rest.protocol.cues.reset();
  rest.protocol.restBeforeS = 120;
  rest.protocol.restAfterS = 0;
  json session = sessionWith({});
  session["events"] = json::array();
  const json made = compared(rest, session);
  EXPECT_TRUE(tile(made).marked);
  EXPECT_THAT(tile(made).detail, HasSubstr("it ends 60 s before the rest that was asked for does"));
}

TEST(ProtocolSummary, SaysWhereContractionsWereNotLookedFor) {
  json session = sessionWith({});
  session.erase("contractions");
  const json made = compared(heelRaises(), session);
  EXPECT_TRUE(made["done"].is_null());
  EXPECT_EQ(tile(made).value, "4 of 4 cues given");
  EXPECT_THAT(tile(made).detail, HasSubstr("not looked for"));
  EXPECT_FALSE(tile(made).marked);
}

TEST(ProtocolSummary, IsAbsentWhereASessionHasNone) {
  for (const Headline& line : headlines(sessionWith({}))) EXPECT_NE(line.name, "Protocol");
}

}  // namespace
}  // namespace soleus
