/// Synthetic Doppler columns with known truth for the tests: scatterers on a velocity profile, a short-time
/// Fourier transform, a grey map. Written apart from the phantom, so that neither proves itself.
#pragma once

#include <cmath>
#include <complex>
#include <functional>
#include <numbers>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <random>

#include "pipeline/core/calibration.h"
#include "pipeline/doppler/strip_block.h"
#include "pipeline/doppler/unroller.h"

namespace soleus::testing {

struct SyntheticStrip {
  double prfHz = 4600;
  double axisCmPerS = 161;  ///< whole axis, twice the Nyquist velocity at 4.4 MHz and 60 degrees
  int rows = 288;
  int columns = 250;
  double secondsPerColumn = 0.00381;
  double windowS = 0.010;      ///< of the transform
  double profileExponent = 2;  ///< v = vm (1 - r^n)
  double snrDb = 15;           ///< power of the whole signal over that of the whole noise
  double dynamicRangeDb = 60;
  double peakDb = -8;       ///< power of the strongest bin on the display
  double wallFilterHz = 0;  ///< corner of a high-pass of sixth order
  double blurPx = 0;        ///< standard deviation of a Gaussian over the grey picture, as a codec would blur
  std::function<double(double)> vmCmPerS = [](double) { return 60.0; };
  unsigned seed = 1;
};

inline DopplerCalibration calibrationOf(const SyntheticStrip& s) {
  DopplerCalibration c;
  c.region = {0, 0, s.columns, s.rows};
  c.secondsPerPixel = s.secondsPerColumn;
  c.cmPerSPerPixel = s.axisCmPerS / s.rows;
  c.baselineRow = s.rows / 2 + 0.5;
  c.dynamicRangeDb = s.dynamicRangeDb;
  c.transmitFrequencyHz = 4.4e6;
  c.prfHz = s.prfHz;
  if (s.wallFilterHz > 0) c.wallFilterHz = s.wallFilterHz;
  return c;
}

/// Grey picture, a column each secondsPerColumn; column i is centred on time (i + 0.5) * secondsPerColumn.
inline cv::Mat renderStrip(const SyntheticStrip& s) {
  std::mt19937 random(s.seed);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  constexpr int kScatterers = 240;
  const int window = static_cast<int>(s.windowS * s.prfHz);
  const int samples = static_cast<int>(s.columns * s.secondsPerColumn * s.prfHz) + window + 2;

  std::vector<double> u(kScatterers);
  std::vector<std::complex<double>> amplitude(kScatterers);
  for (int k = 0; k < kScatterers; ++k) {
    // Uniform over the vessel's area: u = 1 - r^n with r^2 uniform, stratified so that the density is even.
    const double area = (k + uniform(random)) / kScatterers;
    u[k] = 1.0 - std::pow(area, s.profileExponent / 2.0);
    amplitude[k] = {normal(random), normal(random)};
  }
  std::vector<std::complex<double>> z(samples);
  double travelled = 0;  // integral of vm in cycles per unit u
  const double noise = std::sqrt(kScatterers * std::pow(10.0, -s.snrDb / 10.0));
  for (int t = 0; t < samples; ++t) {
    const double time = (t - window / 2) / s.prfHz;
    travelled += s.vmCmPerS(time) / s.axisCmPerS;
    std::complex<double> sum = noise * std::complex<double>(normal(random), normal(random));
    const double maximumHz = s.vmCmPerS(time) / s.axisCmPerS * s.prfHz;
    for (int k = 0; k < kScatterers; ++k) {
      const double passed =
          s.wallFilterHz > 0 ? 1 / std::sqrt(1 + std::pow(s.wallFilterHz / (u[k] * maximumHz), 12)) : 1.0;
      sum += passed * amplitude[k] * std::polar(1.0, 2 * std::numbers::pi * u[k] * travelled);
    }
    // Scatterers drift in and out: each is replaced now and then, so that long strips are not periodic.
    amplitude[t % kScatterers] = {normal(random), normal(random)};
    z[t] = sum;
  }

  cv::Mat power(s.rows, s.columns, CV_64F);
  for (int column = 0; column < s.columns; ++column) {
    const int first = static_cast<int>((column + 0.5) * s.secondsPerColumn * s.prfHz);
    cv::Mat spectrum = cv::Mat::zeros(1, s.rows, CV_64FC2);
    for (int i = 0; i < window; ++i) {
      const double hann = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * (i + 0.5) / window);
      spectrum.at<std::complex<double>>(0, i) = hann * z[first + i];
    }
    cv::dft(spectrum, spectrum);
    for (int k = 0; k < s.rows; ++k) {
      const int row = (s.rows / 2 - k + s.rows) % s.rows;  // positive frequencies above the baseline
      power.at<double>(row, column) = std::norm(spectrum.at<std::complex<double>>(0, k));
    }
  }
  double strongest = 0;
  cv::minMaxLoc(power, nullptr, &strongest);
  cv::Mat grey(s.rows, s.columns, CV_8U);
  for (int row = 0; row < s.rows; ++row) {
    for (int column = 0; column < s.columns; ++column) {
      const double db = 10 * std::log10(power.at<double>(row, column) / strongest) + s.peakDb;
      grey.at<std::uint8_t>(row, column) =
          cv::saturate_cast<std::uint8_t>(255.0 * (db + s.dynamicRangeDb) / s.dynamicRangeDb);
    }
  }
  if (s.blurPx > 0) cv::GaussianBlur(grey, grey, {0, 0}, s.blurPx);
  return grey;
}

/// The picture as blocks of `step` new columns with the context that the unroller gives.
inline std::vector<StripBlock> blocksOf(const cv::Mat& grey, double secondsPerColumn, int step = 0) {
  std::vector<StripBlock> blocks;
  const int context = contextColumns(secondsPerColumn);
  if (step == 0) step = 2 * context;
  for (int begin = 0; begin < grey.cols; begin += step) {
    const int end = std::min(grey.cols, begin + step);
    StripBlock block;
    block.leftContext = std::min(context, begin);
    block.rightContext = std::min(context, grey.cols - end);
    block.grey = grey.colRange(begin - block.leftContext, end + block.rightContext);
    for (int column = begin; column < end; ++column) {
      block.time.push_back(SessionTime::fromSeconds((column + 0.5) * secondsPerColumn));
      block.quality.push_back(0);
    }
    blocks.push_back(std::move(block));
  }
  return blocks;
}

}  // namespace soleus::testing
