#include "tests/accuracy/vessel_score.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include "pipeline/vessel/lumen.h"
#include "pipeline/vessel/lumen_follower.h"

namespace soleus::accuracy {
namespace {

const BmodeCalibration kCalibration{{0, 0, kPictureWidthPx, kPictureHeightPx}, kPictureMmPerPixel};
const cv::Point2d kMiddle(kPictureWidthPx / 2.0, kPictureHeightPx / 2.0);

constexpr double kFramesPerS = 25.0;
constexpr int kContractionFrames = 50;
constexpr int kStillFrames = 25;

/// Numbers of one seed, the same on every machine (the library's distributions are not).
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : engine_(seed) {}
  double between(double low, double high) {
    return std::lerp(low, high, static_cast<double>(engine_() >> 11U) * 0x1.0p-53);
  }
  bool outOf(double share) { return between(0, 1) < share; }

 private:
  std::mt19937_64 engine_;
};

struct Vessel {
  LumenShape shape;
  double diameterMm = 0;
};

Vessel vesselOf(VesselSection section, Draw& draw) {
  const double diameterMm = draw.between(4, 10);
  const cv::Point2d centre = kMiddle + cv::Point2d(draw.between(-40, 40), draw.between(-30, 30));
  if (section == VesselSection::kAcross) {
    const double ratio = std::sqrt(draw.between(0.55, 1.0));
    return {crossSection(centre, diameterMm / ratio, diameterMm * ratio, draw.between(-0.5, 0.5)),
            diameterMm};
  }
  // Up to 17 degrees, and to 1.5 mm from its tangent at a border of the picture.
  const double slope = draw.between(-0.3, 0.3);
  return {lengthwise(centre.y, slope, draw.between(-5e-4, 5e-4), diameterMm), diameterMm};
}

PictureLook shown(PictureLook look, Showing showing, Draw& draw) {
  look.smeared = showing == Showing::kSmeared;
  look.gate = showing == Showing::kMarked;
  if (look.gate) look.hazeGrey = draw.between(0, 30);
  return look;
}

/// How full a vein is, 0 emptied to 1: rest, a contraction that empties it in a quarter of a second, a hold,
/// and the refill.
double fullness(double timeS) {
  constexpr double kOnsetS = 0.4;
  constexpr double kEmptyS = 0.65;
  constexpr double kReleaseS = 0.9;
  constexpr double kRefillS = 0.5;
  if (timeS < kOnsetS) return 1.0;
  if (timeS < kEmptyS)
    return 0.5 + 0.5 * std::cos(std::numbers::pi * (timeS - kOnsetS) / (kEmptyS - kOnsetS));
  if (timeS < kReleaseS) return 0.0;
  return 1.0 - std::exp(-(timeS - kReleaseS) / kRefillS);
}

}  // namespace

ErrorSummary summaryOf(const std::vector<double>& errors, int cases) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  ErrorSummary s{cases, static_cast<int>(errors.size()), 0, 0, 0};
  if (errors.empty()) return {cases, 0, kNone, kNone, kNone};
  for (const double e : errors) {
    s.bias += e / s.found;
    s.largest = std::max(s.largest, std::abs(e));
  }
  for (const double e : errors) s.sd += (e - s.bias) * (e - s.bias) / std::max(1, s.found - 1);
  s.sd = std::sqrt(s.sd);
  return s;
}

PictureLook lookOf(std::uint64_t seed) {
  Draw draw(seed ^ 0x5EEDU);
  PictureLook look;
  look.tissueGrey = draw.between(75, 135);
  look.downGreyPerMm = draw.between(-1.2, 0.6);
  look.acrossGreyPerMm = draw.between(-0.6, 0.6);
  look.lumenGrey = draw.between(4, 28);
  look.lumenShare = draw.between(0, 0.08);
  look.noiseGrey = draw.between(1, 6);
  look.wallGrey = draw.between(0, 90);
  look.wallMm = draw.between(0.3, 0.8);
  look.intima = draw.outOf(0.4);
  look.squareShare = draw.between(0, 0.8);
  look.edgePx = draw.between(1, 3);
  look.codingStepGrey = draw.outOf(0.5) ? draw.between(6, 20) : 0.0;
  return look;
}

