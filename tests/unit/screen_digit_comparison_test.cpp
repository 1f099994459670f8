#include <gtest/gtest.h>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "calibration/screen/digit_comparison.h"
#include "calibration/screen/reread_numbers.h"

namespace soleus {
namespace {

/// A screen of small print: numbers drawn large with digits equally far apart, then made small and blurred.
class SmallPrint {
 public:
  /// Its ends, once it is drawn. Further numbers stand at other fractions of a pixel.
  cv::Rect add(const std::string& text) {
    const int row = count_++;
    const cv::Point at(40 + 3 * row, 60 + 199 * row);
    int x = at.x;
    for (const char c : text) {
      cv::putText(large_, std::string(1, c), {c == '.' ? x - kDot : x, at.y + kHeight},
                  cv::FONT_HERSHEY_DUPLEX, kScale, 255, 14, cv::LINE_AA);
      x += c == '.' ? kDotAdvance : kAdvance;
    }
    return {at.x / kSmaller - 4, at.y / kSmaller - 4, (x - at.x) / kSmaller + 6, kHeight / kSmaller + 8};
  }
  [[nodiscard]] cv::Mat ink() const {
    cv::Mat small;
    cv::resize(large_, small, {}, 1.0 / kSmaller, 1.0 / kSmaller, cv::INTER_AREA);
    cv::GaussianBlur(small, small, {0, 0}, 0.8);
    cv::Mat noise(small.size(), CV_8U);
    cv::RNG(7).fill(noise, cv::RNG::UNIFORM, 0, 8);
    return small + noise;
  }

 private:
  static constexpr int kSmaller = 10;
  static constexpr int kHeight = 100;  // of a digit
  static constexpr double kScale = 4.6;
  static constexpr int kAdvance = 92;
  static constexpr int kDotAdvance = 40;
  static constexpr int kDot = 20;
  int count_ = 0;
  cv::Mat large_ = cv::Mat::zeros(3400, 800, CV_8U);
};

struct Screen {
  explicit Screen(const std::vector<std::string>& known, const std::string& asked) {
    SmallPrint print;
    std::vector<cv::Rect> boxes;
    for (const std::string& text : known) boxes.push_back(print.add(text));
    const cv::Rect open = print.add(asked);
    ink = print.ink();
    for (std::size_t i = 0; i < known.size(); ++i) sure.push_back({known[i], *inkEnds(ink, boxes[i])});
    number = *inkEnds(ink, open);
  }
  [[nodiscard]] std::optional<std::string> read() const { return readByComparison(ink, number, sure); }
  cv::Mat ink;
  std::vector<PrintedNumber> sure;
  InkEnds number;
};

const std::vector<std::string> kKnown = {"60", "63", "4.6", "50", "4.5", "300", "40",
                                         "8",  "48", "80",  "24", "35",  "3"};

TEST(DigitComparison, ReadsDigitsThatTheScreenShowsElsewhere) {
  EXPECT_EQ(Screen(kKnown, "68").read(), "68");
  EXPECT_EQ(Screen(kKnown, "86").read(), "86");
  EXPECT_EQ(Screen(kKnown, "305").read(), "305");
}

TEST(DigitComparison, ANineIsASixUpsideDown) {
  EXPECT_EQ(Screen(kKnown, "69").read(), "69");
  EXPECT_EQ(Screen(kKnown, "89").read(), "89");
}

TEST(DigitComparison, LeavesOpenWhatTheScreenDoesNotShow) {
  // No 5: who knows what is one?
  EXPECT_EQ(Screen({"60", "63", "4.6", "300", "40", "8", "48", "80", "24", "3"}, "60").read(), std::nullopt);
  // A 7 is none of those it knows.
  EXPECT_EQ(Screen(kKnown, "67").read(), std::nullopt);
  // Too little to compare with.
  EXPECT_EQ(Screen({"60", "3", "45"}, "60").read(), std::nullopt);
}

TEST(DigitComparison, OneMisreadNumberMakesNoWrongOne) {
  for (std::size_t i = 0; i < kKnown.size(); ++i) {
    Screen screen(kKnown, "69");
    std::string& text = screen.sure[i].text;
    for (const auto& [from, to] : {std::pair('6', '5'), {'5', '6'}, {'8', '9'}, {'3', '9'}, {'0', '8'}}) {
      const auto at = text.find(from);
      if (at == std::string::npos) continue;
      text[at] = to;
      EXPECT_EQ(screen.read().value_or("69"), "69") << kKnown[i] << " as " << text;
      text[at] = from;
    }
  }
}

TEST(DigitComparison, NumbersOfAnotherSizeAreNotCompared) {
  Screen screen(kKnown, "68");
  screen.number.bottom += 3;
  EXPECT_EQ(screen.read(), std::nullopt);
}

TEST(DigitPlaces, DigitsAreEquallyFarApart) {
  const Screen screen(kKnown, "69");
  const auto metrics = digitMetrics(screen.sure, screen.number.height());
  ASSERT_TRUE(metrics);
  EXPECT_NEAR(metrics->advance, 9.2, 0.3);
  EXPECT_NEAR(metrics->dot, 4.0, 0.5);
  EXPECT_EQ(digitsAcross(metrics->width, *metrics), 1);
  EXPECT_EQ(digitsAcross(metrics->width + 9.2, *metrics), 2);
  EXPECT_EQ(digitsAcross(metrics->width + 9.2 + 4, *metrics), 0);
}

TEST(DigitPlaces, NumbersOfAsManyDigitsDoNotTellHowFarApartTheyAre) {
  const Screen screen({"60", "63", "40", "50", "80", "35"}, "69");
  EXPECT_EQ(digitMetrics(screen.sure, screen.number.height()), std::nullopt);
}

/// Lines of text as readers leave them: every number is sure, but that of the last line.
struct Lines {
  explicit Lines(const std::vector<std::string>& known, const std::string& printed, const TextLine& read) {
    SmallPrint print;
    for (const std::string& text : known)
      lines.push_back({print.add(text), text, 0.9, {{text, 0.9}, {text, 0.8}}});
    lines.push_back(read);
    lines.back().box = print.add(printed);
    rereadNumbers(lines, {}, print.ink());
  }
  std::vector<TextLine> lines;
};

TEST(RereadNumbers, ASettingWithoutItsNumberGetsIt) {
  const Lines found(kKnown, "WF 69 Hz", {{}, "WF Hz", 0.5});
  EXPECT_EQ(found.lines.back().text, "WF 69 Hz");
  EXPECT_TRUE(found.lines.back().again.empty());
}

TEST(RereadNumbers, ReadingsThatDisagreeAreSettled) {
  const Lines found(kKnown, "WF 69 Hz", {{}, "WF Hz", 0.5, {{"WF 89 Hz", 0.6}, {"WF 69 Hz", 0.5}}});
  EXPECT_EQ(found.lines.back().text, "WF 69 Hz");
}

TEST(RereadNumbers, WhatIsNoSettingStays) {
  const Lines found(kKnown, "AB 69 CD", {{}, "AB CD", 0.5});
  EXPECT_EQ(found.lines.back().text, "AB CD");
}

TEST(RereadNumbers, WithoutSureNumbersNothingIsRead) {
  const Lines found({"60", "3"}, "WF 69 Hz", {{}, "WF Hz", 0.5});
  EXPECT_EQ(found.lines.back().text, "WF Hz");
}

}  // namespace
}  // namespace soleus
