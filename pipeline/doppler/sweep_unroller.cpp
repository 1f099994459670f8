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
// Changes this near the predicted front are the front: codec smear of one block, and the model's error when
// young.
constexpr double kFrontPx = 3.5;
// An edge this far from the tracked change belongs to another line than the one that is tracked.
constexpr double kOtherLinePx = 2.5;
// The leftmost line begins where a column changed at least this much against the strongest; less is what a
// codec adds to columns written a frame or two ago. It is as wide as the front moved, and the codec a little
// wider.
constexpr float kLineShare = 0.35F;
constexpr int kLineExtraPx = 2;
// A frame that was skipped this far says that the front moves, not where it is.
constexpr double kMostStepPx = 24;
// Where less is expected per frame, a frame without motion is nothing special.
constexpr double kSurelyMovesPx = 1.5;
// Points that a line is searched in: enough for a few beats, little enough for some milliseconds of search.
constexpr double kSearchS = 3;
constexpr std::size_t kPointsPerFrame = 2;
constexpr int kFramesPerSearch = 8;
// Step between compared frames for the edge: wider than the codec's smear on both sides.
constexpr double kEdgeStepPx = 14;
// The edge may stay unknown where nothing new is visible; then the tracked change has to do.
constexpr double kEdgePatienceS = 4;
// By then the tracked points say more than those the search began with.
constexpr double kSettleS = 1;
constexpr std::size_t kSettlePoints = 40;
// A column is read this much after it was written: the codec's smear, and the frames it refines a block in.
constexpr double kReadMarginPx = 8;
constexpr double kReadMarginS = 0.1;
// Columns wait this long for the front to be seen beyond them: longer than a pause between heart beats.
constexpr double kBlindHoldS = 1.5;
// Read without having seen the front, they wait so much longer for a verdict on whether it moves at all.
constexpr double kVerdictS = 0.4;
// Columns in a row, and seconds of them, that did not change though they had to: the spectrum stands still.
constexpr int kMissingColumns = 10;
constexpr double kMissingS = 0.15;
// Standard errors within which a sweep counts as wide as its region.
constexpr double kErrors = 2.5;
// The region is drawn around the sweep; one drawn 7 px too wide around 430 is what is met with.
constexpr double kRegionSdShare = 0.01;
// Part of the region that certainly belongs to the sweep while its period is unknown.
constexpr double kSureShare = 0.85;
// Until here a second lap is expected to fit the region.
constexpr double kPatientShare = 1.3;
// A sweep that has not come round by this multiple of the region's width has stopped.
constexpr double kLostShare = 1.5;
// Profile against measured speed: known to a fraction of the tolerance by then.
constexpr double kScaleSpanS = 3;
// Parallel lines this close are two faces of one front (bar, gap), not a restart, unless one is gone for
// good.
constexpr double kSameFrontPx = SweepEdge::kLeftPx;
constexpr double kGoneS = 3;

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

void SweepUnroller::collectPoints() {
  strongestClusters(strips_.change(), kPointsPerFrame, clusters_);
  const double middleS = (timeS_ + lastTimeS_) / 2;
  for (const ChangeCluster& c : clusters_) points_.push_back({c.centrePx, middleS, frame_});
  const auto old = std::find_if(points_.begin(), points_.end(),
                                [&](const ChangePoint& p) { return p.timeS >= timeS_ - kSearchS; });
  points_.erase(points_.begin(), old);
}

void SweepUnroller::search() {
  collectPoints();
  if (frame_ % kFramesPerSearch != 0) return;
  if (const auto line = findSweepLine(points_, widthPx_)) begin(*line);
  if (fromStart_ && !model_.known() && strips_.keptSinceS() > notBeforeS_ + 1) {
    events_.push_back(stripEvent(notBeforeS_, EventKind::kGap, "No moving front to be seen from the start"));
    fromStart_ = false;
  }
}

void SweepUnroller::begin(const SweepLine& line) {
  for (const ChangePoint& p : line.points) model_.push({0, p.xPx, p.timeS});
  if (!model_.known()) return;
  std::erase_if(points_, [&](const ChangePoint& p) {
    return std::abs(p.xPx - model_.position(0, p.timeS)) < kFrontPx;
  });
  begunS_ = timeS_;
  lastSeenS_ = line.lastS;
  if (!fromStart_) notBeforeS_ = std::max(notBeforeS_, line.firstS);
  findPeriod();
}