std::vector<DiameterCase> measureDiameters(VesselSection section, std::uint64_t firstSeed, int seeds,
                                           Showing showing) {
  std::vector<DiameterCase> cases;
  for (std::uint64_t seed = firstSeed; seed < firstSeed + static_cast<std::uint64_t>(seeds); ++seed) {
    Draw draw(seed);
    const Vessel vessel = vesselOf(section, draw);
    const PictureLook look = shown(lookOf(seed), showing, draw);
    const cv::Mat picture = PictureTissue(look, seed).withLumen(vessel.shape, 0);
    const VesselSample sample = measureLumen(picture, kCalibration, {});
    cases.push_back({seed, look, vessel.diameterMm, sample.diameterMm, sample.confidence});
  }
  return cases;
}

ErrorSummary errorsMm(const std::vector<DiameterCase>& cases) {
  std::vector<double> errors;
  for (const DiameterCase& c : cases) {
    if (!std::isnan(c.foundMm)) errors.push_back(c.foundMm - c.trueMm);
  }
  return summaryOf(errors, static_cast<int>(cases.size()));
}

ErrorSummary contractionErrorsPercent(std::uint64_t firstSeed, int sequences, Showing showing) {
  std::vector<double> errors;
  for (std::uint64_t seed = firstSeed; seed < firstSeed + static_cast<std::uint64_t>(sequences); ++seed) {
    Draw draw(seed);
    const double widthMm = draw.between(7, 10);
    const double heightMm = widthMm * draw.between(0.75, 1.0);
    const double angleRad = draw.between(-0.3, 0.3);
    const PictureTissue tissue(shown(lookOf(seed), showing, draw), seed);
    LumenFollower follower(kCalibration);
    for (int frame = 0; frame < kContractionFrames; ++frame) {
      const double full = fullness(frame / kFramesPerS);
      // It flattens and hardly narrows.
      const double w = widthMm * std::lerp(0.85, 1.0, full);
      const double h = heightMm * std::lerp(0.4, 1.0, full);
      const cv::Mat picture =
          tissue.withLumen(crossSection(kMiddle, w, h, angleRad), static_cast<std::uint64_t>(frame));
      const SessionTime time = SessionTime::fromSeconds(frame / kFramesPerS);
      const double area = follower.push(picture, findLumen(picture, kCalibration), time).sample.areaMm2;
      if (!std::isnan(area)) errors.push_back(100 * (area / (std::numbers::pi / 4 * w * h) - 1));
    }
  }
  return summaryOf(errors, sequences * kContractionFrames);
}

ErrorSummary jitterMm(VesselSection section, std::uint64_t firstSeed, int sequences) {
  std::vector<double> all;
  for (std::uint64_t seed = firstSeed; seed < firstSeed + static_cast<std::uint64_t>(sequences); ++seed) {
    Draw draw(seed);
    const Vessel vessel = vesselOf(section, draw);
    const PictureTissue tissue(lookOf(seed), seed);
    std::vector<double> found;
    for (int frame = 0; frame < kStillFrames; ++frame) {
      const cv::Mat picture = tissue.withLumen(vessel.shape, static_cast<std::uint64_t>(frame));
      const double diameter = measureLumen(picture, kCalibration, {}).diameterMm;
      if (!std::isnan(diameter)) found.push_back(diameter);
    }
    const double mean = summaryOf(found, kStillFrames).bias;
    for (const double diameter : found) all.push_back(diameter - mean);
  }
  return summaryOf(all, sequences * kStillFrames);
}

}  // namespace soleus::accuracy
