#include "pipeline/doppler/strip_overlay.h"

#include <algorithm>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <opencv2/core/hal/intrin.hpp>
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

/// The first of `x`, x + 64, ... before which nothing is as bright as paint: nearly all of a spectrum is not.
int firstBright(const std::uint8_t* pixels, int x, int end) {
  constexpr int kLanes = cv::v_uint8x16::nlanes;
  for (; x + 4 * kLanes <= end; x += 4 * kLanes) {
    const cv::v_uint8x16 left = cv::v_max(cv::v_load(pixels + x), cv::v_load(pixels + x + kLanes));
    const cv::v_uint8x16 right =
        cv::v_max(cv::v_load(pixels + x + 2 * kLanes), cv::v_load(pixels + x + 3 * kLanes));
    if (cv::v_check_any(cv::v_max(left, right) >= cv::v_setall_u8(kPaintGrey))) break;
  }
  return x;
}

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

bool StripOverlay::ageRow(const cv::Mat& strip, int r) {
  const auto* now = strip.ptr<std::uint8_t>(r);
  const auto* before = before_.ptr<std::uint8_t>(r);
  auto* age = age_.ptr<std::uint8_t>(r);
  auto* painted = painted_.ptr<std::uint8_t>(r);
  const bool atEdge = r < kAsidePx || r >= strip.rows - kAsidePx;
  const auto* above = strip.ptr<std::uint8_t>(atEdge ? r : r - kAsidePx);
  const auto* below = strip.ptr<std::uint8_t>(atEdge ? r : r + kAsidePx);
  // A dark row that was dark before holds nothing to be cleared.
  const bool used = usedRows_[static_cast<std::size_t>(r)] != 0;
  bool aged = false;
  bool any = false;
  // Known marks are held on to where blood brightens beside them; of the rim nothing is told anew.
  const auto grow = [&](int x, bool thin) {
    const bool steady = std::abs(now[x] - before[x]) <= kSteadyGrey;
    const bool stays = steady & (now[x] >= kPaintGrey) & (thin | (age[x] >= kAgeFrames));
    age[x] = static_cast<std::uint8_t>(stays ? age[x] + (age[x] < 255 ? 1 : 0) : 0);
    painted[x] = age[x] >= kAgeFrames ? 255 : 0;
    any = any || painted[x] != 0;
  };
  int x = 0;
  const int first = std::min(kAsidePx, strip.cols);
  for (; x < first; ++x) grow(x, false);
  const int end = atEdge ? x : strip.cols - kAsidePx;
  // The same sixteen at a time: this sees every pixel of every frame.
  for (; x + cv::v_uint8x16::nlanes <= end; x += cv::v_uint8x16::nlanes) {
    if (!used) x = firstBright(now, x, end);
    if (x + cv::v_uint8x16::nlanes > end) break;
    const cv::v_uint8x16 here = cv::v_load(now + x);
    const cv::v_uint8x16 bright = here >= cv::v_setall_u8(kPaintGrey);
    if (!cv::v_check_any(bright)) {
      if (!used) continue;
      cv::v_store(age + x, cv::v_setzero_u8());
      cv::v_store(painted + x, cv::v_setzero_u8());
      continue;
    }
    aged = true;
    const cv::v_uint8x16 level =
        cv::v_min(cv::v_max(cv::v_load(now + x - kAsidePx), cv::v_load(now + x + kAsidePx)),
                  cv::v_max(cv::v_load(above + x), cv::v_load(below + x)));
    const cv::v_uint8x16 years = cv::v_load(age + x);
    const cv::v_uint8x16 stays =
        (cv::v_absdiff(here, cv::v_load(before + x)) <= cv::v_setall_u8(kSteadyGrey)) & bright &
        ((here - level >= cv::v_setall_u8(kContrastGrey)) | (years >= cv::v_setall_u8(kAgeFrames)));
    const cv::v_uint8x16 older = (years + cv::v_setall_u8(1)) & stays;
    cv::v_store(age + x, older);
    const cv::v_uint8x16 old = older >= cv::v_setall_u8(kAgeFrames);
    cv::v_store(painted + x, old);
    any = any || cv::v_check_any(old);
  }
  for (; x < end; ++x) {
    const int level = std::min(std::max(now[x - kAsidePx], now[x + kAsidePx]), std::max(above[x], below[x]));
    grow(x, now[x] >= level + kContrastGrey);
  }
  for (; x < strip.cols; ++x) grow(x, false);
  usedRows_[static_cast<std::size_t>(r)] = aged ? 1 : 0;
  return any;
}

bool StripOverlay::findPainted(const cv::Mat& strip) {
  bool any = false;
  for (int r = 0; r < painted_.rows; ++r) {
    // One pass over what is in the cache instead of one for each condition.
    if (!ageRow(strip, r)) continue;
    auto* row = painted_.ptr<std::uint8_t>(r);
    if (cv::countNonZero(painted_.row(r)) > strip.cols / kFurnitureShare) {
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

const std::vector<std::uint8_t>& StripOverlay::clean(const cv::Mat& strip, cv::Mat& mended) {
  const bool first = before_.empty();
  if (first) {
    age_ = cv::Mat::zeros(strip.size(), CV_8UC1);
    painted_ = cv::Mat::zeros(strip.size(), CV_8UC1);
    usedRows_.assign(static_cast<std::size_t>(strip.rows), 0);
    changedFrame_.assign(static_cast<std::size_t>(strip.cols), -1000);
  }
  columns_.assign(static_cast<std::size_t>(strip.cols), kClean);
  noteChanges(strip);
  const bool any = !first && findPainted(strip);
  before_ = strip;
  ++frame_;
  if (!any) return columns_;
  // The rim of a stroke is dimmed by the codec.
  cv::dilate(painted_, painted_, cv::Mat());
  std::fill(usedRows_.begin(), usedRows_.end(), std::uint8_t{1});
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
    mended.col(x).setTo(*quartile, mask);
  }
  return columns_;
}

}  // namespace soleus
