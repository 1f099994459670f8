#include "pipeline/doppler/noise_speckle.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <opencv2/core.hpp>

#include "pipeline/doppler/spectral_window.h"

namespace soleus {
namespace {

// The mean of a row of noise over a block varies by some 20 %; one that lies this far above holds flow.
constexpr double kLargestOfNoise = 1.5;

// Resolutions tried, in assumed ones: from a window two and a half times as long to one a little shorter.
constexpr double kFinest = 0.4;
constexpr double kCoarsest = 1.2;
constexpr double kStep = 0.01;

}  // namespace

NoiseSpeckle::NoiseSpeckle(double windowRows)
    : assumedRows_(windowRows),
      products_(static_cast<std::size_t>(std::ceil(windowRows)), 0.0),
      pairs_(products_.size(), 0.0) {}

void NoiseSpeckle::add(const cv::Mat& power, double noise) {
  cv::Mat mean;
  cv::reduce(power, mean, 0, cv::REDUCE_AVG);
  const auto* means = mean.ptr<float>();
  const auto isNoise = [&](int i) { return means[i] < kLargestOfNoise * noise; };
  for (std::size_t k = 0; k < products_.size(); ++k) {
    const int apart = static_cast<int>(k) + 1;
    for (int i = 0; i + apart < power.cols; ++i) {
      if (!isNoise(i) || !isNoise(i + apart)) continue;
      for (int column = 0; column < power.rows; ++column) {
        const auto* row = power.ptr<float>(column);
        products_[k] += (row[i] - noise) * (row[i + apart] - noise) / (noise * noise);
      }
      pairs_[k] += power.rows;
    }
  }
  columns_ += power.rows;
}

std::optional<double> NoiseSpeckle::windowRows(int columns) const {
  if (columns_ < columns || products_.size() < 2) return std::nullopt;
  if (*std::min_element(pairs_.begin(), pairs_.end()) <= 0) return std::nullopt;
  double best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (double share = kFinest; share <= kCoarsest; share += kStep) {
    // A row with itself is left out and the level is free: a coder's noise, which is a row's own, adds there.
    double measured = 0;
    double expected = 0;
    double both = 0;
    for (std::size_t k = 0; k < products_.size(); ++k) {
      const double y = products_[k] / pairs_[k];
      const double x = hannSpeckle((static_cast<double>(k) + 1) / (share * assumedRows_));
      measured += y * y;
      expected += x * x;
      both += x * y;
    }
    const double residual = measured - both * both / expected;
    if (both > 0 && residual < least) {
      least = residual;
      best = share;
    }
  }
  // Rows that have nothing in common show no window.
  if (best <= kFinest) return std::nullopt;
  return best * assumedRows_;
}

}  // namespace soleus
