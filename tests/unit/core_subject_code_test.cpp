#include <gmock/gmock.h>

#include "pipeline/core/subject_code.h"

namespace soleus {
namespace {

TEST(SubjectCode, IsAccepted) {
  for (const char* code : {"", "P01", "p-007", "CALF-017", "S001_L", "12", "A.3.12", "TRIAL2024-07", "x9",
                           "20240017A", "1234567"}) {
    EXPECT_TRUE(checkSubjectCode(code, "subject").ok()) << code;
  }
}

TEST(SubjectCode, ThatLooksLikeANameIsRefusedWithoutRepeatingIt) {
  struct Case {
    const char* text;
    const char* reason;
  };
  for (const auto& [text, reason] :
       {Case{"Doe", "capitalised"}, Case{"DOE", "without a digit"}, Case{"john", "without a digit"},
        Case{"Doe1961", "capitalised"}, Case{"John Doe", "capitalised"}, Case{"DOE JOHN 3", "several words"},
        Case{"DOE^JOHN", "several words"}, Case{"DOE,J1", "several words"},
        Case{"doe_john_61", "several words"}, Case{"M\xC3\xBCller1", "character"}, Case{"P01\n", "character"},
        Case{"a/b1", "character"}, Case{"123456789012345678901234567890123", "more than 32"}}) {
    const auto status = checkSubjectCode(text, "--subject");
    ASSERT_FALSE(status.ok()) << text;
    EXPECT_THAT(status.error().sentence(), testing::HasSubstr(reason));
    EXPECT_THAT(status.error().sentence(), testing::StartsWith("--subject: "));
    EXPECT_THAT(status.error().sentence(), testing::Not(testing::HasSubstr(text)));
  }
}

TEST(SubjectCode, ThatHoldsADateOfBirthIsRefused) {
  for (const char* text : {"19610314", "P19610314", "140361", "MUELLER-140361", "610314-1234", "1961-03-14",
                           "14.03.61", "X_14-3-1961"}) {
    const auto status = checkSubjectCode(text, "--subject");
    ASSERT_FALSE(status.ok()) << text;
    EXPECT_THAT(status.error().sentence(), testing::HasSubstr("date")) << text;
  }
}

}  // namespace
}  // namespace soleus
