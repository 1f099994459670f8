#include "pipeline/doppler/sweep_strips.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace soleus {
namespace {

// A snapshot a second: a column must be read before the next sweep overwrites it, 1.5 s later at the soonest.
constexpr double kSnapshotEveryS = 1;
// More of the strip than a front, its gap and a few markers can change: cleared, or a key frame.
constexpr double kMostVisible = 0.5;
// Row levels move only with the picture's layout.
constexpr int kFramesPerRowLevel = 32;
constexpr int kRowLevelStepPx = 8;
// As in columnChange, and twice what counts as a visible change: the front may bring something similar.
constexpr int kContentNoiseGrey = 12;
constexpr float kContentGrey = 2 * kVisibleGrey;

}  // namespace

SweepStrips::SweepStrips(int widthPx)
    : ring_(kLookBackFrames + 1),
      change_(static_cast<std::size_t>(widthPx)),
      changedS_(static_cast<std::size_t>(widthPx), -std::numeric_limits<double>::infinity()) {}

void SweepStrips::push(const cv::Mat& strip, double timeS, bool keepSnapshots) {
  const cv::Mat before = ring_[head_].rows;
  head_ = (head_ + 1) % ring_.size();
  Past& now = ring_[head_];
  subsampleSweepRows(strip, now.rows);
  now.timeS = timeS;
  now.frontSeen = false;
  if (count_ > 0) {
    columnChange(before, now.rows, 0, strip.cols, change_);
    if (keepVisible(change_, scratch_) > kMostVisible) std::fill(change_.begin(), change_.end(), 0.0F);
    for (std::size_t x = 0; x < change_.size(); ++x) {
      if (change_[x] > 0) changedS_[x] = timeS;
    }
  }
  if (count_++ % kFramesPerRowLevel == 0) updateRowLevels();
  strip.copyTo(newest_);
  newestS_ = timeS;
  if (!keepSnapshots) {
    snapshots_.clear();
  } else if (snapshots_.empty() || timeS - snapshots_.back().timeS >= kSnapshotEveryS) {
    if (snapshots_.size() == kSnapshots) snapshots_.pop_front();
    snapshots_.push_back({strip.clone(), timeS});
  }
}

void SweepStrips::forget() {
  std::fill(changedS_.begin(), changedS_.end(), -std::numeric_limits<double>::infinity());
  snapshots_.clear();
}

void SweepStrips::updateRowLevels() {
  const cv::Mat& rows = ring_[head_].rows;
  std::vector<std::uint8_t> samples;
  rowLevel_.resize(static_cast<std::size_t>(rows.rows));
  for (int r = 0; r < rows.rows; ++r) {
    samples.clear();
    for (int x = 0; x < rows.cols; x += kRowLevelStepPx) samples.push_back(rows.at<std::uint8_t>(r, x));
    const auto middle = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2);
    std::nth_element(samples.begin(), middle, samples.end());
    rowLevel_[static_cast<std::size_t>(r)] = *middle;
  }
}

bool SweepStrips::hasContent(int x) const {
  const cv::Mat& rows = ring_[head_].rows;
  int sum = 0;
  for (int r = 0; r < rows.rows; ++r) {
    sum += std::max(0, std::abs(rows.at<std::uint8_t>(r, x) - rowLevel_[static_cast<std::size_t>(r)]) -
                           kContentNoiseGrey);
  }
  return static_cast<float>(sum) >= kContentGrey * static_cast<float>(rows.rows);
}

const SweepStrips::Past* SweepStrips::past(int back) const {
  if (back > kLookBackFrames || back >= count_) return nullptr;
  return &ring_[(head_ + ring_.size() - static_cast<std::size_t>(back)) % ring_.size()];
}

const cv::Mat& SweepStrips::stripAfter(double timeS) const {
  for (const Snapshot& s : snapshots_) {
    if (s.timeS >= timeS) return s.strip;
  }
  return newest_;
}

double SweepStrips::stripTimeAfter(double timeS) const {
  for (const Snapshot& s : snapshots_) {
    if (s.timeS >= timeS) return s.timeS;
  }
  return newestS_;
}

}  // namespace soleus
