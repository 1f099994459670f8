#include "pipeline/doppler/strip_report.h"

#include <array>
#include <cmath>
#include <cstdarg>
#include <cstdio>

namespace soleus {
namespace {

// Drawing a scale by hand is good to about this.
constexpr double kScaleTolerance = 0.01;

}  // namespace

Event stripEvent(double timeS, EventKind kind, const char* format, ...) {
  std::array<char, 256> text{};
  std::va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text.data(), text.size(), format, arguments);
  va_end(arguments);
  return {SessionTime::fromSeconds(timeS), kind, text.data()};
}

std::optional<Event> scaleEvent(double timeS, double measuredSPerPx, double nominalSPerPx) {
  const double ratio = measuredSPerPx / nominalSPerPx;
  if (!(nominalSPerPx > 0) || std::abs(ratio - 1) <= kScaleTolerance) return std::nullopt;
  return stripEvent(
      timeS, EventKind::kCalibration,
      "The strip moves at %.6f s per pixel, %+.1f %% from the profile's %.6f; the measured value is used",
      measuredSPerPx, 100 * (ratio - 1), nominalSPerPx);
}

}  // namespace soleus
