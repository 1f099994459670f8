#include "pipeline/doppler/watched_unroller.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>
#include <numeric>
#include <opencv2/core.hpp>
#include <utility>

#include "pipeline/core/velocity_axis.h"
#include "pipeline/doppler/scroll_unroller.h"
#include "pipeline/doppler/strip_report.h"
#include "pipeline/doppler/sweep_unroller.h"

namespace soleus {
namespace {

// Four seconds at 30 frames/s, twice what a moving strip needs: one that has not shown by then what it does
// is taken as told.
constexpr std::size_t kMostKept = 120;
// The longest time from a column's writing to its reading, sweeps included.
constexpr double kReadLateS = 1.2;
// A scale that came back to this near the profile's is the profile's.
constexpr double kSameScale = 0.05;
// One event for the marks of a while, not one for each.
constexpr double kMarksApartS = 2;
// Once frames were found whole they are asked again, in case the video source's mode is switched, but not
// always: a tenth of the unrolling's time each.
constexpr double kOrderRestS = 8;
// 2 v_N against the strip's height: calibration by ticks is good to this.
constexpr double kPeriodTolerance = 0.01;

std::unique_ptr<StripUnroller> unrollerFor(DopplerCalibration calibration, Display display) {
  calibration.display = display;
  ++calibration.region.height;  // the notes
  if (display == Display::kSweep) return std::make_unique<SweepUnroller>(calibration);
  return std::make_unique<ScrollUnroller>(calibration);
}

/// Every second row from `first`, of those above and below.
void interpolateRows(cv::Mat strip, int first) {
  for (int row = first; row < strip.rows; row += 2) {
    const auto* above = strip.ptr<std::uint8_t>(row > 0 ? row - 1 : row + 1);
    const auto* below = strip.ptr<std::uint8_t>(row + 1 < strip.rows ? row + 1 : row - 1);
    std::transform(above, above + strip.cols, below, strip.ptr<std::uint8_t>(row),
                   [](int a, int b) { return static_cast<std::uint8_t>((a + b + 1) / 2); });
  }
}

bool isPeriodic(const DopplerCalibration& c) {
  if (!c.prfHz || !c.transmitFrequencyHz || !c.angleCorrected) return false;
  const double cosAngle = std::cos(c.angleDegrees * std::numbers::pi / 180);
  const double periodCmPerS = kSoundCmPerS * *c.prfHz / (2 * *c.transmitFrequencyHz * cosAngle);
  return std::abs(c.cmPerSPerPixel * c.region.height / periodCmPerS - 1) < kPeriodTolerance;
}

}  // namespace

WatchedUnroller::WatchedUnroller(const DopplerCalibration& calibration)
    : calibration_(calibration),
      inner_(unrollerFor(calibration, calibration.display)),
      layout_(calibration.baselineRow - calibration.region.y),
      display_(calibration.display),
      periodic_(isPeriodic(calibration)) {}

Unrolled WatchedUnroller::push(const cv::Mat& strip, SessionTime time) {
  watchLayout(strip, time);
  if (order_ == RowOrder::kTogether) watchOrder(strip, time);
  const bool cleared = layout_.cleared();
  if (cleared) {
    layoutEvents_.push_back(
        stripEvent(time.seconds(), EventKind::kGap, "The strip was cleared: spectrum restarted"));
    restart();
  }
  noted_.create(strip.rows + 1, strip.cols, CV_8UC1);
  cv::Mat mended = noted_.rowRange(0, strip.rows);
  strip.copyTo(mended);
  const std::vector<std::uint8_t>& columns = overlay_.clean(strip, mended);
  const bool unsure = std::abs(scale_ - 1) > kSameScale || time.seconds() < unsureUntilS_;
  const auto common = static_cast<std::uint8_t>((unsure ? kNotMeasurable : 0) |
                                                (oddLayout_ ? kOddLayout : 0) | noteOfShift());
  auto* notes = noted_.ptr<std::uint8_t>(strip.rows);
  for (std::size_t x = 0; x < columns.size(); ++x) {
    notes[x] = static_cast<std::uint8_t>(common | (columns[x] != StripOverlay::kClean ? kPainted : 0) |
                                         (columns[x] == StripOverlay::kHidden ? kNotMeasurable : 0));
  }
  if (!settled_) kept_.push_back({noted_.clone(), downRows_, time, cleared});
  unroll(noted_, downRows_, time);
  if (!settled_) {
    kind_.push(moved_.rowRange(0, strip.rows), time.seconds());
    settle(false);
  }
  return settled_ ? release() : Unrolled{};
}

void WatchedUnroller::watchOrder(const cv::Mat& strip, SessionTime time) {
  if (time.seconds() < orderRestsUntilS_) return;
  const auto told = orderWatch_.push(strip);
  if (!told) return;
  if (settled_ && *told == RowOrder::kTogether) {
    orderRestsUntilS_ = time.seconds() + kOrderRestS;
    orderWatch_ = {};
  }
  // What has been unrolled as pictures is given up only if told twice.
  const bool sure = !settled_ || orderTold_ == told;
  orderTold_ = told;
  if (*told == RowOrder::kTogether || !sure) return;
  order_ = *told;
  if (!settled_) return;
  layoutEvents_.push_back(wovenEvent(time, "; until here its columns mix two moments"));
  restart();
}

Event WatchedUnroller::wovenEvent(SessionTime time, const char* since) const {
  const bool upperFirst = (order_ == RowOrder::kEvenFirst) == (calibration_.region.y % 2 == 0);
  return stripEvent(
      time.seconds(), EventKind::kCalibration,
      "The video is interlaced without saying so: its frames are woven of two fields, the %s first. "
      "Every second row of the spectrum, of that field, is used, those between are interpolated%s",
      upperFirst ? "upper" : "lower", since);
}

void WatchedUnroller::unroll(const cv::Mat& noted, int downRows, SessionTime time) {
  const int height = calibration_.region.height;
  if (order_ == RowOrder::kTogether) {
    moveBack(noted, downRows);
  } else {
    cv::Mat field = noted.clone();
    interpolateRows(field.rowRange(0, height), order_ == RowOrder::kEvenFirst ? 1 : 0);
    moveBack(field, downRows);
  }
  finish(inner_->push(moved_, time));
}

void WatchedUnroller::watchLayout(const cv::Mat& strip, SessionTime time) {
  const auto change = layout_.push(strip);
  if (!change) return;
  const double timeS = time.seconds();
  if (change->downRows != 0) {
    downRows_ += change->downRows;
    if (!periodic_ && downRows_ != 0 && std::find(shifts_.begin(), shifts_.end(), downRows_) == shifts_.end())
      shifts_.push_back(downRows_);
    if (!change->redrawn) unsureUntilS_ = timeS + kReadLateS;
    layoutEvents_.push_back(stripEvent(
        timeS, EventKind::kCalibration,
        "The baseline moved %d rows %s: zero is now at row %.1f of the picture; the spectrum is moved "
        "back to the profile's axis%s",
        std::abs(change->downRows), change->downRows > 0 ? "down" : "up",
        calibration_.baselineRow + downRows_,
        periodic_ ? "" : "; what left the strip is lost, for no 'prf_hz' tells where it came in again"));
  } else {
    scale_ *= change->scale;
    const bool back = std::abs(scale_ - 1) <= kSameScale;
    if (back) scale_ = 1;
    layoutEvents_.push_back(stripEvent(timeS, EventKind::kCalibration,
                                       back
                                           ? "The velocity scale is the profile's again"
                                           : "The velocity scale changed, to about %.2f times the profile's: "
                                             "velocities are left out from here",
                                       scale_));
  }
  oddLayout_ = !oddLayout_;
}

void WatchedUnroller::restart() {
  // What was on the strip is gone; what had not been read yet is read from the frame before.
  finish(inner_->flush());
  inner_ = unrollerFor(calibration_, display_);
  gapNext_ = true;
}

void WatchedUnroller::moveBack(const cv::Mat& noted, int downRows) {
  moved_ = noted;
  if (downRows == 0) return;
  moved_ = noted.clone();
  // What left the strip at one edge came in at the other if it is as high as the spectrum's period. Else it
  // is not to be had.
  const int height = calibration_.region.height;
  for (int r = 0; r < height; ++r) {
    const int from = r + downRows;
    if (periodic_ || (from >= 0 && from < height))
      noted.row(((from % height) + height) % height).copyTo(moved_.row(r));
  }
  if (periodic_) return;
  const int lost = std::min(std::abs(downRows), height - 1);
  fillWithNoise(noted, downRows > 0 ? height - lost : 0, lost);
}

std::uint8_t WatchedUnroller::noteOfShift() const {
  if (periodic_ || downRows_ == 0) return 0;
  constexpr std::size_t kMost = 255 / kShift;
  const auto number =
      static_cast<std::size_t>(std::find(shifts_.begin(), shifts_.end(), downRows_) - shifts_.begin() + 1);
  if (number > kMost) return kNotMeasurable;
  return static_cast<std::uint8_t>(number * kShift);
}

void WatchedUnroller::fillWithNoise(const cv::Mat& noted, int firstRow, int count) {
  // The quietest rows of the picture: black would pass for the noise of all, and what stands beside the lost
  // rows, mirrored, for flow.
  cv::Mat level;
  cv::reduce(noted.rowRange(0, calibration_.region.height), level, 1, cv::REDUCE_SUM, CV_32S);
  std::vector<int> rows(static_cast<std::size_t>(level.rows));
  std::iota(rows.begin(), rows.end(), 0);
  std::sort(rows.begin(), rows.end(), [&](int a, int b) { return level.at<int>(a) < level.at<int>(b); });
  for (int i = 0; i < count; ++i)
    noted.row(rows[static_cast<std::size_t>(i)]).copyTo(moved_.row(firstRow + i));
}

void WatchedUnroller::settle(bool now) {
  const auto found = kind_.found();
  if (!now && !(found && orderTold_) && kept_.size() < kMostKept) return;
  settled_ = true;
  const bool otherKind = found && *found != calibration_.display;
  const bool woven = order_ != RowOrder::kTogether;
  if (otherKind || woven) {
    const SessionTime start = kept_.front().time;
    held_ = {};
    gapNext_ = false;
    lastNote_ = 0;
    paintedS_ = kNeverS;
    if (woven) layoutEvents_.push_back(wovenEvent(start, ""));
    if (otherKind) {
      display_ = *found;
      const bool sweeps = display_ == Display::kSweep;
      layoutEvents_.push_back(stripEvent(
          start.seconds(), EventKind::kCalibration, "The profile says %s, but the strip %s: unrolled as a %s",
          sweeps ? "scroll" : "sweep", sweeps ? "sweeps" : "scrolls", sweeps ? "sweep" : "scroll"));
    }
    inner_ = unrollerFor(calibration_, display_);
    for (const Kept& kept : kept_) {
      if (kept.cleared) restart();
      unroll(kept.strip, kept.downRows, kept.time);
    }
  }
  kept_.clear();
  kept_.shrink_to_fit();
}

void WatchedUnroller::finish(Unrolled&& out) {
  for (StripBlock& block : out.blocks) {
    readNotes(block);
    held_.blocks.push_back(std::move(block));
  }
  std::move(out.events.begin(), out.events.end(), std::back_inserter(held_.events));
}

void WatchedUnroller::readNotes(StripBlock& block) {
  if (gapNext_ && !block.quality.empty()) block.quality.front() |= kGapBefore;
  gapNext_ = false;
  lastNote_ = applyNotes(block, lastNote_);
  for (std::size_t n = 0; n < block.time.size(); ++n) {
    if ((block.quality[n] & kOverlay) == 0) continue;
    const double timeS = block.time[n].seconds();
    if (timeS - paintedS_ > kMarksApartS) {
      held_.events.push_back(stripEvent(
          timeS, EventKind::kNote, "A marker or text is painted over the spectrum: taken away and flagged"));
    }
    paintedS_ = timeS;
  }
}

/// Flags the block by its row of notes and cuts that off; `before` and what is given back: the notes of the
/// column before it and of its last.
std::uint8_t WatchedUnroller::applyNotes(StripBlock& block, std::uint8_t before) const {
  const int height = calibration_.region.height;
  const auto* notes = block.grey.ptr<std::uint8_t>(height) + block.leftContext;
  block.unmeasurable.resize(block.time.size());
  for (std::size_t n = 0; n < block.time.size(); ++n) {
    block.unmeasurable[n] = (notes[n] & kNotMeasurable) != 0 ? 1 : 0;
    const bool unknownLayout = (notes[n] & (kNotMeasurable | kPainted)) == kNotMeasurable;
    if (((notes[n] ^ before) & kOddLayout) != 0 || unknownLayout) block.quality[n] |= kCalibrationChanged;
    if (const std::size_t shift = notes[n] / kShift; shift > 0) {
      block.lostAbove = std::max(block.lostAbove, -shifts_[shift - 1]);
      block.lostBelow = std::max(block.lostBelow, shifts_[shift - 1]);
    }
    if ((notes[n] & kPainted) != 0) block.quality[n] |= kOverlay;
    before = notes[n];
  }
  block.grey = block.grey.rowRange(0, height);
  return before;
}

StripLook WatchedUnroller::ahead() {
  if (!settled_) return {};
  StripLook look = inner_->ahead();
  StripBlock& block = look.block;
  if (block.time.empty()) return look;
  const int before = block.leftContext - 1;
  const bool first = before < 0;
  if (first && gapNext_) block.quality.front() |= kGapBefore;
  applyNotes(block, first ? lastNote_ : block.grey.at<std::uint8_t>(calibration_.region.height, before));
  return look;
}

Unrolled WatchedUnroller::release() {
  held_.events.insert(held_.events.begin(), std::move_iterator(layoutEvents_.begin()),
                      std::move_iterator(layoutEvents_.end()));
  layoutEvents_.clear();
  return std::exchange(held_, {});
}

Unrolled WatchedUnroller::flush() {
  if (!settled_ && !kept_.empty()) settle(true);
  finish(inner_->flush());
  Unrolled rest = release();
  const DopplerCalibration calibration = calibration_;
  *this = WatchedUnroller(calibration);
  return rest;
}

}  // namespace soleus
