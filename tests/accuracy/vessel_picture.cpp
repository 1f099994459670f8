#include "tests/accuracy/vessel_picture.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace soleus::accuracy {
namespace {

// 60 dB from black to white, as most B-mode pictures.
constexpr double kGreyPerDb = 255.0 / 60.0;
// Speckle is finer along the beam (pulse length) than across it (beam width); of the echo's amplitude.
constexpr double kAxialSigmaPx = 0.13 / kPictureMmPerPixel;
constexpr double kLateralSigmaPx = 0.32 / kPictureMmPerPixel;
// Nothing is left of a wall this far out.
constexpr double kWallEndMm = 4.0;
// Of two bright lines, an intima and an adventitia, the first is this thick, and the media between as dark as
// this.
constexpr double kIntimaMm = 0.2;
constexpr double kMediaMm = 0.3;
constexpr double kMediaGrey = -30.0;
// Seeds of a frame's noise lie away from those of tissue.
constexpr std::uint64_t kFrameSeeds = 0x9E3779B97F4A7C15U;
// Marks are a pixel wide; the beam is steered by 15 degrees.
constexpr std::uint8_t kMarkGrey = 210;
constexpr double kBeamSlope = 0.27;
constexpr int kBarHalfPx = 8;
constexpr int kAngleHalfPx = 35;
constexpr double kHazeMm = 1.0;
constexpr int kBlockPx = 8;
// Encoders round a coefficient down below two thirds of a step.
constexpr double kCodingRounding = 1.0 / 3.0;

cv::Mat coded(const cv::Mat& grey, double stepGrey) {
  cv::Mat picture;
  grey.convertTo(picture, CV_32F);
  for (int y = 0; y + kBlockPx <= picture.rows; y += kBlockPx) {
    for (int x = 0; x + kBlockPx <= picture.cols; x += kBlockPx) {
      cv::Mat block = picture(cv::Rect(x, y, kBlockPx, kBlockPx));
      cv::Mat levels;
      cv::dct(block, levels);
      levels.forEach<float>([&](float& c, const int*) {
        const double steps = std::floor(std::abs(c) / stepGrey + kCodingRounding);
        c = static_cast<float>(std::copysign(steps * stepGrey, c));
      });
      cv::idct(levels, levels);
      levels.copyTo(block);
    }
  }
  cv::Mat out;
  picture.convertTo(out, CV_8U);
  return out;
}

/// The Doppler gate around `middle`, as scanners paint it over the picture.
void paintGate(cv::Mat grey, cv::Point2d middle, double openPx) {
  const auto dot = [&](double x, double y) {
    const cv::Point at(static_cast<int>(x), static_cast<int>(y));
    if (cv::Rect({0, 0}, grey.size()).contains(at)) grey.at<std::uint8_t>(at) = kMarkGrey;
  };
  for (int y = 2; y < grey.rows; ++y) {
    if (y % 6 < 2 && std::abs(y - middle.y) > openPx) dot(middle.x + kBeamSlope * (middle.y - y), y);
  }
  for (int x = -kBarHalfPx; x <= kBarHalfPx; ++x) {
    dot(middle.x + x - kBeamSlope * openPx, middle.y + openPx + kBeamSlope * x);
    dot(middle.x + x + kBeamSlope * openPx, middle.y - openPx + kBeamSlope * x);
  }
  for (int x = -kAngleHalfPx; x <= kAngleHalfPx; ++x) dot(middle.x + x, middle.y);
}

}  // namespace

LumenShape crossSection(cv::Point2d centrePx, double widthMm, double heightMm, double angleRad) {
  const double a = widthMm / 2 / kPictureMmPerPixel;
  const double b = heightMm / 2 / kPictureMmPerPixel;
  const double c = std::cos(angleRad);
  const double s = std::sin(angleRad);
  return [=](double x, double y) -> Outside {
    const double u = (x - centrePx.x) * c + (y - centrePx.y) * s;
    const double v = -(x - centrePx.x) * s + (y - centrePx.y) * c;
    const double q = std::hypot(u / a, v / b);
    if (q < 1e-6) return {-std::min(a, b), 0};
    const double gu = u / (a * a);
    const double gv = v / (b * b);
    const double steepness = std::hypot(gu, gv);
    return {(q - 1.0) * q / steepness, std::abs(gu * s + gv * c) / steepness};
  };
}

LumenShape lengthwise(double rowPx, double slope, double bendPerPx, double widthMm) {
  return [=](double x, double y) -> Outside {
    const double d = x - kPictureWidthPx / 2.0;
    const double along = std::cos(std::atan(slope + bendPerPx * d));
    const double off = std::abs(y - rowPx - slope * d - bendPerPx * d * d / 2) * along;
    return {off - widthMm / 2 / kPictureMmPerPixel, along};
  };
}

PictureTissue::PictureTissue(const PictureLook& look, std::uint64_t seed) : look_(look), seed_(seed) {
  if (!look.smeared) echoDb_ = echoDb(nullptr);
}

