#include "pipeline/signal/signal_line.h"

#include <gtest/gtest.h>

#include <string>

namespace soleus {
namespace {

TEST(SignalLine, ReadsWhatBoardsSend) {
  for (const char* text :
       {"17 123456 -2.5 1e3", "17,123456,-2.5,1000", "17\t123456\t-2.5 1000\r", "  17 123456 -2.5  1000 "}) {
    const auto line = parseSignalLine(text, 2);
    ASSERT_TRUE(line) << text;
    EXPECT_EQ(line->counter, 17U);
    EXPECT_EQ(line->timeUs, 123456U);
    EXPECT_EQ(line->values, (std::vector<double>{-2.5, 1000}));
  }
  EXPECT_EQ(parseSignalLine("4294967295 4503599627370495 0", 1)->counter, 4294967295U);
}

TEST(SignalLine, RefusesAllElse) {
  for (const char* text :
       {"", "17", "17 123456", "17 123456 1", "17 123456 1 2 3", "x 123456 1 2", "17 12.5 1 2",
        "-1 123456 1 2", "4294967296 1 1 2", "17 123456 1 2x", "17 123456 nan 2", "17 123456 inf 2",
        "17 123456 1e999 2", "17 123456 1; 2", "0x11 123456 1 2", "17 4503599627370496 1 2"}) {
    EXPECT_FALSE(parseSignalLine(text, 2)) << text;
  }
}

TEST(SignalLine, AsksForItsToken) {
  EXPECT_TRUE(parseSignalLine("calf7 17 1 2", 1, "calf7"));
  for (const char* text : {"17 1 2", "calf8 17 1 2", "calf 17 1 2", "calf77 17 1 2", "calf7", ""})
    EXPECT_FALSE(parseSignalLine(text, 1, "calf7")) << text;
}

}  // namespace
}  // namespace soleus
