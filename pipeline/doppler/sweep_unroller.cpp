#include "pipeline/doppler/sweep_unroller.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "pipeline/doppler/strip_report.h"

namespace soleus {
namespace {

// 20 s at 30 frames/s: three sweeps of six seconds.
constexpr std::size_t kWindowPoints = 600;
constexpr double kGateColumns = 5;
constexpr double kGateS = 0.05;
// The edge may stay unknown where nothing new is visible; then the tracked change has to do.
constexpr double kEdgePatienceS = 4;
// A column is read this much after it was written: the codec's smear, and the frames it refines a block in.
constexpr double kReadMarginPx = 8;
constexpr double kReadMarginS = 0.1;
// A first look stays this far behind the front, which is known to half a column.
constexpr double kLookMarginPx = 1;
// Columns wait this long for the front to be seen beyond them: longer than a pause between heart beats.
constexpr double kBlindHoldS = 1.5;
// Columns in a row, and seconds of them, that did not change though they had to: the spectrum stands still.
constexpr int kMissingColumns = 10;
constexpr double kMissingS = 0.15;
// Standard errors within which a sweep counts as wide as its region.
constexpr double kErrors = 2.5;
// The region is drawn around the sweep; one drawn 7 px too wide around 430 is what is met with.
constexpr double kRegionSdShare = 0.01;
// A sweep that has not come round by this multiple of the region's width has stopped.
constexpr double kLostShare = 1.5;
// Profile against measured speed: known to a fraction of the tolerance by then.
constexpr double kScaleSpanS = 3;

}  // namespace

SweepUnroller::SweepUnroller(const DopplerCalibration& calibration)
    : calibration_(calibration),
      widthPx_(calibration.region.width),
      model_(kWindowPoints, kGateColumns, kGateS),
      strips_(calibration.region.width),
      assembler_(calibration.region.height),
      pendingGrey_(calibration.region.height),
      hits_(static_cast<std::size_t>(calibration.region.width)) {
  model_.expectLapColumns(widthPx_, kRegionSdShare * widthPx_);
}

Unrolled SweepUnroller::push(const cv::Mat& strip, SessionTime time) {
  timeS_ = time.seconds();
  if (!strips_.empty() && timeS_ <= lastTimeS_) {
    if (!stampFaultTold_) {
      events_.push_back(
          stripEvent(timeS_, EventKind::kFault, "Frames whose stamp does not advance are ignored"));
    }
    stampFaultTold_ = true;
    return collect(false);
  }
  const bool first = strips_.empty();
  strips_.push(strip, timeS_, !reading_ || !periodKnown());
  if (first) {
    notBeforeS_ = timeS_;
  } else {
    ++frame_;
    if (model_.known()) {
      track();
    } else {
      search();
    }
  }
  lastTimeS_ = timeS_;
  return collect(false);
}

bool SweepUnroller::periodKnown() const {
  return model_.periodS() > 0;
}

int SweepUnroller::lapAt(double timeS) const {
  return periodKnown() ? static_cast<int>(std::floor((timeS - model_.timeS(0, 0)) / model_.periodS())) : 0;
}

double SweepUnroller::columnTimeS(const Column& column) const {
  return model_.timeS(column.lap, column.x + 0.5 - offsetPx_);
}

double SweepUnroller::surelyWrittenS() const {
  // A display that pauses for a moment and then catches up still shows old columns where the front should be.
  const double holdS = periodKnown() ? std::min(kBlindHoldS, model_.periodS() / 3) : kBlindHoldS;
  return std::max(lastSeenS_, timeS_ - holdS);
}

double SweepUnroller::marginS() const {
  return std::max(kReadMarginS, kReadMarginPx * model_.secondsPerColumn());
}

int SweepUnroller::endColumn() const {
  if (!periodKnown()) return static_cast<int>(kSureShare * widthPx_);
  return std::min(widthPx_, firstColumn_ + sweepPx());
}

int SweepUnroller::sweepPx() const {
  const double px = model_.periodS() / model_.secondsPerColumn();
  // As wide as the region, unless it is known better.
  return std::abs(px - widthPx_) < toleranceSpacings() ? widthPx_ : static_cast<int>(std::lround(px));
}

double SweepUnroller::toleranceSpacings() const {
  return kErrors * model_.lapErrorColumns();
}

void SweepUnroller::track() {
  const bool seen = observe();
  if (!model_.known()) return;  // it stepped
  if (seen) {
    lastSeenS_ = timeS_;
    passedS_ = lastTimeS_;
    strips_.markFrontSeen();
  }
  seenBefore_ = seen;
  collectPoints();
  measureEdge();
  if (frame_ % kFramesPerSearch == 0) {
    if (!periodKnown()) findPeriod();
    findRestart();
    if (!model_.known()) return;
  }
  if (!periodKnown() && model_.position(0, timeS_) > kLostShare * widthPx_) {
    events_.push_back(
        stripEvent(lastSeenS_, EventKind::kGap, "The sweep did not come round; it is searched for anew"));
    endSegment(lastSeenS_);
    return;
  }
  if (!reading_) placeCursor();
  if (reading_) read(marginS());
  trustSilence();
  commit();
}

void SweepUnroller::placeCursor() {
  const bool edgeKnown = edge_.offsetPx().has_value();
  if (!edgeKnown && timeS_ - begunS_ < kEdgePatienceS) return;
  const double fromPx = model_.position(0, notBeforeS_) + offsetPx_;
  const bool inEarlierLap = fromPx < -1;
  if (inEarlierLap && !periodKnown() && timeS_ - begunS_ < SweepStrips::kSnapshots / 2.0) return;
  const int lap = inEarlierLap ? lapAt(notBeforeS_) : 0;
  cursor_ = {lap, std::max(firstColumn_,
                           static_cast<int>(std::ceil(model_.position(lap, notBeforeS_) + offsetPx_)))};
  reading_ = true;
  missing_ = 0;
}

void SweepUnroller::read(double marginS) {
  while (true) {
    if (cursor_.x >= endColumn()) {
      if (!periodKnown()) return;
      placeSweep();
      cursor_ = {cursor_.lap + 1, firstColumn_};
    }
    const double writtenS = columnTimeS(cursor_);
    // What the front has passed is read at once: it may go back and write there anew.
    const double untilS = writtenS <= passedS_ ? timeS_ : surelyWrittenS();
    if (writtenS + model_.secondsPerColumn() / 2 + marginS > untilS) return;
    const double readS = strips_.stripTimeAfter(writtenS + marginS);
    const bool overwritten = periodKnown() && readS > writtenS + model_.periodS() - marginS;
    if (writtenS >= notBeforeS_ && !overwritten) {
      const cv::Mat& strip = strips_.stripAfter(writtenS + marginS);
      pendingGrey_.append(strip, cursor_.x, 1);
      pending_.push_back(cursor_);
      judge(strip);
    }
    ++cursor_.x;
    const int enough = std::max(kMissingColumns, static_cast<int>(kMissingS / model_.secondsPerColumn()));
    if (missing_ >= enough) {
      events_.push_back(stripEvent(lastSeenS_, EventKind::kGap, "The spectrum stands still"));
      endSegment(lastSeenS_);
      return;
    }
  }
}

void SweepUnroller::judge(const cv::Mat& strip) {
  const Column& column = pending_.back();
  const double writtenS = columnTimeS(column);
  if (strips_.changed(column.x, writtenS - marginS(), writtenS + marginS())) {
    missing_ = 0;
    if (writtenS <= passedS_) sure_ = pending_.size();
  } else if (strips_.hasContent(strip, column.x)) {
    ++missing_;
  }
}

void SweepUnroller::trustSilence() {
  // A front that stood still would have met, within a lap, whatever the strip shows.
  const double lapS = periodKnown() ? model_.periodS() : widthPx_ * model_.secondsPerColumn();
  while (sure_ < pending_.size() && columnTimeS(pending_[sure_]) < timeS_ - lapS) ++sure_;
}

void SweepUnroller::commit() {
  for (std::size_t n = 0; n < sure_; ++n) {
    assembler_.push(pendingGrey_.at(static_cast<int>(n)), columnTimeS(pending_[n]), model_.secondsPerColumn(),
                    toleranceSpacings());
  }
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(sure_));
  pendingGrey_.pop(static_cast<int>(sure_));
  sure_ = 0;
}