void SweepUnroller::track() {
  const bool seen = observe();
  if (!model_.known()) return;  // it stepped
  if (seen) {
    lastSeenS_ = timeS_;
    strips_.markFrontSeen();
  }
  seenBefore_ = seen;
  collectPoints();
  measureEdge();
  if (!periodKnown() && !settled_ && timeS_ - begunS_ > kSettleS && model_.points() > kSettlePoints) {
    // What the search took for the front may have been front and gap in one.
    settled_ = model_.forgetBefore(begunS_);
  }
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
  commit(false);
}

ChangeCluster SweepUnroller::takeFront(int from, int to, double stepPx) {
  std::vector<float>& change = strips_.change();
  float strongest = 0;
  for (int x = from; x <= to; ++x) strongest = std::max(strongest, change[static_cast<std::size_t>(x)]);
  ChangeCluster front;
  int end = -1;  // of the leftmost line: a bar or the end of a gap may follow
  for (int x = from; x <= to; ++x) {
    float& c = change[static_cast<std::size_t>(x)];
    if (c > 0) ++hits_[static_cast<std::size_t>(x)];
    if (end < 0 && c > kLineShare * strongest) end = x + static_cast<int>(std::ceil(stepPx)) + kLineExtraPx;
    if (x < end) {
      front.centrePx += c * (x + 0.5);
      front.energyGrey += c;
    }
    c = 0;  // explained
  }
  if (front.energyGrey > 0) front.centrePx /= front.energyGrey;
  return front;
}

bool SweepUnroller::observe() {
  const double middleS = (timeS_ + lastTimeS_) / 2;
  const double stepPx = (timeS_ - lastTimeS_) / model_.secondsPerColumn();
  const double gatePx = kFrontPx * model_.extrapolation(middleS) + stepPx / 2;
  ChangeCluster best;
  int bestLap = 0;
  const int around = periodKnown() ? 1 : 0;  // near a seam the laps before and after are seen as well
  for (int lap = lapAt(middleS) - around; lap <= lapAt(middleS) + around; ++lap) {
    const double centrePx = model_.position(lap, middleS);
    const int from = std::max(0, static_cast<int>(std::ceil(centrePx - gatePx)));
    const int to = std::min(widthPx_ - 1, static_cast<int>(std::floor(centrePx + gatePx)));
    const ChangeCluster here = takeFront(from, to, stepPx);
    if (here.energyGrey > best.energyGrey) {
      best = here;
      bestLap = lap;
    }
  }
  if (best.energyGrey <= 0) return false;
  // After a frame without motion the change may span two frames: a doubled frame looks like a hidden front.
  const bool sharp = stepPx < kMostStepPx && (seenBefore_ || stepPx < kSurelyMovesPx);
  if (sharp) push(best, bestLap, middleS);
  return true;
}

void SweepUnroller::push(const ChangeCluster& seen, int lap, double middleS) {
  if (model_.push({lap, seen.centrePx, middleS}) != PassageModel::Verdict::kStep) return;
  events_.push_back(stripEvent(model_.outliers().front().timeS, EventKind::kCalibration,
                               "The sweep changed its pace; the time axis starts again from here"));
  endSegment(model_.outliers().front().timeS);
}

void SweepUnroller::measureEdge() {
  const double framePx = (timeS_ - lastTimeS_) / model_.secondsPerColumn();
  const int back =
      std::clamp(static_cast<int>(std::ceil(kEdgeStepPx / framePx)), 2, SweepStrips::kLookBackFrames);
  const SweepStrips::Past* then = strips_.past(back);
  if (then == nullptr || !then->frontSeen) return;
  const double trackedPx = model_.position(lapAt(then->timeS), then->timeS);
  const int x0 = std::max(0, static_cast<int>(trackedPx) - SweepEdge::kLeftPx);
  const int x1 = std::min(widthPx_, static_cast<int>(trackedPx) + SweepEdge::kRightPx);
  if (x1 - x0 < SweepEdge::kRightPx) return;
  columnChange(then->rows, strips_.past(0)->rows, x0, x1, edgeChange_);
  edge_.add(edgeChange_, x0, trackedPx);
  const auto offset = edge_.offsetPx();
  if (!offset) return;
  offsetPx_ = *offset;
  if (std::abs(offsetPx_) < kOtherLinePx) return;
  // It was a bar or the end of a gap that was tracked. The written columns are what counts from now on.
  model_.shift(offsetPx_);
  edge_.reset();
  offsetPx_ = 0;
}

void SweepUnroller::findPeriod() {
  const bool waitedLong = model_.position(0, timeS_) > kPatientShare * widthPx_;
  const auto found = findSweepLap(points_, model_.timeS(0, 0), 1 / model_.secondsPerColumn(), widthPx_,
                                  offsetPx_ > -kOtherLinePx, waitedLong);
  if (!found) return;
  model_.setPeriodS(found->periodS);
  std::vector<Passage> passages;
  for (const ChangePoint& p : found->points) passages.push_back({found->lap, p.xPx, p.timeS});
  if (found->lap < 0) {
    model_.addEarlier(passages);
  } else {
    for (const Passage& p : passages) model_.push(p);
  }
  placeSweep();
}

