#include "pipeline/doppler/noise_floor.h"

#include <algorithm>
#include <array>

namespace soleus {
namespace {

// A band of 1/16 of the axis averages about three independent rows of a 10-ms spectrum, and 16 of them still
// find a quiet quarter beside flow that fills the rest.
constexpr int kBands = 16;

// The quartile of the bands starts the search, so that one black margin is not taken for the noise.
constexpr int kFirstBand = kBands / 4 - 1;

// The mean of a band of pure noise varies by some 15 % over a block; one that lies this far above is signal.
constexpr double kLargestOfNoise = 1.5;

}  // namespace

double noiseFloor(const cv::Mat& power) {
  // The mean, not a lower quantile: a periodogram's noise is exponential, and the power that has to be
  // subtracted from the spectrum, and multiplied by a threshold, is its mean.
  std::array<double, kBands> bands{};
  for (int band = 0; band < kBands; ++band) {
    const int begin = band * power.cols / kBands;
    const int end = (band + 1) * power.cols / kBands;
    double sum = 0;
    for (int column = 0; column < power.rows; ++column) {
      const float* row = power.ptr<float>(column);
      for (int i = begin; i < end; ++i) sum += row[i];
    }
    bands[static_cast<std::size_t>(band)] = sum / std::max(1, (end - begin) * power.rows);
  }
  std::sort(bands.begin(), bands.end());
  const double limit = kLargestOfNoise * bands[kFirstBand];
  double sum = 0;
  int count = 0;
  for (const double band : bands) {
    if (band > limit) break;
    sum += band;
    ++count;
  }
  return sum / count;
}

}  // namespace soleus