StripLook SweepUnroller::ahead() {
  if (!model_.known() || !reading_) return assembler_.ahead();
  StripAssembler beyond = assembler_;
  lookBeyond(beyond);
  assembler_.tellAhead();
  return beyond.ahead();
}

/// What was read and is not sure yet, and what the newest strip shows up to the front, whether or not its
/// codec will refine it.
void SweepUnroller::lookBeyond(StripAssembler& beyond) {
  const double spacingS = model_.secondsPerColumn();
  for (std::size_t n = 0; n < pending_.size(); ++n) {
    const cv::Mat grey = pendingGrey_.at(static_cast<int>(n));
    if (!beyond.tryHold(grey, columnTimeS(pending_[n]), spacingS, toleranceSpacings())) return;
  }
  ColumnQueue grey(calibration_.region.height);
  Column at = cursor_;
  // Of the first sweep, where it ends is not known yet, but the front is seen.
  const int end = periodKnown() ? endColumn() : widthPx_;
  while (true) {
    if (at.x >= end) {
      if (!periodKnown()) return;
      at = {at.lap + 1, firstColumn_};
    }
    const double writtenS = columnTimeS(at);
    if (writtenS + (0.5 + kLookMarginPx) * spacingS > surelyWrittenS()) return;
    if (writtenS >= notBeforeS_) {
      grey.append(strips_.newest(), at.x, 1);
      if (!beyond.tryHold(grey.at(0), writtenS, spacingS, toleranceSpacings())) return;
      grey.pop(1);
    }
    ++at.x;
  }
}