void SweepUnroller::placeSweep() {
  // Where the region is wider than the sweep, the sweep is where the front was seen.
  const int sweepWidthPx = sweepPx();
  firstColumn_ = 0;
  int most = -1;
  for (int first = 0; first + sweepWidthPx <= widthPx_; ++first) {
    int hits = 0;
    for (int x = first; x < first + sweepWidthPx; ++x) hits += hits_[static_cast<std::size_t>(x)] > 0 ? 1 : 0;
    if (hits > most) {
      most = hits;
      firstColumn_ = first;
    }
  }
}

void SweepUnroller::findRestart() {
  const auto line = findSweepLine(points_, widthPx_);
  if (!line || line->firstS < lastSeenS_) return;
  const double awayPx = std::abs(model_.position(lapAt(line->lastS), line->lastS) -
                                 (line->lastS - line->startS) * line->pxPerS);
  if (periodKnown() || awayPx < kSameFrontPx) {
    if (awayPx < kSameFrontPx && timeS_ - lastSeenS_ < kGoneS) return;
  } else if (model_.position(0, line->lastS) > kSureShare * widthPx_) {
    return;  // the second lap, whose period is about to be found
  }
  events_.push_back(stripEvent(line->firstS, EventKind::kGap, "The sweep started again elsewhere"));
  const SweepLine next = *line;
  endSegment(lastSeenS_);
  begin(next);
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
    if (writtenS + model_.secondsPerColumn() / 2 + marginS > surelyWrittenS()) return;
    const double readS = strips_.stripTimeAfter(writtenS + marginS);
    const bool overwritten = periodKnown() && readS > writtenS + model_.periodS() - marginS;
    if (writtenS >= notBeforeS_ && !overwritten) {
      pendingGrey_.append(strips_.stripAfter(writtenS + marginS), cursor_.x, 1);
      pending_.push_back(cursor_);
      const double changeSinceS = writtenS - widthPx_ * model_.secondsPerColumn() / 4;
      if (strips_.changedS(cursor_.x) >= changeSinceS) {
        missing_ = 0;
      } else if (strips_.hasContent(cursor_.x)) {
        ++missing_;
      }
    }
    ++cursor_.x;
    const int enough = std::max(kMissingColumns, static_cast<int>(kMissingS / model_.secondsPerColumn()));
    if (missing_ >= enough && lastSeenS_ < writtenS) {
      events_.push_back(stripEvent(lastSeenS_, EventKind::kGap, "The spectrum stands still"));
      endSegment(lastSeenS_);
      return;
    }
  }
}

void SweepUnroller::commit(bool all) {
  int count = 0;
  for (const Column& column : pending_) {
    const double writtenS = columnTimeS(column);
    const double endS = writtenS + model_.secondsPerColumn();  // the last one may be half drawn
    const double waitS = endS > lastSeenS_ ? kVerdictS : 0;
    if (!all && endS + waitS > surelyWrittenS()) break;
    assembler_.push(pendingGrey_.at(count), writtenS, model_.secondsPerColumn(), toleranceSpacings());
    ++count;
  }
  pending_.erase(pending_.begin(), pending_.begin() + count);
  pendingGrey_.pop(count);
}

void SweepUnroller::endSegment(double keepUntilS) {
  // One column less: the last may be half drawn.
  const double untilS = keepUntilS - model_.secondsPerColumn();
  while (!pending_.empty() && columnTimeS(pending_.back()) > untilS) pending_.pop_back();
  int count = 0;
  for (const Column& column : pending_) {
    assembler_.push(pendingGrey_.at(count++), columnTimeS(column), model_.secondsPerColumn(),
                    toleranceSpacings());
  }
  pending_.clear();
  pendingGrey_.clear();
  assembler_.breakHere();
  model_.reset();
  edge_.reset();
  strips_.forget();
  offsetPx_ = 0;
  notBeforeS_ = keepUntilS;
  fromStart_ = reading_ = settled_ = scaleChecked_ = seamTold_ = false;
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
    // The front itself is known to a column.
    if (reading_) read(model_.secondsPerColumn());
    commit(true);
  } else if (!strips_.empty() && assembler_.empty()) {
    events_.push_back(stripEvent(timeS_, EventKind::kFault, "No moving front was found on the strip"));
  }
  Unrolled rest = collect(true);
  const DopplerCalibration calibration = calibration_;
  *this = SweepUnroller(calibration);
  return rest;
}

}  // namespace soleus
