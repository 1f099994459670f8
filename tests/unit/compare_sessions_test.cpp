#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "tests/report/synthetic_session.h"
#include "tools/compare/comparison.h"
#include "tools/compare/comparison_json.h"
#include "tools/compare/comparison_page.h"
#include "tools/compare/comparison_text.h"
#include "tools/compare/measured_session.h"

namespace soleus {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// A session whose only measure is a peak velocity, of three contractions with a scatter of 2 cm/s.
MeasuredSession session(const std::string& subject, const std::string& createdUtc, double peakCmPerS,
                        const std::string& limb = "left") {
  static int made = 0;
  MeasuredSession session;
  session.file = "file" + std::to_string(++made) + ".h5";
  session.sessionId = "id" + std::to_string(made);
  session.createdUtc = createdUtc;
  session.subject = subject;
  session.limb = limb;
  session.condition = "heel raise";
  session.status = "complete";
  session.contractions = 3;
  session.measures.resize(kMeasures.size());
  if (std::isfinite(peakCmPerS)) session.measures.front() = {3, peakCmPerS, 2, 1};
  return session;
}

/// Three subjects twice, of whom one was analysed in another order than given.
std::vector<MeasuredSession> threeSubjects() {
  return {session("P2", "2026-01-09", 70), session("P1", "2026-01-01", 50), session("P3", "2026-01-01", 61),
          session("P2", "2026-01-02", 72), session("P1", "2026-01-08", 51), session("P3", "2026-01-08", 64)};
}

Comparison compared(std::vector<MeasuredSession> sessions) {
  auto comparison = compareSessions(std::move(sessions));
  EXPECT_TRUE(comparison.ok()) << comparison.error().sentence();
  return comparison.ok() ? comparison.value() : Comparison();
}

std::string pageOf(const Comparison& comparison) {
  std::ostringstream page;
  EXPECT_TRUE(writeComparisonPage(comparison, page).ok());
  return page.str();
}

TEST(CompareSessions, TakesRepeatsInTheOrderGiven) {
  const Comparison comparison = compared(threeSubjects());
  EXPECT_EQ(countOf(comparison), "3 subjects, 6 sessions");
  EXPECT_EQ(comparison.measures.front().values, (Repeats{{50, 51}, {70, 72}, {61, 64}}));
  EXPECT_NEAR(comparison.measures.front().agreement.front().bias.value, 2, 1e-12);
  EXPECT_TRUE(comparison.notes.empty());
  EXPECT_TRUE(comparison.measures.front().leftOut.empty());
}

TEST(CompareSessions, OneRecordingThatWasMeasuredTwiceIsNoRepeat) {
  std::vector<MeasuredSession> sessions{session("P1", "2026-01-01", 52), session("P1", "2026-01-02", 50)};
  sessions[0].inputSha256 = sessions[1].inputSha256 = std::string(64, 'a');
  const auto refused = compareSessions(sessions);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().sentence(),
              HasSubstr("was measured from the same recording as " + sessions[0].file));
  sessions[1].inputSha256 = std::string(64, 'b');
  EXPECT_TRUE(compareSessions(sessions).ok());
}

TEST(CompareSessions, SaysWhatIsLeftOut) {
  auto sessions = threeSubjects();
  sessions.push_back(session("P3", "2026-01-20", 60));
  sessions.push_back(session("P4", "2026-01-01", 80));
  sessions[5].measures.front().mean = kNotKnown;  // P3's second
  const Comparison comparison = compared(sessions);
  ASSERT_EQ(comparison.notes.size(), 2U);
  EXPECT_THAT(comparison.notes[0], HasSubstr("P4, left, heel raise"));
  EXPECT_THAT(comparison.notes[1], HasSubstr("Fewer than 3 sessions: P1, left, heel raise (2); P2"));
  EXPECT_EQ(comparison.measures.front().leftOut,
            "No value in 1 of 7 sessions. Sessions 1 and 2: 2 of 3 have both. ICC: 2 of 3 have all of the "
            "first 2.");
  EXPECT_EQ(comparison.measures.front().agreement.back().count, 1U);
}

