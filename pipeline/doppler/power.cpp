#include "pipeline/doppler/power.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core/hal/intrin.hpp>

#include "pipeline/core/velocity_axis.h"

namespace soleus {
namespace {

// Standard deviation of the temporal smoothing. A contraction rises within 50-100 ms: a window of 12 ms
// delays nothing and flattens the top of a 300-ms burst by 0.4 %, yet averages about eight independent
// speckle samples.
constexpr double kSmoothingSigmaS = 0.012;

// Beyond 2.5 standard deviations a weight is below 0.05 and buys no further looks.
constexpr double kSmoothingReachSigma = 2.5;

// Scanners transform some 10 ms of the signal, and at a low pulse repetition frequency not fewer than 32
// pulses.
constexpr double kWindowS = 0.010;
constexpr double kLeastPulses = 32;

}  // namespace

std::array<float, 256> powerOfGrey(double dynamicRangeDb) {
  std::array<float, 256> table{};
  // One step after the other: this is made anew for every block, and 256 powers cost as much as its columns.
  const double step = std::pow(10.0, dynamicRangeDb / 2550.0);
  double power = std::pow(10.0, -dynamicRangeDb / 10.0);
  for (float& entry : table) {
    entry = static_cast<float>(power);
    power *= step;
  }
  return table;
}

double spectralWindowS(const DopplerCalibration& calibration) {
  if (calibration.spectralWindowS) return *calibration.spectralWindowS;
  if (!calibration.prfHz) return kWindowS;
  return std::max(kWindowS, kLeastPulses / *calibration.prfHz);
}

double looksPerColumn(const DopplerCalibration& calibration) {
  // The speckle of Hann windows half a window apart is independent.
  return std::min(1.0, calibration.secondsPerPixel / (0.5 * spectralWindowS(calibration)));
}

cv::Mat powerColumns(const StripBlock& block, const DopplerCalibration& calibration) {
  const auto table = powerOfGrey(calibration.dynamicRangeOrAssumedDb());
  cv::Mat power(block.grey.cols, block.grey.rows, CV_32F);
  for (int i = 0; i < block.grey.rows; ++i) {
    const std::uint8_t* grey = block.grey.ptr<std::uint8_t>(rowOfAxisIndex(calibration, i));
    for (int column = 0; column < power.rows; ++column) power.at<float>(column, i) = table[grey[column]];
  }
  return power;
}

std::vector<float> temporalWeights(double secondsPerColumn) {
  const int reach = static_cast<int>(kSmoothingReachSigma * kSmoothingSigmaS / secondsPerColumn);
  std::vector<float> weights;
  for (int distance = 0; distance <= reach; ++distance) {
    const double z = distance * secondsPerColumn / kSmoothingSigmaS;
    weights.push_back(static_cast<float>(std::exp(-0.5 * z * z)));
  }
  return weights;
}

namespace {

/// Writes the average around `column` to `out` and returns its looks.
double smoothInto(float* out, const cv::Mat& power, int column, const std::vector<float>& weights,
                  double looksPerColumn) {
  const int reach = static_cast<int>(weights.size()) - 1;
  const int first = std::max(0, column - reach);
  const int last = std::min(power.rows - 1, column + reach);
  const auto weightOf = [&](int other) {
    return weights[static_cast<std::size_t>(std::abs(other - column))];
  };
  float total = 0;
  float squares = 0;
  for (int other = first; other <= last; ++other) {
    total += weightOf(other);
    squares += weightOf(other) * weightOf(other);
  }
  // A few rows through all columns at once: their sums stay in registers.
  constexpr int kLanes = cv::v_float32x4::nlanes;
  int i = 0;
  for (; i + 4 * kLanes <= power.cols; i += 4 * kLanes) {
    std::array<cv::v_float32x4, 4> sums;
    sums.fill(cv::v_setzero_f32());
    for (int other = first; other <= last; ++other) {
      const cv::v_float32x4 weight = cv::v_setall_f32(weightOf(other));
      const float* rows = power.ptr<float>(other) + i;
      for (int k = 0; k < 4; ++k) sums[k] += weight * cv::v_load(rows + k * kLanes);
    }
    for (int k = 0; k < 4; ++k) cv::v_store(out + i + k * kLanes, sums[k] / cv::v_setall_f32(total));
  }
  for (; i < power.cols; ++i) {
    float sum = 0;
    for (int other = first; other <= last; ++other) sum += weightOf(other) * power.at<float>(other, i);
    out[i] = sum / total;
  }
  const double columns = static_cast<double>(total) * total / squares;
  return std::max(1.0, columns * looksPerColumn);
}

}  // namespace

SmoothColumn smoothedColumn(const cv::Mat& power, int column, const std::vector<float>& weights,
                            double looksPerColumn) {
  SmoothColumn smooth{std::vector<float>(static_cast<std::size_t>(power.cols)), 1.0};
  smooth.looks = smoothInto(smooth.power.data(), power, column, weights, looksPerColumn);
  return smooth;
}

SmoothColumns smoothedColumns(const cv::Mat& power, const std::vector<float>& weights,
                              double looksPerColumn) {
  SmoothColumns smooth{cv::Mat(power.size(), CV_32F), {}};
  for (int column = 0; column < power.rows; ++column) {
    smooth.looks.push_back(
        smoothInto(smooth.power.ptr<float>(column), power, column, weights, looksPerColumn));
  }
  return smooth;
}

}  // namespace soleus
