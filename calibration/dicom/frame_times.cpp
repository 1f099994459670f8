#include "calibration/dicom/frame_times.h"

#include <cmath>
#include <sstream>

namespace soleus {
namespace {

// Nine hours at 30 frames a second: what claims more has a damaged header, not so many frames.
constexpr std::int64_t kMostFrames = 1'000'000;
// Slower than one frame in ten seconds is no clip, faster than 10 kHz no scanner.
constexpr double kLeastMs = 0.1;
constexpr double kMostMs = 10'000;

bool plausible(double ms) {
  return ms >= kLeastMs && ms <= kMostMs;
}

Error implausible(const std::string& file, const std::string& element, double value) {
  std::ostringstream found;
  found << value;
  return {ErrorKind::kBadInput, file + ", " + element, "does not time its frames", found.str(),
          "from 0.1 ms to 10 s a frame"};
}

Result<FrameTimes> evenly(double stepMs, std::int64_t frames, const std::string& file,
                          const std::string& element, double value) {
  if (!plausible(stepMs)) return implausible(file, element, value);
  FrameTimes times;
  for (std::int64_t n = 0; n < frames; ++n)
    times.starts.push_back(SessionTime::fromSeconds(static_cast<double>(n) * stepMs * 1e-3));
  times.last = Span::fromSeconds(stepMs * 1e-3);
  times.source = element;
  return times;
}

Result<FrameTimes> oneByOne(const std::vector<double>& stepsMs, std::int64_t frames,
                            const std::string& file) {
  const std::string element = "FrameTimeVector";
  if (static_cast<std::int64_t>(stepsMs.size()) != frames) {
    return Error{ErrorKind::kBadInput, file + ", " + element, "does not fit its frames",
                 std::to_string(stepsMs.size()) + " times", std::to_string(frames)};
  }
  FrameTimes times;
  double ms = 0;
  for (std::size_t n = 0; n < stepsMs.size(); ++n) {
    // The first counts from a frame that is not there: the standard wants 0, some scanners write a step.
    if (n > 0 && !plausible(stepsMs[n])) return implausible(file, element, stepsMs[n]);
    if (n > 0) ms += stepsMs[n];
    times.starts.push_back(SessionTime::fromSeconds(ms * 1e-3));
  }
  // No element says how long the last one lasts.
  times.last = Span::fromSeconds((frames > 1 ? stepsMs.back() : kLeastMs) * 1e-3);
  times.source = element;
  return times;
}

}  // namespace

Result<FrameTimes> frameTimes(const CineModule& cine, std::int64_t frames, const std::string& file) {
  if (frames < 1 || frames > kMostFrames) {
    return Error{ErrorKind::kBadInput, file + ", NumberOfFrames", "is no count of frames",
                 std::to_string(frames), "1 to " + std::to_string(kMostFrames)};
  }
  if (frames == 1) return FrameTimes{{SessionTime{}}, Span::fromSeconds(kLeastMs * 1e-3), ""};
  const bool vectorFirst = cine.pointer == CineModule::Pointer::kFrameTimeVector || !cine.frameTimeMs;
  if (vectorFirst && !cine.frameTimeVectorMs.empty()) return oneByOne(cine.frameTimeVectorMs, frames, file);
  if (cine.frameTimeMs) return evenly(*cine.frameTimeMs, frames, file, "FrameTime", *cine.frameTimeMs);
  if (cine.cineRateHz) return evenly(1e3 / *cine.cineRateHz, frames, file, "CineRate", *cine.cineRateHz);
  if (cine.displayRateHz) {
    return evenly(1e3 / *cine.displayRateHz, frames, file, "RecommendedDisplayFrameRate",
                  *cine.displayRateHz);
  }
  return Error{ErrorKind::kBadInput, file, "does not say when its frames were taken",
               "none of FrameTime, FrameTimeVector, CineRate, RecommendedDisplayFrameRate", "one of them"};
}

}  // namespace soleus
