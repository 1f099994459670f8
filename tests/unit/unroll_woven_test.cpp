// Frames woven of two fields by a grabber that does not say so.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/doppler/row_order.h"
#include "pipeline/doppler/unroller.h"
#include "tests/unit/phantom_scenarios.h"

namespace soleus::testing {
namespace {

constexpr double kPictureS = 0.02;  // 50 Hz

enum class Weave { kNone, kUpperFirst, kLowerFirst };

/// The strips of a screen of 50 pictures a second, as a grabber of 25 frames a second delivers them.
struct Grab {
  DopplerCalibration calibration;
  std::vector<cv::Mat> strips;
};

Grab grab(const std::string& mode, Weave weave, int stillFrames = 0) {
  Sketch sketch;
  sketch.mode = mode;
  sketch.durationS = 9;
  sketch.restPeakCmPerS = 25;
  sketch.contractions = kOneBurst;
  sketch.baselineLine = true;
  std::string yaml = sketch.yaml();
  const auto put = [&](const std::string& from, const std::string& to) {
    yaml.replace(yaml.find(from), from.size(), to);
  };
  put("frame_rate_numerator: 25", "frame_rate_numerator: 50");
  put("seconds_per_column: 0.004",
      mode == "sweep" ? "seconds_per_column: 0.01" : "seconds_per_column: 0.006");
  auto made = Phantom::parse(yaml, "woven", 1003);
  EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().sentence());
  Phantom& phantom = *made.value();
  Grab result{*phantom.profile().doppler, {}};
  const Region& r = result.calibration.region;
  const auto strip = [&](std::int64_t picture) {
    cv::Mat screen;
    phantom.render(picture, screen);
    return screen(cv::Rect(r.x, r.y, r.width, r.height)).clone();
  };
  for (std::int64_t n = 0; n + 1 < phantom.frameCount(); n += 2) {
    cv::Mat frame = strip(n);
    if (weave != Weave::kNone) {
      const cv::Mat later = strip(n + 1);
      const int firstLater = (weave == Weave::kUpperFirst) == (r.y % 2 == 0) ? 1 : 0;
      for (int row = firstLater; row < r.height; row += 2) later.row(row).copyTo(frame.row(row));
    }
    if (n == 0) result.strips.assign(static_cast<std::size_t>(stillFrames), frame);
    result.strips.push_back(frame);
  }
  return result;
}

std::vector<RowOrder> ordersOf(const Grab& grab) {
  RowOrderWatch watch;
  std::vector<RowOrder> told;
  for (const cv::Mat& strip : grab.strips) {
    if (const auto order = watch.push(strip)) told.push_back(*order);
  }
  return told;
}

struct Column {
  double timeS = 0;
  std::uint8_t quality = 0;
  cv::Mat grey;
};

struct Unrolling {
  std::vector<Column> columns;
  std::vector<Event> events;
};

Unrolling unroll(const Grab& grab) {
  const auto unroller = makeUnroller(grab.calibration);
  Unrolling run;
  const auto take = [&](Unrolled&& out) {
    for (const StripBlock& b : out.blocks) {
      for (std::size_t i = 0; i < b.time.size(); ++i) {
        run.columns.push_back(
            {b.time[i].seconds(), b.quality[i], b.grey.col(b.leftContext + static_cast<int>(i)).clone()});
      }
    }
    run.events.insert(run.events.end(), out.events.begin(), out.events.end());
  };
  for (std::size_t n = 0; n < grab.strips.size(); ++n) {
    take(unroller->push(grab.strips[n].clone(),
                        SessionTime::fromSeconds(static_cast<double>(n) * 2 * kPictureS)));
  }
  take(unroller->flush());
  return run;
}

class Woven : public ::testing::TestWithParam<std::string> {};

TEST_P(Woven, PicturesAreTogether) {
  const auto told = ordersOf(grab(GetParam(), Weave::kNone));
  EXPECT_GE(told.size(), 3U);
  for (const RowOrder order : told) EXPECT_EQ(order, RowOrder::kTogether);
  EXPECT_TRUE(unroll(grab(GetParam(), Weave::kNone)).events.empty());
}

TEST_P(Woven, OrderOfFieldsIsTold) {
  for (const auto& [weave, expected] : {std::pair{Weave::kUpperFirst, RowOrder::kEvenFirst},
                                        std::pair{Weave::kLowerFirst, RowOrder::kOddFirst}}) {
    const auto told = ordersOf(grab(GetParam(), weave));
    EXPECT_GE(told.size(), 2U);
    for (const RowOrder order : told) EXPECT_EQ(order, expected);
  }
}

/// Of pictures and of both kinds of fields, the same columns at the same times.
TEST_P(Woven, ColumnsAreThoseOfPictures) {
  const Unrolling pictures = unroll(grab(GetParam(), Weave::kNone));
  ASSERT_GT(pictures.columns.size(), 500U);
  for (const Weave weave : {Weave::kUpperFirst, Weave::kLowerFirst}) {
    const Unrolling fields = unroll(grab(GetParam(), weave));
    ASSERT_EQ(fields.events.size(), 1U);
    EXPECT_NE(
        fields.events[0].label.find(weave == Weave::kUpperFirst ? "the upper first" : "the lower first"),
        std::string::npos)
        << fields.events[0].label;
    EXPECT_NEAR(static_cast<double>(fields.columns.size()), static_cast<double>(pictures.columns.size()), 4);
    const int shown = weave == Weave::kUpperFirst ? 0 : 1;
    double mostLateS = 0;
    double off = 0;
    int compared = 0;
    std::size_t next = 0;
    for (const Column& c : fields.columns) {
      EXPECT_EQ(c.quality, 0) << c.timeS;
      while (next + 1 < pictures.columns.size() && std::abs(pictures.columns[next + 1].timeS - c.timeS) <
                                                       std::abs(pictures.columns[next].timeS - c.timeS))
        ++next;
      const Column& same = pictures.columns[next];
      mostLateS = std::max(mostLateS, std::abs(c.timeS - same.timeS));
      // The rows that the field has.
      for (int row = shown; row < c.grey.rows; row += 2) {
        off += std::abs(c.grey.at<std::uint8_t>(row) - same.grey.at<std::uint8_t>(row));
        ++compared;
      }
    }
    EXPECT_LT(mostLateS, 0.0015);
    EXPECT_LT(off / compared, 0.5);
  }
}

TEST_P(Woven, LateMotionIsAGap) {
  // Six seconds without motion: by then the frames have been taken as pictures.
  const Unrolling run = unroll(grab(GetParam(), Weave::kUpperFirst, 150));
  int said = 0;
  for (const Event& e : run.events) said += e.label.find("until here") != std::string::npos ? 1 : 0;
  EXPECT_EQ(said, 1);
  ASSERT_FALSE(run.columns.empty());
  for (std::size_t n = 1; n < run.columns.size(); ++n)
    EXPECT_GT(run.columns[n].timeS, run.columns[n - 1].timeS);
  EXPECT_GT(run.columns.back().timeS, 14.5);
}

INSTANTIATE_TEST_SUITE_P(Both, Woven, ::testing::Values("scroll", "sweep"));

// A scroll moves such an edge down nearly all the time, past row after row, as time goes on.
TEST(Woven, AnEdgeThatFallsSlowlyAndRisesFastIsNot) {
  constexpr double kColumnsPerFrame = 4.27;
  for (const double periodColumns : {128.0, 512.0}) {
    for (const int speckle : {0, 60}) {
      RowOrderWatch watch;
      cv::RNG random(1);
      cv::Mat whole(176, 3200, CV_8UC1);
      for (int x = 0; x < whole.cols; ++x) {
        const double phase = std::fmod(x / periodColumns, 1.0);
        const double height = 100 * (phase < 0.05 ? phase / 0.05 : (1 - phase) / 0.95);
        for (int row = 0; row < whole.rows; ++row) {
          const int grey = 160 - row < height && row < 160 ? 160 + random.uniform(-speckle, speckle + 1) : 8;
          whole.at<std::uint8_t>(row, x) = static_cast<std::uint8_t>(grey);
        }
      }
      for (int frame = 0; frame < 600; ++frame) {
        const int first = static_cast<int>(frame * kColumnsPerFrame);
        const auto told = watch.push(whole.colRange(first, first + 431));
        EXPECT_EQ(told.value_or(RowOrder::kTogether), RowOrder::kTogether)
            << "period " << periodColumns << ", speckle " << speckle << ", frame " << frame;
      }
    }
  }
}

}  // namespace
}  // namespace soleus::testing
