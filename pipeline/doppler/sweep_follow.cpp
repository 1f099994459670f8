// The half of SweepUnroller that finds the front and follows it; sweep_unroller.cpp reads the columns behind
// it.
#include <algorithm>
#include <cmath>
#include <utility>

#include "pipeline/doppler/strip_report.h"
#include "pipeline/doppler/sweep_unroller.h"

namespace soleus {
namespace {

// Changes this near the predicted front are the front: codec smear of one block, and the model's error when
// young.
constexpr double kFrontPx = 3.5;
// An edge this far from the tracked change belongs to another line than the one that is tracked.
constexpr double kOtherLinePx = 2.5;
// A frame that was skipped this far says that the front moves, not where it is.
constexpr double kMostStepPx = 24;
// Where less is expected per frame, a frame without motion is nothing special.
constexpr double kSurelyMovesPx = 1.5;
// Points that a line is searched in: enough for a few beats, little enough for some milliseconds of search.
constexpr double kSearchS = 3;
constexpr std::size_t kPointsPerFrame = 2;
// Step between compared frames for the edge: wider than the codec's smear on both sides.
constexpr double kEdgeStepPx = 14;
// Until here a second lap is expected to fit the region.
constexpr double kPatientShare = 1.3;
// Parallel lines this close are two faces of one front (bar, gap), not a restart, unless one is gone for
// good.
constexpr double kSameFrontPx = SweepEdge::kLeftPx;
constexpr double kGoneS = 3;

}  // namespace

void SweepUnroller::collectPoints() {
  strongestClusters(strips_.change(), kPointsPerFrame, clusters_);
  const double middleS = (timeS_ + lastTimeS_) / 2;
  for (const ChangeCluster& c : clusters_) {
    // As the front is measured while it is followed: a lap must not differ from the next by half a gap.
    const ChangeCluster line = leftmostLine(strips_.change(), c.firstPx, c.lastPx, stepPx());
    points_.push_back({line.centrePx, middleS, frame_});
  }
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

double SweepUnroller::stepPx() const {
  return (timeS_ - lastTimeS_) / (model_.known() ? model_.secondsPerColumn() : calibration_.secondsPerPixel);
}

ChangeCluster SweepUnroller::takeFront(int from, int to) {
  std::vector<float>& change = strips_.change();
  const ChangeCluster front = leftmostLine(change, from, to, stepPx());
  for (int x = from; x <= to; ++x) {
    float& c = change[static_cast<std::size_t>(x)];
    if (c > 0) ++hits_[static_cast<std::size_t>(x)];
    c = 0;  // explained
  }
  return front;
}

bool SweepUnroller::observe() {
  const double middleS = (timeS_ + lastTimeS_) / 2;
  const double gatePx = kFrontPx * model_.extrapolation(middleS) + stepPx() / 2;
  ChangeCluster best;
  int bestLap = 0;
  const int around = periodKnown() ? 1 : 0;  // near a seam the laps before and after are seen as well
  for (int lap = lapAt(middleS) - around; lap <= lapAt(middleS) + around; ++lap) {
    const double centrePx = model_.position(lap, middleS);
    const int from = std::max(0, static_cast<int>(std::ceil(centrePx - gatePx)));
    const int to = std::min(widthPx_ - 1, static_cast<int>(std::floor(centrePx + gatePx)));
    const ChangeCluster here = takeFront(from, to);
    if (here.energyGrey > best.energyGrey) {
      best = here;
      bestLap = lap;
    }
  }
  if (best.energyGrey <= 0) return false;
  // After a frame without motion the change may span two frames: a doubled frame looks like a hidden front.
  const bool sharp = stepPx() < kMostStepPx && (seenBefore_ || stepPx() < kSurelyMovesPx);
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
  const int back =
      std::clamp(static_cast<int>(std::ceil(kEdgeStepPx / stepPx())), 2, SweepStrips::kLookBackFrames);
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
  endSegment(lastSeenS_);
  begin(*line);
}

}  // namespace soleus
