#include "pipeline/doppler/sweep_strips.h"

#include <algorithm>
#include <cmath>
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
    : ring_(kLookBackFrames + 1), change_(static_cast<std::size_t>(widthPx)) {}

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
    Changes& changes = changes_.emplace_back();
    changes.timeS = timeS;
    changes.columns.resize(change_.size());
    for (std::size_t x = 0; x < change_.size(); ++x) changes.columns[x] = change_[x] > 0;
    while (changes_.front().timeS < timeS - kSnapshots * kSnapshotEveryS) changes_.pop_front();
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

bool SweepStrips::changed(int x, double fromS, double toS) const {
  auto frame = std::lower_bound(changes_.begin(), changes_.end(), fromS,
                                [](const Changes& c, double timeS) { return c.timeS < timeS; });
  for (bool within = true; frame != changes_.end() && within; ++frame) {
    if (frame->columns[static_cast<std::size_t>(x)]) return true;
    within = frame->timeS < toS;
  }
  return false;
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

bool SweepStrips::hasContent(const cv::Mat& strip, int x) const {
  cv::Mat column;
  subsampleSweepRows(strip.col(x), column);
  int sum = 0;
  for (int r = 0; r < column.rows; ++r) {
    const int level = rowLevel_[static_cast<std::size_t>(r)];
    sum += std::max(0, std::abs(column.at<std::uint8_t>(r, 0) - level) - kContentNoiseGrey);
  }
  return static_cast<float>(sum) >= kContentGrey * static_cast<float>(column.rows);
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
