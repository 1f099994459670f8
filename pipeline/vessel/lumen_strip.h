/// The picture unrolled along a wall of the lumen.
#pragma once

#include <opencv2/core/mat.hpp>
#include <span>
#include <vector>

namespace soleus {

/// A line of pixels across the wall, from the lumen into the tissue: samples at `first`, `first + step`, and
/// so on, in continuous picture coordinates.
struct WallStation {
  cv::Point2d first;
  cv::Point2d step;
};

/// Grey on `samples` samples of every station, one station after the other. Neighbouring stations lie side by
/// side along the wall; `closed`: so do the last and the first.
class WallStrip {
 public:
  /// `picture`: CV_8UC1 of at least 2 x 2 pixels; bilinear, the border's value outside. At least one station
  /// and one sample.
  WallStrip(const cv::Mat& picture, std::vector<WallStation> stations, int samples, bool closed);

  [[nodiscard]] int stations() const { return static_cast<int>(stations_.size()); }
  [[nodiscard]] int samples() const { return samples_; }
  [[nodiscard]] bool closed() const { return closed_; }
  [[nodiscard]] const WallStation& station(int index) const {
    return stations_[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] double stepPx(int index) const;
  [[nodiscard]] std::span<const float> grey(int index) const;
  [[nodiscard]] cv::Point2d pointAt(int index, double sample) const;

  /// Mean of the samples [from, to) of one station.
  [[nodiscard]] double mean(int index, int from, int to) const;

  /// Every station averaged with its neighbours, weighted by a Gaussian of `sigma` stations: speckle is as
  /// long along the wall as the beam is wide, the wall much longer.
  [[nodiscard]] WallStrip averaged(double sigma) const;

 private:
  std::vector<WallStation> stations_;
  int samples_;
  bool closed_;
  std::vector<float> grey_;
};

}  // namespace soleus
