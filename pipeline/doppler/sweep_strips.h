/// The strips a sweep's unrolling looks back at: subsampled ones for comparing, whole ones for late reading.
#pragma once

#include <cstdint>
#include <deque>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "pipeline/doppler/sweep_change.h"

namespace soleus {

/// Memory is bounded: kLookBackFrames subsampled strips, kSnapshots whole ones, and a bit per column of the
/// frames they span. Not thread-safe.
class SweepStrips {
 public:
  static constexpr int kLookBackFrames = 12;
  static constexpr int kSnapshots = 16;

  explicit SweepStrips(int widthPx);

  /// Takes in a frame. `keepSnapshots`: its columns may have to be read later.
  void push(const cv::Mat& strip, double timeS, bool keepSnapshots);
  void forgetSnapshots() { snapshots_.clear(); }

  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// Change of each column since the frame before, zero where not visible or where the whole strip changed.
  [[nodiscard]] std::vector<float>& change() { return change_; }
  /// Whether column x visibly changed in a frame from `fromS` to `toS`, or in the next one: some are dropped.
  [[nodiscard]] bool changed(int x, double fromS, double toS) const;
  /// Whether column x of a strip shows something that a passing front must have changed.
  [[nodiscard]] bool hasContent(const cv::Mat& strip, int x) const;

  struct Past {
    cv::Mat rows;
    double timeS = 0;
    bool frontSeen = false;
  };
  /// The subsampled strip `back` frames ago (0: this one), nullptr if there is none.
  [[nodiscard]] const Past* past(int back) const;
  void markFrontSeen() { ring_[head_].frontSeen = true; }

  /// The first strip kept at or after a time; the newest if none was kept that late.
  [[nodiscard]] const cv::Mat& stripAfter(double timeS) const;
  [[nodiscard]] double stripTimeAfter(double timeS) const;
  [[nodiscard]] const cv::Mat& newest() const { return newest_; }
  /// Oldest time for which stripAfter has a strip.
  [[nodiscard]] double keptSinceS() const { return snapshots_.empty() ? newestS_ : snapshots_.front().timeS; }

 private:
  struct Snapshot {
    cv::Mat strip;
    double timeS = 0;
  };
  void updateRowLevels();

  std::vector<Past> ring_;
  std::size_t head_ = 0;
  std::int64_t count_ = 0;
  std::vector<float> change_;
  std::vector<float> scratch_;
  struct Changes {
    double timeS = 0;
    std::vector<bool> columns;
  };
  std::deque<Changes> changes_;
  std::vector<std::uint8_t> rowLevel_;  // median of each subsampled row: baseline and ticks, not spectrum
  std::deque<Snapshot> snapshots_;
  cv::Mat newest_;
  double newestS_ = 0;
};

}  // namespace soleus
