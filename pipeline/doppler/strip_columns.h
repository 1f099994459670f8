/// Columns read off the strip that wait for their time.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace soleus {

/// First in, first out; each column is stored as a row of H bytes in one buffer, so that nothing is allocated
/// per column. Not thread-safe.
class ColumnQueue {
 public:
  /// `heightPx`: rows of the strip.
  explicit ColumnQueue(int heightPx) : heightPx_(heightPx) {}

  /// Copies columns [x, x + count) of the strip behind the last one.
  void append(const cv::Mat& strip, int x, int count) {
    const std::size_t before = bytes_.size();
    bytes_.resize(before + static_cast<std::size_t>(count) * heightPx_);
    cv::Mat rows(count, heightPx_, CV_8UC1, bytes_.data() + before);
    cv::transpose(strip.colRange(x, x + count), rows);
  }
  /// Column `i` from the oldest, as a 1 x H view that the next change of the queue ends.
  [[nodiscard]] cv::Mat at(int i) {
    return {1, heightPx_, CV_8UC1, bytes_.data() + static_cast<std::size_t>(i) * heightPx_};
  }
  [[nodiscard]] int size() const { return static_cast<int>(bytes_.size()) / heightPx_; }
  /// Drops the oldest `count`.
  void pop(int count) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(count) * heightPx_);
  }
  void clear() { bytes_.clear(); }

 private:
  int heightPx_;
  std::vector<std::uint8_t> bytes_;
};

}  // namespace soleus
