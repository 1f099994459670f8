#include "calibration/phantom/bmode_picture.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <opencv2/core.hpp>
#include <vector>

#include "calibration/phantom/counter_random.h"
#include "calibration/phantom/limited_range.h"

namespace soleus {
namespace {

// Room for the tissue to move and for the flicker to be taken elsewhere each frame.
constexpr int kMarginPixels = 16;
// Electronic noise of the picture from frame to frame, luma steps to each side.
constexpr int kFlicker = 5;
// Tissue follows the breath by about a third of a millimetre.
constexpr double kBreathShiftMm = 0.3;
// Speckle is finer along the beam (pulse length) than across it (beam width), in mm.
constexpr double kAxialSigmaMm = 0.13;
constexpr double kLateralSigmaMm = 0.32;
// 60 dB from black to white, as most B-mode pictures.
constexpr double kGreyPerDb = 255.0 / 60.0;
constexpr double kLumenGrey = 10.0;
constexpr double kWallGrey = 70.0;     // how much brighter than the tissue the wall is
constexpr double kWallMm = 0.5;        // its thickness
constexpr double kBeamSlope = 0.27;    // columns a row: a beam steered by 15 degrees
constexpr double kColourCmPerS = 5.0;  // slower flow is not coloured

/// Convolves rows or columns with a Gaussian; plain loops, so that the picture is the same on every machine.
std::vector<std::complex<float>> blurred(const std::vector<std::complex<float>>& in, cv::Size size,
                                         double sigma, bool alongRows) {
  const int reach = static_cast<int>(std::ceil(3.0 * sigma));
  std::vector<std::complex<float>> out(in.size());
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      std::complex<float> sum = 0;
      for (int d = -reach; d <= reach; ++d) {
        const int sx = std::clamp(alongRows ? x + d : x, 0, size.width - 1);
        const int sy = std::clamp(alongRows ? y : y + d, 0, size.height - 1);
        const auto weight = static_cast<float>(std::exp(-0.5 * d * d / (sigma * sigma)));
        sum += weight * in[static_cast<std::size_t>(sy * size.width + sx)];
      }
      out[static_cast<std::size_t>(y * size.width + x)] = sum;
    }
  }
  return out;
}

double bump(double x, double width) {
  return std::exp(-0.5 * x * x / (width * width));
}

/// Mean grey of the tissue: skin, fat, two fasciae, fibred muscle, darker with depth. `depth` and `across` in
/// shares of the picture.
double tissueGrey(double depth, double across) {
  const double wave = 0.012 * std::sin(7.0 * across + 1.0) + 0.02 * across;
  double grey = 112.0 - 45.0 * depth;
  grey += 80.0 * bump(depth, 0.025);
  grey += 95.0 * bump(depth - 0.16 - wave, 0.010);
  grey += 75.0 * bump(depth - 0.22 - 1.5 * wave, 0.006);
  grey += 70.0 * bump(depth - 0.80 + 2.0 * wave, 0.012);
  if (depth > 0.25)
    grey += 14.0 *
            std::sin(2.0 * std::numbers::pi * (22.0 * depth - 5.0 * across + 0.4 * std::sin(9.0 * across)));
  return grey;
}

std::uint8_t lumaOf(double grey) {
  return lumaOfGrey(static_cast<int>(std::lround(std::clamp(grey, 0.0, 255.0))));
}

void frameBox(cv::Mat luma, int x0, int y0, int x1, int y1) {
  const cv::Rect box = cv::Rect(x0, y0, x1 - x0, y1 - y0) & cv::Rect(0, 0, luma.cols, luma.rows);
  if (box.width < 2 || box.height < 2) return;
  const cv::Mat inner = luma(box);
  const cv::Scalar grey(lumaOfGrey(150));
  inner.row(0).setTo(grey);
  inner.row(box.height - 1).setTo(grey);
  inner.col(0).setTo(grey);
  inner.col(box.width - 1).setTo(grey);
}

/// The dotted beam of the pulsed wave from the top to the bottom, open around the vein at (x, y).
void dotBeam(cv::Mat luma, double x, double y, double openPixels) {
  for (int row = 2; row < luma.rows; row += 6) {
    const double dy = row - y;
    const double dx = -dy * kBeamSlope;
    const int col = static_cast<int>(x + dx);
    if (std::hypot(dx, dy) < openPixels || col < 0 || col + 1 >= luma.cols) continue;
    luma(cv::Rect(col, row, 1, 2) & cv::Rect(0, 0, luma.cols, luma.rows)).setTo(lumaOfGrey(190));
  }
}

}  // namespace

