#include "calibration/screen/strip_motion.h"

#include <algorithm>
#include <cmath>

#include "pipeline/doppler/scroll_unroller.h"
#include "pipeline/doppler/sweep_unroller.h"

namespace soleus {
namespace {

// A usual pace to begin with; only what is measured is reported.
constexpr double kUsualStripS = 5;
// Shorter, and the rounding of the columns to whole pixels shows in the pace.
constexpr double kLeastWatchedS = 1.5;
constexpr std::size_t kLeastEstimates = 6;

DopplerCalibration unscaled(const Region& region) {
  DopplerCalibration calibration;
  calibration.region = region;
  calibration.secondsPerPixel = kUsualStripS / region.width;
  calibration.cmPerSPerPixel = 1;
  calibration.baselineRow = region.y + region.height / 2.0;
  return calibration;
}

}  // namespace

StripMotion::StripMotion(const Region& region)
    : scroll_{std::make_unique<ScrollUnroller>(unscaled(region)), {}},
      sweep_{std::make_unique<SweepUnroller>(unscaled(region)), {}} {}

void StripMotion::push(const cv::Mat& strip, SessionTime time) {
  kind_.push(strip, time.seconds());
  // What shows no kind is no strip: following it in vain would cost more than all else.
  const auto display = kind_.found();
  if (!display) return;
  Way& way = *display == Display::kScroll ? scroll_ : sweep_;
  way.unroller->push(strip, time);
  const double pace = way.unroller->secondsPerColumn();
  if (std::isfinite(pace) && pace > 0) way.seen.push_back({time.seconds(), pace});
}

std::optional<StripPace> StripMotion::pace() const {
  const auto display = kind_.found();
  if (!display) return std::nullopt;
  const std::vector<Seen>& seen = (*display == Display::kScroll ? scroll_ : sweep_).seen;
  if (seen.size() < kLeastEstimates) return std::nullopt;
  StripPace pace{*display, seen.back().secondsPerPixel, 0, seen.back().timeS - seen.front().timeS};
  if (pace.watchedS < kLeastWatchedS) return std::nullopt;
  // The estimate settles as it watches: what it still moved in its last third bounds what it is off.
  for (std::size_t i = seen.size() - seen.size() / 3; i < seen.size(); ++i) {
    pace.uncertainty =
        std::max(pace.uncertainty, std::abs(seen[i].secondsPerPixel / pace.secondsPerPixel - 1));
  }
  if (*display == Display::kSweep) {
    // Where the bar stands is known to a column, and when to a frame: half of that at either end, however
    // still the estimate has become.
    const double frameS = pace.watchedS / static_cast<double>(seen.size() - 1);
    pace.uncertainty = std::hypot(pace.uncertainty, 0.5 * (frameS + pace.secondsPerPixel) / pace.watchedS);
  }
  return pace;
}

}  // namespace soleus
