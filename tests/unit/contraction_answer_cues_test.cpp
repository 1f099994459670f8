// Which contraction answers which cue, at the limits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/contraction/answer_cues.h"

namespace soleus {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;
using Answers = std::vector<std::optional<std::size_t>>;

Answers answers(const std::vector<double>& cueS, const std::vector<double>& onsetS, double intervalS) {
  return answersToCues(cueS, onsetS, intervalS);
}

TEST(AnswersToCues, FindsTheContractionAfterEachCue) {
  EXPECT_THAT(answers({6, 11, 16}, {6.3, 11.2, 16.4}, 5),
              ElementsAre(Optional(0U), Optional(1U), Optional(2U)));
}

TEST(AnswersToCues, LeavesAMissedCueWithoutAnswer) {
  EXPECT_THAT(answers({6, 11, 16}, {6.3, 16.4}, 5), ElementsAre(Optional(0U), std::nullopt, Optional(1U)));
  EXPECT_THAT(answers({6, 11}, {}, 5), ElementsAre(std::nullopt, std::nullopt));
  EXPECT_TRUE(answers({}, {1, 2}, 5).empty());
}

TEST(AnswersToCues, ReachesFromHalfASecondBefore) {
  EXPECT_THAT(answers({10}, {9.5}, 5), ElementsAre(Optional(0U)));
  EXPECT_THAT(answers({10}, {9.499}, 5), ElementsAre(std::nullopt));
}

TEST(AnswersToCues, ReachesToHalfTheInterval) {
  EXPECT_THAT(answers({10}, {12.5}, 5), ElementsAre(Optional(0U)));
  EXPECT_THAT(answers({10}, {12.501}, 5), ElementsAre(std::nullopt));
}

TEST(AnswersToCues, ReachesNoFurtherThanThreeSeconds) {
  EXPECT_EQ(answerAfterS(20), 3);
  EXPECT_THAT(answers({10}, {13}, 20), ElementsAre(Optional(0U)));
  EXPECT_THAT(answers({10}, {13.001}, 20), ElementsAre(std::nullopt));
}

TEST(AnswersToCues, TakesTheNearestOfSeveral) {
  EXPECT_THAT(answers({10}, {9.7, 10.2, 11}, 5), ElementsAre(Optional(1U)));
}

TEST(AnswersToCues, GivesNoContractionToTwoCues) {
  // A cue that came late has another close behind it.
  EXPECT_THAT(answers({10, 10.6}, {10.4}, 2), ElementsAre(Optional(0U), std::nullopt));
  EXPECT_THAT(answers({10, 10.6}, {10.4, 10.9}, 2), ElementsAre(Optional(0U), Optional(1U)));
}

}  // namespace
}  // namespace soleus