BmodePicture::BmodePicture(const Scenario& scenario, std::uint64_t seed)
    : region_(scenario.display.bmodeRegion),
      mmPerPixel_(scenario.display.bmodeMmPerPixel),
      breathRateHz_(scenario.flow.breathRateHz),
      diameterMm_(scenario.flow.veinDiameterMm),
      seed_(seed) {
  const cv::Size size(region_.width + 2 * kMarginPixels, region_.height + 2 * kMarginPixels);
  const CounterRandom random(seed, RandomStream::kSpeckle);
  std::vector<std::complex<float>> echo(static_cast<std::size_t>(size.area()));
  for (std::size_t i = 0; i < echo.size(); ++i) echo[i] = std::complex<float>(random.complexNormal(i));
  echo = blurred(echo, size, std::max(0.6, kAxialSigmaMm / mmPerPixel_), false);
  echo = blurred(echo, size, std::max(0.6, kLateralSigmaMm / mmPerPixel_), true);
  double power = 0;
  for (const auto& e : echo) power += std::norm(e);
  power /= static_cast<double>(echo.size());
  tissue_.create(size, CV_8UC1);
  flicker_.create(size, CV_8UC1);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const auto i = static_cast<std::size_t>(y * size.width + x);
      const double depth = static_cast<double>(y - kMarginPixels) / region_.height;
      const double across = static_cast<double>(x - kMarginPixels) / region_.width;
      const double speckleDb = 10.0 * std::log10(std::norm(echo[i]) / power + 1e-9);
      // Kept clear of black by the flicker, which is added without a test for overflow.
      const std::uint8_t luma =
          lumaOf(std::max(tissueGrey(depth, across) + kGreyPerDb * speckleDb, 2.0 * kFlicker));
      tissue_.at<std::uint8_t>(y, x) = static_cast<std::uint8_t>(luma - kFlicker);
      flicker_.at<std::uint8_t>(y, x) =
          static_cast<std::uint8_t>(random.bits(2 * echo.size() + i) % (2 * kFlicker + 1));
    }
  }
}

void BmodePicture::draw(std::int64_t number, double timeS, const VeinShape& vein, double meanCmPerS,
                        cv::Mat luma, cv::Mat u, cv::Mat v) const {
  const double breath = std::sin(2.0 * std::numbers::pi * breathRateHz_ * timeS);
  const double shiftPixels =
      std::clamp(kBreathShiftMm / mmPerPixel_ * breath, -1.0 * kMarginPixels, 1.0 * kMarginPixels);
  const std::uint64_t place =
      CounterRandom(seed_, RandomStream::kFrameNoise).bits(static_cast<std::uint64_t>(number));
  const cv::Rect still(kMarginPixels, kMarginPixels - static_cast<int>(std::lround(shiftPixels)),
                       region_.width, region_.height);
  const cv::Rect anywhere(static_cast<int>(place % (2 * kMarginPixels)),
                          static_cast<int>(place / 4096 % (2 * kMarginPixels)), region_.width,
                          region_.height);
  cv::add(tissue_(still), flicker_(anywhere), luma);

  const double centreX = region_.width / 2.0;
  drawVein(vein, centreX, region_.height / 2.0 + shiftPixels, meanCmPerS, luma, u, v);
  dotBeam(luma, centreX, region_.height / 2.0, 1.3 * diameterMm_ / mmPerPixel_);
  // The box stands still around the widest vein.
  const double boxHalf = 0.9 * diameterMm_ / mmPerPixel_;
  frameBox(luma, static_cast<int>(centreX - 1.3 * boxHalf), static_cast<int>(region_.height / 2.0 - boxHalf),
           static_cast<int>(centreX + 1.3 * boxHalf), static_cast<int>(region_.height / 2.0 + boxHalf));
}

void BmodePicture::drawVein(const VeinShape& vein, double centreX, double centreY, double meanCmPerS,
                            cv::Mat luma, cv::Mat u, cv::Mat v) const {
  const double a = vein.widthMm / 2.0 / mmPerPixel_;
  const double b = vein.heightMm / 2.0 / mmPerPixel_;
  const double wall = kWallMm / mmPerPixel_;
  const double reach = 2.0 * wall + 3.0;
  const int left = std::max(0, static_cast<int>(centreX - a - reach));
  const int right = std::min(region_.width, static_cast<int>(centreX + a + reach) + 1);
  const int top = std::max(0, static_cast<int>(centreY - b - reach));
  const int bottom = std::min(region_.height, static_cast<int>(centreY + b + reach) + 1);
  for (int y = top; y < bottom; ++y) {
    for (int x = left; x < right; ++x) {
      const double dx = (x + 0.5 - centreX) / a;
      const double dy = (y + 0.5 - centreY) / b;
      const double q = std::sqrt(dx * dx + dy * dy);
      const double slope = std::sqrt(dx * dx / (a * a) + dy * dy / (b * b));
      // Distance to the ellipse in pixels, exact to first order near it; the middle is far inside.
      const double outside = slope > 0.0 ? (q - 1.0) * q / slope : -std::min(a, b);
      if (outside > reach) continue;
      std::uint8_t& pixel = luma.at<std::uint8_t>(y, x);
      // Full brightness from the edge on, so that half of the step from lumen to wall lies on the ellipse.
      const double tissue = pixel + kWallGrey * bump(std::max(0.0, outside - wall), wall / 2.0);
      // The lumen keeps a twentieth of the speckle: reverberation.
      const double lumen = lumaOf(kLumenGrey) + 0.05 * pixel;
      const double share = std::clamp(0.5 + outside / 2.0, 0.0, 1.0);  // an edge two pixels wide
      pixel =
          static_cast<std::uint8_t>(std::lround(std::clamp(std::lerp(lumen, tissue, share), 16.0, 235.0)));
      if (outside < -1.0 && std::abs(meanCmPerS) > kColourCmPerS) {
        const bool forward = meanCmPerS > 0;  // blue, as a vein is usually shown
        const int strength = 128 + static_cast<int>(std::min(70.0, 30.0 + std::abs(meanCmPerS)));
        u.at<std::uint8_t>((region_.y + y) / 2, (region_.x + x) / 2) =
            static_cast<std::uint8_t>(forward ? strength : 110);
        v.at<std::uint8_t>((region_.y + y) / 2, (region_.x + x) / 2) =
            static_cast<std::uint8_t>(forward ? 110 : strength);
      }
    }
  }
}

}  // namespace soleus
