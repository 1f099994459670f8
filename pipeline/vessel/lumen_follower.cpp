#include "pipeline/vessel/lumen_follower.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace soleus {
namespace {

// A vein moves with the breath and the probe's slips by less than half its width, or than a millimetre, from
// one frame to the next.
constexpr double kLargestShift = 0.5;
constexpr double kLeastShiftMm = 1.0;

// A contracting calf empties a vein in 0.2 to 0.3 s: its diameter may change by a quarter, and for every
// second between the frames by four times as much as it was.
constexpr double kChangeAtOnce = 0.25;
constexpr double kChangePerS = 4.0;

// What a vein was longer ago is no place to search from: half a second is a whole contraction.
constexpr Span kRemembered{500'000'000};
// Something else has to stand for as long before it is taken for the vein; behind a vein that was pressed
// shut as long as a contraction is held, since the vein will be back.
constexpr Span kOtherStands{500'000'000};
constexpr Span kHeldShut{3'000'000'000};

// Diameter in shares of the widest of late at which a vein that vanishes was pressed shut: half the area.
constexpr double kPressed = 0.7;
// By a tenth a second the widest of late is forgotten.
constexpr double kForgetPerS = 0.1;

// A shorter absence is a flaw of the picture and not worth a word.
constexpr Span kUnseenIsSaid{300'000'000};

// Mean over a second: a beat of the heart.
constexpr Span kAngleOver{1'000'000'000};

}  // namespace

bool LumenFollower::couldBecome(const Lumen& before, const Lumen& after, Span apart) const {
  if (after.section != before.section) return false;
  // One wall may lie still while the other moves.
  const double widerPx = std::max(before.diameterPx(), after.diameterPx());
  const double shiftPx = std::max(kLargestShift * widerPx, kLeastShiftMm / calibration_.mmPerPixel);
  if (cv::norm(after.centre - before.centre) > shiftPx) return false;
  const double change = 1.0 + kChangeAtOnce + kChangePerS * apart.seconds();
  const double ratio = after.diameterPx() / before.diameterPx();
  return ratio < change && ratio > 1.0 / change;
}

Lumen LumenFollower::accepted(const cv::Mat& bmode, const Lumen& found, SessionTime time) {
  if (found.seen() && (!last_.seen() || couldBecome(last_, found, time - lastTime_))) return found;

  if (found.seen()) {
    const bool stands = other_.seen() && couldBecome(other_, found, time - otherTime_);
    if (!stands) otherSince_ = time;
    other_ = found;
    otherTime_ = time;
    const bool pressed = last_.diameterPx() < kPressed * widestPx_;
    if (time - otherSince_ >= (pressed ? kHeldShut : kOtherStands)) {
      widestPx_ = 0;
      return found;
    }
  }
  if (!last_.seen() || time - lastTime_ > kRemembered) return {};
  const Lumen there = findLumenNear(bmode, calibration_, last_);
  return there.seen() && couldBecome(last_, there, time - lastTime_) ? there : Lumen{};
}

LumenFollower::Followed LumenFollower::push(const cv::Mat& bmode, const Lumen& found, SessionTime time) {
  if (time - shownTime_ > kRemembered) {
    // Nothing was shown in between: stills, or a gap in the recording. Whatever is there now is as good as
    // new.
    last_ = other_ = {};
    widestPx_ = 0;
    missed_ = false;
  }
  shownTime_ = time;
  const Lumen lumen = accepted(bmode, found, time);
  Followed followed{sampleOf(lumen, calibration_, time), change(lumen.seen(), time)};
  if (!followed.event) followed.event = angle(lumen, time);
  if (lumen.seen()) {
    const double kept = std::exp(-kForgetPerS * (time - lastTime_).seconds());
    widestPx_ = std::max(lumen.diameterPx(), widestPx_ * kept);
    last_ = lumen;
    lastTime_ = time;
    if (found.seen() && couldBecome(found, lumen, Span{})) other_ = {};
  }
  return followed;
}

std::optional<Event> LumenFollower::change(bool seen, SessionTime time) {
  if (!last_.seen() || seen != missed_) return std::nullopt;
  if (seen) {
    missed_ = false;
    return Event{time, EventKind::kNote, "The lumen is seen again"};
  }
  if (time - lastTime_ < kUnseenIsSaid) return std::nullopt;
  missed_ = true;
  const bool pressed = last_.diameterPx() < kPressed * widestPx_;
  return Event{time, EventKind::kNote,
               pressed ? "The vein is pressed until no lumen is seen" : "The lumen is lost from view"};
}

std::optional<Event> LumenFollower::angle(const Lumen& lumen, SessionTime time) {
  if (angleSaid_ || lumen.section != Lumen::Section::kAlong) {
    alongFrames_ = 0;
    return std::nullopt;
  }
  if (alongFrames_++ == 0) {
    alongSince_ = time;
    angleSumRad_ = 0;
  }
  angleSumRad_ += lumen.angleRad;
  if (time - alongSince_ < kAngleOver) return std::nullopt;
  angleSaid_ = true;
  const double degrees = beamAngleDegrees(angleSumRad_ / alongFrames_);
  return Event{time, EventKind::kNote,
               "The vessel runs at " + std::to_string(std::lround(degrees)) +
                   " degrees to a beam straight down the picture"};
}

}  // namespace soleus
