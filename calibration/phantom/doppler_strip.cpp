#include "calibration/phantom/doppler_strip.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "calibration/phantom/limited_range.h"

namespace soleus {
namespace {

constexpr int kBlack = 0;
// Bright enough to be seen, darker than blood, so that it isn't taken for signal.
constexpr int kBaselineGrey = 110;
// A column whose end is a frame's time but for rounding counts as complete.
constexpr double kRoundingColumns = 1e-6;

int floorMod(std::int64_t a, int b) {
  return static_cast<int>(((a % b) + b) % b);
}

std::int64_t windowStart(const Scenario& scenario, std::int64_t column, int windowSamples) {
  const double middleS = (static_cast<double>(column) + 0.5) * scenario.display.secondsPerColumn;
  return std::llround(middleS * scenario.scanner.prfHz) - windowSamples / 2;
}

std::int64_t firstColumn(const DisplaySettings& display) {
  if (!display.prefilled) return 0;
  const int gap = display.mode == Display::kSweep ? display.eraseGapPixels : 0;
  return -(display.dopplerRegion.width - gap);
}

}  // namespace

DopplerStrip::DopplerStrip(const Scenario& scenario, const Haemodynamics& haemodynamics, std::uint64_t seed)
    : scenario_(scenario),
      calibration_(*profileOf(scenario).doppler),
      spectrum_(scenario, calibration_),
      nextColumn_(firstColumn(scenario.display)),
      signal_(scenario, haemodynamics, seed, windowStart(scenario, nextColumn_, spectrum_.windowSamples())) {
  const int copies = scenario.display.mode == Display::kScroll ? 2 : 1;
  canvas_ = cv::Mat(calibration_.region.height, copies * calibration_.region.width, CV_8UC1,
                    cv::Scalar(lumaOfGrey(kBlack)));
}

int DopplerStrip::place(std::int64_t k) const {
  const int phase = scenario_.display.mode == Display::kSweep ? scenario_.display.startPhaseColumns : 0;
  return floorMod(k + phase, calibration_.region.width);
}

void DopplerStrip::writeColumn(std::int64_t k) {
  const int count = spectrum_.windowSamples();
  const auto power = spectrum_.power(signal_.samples(windowStart(scenario_, k, count), count));
  const int x = place(k - skipped_);
  for (int row = 0; row < canvas_.rows; ++row) {
    const std::uint8_t luma = lumaOfGrey(spectrum_.grey(power[static_cast<std::size_t>(row)]));
    for (int copy = x; copy < canvas_.cols; copy += calibration_.region.width)
      canvas_.at<std::uint8_t>(row, copy) = luma;
  }
}

void DopplerStrip::draw(double timeS, cv::Mat luma) {
  const auto endColumn =
      static_cast<std::int64_t>(std::floor(timeS / scenario_.display.secondsPerColumn + kRoundingColumns));
  for (; nextColumn_ < endColumn; ++nextColumn_) advance(nextColumn_);
  if (scenario_.display.mode == Display::kScroll) {
    const int oldest = place(nextColumn_ - skipped_);
    canvas_.colRange(oldest, oldest + calibration_.region.width).copyTo(luma);
  } else {
    for (int gap = 0; gap < scenario_.display.eraseGapPixels; ++gap)
      canvas_.col(place(nextColumn_ - skipped_ + gap)).setTo(lumaOfGrey(kBlack));
    canvas_.copyTo(luma);
  }
  applyScale(timeS, luma);
  const int row = baselineRow(timeS);
  const int down = row - baselineRow(-1);
  if (down != 0) {
    // The strip is as high as the spectrum's period: what leaves it at one edge comes in at the other.
    const cv::Mat before = luma.clone();
    for (int r = 0; r < luma.rows; ++r) before.row(floorMod(r - down, luma.rows)).copyTo(luma.row(r));
  }
  if (scenario_.display.baselineLine) luma.row(row).setTo(lumaOfGrey(kBaselineGrey));
  paintOverlay(scenario_.faults, timeS, luma);
}

void DopplerStrip::advance(std::int64_t k) {
  const DisplayFaults& faults = scenario_.faults;
  const double endS = (static_cast<double>(k) + 1) * scenario_.display.secondsPerColumn;
  if (faults.freeze && endS > faults.freeze->startS &&
      endS <= faults.freeze->startS + faults.freeze->durationS) {
    ++skipped_;
    return;
  }
  if (faults.restartS && !restarted_ && endS > *faults.restartS) {
    restarted_ = true;
    canvas_.setTo(lumaOfGrey(kBlack));
    const int phase = scenario_.display.mode == Display::kSweep ? scenario_.display.startPhaseColumns : 0;
    skipped_ = k + phase;
  }
  writeColumn(k);
}

int DopplerStrip::baselineRow(double timeS) const {
  const auto& moved = scenario_.faults.baseline;
  if (moved && timeS >= moved->startS)
    return static_cast<int>(std::floor(moved->fraction * calibration_.region.height));
  return static_cast<int>(calibration_.baselineRow) - calibration_.region.y;
}

void DopplerStrip::applyScale(double timeS, cv::Mat luma) const {
  const auto& scale = scenario_.faults.scale;
  if (!scale || timeS < scale->startS) return;
  // A coarser scale needs rows beyond the band; the band's edge, noise, is repeated there.
  const double zero = baselineRow(-1);
  cv::Mat mapX(luma.size(), CV_32F);
  cv::Mat mapY(luma.size(), CV_32F);
  for (int r = 0; r < luma.rows; ++r) {
    mapY.row(r).setTo(zero + (r - zero) * scale->factor);
    for (int x = 0; x < luma.cols; ++x) mapX.at<float>(r, x) = static_cast<float>(x);
  }
  cv::remap(luma.clone(), luma, mapX, mapY, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
}

}  // namespace soleus