TEST(CompareSessions, LegsOfOneSubjectAreCasesThatAreNotIndependent) {
  auto sessions = threeSubjects();
  sessions.push_back(session("P1", "2026-01-01", 60, "right"));
  sessions.push_back(session("P1", "2026-01-08", 63, "right"));
  const Comparison comparison = compared(sessions);
  EXPECT_EQ(countOf(comparison), "4 cases of 3 subjects, 8 sessions");
  EXPECT_THAT(comparison.notes, ElementsAre(HasSubstr("not independent")));
}

TEST(CompareSessions, OneSubjectHasADifferenceAndNoIcc) {
  const Comparison comparison = compared({session("P1", "1", 50), session("P1", "2", 60)});
  const nlohmann::json peak = comparisonJson(comparison)["measures"]["peak_velocity_cm_s"];
  EXPECT_TRUE(peak["icc_2_1"]["value"].is_null());
  EXPECT_TRUE(peak["sem"]["value"].is_null());
  EXPECT_THAT(peak["icc_missing_because"], HasSubstr("one subject"));
  EXPECT_EQ(peak["differences"][0]["difference"]["value"], 10);
  EXPECT_EQ(peak["differences"][0]["exceeds_uncertainty"], true);
  EXPECT_TRUE(
      comparisonJson(comparison)["measures"]["vti_cm"]["differences"][0]["exceeds_uncertainty"].is_null());
  const std::string page = pageOf(comparison);
  EXPECT_THAT(page, HasSubstr("larger than its uncertainty"));
  EXPECT_THAT(page, HasSubstr("cannot be told from one subject"));
  EXPECT_THAT(page, Not(HasSubstr("<svg")));
}

TEST(CompareSessions, ThreeSessionsOfOneSubjectHaveAnError) {
  const Comparison comparison =
      compared({session("P1", "1", 50), session("P1", "2", 60), session("P1", "3", 55)});
  EXPECT_NEAR(comparison.measures.front().within.sem.value, 5, 1e-12);
  EXPECT_EQ(comparison.measures.front().differences.size(), 2U);
}

