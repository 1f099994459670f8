#include "pipeline/doppler/scroll_unroller.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "pipeline/doppler/strip_report.h"

namespace soleus {
namespace {

// Columns this near the edge may still be smeared by the codec (one H.264 transform block) or half drawn.
constexpr int kMarginPx = 8;
// 20 s at 30 frames/s: long enough to average stamps, short enough to follow a drifting clock.
constexpr std::size_t kWindowPoints = 600;
constexpr double kGateColumns = 4;
// Stamps of live sources jitter by about a frame.
constexpr double kGateS = 0.04;
// Between one frame, by which a doubled frame lags, and two, the shortest standstill.
constexpr double kDoubledFrames = 1.6;
// A speed measured over less would put columns off by more than a third of a column at 9 px per frame.
constexpr double kLeastSpanS = 0.5;
// The profile is only contradicted by a speed known to a fraction of the tolerance.
constexpr double kScaleSpanS = 3;
// Longer than any doubled frame or hiccup of a converter.
constexpr double kStandstillS = 0.35;
// A shift below this is none; registration is good to a tenth of a pixel.
constexpr double kStillPx = 0.3;
// Where less is expected per frame, a frame without motion is nothing special.
constexpr double kSurelyMovesPx = 1.5;
// First search around the expected shift, and how far beyond twice the expected step the second one goes.
constexpr int kNarrowPx = 2;
constexpr int kWidePx = 32;
// Common columns the registration needs beside the margin.
constexpr int kCommonPx = 64;
// Share of whole shifts above which the display moves by whole pixels.
constexpr double kWholeShare = 0.8;
constexpr double kShareMemory = 0.95;

}  // namespace

ScrollUnroller::ScrollUnroller(const DopplerCalibration& calibration)
    : calibration_(calibration),
      registration_(kMarginPx),
      model_(kWindowPoints, kGateColumns, kGateS),
      assembler_(calibration.region.height),
      pending_(calibration.region.height) {}

Unrolled ScrollUnroller::push(const cv::Mat& strip, SessionTime time) {
  const double timeS = time.seconds();
  if (started_ && timeS <= lastTimeS_) {
    if (!stampFaultTold_) {
      events_.push_back(
          stripEvent(timeS, EventKind::kFault, "Frames whose stamp does not advance are ignored"));
    }
    stampFaultTold_ = true;
    return collect(false);
  }
  subsampleRows(strip, rows_);
  if (started_) {
    const double stepExpectedPx = model_.known() ? (timeS - lastTimeS_) / model_.secondsPerColumn() : 0;
    follow(strip, timeS, stepExpectedPx);
  } else {
    started_ = true;
    startAfresh(timeS);
  }
  previousPx_ = positionPx_;
  std::swap(previous_, rows_);
  strip.colRange(strip.cols - kMarginPx, strip.cols).copyTo(edge_);
  lastTimeS_ = timeS;
  return collect(false);
}

void ScrollUnroller::follow(const cv::Mat& strip, double timeS, double stepExpectedPx) {
  if (stepExpectedPx > strip.cols - kCommonPx - kMarginPx) {
    events_.push_back(stripEvent(lastTimeS_, EventKind::kGap,
                                 "No frames for %.2f s, longer than the strip shows", timeS - lastTimeS_));
    startAfresh(timeS);
    return;
  }
  const double beforePx = positionPx_;
  switch (locate(stepExpectedPx)) {
    case Motion::kReplaced:
      events_.push_back(stripEvent(timeS, EventKind::kGap, "The strip was replaced: spectrum restarted"));
      startAfresh(timeS);
      return;
    case Motion::kBlind:
      // Nothing to see is not nothing happening: go on at the known speed, or wait for something to see.
      if (model_.known() && !standing_) {
        positionPx_ = std::max(beforePx, std::round(model_.position(0, timeS) - 0.5));
        lastMovedS_ = timeS;
        append(strip, kMarginPx);
      } else if (!model_.known() && !standing_) {
        // Where it has come to cannot be known: what will be seen of it then starts a segment of its own.
        if (everMoved_) startAfresh(timeS);
        blindStart_ = true;
      }
      rereference();
      return;
    case Motion::kStill:
      stoodStill(strip, timeS);
      return;
    case Motion::kMoved:
      moved(strip, timeS);
      if (positionPx_ - referencePx_ > (strip.cols - kCommonPx - kMarginPx) / 2.0) rereference();
      return;
  }
}

ScrollUnroller::Motion ScrollUnroller::locate(double stepExpectedPx) {
  std::optional<double> shiftPx = searchShiftPx(stepExpectedPx);
  if (!shiftPx && referencePx_ != previousPx_) {
    // The old reference may share nothing with this frame where the last frame still does.
    previous_.copyTo(reference_);
    referencePx_ = previousPx_;
    shiftPx = searchShiftPx(stepExpectedPx);
  }
  if (!shiftPx) {
    const bool replaced = registration_.hasPlainTexture(rows_) && registration_.hasPlainTexture(reference_);
    return replaced ? Motion::kReplaced : Motion::kBlind;
  }
  const double positionPx = referencePx_ + *shiftPx;
  const double stepPx = positionPx - positionPx_;
  const bool still = stepPx < kStillPx && (!everMoved_ || !model_.known() || stepExpectedPx > kSurelyMovesPx);
  if (still) return Motion::kStill;
  const bool whole = *shiftPx == std::round(*shiftPx);
  wholeShare_ = kShareMemory * wholeShare_ + (1 - kShareMemory) * (whole ? 1 : 0);
  positionPx_ = std::max(positionPx, positionPx_);
  return Motion::kMoved;
}

std::optional<double> ScrollUnroller::searchShiftPx(double stepExpectedPx) const {
  const double fromPx = positionPx_ - referencePx_;
  const int mostPx = rows_.cols - kCommonPx - kMarginPx;
  const auto search = [&](double lowPx, double highPx) -> std::optional<double> {
    const int low = static_cast<int>(std::floor(lowPx));
    const int high = std::min(static_cast<int>(std::ceil(highPx)), mostPx);
    const auto match = registration_.find(reference_, rows_, low, high);
    // A minimum at the end of the range may be the slope toward a deeper one outside.
    const bool inside = match && (match->shiftPx > low + 0.5 || low <= fromPx) && match->shiftPx < high - 0.5;
    return inside ? std::optional(match->shiftPx) : std::nullopt;
  };
  if (!registration_.hasTexture(rows_)) return std::nullopt;
  if (model_.known()) {
    const double centrePx = fromPx + stepExpectedPx;
    if (const auto near = search(std::max(centrePx - kNarrowPx, fromPx - 1), centrePx + kNarrowPx))
      return near;
  }
  if (const auto wide = search(fromPx - 1, fromPx + 2 * stepExpectedPx + kWidePx)) return wide;
  return search(fromPx - 1, mostPx);
}

void ScrollUnroller::stoodStill(const cv::Mat& strip, double timeS) {
  if (standing_ || !everMoved_ || timeS - lastMovedS_ <= kStandstillS) return;
  standing_ = true;
  append(strip, 0);
  events_.push_back(stripEvent(lastMovedS_, EventKind::kGap, "The spectrum stands still"));
}

void ScrollUnroller::moved(const cv::Mat& strip, double timeS) {
  if (!everMoved_ && blindStart_) {
    // What stands on the strip scrolled in unseen; its times will tell what of it is new.
    nextColumn_ = std::lround(std::ceil(positionPx_)) - strip.cols;
  }
  if (everMoved_ && model_.known() && lastMovedS_ < lastTimeS_) {
    const double behindPx = model_.position(0, timeS) - positionPx_ - 0.5;
    // One frame behind is a doubled frame after a doubled one.
    const double jitterS = std::max(kGateS, kDoubledFrames * (timeS - lastTimeS_));
    if (behindPx > std::max(kGateColumns, jitterS / model_.secondsPerColumn())) {
      // It did not scroll while it stood: what follows belongs to a later time.
      if (!standing_) events_.push_back(stripEvent(lastMovedS_, EventKind::kGap, "The spectrum stood still"));
      commitPending();
      assembler_.breakHere();
      model_.reset();
      notBeforeS_ = lastTimeS_;
    }
  }
  everMoved_ = true;
  standing_ = false;
  lastMovedS_ = timeS;
  append(strip, kMarginPx);
  learn(timeS);
}

void ScrollUnroller::learn(double timeS) {
  const double halfColumn = wholeShare_ > kWholeShare ? 0.5 : 0;
  if (model_.push({0, positionPx_ + halfColumn, timeS}) != PassageModel::Verdict::kStep) return;
  events_.push_back(stripEvent(model_.outliers().front().timeS, EventKind::kCalibration,
                               "The strip's motion changed its pace; the time axis starts again from here"));
  drain(model_.outliers().front().position);
  assembler_.markCalibrationChange();
  model_.restart();
  scaleChecked_ = false;
}

void ScrollUnroller::startAfresh(double notBeforeS) {
  commitPending();
  assembler_.breakHere();
  model_.reset();
  rereference();
  referencePx_ = positionPx_ = 0;
  nextColumn_ = 0;
  everMoved_ = standing_ = scaleChecked_ = false;
  blindStart_ = !registration_.hasTexture(rows_);
  notBeforeS_ = lastMovedS_ = notBeforeS;
}

void ScrollUnroller::rereference() {
  rows_.copyTo(reference_);
  referencePx_ = positionPx_;
}

void ScrollUnroller::append(const cv::Mat& strip, int marginPx) {
  const long end = static_cast<long>(std::floor(positionPx_)) - marginPx;
  const long count = end - nextColumn_;
  if (count <= 0) return;
  const int x =
      std::max(0, static_cast<int>(std::lround(strip.cols - positionPx_ + static_cast<double>(nextColumn_))));
  pending_.append(strip, x, static_cast<int>(std::min<long>(count, strip.cols - x)));
  nextColumn_ = end;
}

void ScrollUnroller::drain(double beforeColumn) {
  if (!model_.known()) return;
  const long first = nextColumn_ - pending_.size();
  int i = 0;
  for (; i < pending_.size() && static_cast<double>(first + i) + 0.5 < beforeColumn; ++i) {
    const double timeS = model_.timeS(0, static_cast<double>(first + i) + 0.5);
    if (timeS >= notBeforeS_) assembler_.push(pending_.at(i), timeS, model_.secondsPerColumn());
  }
  pending_.pop(i);
}

void ScrollUnroller::commitPending() {
  if (pending_.size() > 0 && !model_.known()) {
    events_.push_back(stripEvent(lastTimeS_, EventKind::kGap,
                                 "%d columns left out: too little motion to know their time",
                                 pending_.size()));
  }
  drain(static_cast<double>(nextColumn_));
  pending_.clear();
}

Unrolled ScrollUnroller::collect(bool all) {
  if (model_.spanS() >= kLeastSpanS || pending_.size() > calibration_.region.width) {
    // While observations leave the model it may be about to step: what passed since waits for the verdict.
    const bool unsure = !model_.outliers().empty() && pending_.size() <= calibration_.region.width;
    drain(unsure ? model_.outliers().front().position : static_cast<double>(nextColumn_));
  }
  if (!scaleChecked_ && model_.known() && model_.spanS() >= kScaleSpanS) {
    scaleChecked_ = true;
    if (auto event = scaleEvent(lastTimeS_, model_.secondsPerColumn(), calibration_.secondsPerPixel)) {
      events_.push_back(std::move(*event));
    }
  }
  return {assembler_.take(all), std::exchange(events_, {})};
}

Unrolled ScrollUnroller::flush() {
  if (started_) {
    // The margin, as it stood in the last frame: nothing newer will come.
    const long count =
        std::clamp<long>(static_cast<long>(std::floor(positionPx_)) - nextColumn_, 0, kMarginPx);
    pending_.append(edge_, kMarginPx - static_cast<int>(count), static_cast<int>(count));
    nextColumn_ += count;
    commitPending();
  }
  Unrolled rest = collect(true);
  const DopplerCalibration calibration = calibration_;
  *this = ScrollUnroller(calibration);
  return rest;
}

}  // namespace soleus