cv::Mat PictureTissue::echoDb(const LumenShape* shape) const {
  const cv::Size size(kPictureWidthPx, kPictureHeightPx);
  cv::RNG random(seed_);
  cv::Mat parts[2];
  for (cv::Mat& part : parts) {
    part.create(size, CV_32F);
    random.fill(part, cv::RNG::NORMAL, 0, 1);
  }
  if (shape != nullptr) {
    // Blood as far below the tissue as the two greys say.
    const double bloodDb = (look_.lumenGrey - look_.tissueGrey) / kGreyPerDb;
    for (int y = 0; y < size.height; ++y) {
      for (int x = 0; x < size.width; ++x) {
        const Outside at = (*shape)(x + 0.5, y + 0.5);
        const double inside = std::clamp(0.5 - at.distancePx, 0.0, 1.0);
        const double db = std::lerp(wallGreyAt(at) / kGreyPerDb, bloodDb, inside);
        for (cv::Mat& part : parts) part.at<float>(y, x) *= static_cast<float>(std::pow(10.0, db / 20.0));
      }
    }
  }
  for (cv::Mat& part : parts) cv::GaussianBlur(part, part, {0, 0}, kLateralSigmaPx, kAxialSigmaPx);
  const double mean = 2.0 / (4.0 * std::numbers::pi * kLateralSigmaPx * kAxialSigmaPx);
  cv::Mat db(size, CV_32F);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double power = std::pow(parts[0].at<float>(y, x), 2.0) + std::pow(parts[1].at<float>(y, x), 2.0);
      db.at<float>(y, x) = static_cast<float>(10.0 * std::log10(power / mean + 1e-9));
    }
  }
  return db;
}

double PictureTissue::wallGreyAt(const Outside& at) const {
  const double mm = at.distancePx * kPictureMmPerPixel;
  if (mm > kWallEndMm) return 0;
  const double bright = look_.wallGrey * (1.0 - look_.squareShare * (1.0 - at.facing));
  const auto fading = [](double beyondMm, double widthMm) {
    return std::exp(-0.5 * std::pow(std::max(0.0, beyondMm) / widthMm, 2.0));
  };
  if (!look_.intima) return bright * fading(mm - look_.wallMm, look_.wallMm / 2);
  const double first = bright * fading(mm - kIntimaMm, kIntimaMm / 3);
  const double media = kMediaGrey * fading(std::abs(mm - kIntimaMm - kMediaMm), kMediaMm / 2);
  const double second =
      bright *
      fading(std::abs(mm - kIntimaMm - 2 * kMediaMm - look_.wallMm / 2) - look_.wallMm / 2, kMediaMm / 3);
  return std::max(first, second) + media;
}

cv::Mat PictureTissue::withLumen(const LumenShape& shape, std::uint64_t frame) const {
  const cv::Mat db = look_.smeared ? echoDb(&shape) : echoDb_;
  cv::RNG random(kFrameSeeds * (frame + 1) + seed_);
  cv::Mat noise(db.size(), CV_32F);
  random.fill(noise, cv::RNG::NORMAL, 0, look_.noiseGrey);
  cv::Mat grey(db.size(), CV_8U);
  for (int y = 0; y < grey.rows; ++y) {
    for (int x = 0; x < grey.cols; ++x) {
      double value = look_.tissueGrey + kGreyPerDb * db.at<float>(y, x) +
                     look_.downGreyPerMm * (y - grey.rows / 2.0) * kPictureMmPerPixel +
                     look_.acrossGreyPerMm * (x - grey.cols / 2.0) * kPictureMmPerPixel;
      if (!look_.smeared) {
        const Outside at = shape(x + 0.5, y + 0.5);
        // Below the upper wall, wherever that is, as far as the point lies inside it.
        const bool hazy = look_.hazeGrey > 0 && shape(x + 0.5, y - 0.5).distancePx > at.distancePx;
        const double haze =
            hazy ? look_.hazeGrey * std::exp(at.distancePx * kPictureMmPerPixel / kHazeMm) : 0.0;
        const double lumen = look_.lumenGrey + haze + look_.lumenShare * std::clamp(value, 0.0, 255.0);
        const double tissue = std::clamp(value + wallGreyAt(at), 0.0, 255.0);
        value = std::lerp(lumen, tissue, std::clamp(0.5 + at.distancePx / look_.edgePx, 0.0, 1.0));
      }
      grey.at<std::uint8_t>(y, x) = cv::saturate_cast<std::uint8_t>(value + noise.at<float>(y, x));
    }
  }
  if (look_.gate) {
    // In the middle of the picture's middle column of lumen.
    double sum = 0;
    int inside = 0;
    for (int y = 0; y < grey.rows; ++y) {
      if (shape(grey.cols / 2.0, y + 0.5).distancePx >= 0) continue;
      sum += y + 0.5;
      ++inside;
    }
    if (inside > 0) paintGate(grey, {grey.cols / 2.0, sum / inside}, inside / 5.0);
  }
  return look_.codingStepGrey > 0 ? coded(grey, look_.codingStepGrey) : grey;
}

}  // namespace soleus::accuracy
