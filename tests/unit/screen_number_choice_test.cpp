#include <gmock/gmock.h>

#include <utility>

#include "calibration/screen/number_choice.h"

namespace soleus {
namespace {

using testing::ElementsAre;

AxisNumber sure(double row, double value, std::vector<double> others = {}) {
  AxisNumber number;
  number.row = row;
  number.value = value;
  number.others = std::move(others);
  return number;
}

AxisNumber unsure(double row, double value, std::vector<double> others = {}) {
  AxisNumber number = sure(row, value, std::move(others));
  number.sure = false;
  return number;
}

std::vector<double> valuesOf(const std::vector<AxisNumber>& numbers, const std::vector<ScaleReading>& known) {
  std::vector<double> values;
  for (const AxisNumber& n : chosenNumbers(numbers, known, {})) values.push_back(n.value);
  return values;
}

const std::vector<ScaleReading> kZero = {{200.5, 0}};

TEST(NumberChoice, AMisreadNumberIsPutRightByTheOthers) {
  EXPECT_THAT(valuesOf({sure(140.5, 60), sure(160.5, 90, {49, 40}), sure(180.5, 20)}, kZero),
              ElementsAre(60, 40, 20));
}

TEST(NumberChoice, AnUnsureNumberCountsWhereItLiesOnTheLine) {
  EXPECT_THAT(valuesOf({sure(140.5, 60), unsure(160.5, 90, {40}), sure(180.5, 20)}, kZero),
              ElementsAre(60, 40, 20));
  EXPECT_THAT(valuesOf({sure(140.5, 60), unsure(160.5, 90, {46}), sure(180.5, 20)}, kZero),
              ElementsAre(60, 20));
}

TEST(NumberChoice, OneSureNumberNeedsTwoMoreToAgree) {
  EXPECT_THAT(valuesOf({sure(140.5, 60), unsure(160.5, 90, {40}), unsure(180.5, 28, {20})}, kZero),
              ElementsAre(60, 40, 20));
  EXPECT_THAT(valuesOf({sure(140.5, 60), unsure(160.5, 90, {40})}, kZero), ElementsAre(60));
}

// As many readings for another scale: nobody knows which.
TEST(NumberChoice, BetweenTwoScalesNothingIsChosen) {
  EXPECT_THAT(valuesOf({sure(140.5, 60, {90}), sure(160.5, 40, {60}), sure(180.5, 33, {30, 20})}, kZero),
              ElementsAre(60, 40, 33));
}

TEST(NumberChoice, ALineBesideTheBaselineIsNone) {
  EXPECT_THAT(valuesOf({sure(140.5, 60), sure(160.5, 40), unsure(180.5, 28, {20})}, {{210.5, 0}}),
              ElementsAre(60, 40));
}

}  // namespace
}  // namespace soleus
