/// The wall filter: takes away the echo of the vessel's walls, which move slowly and shine brightly.
#pragma once

#include <complex>
#include <cstddef>
#include <opencv2/core/mat.hpp>
#include <span>
#include <vector>

namespace soleus {

/// High-pass of linear phase, its delay taken back: sample i out belongs to sample i in. Passes half the
/// power close to the corner, all of it from 1.2 corners on, and keeps back 80 dB up to 0.6 corners. What
/// comes out depends on the samples since the beginning alone, not on how they were cut into pieces. State
/// between samples; one thread at a time.
class WallFilter {
 public:
  /// `cornerHz` 0, or at half the sampling rate or beyond: everything passes unchanged.
  WallFilter(double cornerHz, double sampleRateHz);

  /// Appends to `out` the samples that are complete: they come out up to latencySamples() late.
  void push(std::span<const std::complex<float>> in, std::vector<std::complex<float>>& out);
  /// Appends what is held back. The filter is then as new. Both ends see the signal go on point-symmetrically
  /// about its end, so that a bright wall does not appear from nothing there; within some 0.07 s of an end
  /// (4 / corner) a part of the wall's echo may still remain.
  void finish(std::vector<std::complex<float>>& out);

  [[nodiscard]] int latencySamples() const { return transformed_; }

 private:
  void reflectFront();
  void transform(int wanted, std::vector<std::complex<float>>& out);

  int half_ = 0;         // taps on either side of the middle one
  int transformed_ = 0;  // samples of a block, of which the first and last half_ only help; 0 = no filter
  cv::Mat response_;     // of the filter, CV_32FC2, 1 x transformed_
  cv::Mat block_;        // scratch, likewise
  std::vector<std::complex<float>> held_;
  bool begun_ = false;
  std::size_t owed_ = 0;  // samples that came in and not yet out
};

}  // namespace soleus
