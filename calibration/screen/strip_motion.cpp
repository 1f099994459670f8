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
// Standard errors to be told: the errors of a sweep's bar hang together for longer than is taken for granted.
constexpr double kScrollErrors = 2;
constexpr double kSweepErrors = 3;
// Of a pace that does not tell its own, as after a strip that stood still: it began anew.
constexpr double kUntoldError = 0.01;
// Where the bar is seen at one of two faces, the pace of most is off by about as much as that of all.
constexpr double kApart = 1.5;
// All changes at once tell the pace of a sweep three times as well as following the bar, for the same said
// uncertainty; the half of that is relied on.
constexpr double kBarSurer = 1.5;
// Of all changes, what lies on the lines of the true pace at least, for the bar erases as well as it writes,
// and how many times what lies on those of a wrong one.
constexpr double kMostlyExplained = 0.4;
constexpr double kClearly = 1.5;
// Frames that the kind of display needs to show itself: a second of video, or two thirds at 60 frames/s.
constexpr std::size_t kMostEarly = 64;
// By what a codec's smear makes the same strip seem wider.
constexpr int kColumnsSmearPx = 3;
// The scatter of the motion shows most of that: by how much more than it tells the pace may be off.
constexpr double kColumnsErrors = 2;

DopplerCalibration unscaled(const Region& region) {
  DopplerCalibration calibration;
  calibration.region = region;
  calibration.secondsPerPixel = kUsualStripS / region.width;
  calibration.cmPerSPerPixel = 1;
  calibration.baselineRow = region.y + region.height / 2.0;
  return calibration;
}

}  // namespace

bool columnsDiffer(int watchedPx, int ownPx) {
  return std::abs(watchedPx - ownPx) > kColumnsSmearPx;
}

double paceOffByColumns(const StripPace& pace, int watchedPx, int ownPx) {
  if (!pace.overTurns || !columnsDiffer(watchedPx, ownPx)) return 0;
  const double share = 1.0 * (std::abs(watchedPx - ownPx) - kColumnsSmearPx) / watchedPx;
  return std::min(share, kColumnsErrors * pace.uncertainty);
}

StripMotion::StripMotion(const Region& region)
    : scroll_{std::make_unique<ScrollUnroller>(unscaled(region)), {}},
      sweep_{std::make_unique<SweepUnroller>(unscaled(region)), {}} {}

void StripMotion::push(const cv::Mat& strip, SessionTime time) {
  kind_.push(strip, time.seconds());
  // What shows no kind is no strip: following it in vain would cost more than all else.
  const auto display = kind_.found();
  if (!display) {
    early_.push_back({strip.clone(), time});
    if (early_.size() > kMostEarly) early_.pop_front();
    return;
  }
  for (const Frame& frame : early_) follow(frame.strip, frame.time);
  early_.clear();
  follow(strip, time);
}

void StripMotion::follow(const cv::Mat& strip, SessionTime time) {
  const bool sweep = kind_.found() == Display::kSweep;
  Way& way = sweep ? sweep_ : scroll_;
  way.unroller->push(strip, time);
  if (sweep) bar_.push(strip, time.seconds());
  const double pace = way.unroller->secondsPerColumn();
  if (std::isfinite(pace) && pace > 0) way.seen.push_back({time.seconds(), pace});
}

/// Whether the one pace explains the changes that the other does not.
bool StripMotion::isClearly(double oneSPerPixel, double otherSPerPixel) const {
  const double share = bar_.explained(oneSPerPixel);
  return share >= kMostlyExplained && share >= kClearly * bar_.explained(otherSPerPixel);
}

std::optional<StripPace> StripMotion::pace() const {
  const auto display = kind_.found();
  if (!display) return std::nullopt;
  const Way& way = *display == Display::kScroll ? scroll_ : sweep_;
  const std::vector<Seen>& seen = way.seen;
  if (seen.size() < kLeastEstimates) return std::nullopt;
  StripPace pace{*display, seen.back().secondsPerPixel, 0, seen.back().timeS - seen.front().timeS};
  if (pace.watchedS < kLeastWatchedS) return std::nullopt;
  // The estimate settles as it watches: what it still moved in its last third is the least that it is off.
  double settling = 0;
  for (std::size_t i = seen.size() - seen.size() / 3; i < seen.size(); ++i)
    settling = std::max(settling, std::abs(seen[i].secondsPerPixel / pace.secondsPerPixel - 1));
  const double error = way.unroller->secondsPerColumnErrorShare();
  if (!std::isfinite(error)) {
    pace.uncertainty = std::max(settling, kUntoldError);
  } else if (*display == Display::kScroll) {
    pace.uncertainty = std::max(settling, kScrollErrors * error);
  } else {
    // Where the bar stands is known to a column, and when to a frame: half of that at either end, or less
    // where what lies between agrees.
    const double frameS = pace.watchedS / static_cast<double>(seen.size() - 1);
    const double ends = 0.5 * (frameS + pace.secondsPerPixel) / pace.watchedS;
    pace.uncertainty = std::min(std::hypot(settling, ends), std::max(settling, kSweepErrors * error));
  }
  // Nothing where that is not known (NaN).
  pace.uncertainty = std::max(pace.uncertainty, kApart * way.unroller->apartShare());
  if (*display == Display::kSweep) {
    pace.overTurns = true;
    const auto bar = bar_.near(pace.secondsPerPixel);
    const double apart = bar ? std::abs(bar->secondsPerPixel / pace.secondsPerPixel - 1) : 0;
    const bool agree = bar && apart <= pace.uncertainty + bar->uncertainty;
    if (bar && !agree && !isClearly(bar->secondsPerPixel, pace.secondsPerPixel)) {
      pace.uncertainty = apart;  // which of the two is right nobody knows
    } else if (bar && (!agree || bar->uncertainty < kBarSurer * pace.uncertainty)) {
      pace.secondsPerPixel = bar->secondsPerPixel;
      pace.uncertainty = bar->uncertainty;
      pace.overTurns = false;
    }
  }
  return pace;
}

}  // namespace soleus
