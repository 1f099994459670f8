#include "pipeline/doppler/strip_overlay.h"

#include <algorithm>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "pipeline/doppler/sweep_change.h"

namespace soleus {
namespace {

// White and yellow print; spectra reach it only where they clip.
constexpr int kPaintGrey = 190;
// Strokes are thinner than this on one side or the other; a clipped burst is not, and stays bright for
// longer.
constexpr int kAsidePx = 5;
constexpr int kContrastGrey = 50;
// A resting pixel after the usual codecs.
constexpr int kSteadyGrey = 14;
// A column that was written anew differs by more than this on average.
constexpr float kWrittenGrey = 3;
// Shorter than the arm of any cross and the stem of a readable letter.
constexpr int kStrokePx = 5;
constexpr std::size_t kBesidePx = 3;
// More of a row than any mark or short text takes.
constexpr int kFurnitureShare = 3;

}  // namespace

void StripOverlay::noteChanges(const cv::Mat& strip) {
  std::swap(rows_, rowsBefore_);
  subsampleSweepRows(strip, rows_);
  if (rowsBefore_.empty()) return;
  columnChange(rowsBefore_, rows_, 0, strip.cols, change_);
  for (std::size_t x = 0; x < change_.size(); ++x) {
    if (change_[x] <= kWrittenGrey) continue;
    // A line hides all of its own column: its neighbours tell.
    const std::size_t end = std::min(change_.size(), x + kBesidePx + 1);
    for (std::size_t near = x - std::min(x, kBesidePx); near < end; ++near) changedFrame_[near] = frame_;
  }
}

void StripOverlay::findThin(const cv::Mat& strip) {
  thin_.create(strip.size(), CV_8UC1);
  thin_.setTo(0);
  const cv::Rect inner(kAsidePx, kAsidePx, strip.cols - 2 * kAsidePx, strip.rows - 2 * kAsidePx);
  if (inner.width <= 0 || inner.height <= 0) return;
  const auto aside = [&](int dx, int dy) { return strip(inner + cv::Point(dx, dy)); };
  cv::max(aside(-kAsidePx, 0), aside(kAsidePx, 0), level_);
  cv::max(aside(0, -kAsidePx), aside(0, kAsidePx), upright_);
  cv::min(level_, upright_, level_);
  cv::subtract(strip(inner), level_, level_);
  cv::compare(level_, kContrastGrey, thin_(inner), cv::CMP_GE);
}

bool StripOverlay::findPainted(const cv::Mat& strip) {
  cv::absdiff(strip, before_, steady_);
  cv::compare(steady_, kSteadyGrey, steady_, cv::CMP_LE);
  cv::compare(strip, kPaintGrey, painted_, cv::CMP_GE);
  cv::bitwise_and(steady_, painted_, steady_);
  findThin(strip);
  // Known marks are held on to where blood brightens beside them.
  cv::compare(age_, kAgeFrames, level_, cv::CMP_GE);
  cv::bitwise_or(thin_, level_, thin_);
  cv::bitwise_and(steady_, thin_, steady_);
  cv::add(age_, 1, age_);
  cv::bitwise_and(age_, steady_, age_);
  cv::compare(age_, kAgeFrames, painted_, cv::CMP_GE);
  bool any = false;
  for (int r = 0; r < painted_.rows; ++r) {
    auto* row = painted_.ptr<std::uint8_t>(r);
    const int count = cv::countNonZero(painted_.row(r));
    if (count == 0) continue;
    if (count > strip.cols / kFurnitureShare) {
      painted_.row(r).setTo(0);
      continue;
    }
    for (int x = 0; x < strip.cols; ++x) {
      // It has to be older than what the column shows, by more than a codec takes to refine a block.
      const int shownFrames = frame_ - changedFrame_[static_cast<std::size_t>(x)];
      if (row[x] != 0 && age_.at<std::uint8_t>(r, x) < std::min(255, shownFrames + kAgeFrames)) row[x] = 0;
      any = any || row[x] != 0;
    }
  }
  if (!any) return false;
  // Single pixels of two sweeps may be bright at the same place by chance. Print comes in strokes.
  cv::morphologyEx(painted_, upright_, cv::MORPH_OPEN, cv::Mat::ones(kStrokePx, 1, CV_8UC1));
  cv::morphologyEx(painted_, level_, cv::MORPH_OPEN, cv::Mat::ones(1, kStrokePx, CV_8UC1));
  cv::bitwise_or(upright_, level_, painted_);
  return cv::countNonZero(painted_) > 0;
}

const std::vector<std::uint8_t>& StripOverlay::clean(cv::Mat& strip) {
  const bool first = before_.empty();
  if (first) {
    age_ = cv::Mat::zeros(strip.size(), CV_8UC1);
    changedFrame_.assign(static_cast<std::size_t>(strip.cols), -1000);
  }
  columns_.assign(static_cast<std::size_t>(strip.cols), kClean);
  noteChanges(strip);
  const bool any = !first && findPainted(strip);
  strip.copyTo(before_);
  ++frame_;
  if (!any) return columns_;
  // The rim of a stroke is dimmed by the codec.
  cv::dilate(painted_, painted_, cv::Mat());
  std::vector<std::uint8_t> values;
  for (int x = 0; x < strip.cols; ++x) {
    const cv::Mat mask = painted_.col(x);
    const int hidden = cv::countNonZero(mask);
    if (hidden == 0) continue;
    columns_[static_cast<std::size_t>(x)] = 2 * hidden > strip.rows ? kHidden : kTouched;
    values.clear();
    for (int r = 0; r < strip.rows; ++r) values.push_back(strip.at<std::uint8_t>(r, x));
    const auto quartile = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 4);
    std::nth_element(values.begin(), quartile, values.end());
    strip.col(x).setTo(*quartile, mask);
  }
  return columns_;
}

}  // namespace soleus