TEST(CompareSessions, RefusesTheSameSessionTwice) {
  auto sessions = threeSubjects();
  sessions[4].sessionId = sessions[0].sessionId;
  const auto comparison = compareSessions(sessions);
  ASSERT_FALSE(comparison.ok());
  EXPECT_EQ(comparison.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(comparison.error().sentence(), HasSubstr(sessions[0].file));
  EXPECT_THAT(comparison.error().sentence(), HasSubstr(sessions[4].file));
}

TEST(CompareSessions, RefusesWhatIsNoRepeat) {
  const auto comparison = compareSessions({session("P1", "1", 50), session("P2", "1", 60)});
  ASSERT_FALSE(comparison.ok());
  EXPECT_EQ(comparison.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(comparison.error().sentence(), HasSubstr("P2, left"));
}

TEST(CompareSessions, ASessionWithoutASubjectIsNobodysRepeat) {
  const auto mixed = compareSessions({session("P1", "1", 50), session("", "2", 60), session("P1", "3", 50)});
  ASSERT_FALSE(mixed.ok());
  EXPECT_THAT(mixed.error().sentence(), HasSubstr("--subject"));
  // Of two files alone the user says that they belong together.
  EXPECT_THAT(compared({session("", "1", 50), session("", "2", 60)}).notes,
              ElementsAre(HasSubstr("no subject")));
}

TEST(ComparisonPage, IsWholeInItself) {
  auto sessions = threeSubjects();
  for (MeasuredSession& each : sessions) each.condition = "heel <script> & raise";
  const Comparison comparison = compared(sessions);
  const std::string page = pageOf(comparison);
  EXPECT_THAT(page, HasSubstr("heel &lt;script&gt; &amp; raise"));
  for (const char* foreign : {"<script", "http:", "https:", "src="})
    EXPECT_THAT(page, Not(HasSubstr(foreign)));
  for (const MeasuredSession& each : sessions) EXPECT_THAT(page, HasSubstr(">" + each.file + "<"));
  EXPECT_THAT(page, HasSubstr("not for diagnosis"));
  EXPECT_THAT(page, HasSubstr("</html>"));
  // One plot, of the one measure that there is; a point for each subject.
  std::size_t circles = 0;
  for (std::size_t at = page.find("<circle"); at != std::string::npos; at = page.find("<circle", at + 1))
    ++circles;
  EXPECT_EQ(circles, 3U);
  EXPECT_EQ(page.find("<svg"), page.rfind("<svg"));
}

// Subjects who do not differ, sessions that do not, and one pair less than a plot needs.
TEST(ComparisonPage, DrawsDegenerateStudies) {
  for (const auto& peaks : {std::vector{0.0, 0.0, 0.0, 0.0}, std::vector{5.0, 5.0, 7.0, 7.0},
                            std::vector{5.0, 6.0, kNotKnown, 7.0}, std::vector{1e6, 2e6, 1e-6, -3e6}}) {
    const std::string page = pageOf(compared({session("P1", "1", peaks[0]), session("P1", "2", peaks[1]),
                                              session("P2", "1", peaks[2]), session("P2", "2", peaks[3])}));
    EXPECT_THAT(page, Not(HasSubstr("nan")));
    EXPECT_THAT(page, Not(HasSubstr("inf\"")));
  }
}

TEST(ComparisonText, SaysWhatThePageSays) {
  std::ostringstream text;
  writeText(compared(threeSubjects()), text);
  EXPECT_THAT(text.str(), HasSubstr("3 subjects, 6 sessions"));
  EXPECT_THAT(text.str(), HasSubstr("Peak velocity, cm/s\n  bias, session 2 − session 1"));
  EXPECT_THAT(text.str(), HasSubstr("Refill time, s: not measured"));
}

TEST(MeasuredSession, TakesTheMeansOfTheContractionsThatCount) {
  SyntheticSession stored;
  stored.columns["/contractions/contraction"] = {1, 2, 3};
  stored.columns["/contractions/peak_velocity_cm_s"] = {60, 40, 500};
  stored.columns["/contractions/peak_velocity_uncertainty_cm_s"] = {3, 5, 300};
  stored.columns["/contractions/reflux_duration_s"] = {0.7, std::nan(""), 3};
  stored.columns["/contractions/quality"] = {1, 0.5, 0.2};
  const std::string sha(64, 'c');
  stored.textAttributes["/"] = {
      {"session_id", "a"},
      {"subject", "P1"},
      {"limb", "left"},
      {"status", "complete"},
      {"configuration", "schema: soleus.analysis/1\ninput: {bytes: 7, sha256: " + sha + "}\n"}};
  const auto measured = measuredSession(stored, "a.h5");
  ASSERT_TRUE(measured.ok()) << measured.error().sentence();
  EXPECT_EQ(measured.value().subject, "P1");
  EXPECT_EQ(measured.value().inputSha256, sha);
  EXPECT_EQ(measured.value().contractions, 2U);
  EXPECT_EQ(measured.value().doubtful, 1U);
  const SessionMean& peak = measured.value().measures[0];
  EXPECT_EQ(peak.count, 2U);
  EXPECT_NEAR(peak.mean, 50, 1e-12);
  EXPECT_NEAR(peak.measurementUncertainty, 4, 1e-12);
  EXPECT_NEAR(measured.value().measures[6].mean, 0.7, 1e-12);
  EXPECT_EQ(measured.value().measures[6].count, 1U);
}

TEST(MeasuredSession, NamesTheFileThatCannotBeCompared) {
  SyntheticSession stored;
  stored.textAttributes["/"] = {{"session_id", "a"}};
  const auto none = measuredSession(stored, "live.h5");
  ASSERT_FALSE(none.ok());
  EXPECT_THAT(none.error().sentence(), HasSubstr("live.h5: has no contractions"));
  stored.columns["/contractions/contraction"] = {1, 2};
  stored.columns["/contractions/vti_cm"] = {1};
  const auto uneven = measuredSession(stored, "uneven.h5");
  ASSERT_FALSE(uneven.ok());
  EXPECT_THAT(uneven.error().sentence(), HasSubstr("uneven.h5, /contractions/vti_cm"));
}

}  // namespace
}  // namespace soleus