void SweepUnroller::endSegment(double keepUntilS) {
  // One column less: the last may be half drawn.
  const double untilS = keepUntilS - model_.secondsPerColumn();
  while (sure_ > 0 && columnTimeS(pending_[sure_ - 1]) > untilS) --sure_;
  commit();
  pending_.clear();
  pendingGrey_.clear();
  assembler_.breakHere();
  assembler_.markCalibrationChange();
  model_.reset();
  edge_.reset();
  strips_.forgetSnapshots();
  std::erase_if(points_, [&](const ChangePoint& p) { return p.timeS < keepUntilS; });
  offsetPx_ = 0;
  notBeforeS_ = keepUntilS;
  fromStart_ = reading_ = scaleChecked_ = seamTold_ = false;
  std::fill(hits_.begin(), hits_.end(), 0);
  firstColumn_ = missing_ = 0;
}

void SweepUnroller::checkScale() {
  if (!model_.known()) return;
  if (!scaleChecked_ && model_.spanS() >= kScaleSpanS) {
    scaleChecked_ = true;
    if (auto event = scaleEvent(lastTimeS_, model_.secondsPerColumn(), calibration_.secondsPerPixel)) {
      events_.push_back(std::move(*event));
    }
  }
  if (seamTold_ || lapAt(timeS_) < 1 || !reading_) return;
  const double hiddenPx = model_.periodS() / model_.secondsPerColumn() - widthPx_;
  if (hiddenPx + 1 <= StripAssembler::kGapSpacings + toleranceSpacings()) return;
  seamTold_ = true;
  events_.push_back(stripEvent(timeS_, EventKind::kCalibration,
                               "The sweep is %.0f pixels wider than the region: that much is missing of each",
                               hiddenPx));
}

Unrolled SweepUnroller::collect(bool all) {
  checkScale();
  return {assembler_.take(all), std::exchange(events_, {})};
}

Unrolled SweepUnroller::flush() {
  if (model_.known()) {
    if (!reading_) {
      begunS_ = timeS_ - kEdgePatienceS - SweepStrips::kSnapshots;
      placeCursor();
    }
    // The front itself is known to a column, and all that it passed is there.
    passedS_ = lastSeenS_;
    if (reading_) read(model_.secondsPerColumn());
    commit();
  } else if (!strips_.empty() && assembler_.empty()) {
    events_.push_back(stripEvent(timeS_, EventKind::kFault, "No moving front was found on the strip"));
  }
  Unrolled rest = collect(true);
  const DopplerCalibration calibration = calibration_;
  *this = SweepUnroller(calibration);
  return rest;
}

}  // namespace soleus
