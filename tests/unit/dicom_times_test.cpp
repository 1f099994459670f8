#include <gmock/gmock.h>

#include <cmath>

#include "calibration/dicom/frame_times.h"

namespace soleus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<double> msOf(const CineModule& cine, std::int64_t frames) {
  const auto times = frameTimes(cine, frames, "a.dcm");
  EXPECT_TRUE(times.ok()) << (times.ok() ? "" : times.error().sentence());
  std::vector<double> ms;
  if (times.ok())
    for (const SessionTime start : times.value().starts) ms.push_back(static_cast<double>(start.ns) * 1e-6);
  return ms;
}

std::string faultOf(const CineModule& cine, std::int64_t frames) {
  const auto times = frameTimes(cine, frames, "a.dcm");
  return times.ok() ? "accepted from " + times.value().source : times.error().sentence();
}

TEST(FrameTimes, ComeFromTheElementThatThePointerNames) {
  CineModule cine;
  cine.frameTimeMs = 40;
  cine.frameTimeVectorMs = {0, 30, 50};
  EXPECT_THAT(msOf(cine, 3), ElementsAre(0, 40, 80));
  cine.pointer = CineModule::Pointer::kFrameTimeVector;
  EXPECT_THAT(msOf(cine, 3), ElementsAre(0, 30, 80));
}

TEST(FrameTimes, TheFirstStepOfAVectorCountsFromNothing) {
  CineModule cine;
  cine.frameTimeVectorMs = {33.333, 50, 33.333};
  EXPECT_THAT(msOf(cine, 3), ElementsAre(0, 50, 83.333));
}

TEST(FrameTimes, DoNotDriftOverAnHour) {
  CineModule cine;
  cine.frameTimeMs = 1001.0 / 30;
  EXPECT_NEAR(msOf(cine, 108000).back(), 107999 * 1001.0 / 30, 1e-6);
}

TEST(FrameTimes, RatesServeWhereThereIsNothingElse) {
  CineModule cine;
  cine.displayRateHz = 10;
  EXPECT_THAT(faultOf(cine, 2), HasSubstr("RecommendedDisplayFrameRate"));
  EXPECT_THAT(msOf(cine, 2), ElementsAre(0, 100));
  cine.cineRateHz = 20;
  EXPECT_THAT(msOf(cine, 2), ElementsAre(0, 50));
}

TEST(FrameTimes, AreNeverInvented) {
  EXPECT_THAT(faultOf({}, 2), HasSubstr("does not say when its frames were taken"));
  CineModule cine;
  cine.frameTimeMs = 0;
  EXPECT_THAT(faultOf(cine, 2), HasSubstr("FrameTime"));
  cine.frameTimeMs = std::nan("");
  EXPECT_THAT(faultOf(cine, 2), HasSubstr("FrameTime"));
  cine = {};
  cine.cineRateHz = 0;
  EXPECT_THAT(faultOf(cine, 2), HasSubstr("CineRate"));
  cine = {};
  cine.frameTimeVectorMs = {0, 40};
  EXPECT_THAT(faultOf(cine, 3), HasSubstr("2 times"));
  cine.frameTimeVectorMs = {0, 40, -40};
  EXPECT_THAT(faultOf(cine, 3), HasSubstr("-40"));
  EXPECT_THAT(faultOf(cine, 0), HasSubstr("NumberOfFrames"));
  EXPECT_THAT(faultOf(cine, 2147483647), HasSubstr("NumberOfFrames"));
}

TEST(FrameTimes, OfAStillAreNotAskedFor) {
  EXPECT_THAT(msOf({}, 1), ElementsAre(0));
}

}  // namespace
}  // namespace soleus
