#include "calibration/dicom/region_reading.h"

#include <cmath>
#include <numbers>
#include <sstream>

#include "calibration/dicom/region_names.h"
#include "pipeline/core/extents.h"
#include "pipeline/core/velocity_axis.h"

namespace soleus {
namespace {

constexpr double kMostAngleDegrees = 89;
// Angles are set in whole degrees; two that differ by less are the same.
constexpr double kSameAngleDegrees = 0.5;
// What a person says and what the file does are the same within this.
constexpr double kSameShare = 0.02;
// What scanners can show, with a margin to both sides: no strip is shorter than 0.2 s or longer than two
// minutes, no spectrum spans less than 2 cm/s or more than 50 m/s, and no B-mode picture is deeper than 40
// cm.
constexpr double kLeastStripS = 0.2;
constexpr double kMostStripS = 120;
constexpr double kLeastRangeCmPerS = 2;
constexpr double kMostRangeCmPerS = 5000;
constexpr double kMostDepthMm = 400;
constexpr double kLeastDepthMm = 5;
// A pixel is as wide as high, but for the rounding of whoever wrote it.
constexpr double kSameScale = 0.005;
// Transmit frequencies of transducers, in Hz; (0018,6030) is in kHz, and some scanners write another unit.
constexpr double kLeastTransmitHz = 1e5;
constexpr double kMostTransmitHz = 1e8;

std::string text(double value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

}  // namespace

Result<double> RegionReading::delta(const std::optional<double>& value, const std::string& name) const {
  if (!value || !std::isfinite(*value) || *value == 0)
    return refused("has no scale", name + " " + (value ? text(*value) : "missing"), "a number other than 0");
  return *value / placed_.scale;
}

Status RegionReading::place() {
  auto placed = placeRegion(region_, dicom_, options_, where_);
  if (!placed.ok()) return placed.error();
  placed_ = placed.value();
  if (!placed_.note.empty()) note(placed_.note);
  return Done{};
}

Status RegionReading::readBmode() {
  if (const Status placed = place(); !placed.ok()) return placed;
  if (region_.unitsX != RegionUnits::kCm || region_.unitsY != RegionUnits::kCm) {
    return refused("is no B-mode picture that can be measured",
                   "units " + nameOf(region_.unitsX) + " by " + nameOf(region_.unitsY), "cm by cm");
  }
  const auto x = delta(region_.deltaX, "PhysicalDeltaX");
  const auto y = delta(region_.deltaY, "PhysicalDeltaY");
  if (!x.ok()) return x.error();
  if (!y.ok()) return y.error();
  // The sign only says which way the axis counts.
  const double mmX = 10 * std::abs(x.value());
  const double mmY = 10 * std::abs(y.value());
  if (std::abs(mmX / mmY - 1) > kSameScale)
    return refused("its pixels are not square", text(mmX) + " by " + text(mmY) + " mm", "the same both ways");
  const double depthMm = mmY * placed_.box.height;
  if (!(depthMm >= kLeastDepthMm && depthMm <= kMostDepthMm)) {
    return refused("has a scale that no scanner shows", text(depthMm) + " mm from top to bottom",
                   text(kLeastDepthMm) + " to " + text(kMostDepthMm) + " mm");
  }
  result_.profile.bmode = BmodeCalibration{placed_.box, mmY};
  return Done{};
}

Status RegionReading::readTime(DopplerCalibration& doppler) const {
  if (region_.unitsX != RegionUnits::kSeconds)
    return refused("its horizontal axis is no time", "units " + nameOf(region_.unitsX), "s");
  const auto step = delta(region_.deltaX, "PhysicalDeltaX");
  if (!step.ok()) return step.error();
  if (step.value() < 0) {
    return refused("its time runs to the left", "PhysicalDeltaX " + text(*region_.deltaX),
                   "a strip whose time runs to the right");
  }
  const double lengthS = step.value() * doppler.region.width;
  if (!(lengthS >= kLeastStripS && lengthS <= kMostStripS)) {
    return refused("has a time scale that no scanner shows", text(lengthS) + " s from left to right",
                   text(kLeastStripS) + " to " + text(kMostStripS) + " s");
  }
  doppler.secondsPerPixel = step.value();
  return Done{};
}

Status RegionReading::readAngle(DopplerCalibration& doppler) {
  // Its sign tells to which side the cursor leans.
  std::optional<double> set = region_.correctionAngleDegrees;
  if (set) set = std::abs(*set);
  if (set && !(*set <= kMostAngleDegrees)) {
    return refused("its correction angle is none that corrects", "DopplerCorrectionAngle " + text(*set),
                   "0 to " + text(kMostAngleDegrees) + " degrees");
  }
  const std::optional<double> given = options_.angleDegrees;
  if (!set && !given)
    return refused("does not say its angle", "no DopplerCorrectionAngle", "'--angle DEGREES'");
  doppler.angleDegrees = given.value_or(set.value_or(0));
  doppler.angleCorrected = true;
  const bool isVelocity = region_.unitsY == RegionUnits::kCmPerSecond;
  if (set && given && isVelocity && std::abs(*set - *given) > kSameAngleDegrees) {
    if (*set > 0) {
      return refused("its velocities are corrected for another angle", text(*set) + " degrees",
                     "the " + text(*given) + " degrees of '--angle', or none given");
    }
    doppler.angleCorrected = false;
    note("its velocities are corrected for no angle; they will be for the " + text(*given) +
         " degrees given");
  } else if (!set && isVelocity && !options_.angleCorrected) {
    return refused("does not say whether its velocities are corrected for the angle",
                   "no DopplerCorrectionAngle", "'--angle-corrected yes' or '--angle-corrected no'");
  } else if (!given && doppler.angleDegrees == 0) {
    note("its angle is 0: velocities along the beam, unless '--angle' says otherwise");
  }
  if (isVelocity && options_.angleCorrected) doppler.angleCorrected = *options_.angleCorrected;
  return Done{};
}

Status RegionReading::readTransmitter(DopplerCalibration& doppler) {
  const std::optional<double> kHz = region_.transducerFrequencyKHz;
  if (options_.transmitFrequencyHz) {
    doppler.transmitFrequencyHz = options_.transmitFrequencyHz;
  } else if (kHz && *kHz * 1e3 >= kLeastTransmitHz && *kHz * 1e3 <= kMostTransmitHz) {
    doppler.transmitFrequencyHz = *kHz * 1e3;
  } else if (kHz && region_.unitsY == RegionUnits::kHertz) {
    return refused("has no transmit frequency that a transducer has", text(*kHz) + " kHz",
                   "'--transmit-frequency HZ'");
  } else if (kHz) {
    note("its transmit frequency of " + text(*kHz) + " kHz is none of a transducer and was left out");
  }
  if (region_.prfHz && *region_.prfHz >= 1 && *region_.prfHz <= 1e6) doppler.prfHz = region_.prfHz;
  if (options_.prfHz) {
    if (doppler.prfHz && std::abs(*options_.prfHz / *doppler.prfHz - 1) > kSameShare)
      note("its PRF is " + text(*doppler.prfHz) + " Hz; " + text(*options_.prfHz) + ", as said, is taken");
    doppler.prfHz = options_.prfHz;
  }
  return Done{};
}

/// What the grey means. Without the wall filter mean velocities of slow flow read high, by a tenth on the
/// phantom's clips; peaks don't care.
void RegionReading::readGrey(DopplerCalibration& doppler) {
  doppler.wallFilterHz = options_.wallFilterHz;
  doppler.dynamicRangeDb = options_.dynamicRangeDb;
  std::string missing;
  if (!doppler.wallFilterHz) missing = "'--wall-filter HZ'";
  if (!doppler.dynamicRangeDb)
    missing += std::string(missing.empty() ? "" : " and ") + "'--dynamic-range DB'";
  if (!missing.empty())
    note("DICOM does not tell all that the grey means; mean velocity and flow are more certain with " +
         missing);
}

Status RegionReading::readVelocity(DopplerCalibration& doppler) {
  const bool isVelocity = region_.unitsY == RegionUnits::kCmPerSecond;
  const bool isFrequency = region_.unitsY == RegionUnits::kHertz;
  if (options_.velocityRangeCmPerS) {
    doppler.cmPerSPerPixel = *options_.velocityRangeCmPerS / doppler.region.height;
    if (const auto step = delta(region_.deltaY, "PhysicalDeltaY"); isVelocity && step.ok()) {
      const double ownCmPerS = std::abs(step.value()) * doppler.region.height;
      if (std::abs(*options_.velocityRangeCmPerS / ownCmPerS - 1) > kSameShare)
        note("its own velocity range is " + text(ownCmPerS) + " cm/s; " +
             text(*options_.velocityRangeCmPerS) + ", as said, is taken");
    }
  } else if (!isVelocity && !isFrequency) {
    return refused("its vertical axis is neither a velocity nor a frequency",
                   "units " + nameOf(region_.unitsY), "cm/s or Hz, or '--velocity-range CM_PER_S'");
  } else if (isVelocity && region_.flaggedAsFrequency()) {
    return refused("contradicts itself about its vertical axis", "units cm/s, flags of a frequency scale",
                   "one of them, or '--velocity-range CM_PER_S'");
  } else {
    const auto step = delta(region_.deltaY, "PhysicalDeltaY");
    if (!step.ok()) return step.error();
    doppler.cmPerSPerPixel = std::abs(step.value());
    if (isFrequency) {
      if (!doppler.transmitFrequencyHz) {
        return refused("shows frequencies and does not say what was transmitted", "no TransducerFrequency",
                       "'--transmit-frequency HZ'");
      }
      // Doppler's equation: v = c f / (2 f0 cos(angle)).
      const double cosine = std::cos(doppler.angleDegrees * std::numbers::pi / 180);
      doppler.cmPerSPerPixel *= kSoundCmPerS / (2 * *doppler.transmitFrequencyHz * cosine);
    }
  }
  const double rangeCmPerS = doppler.cmPerSPerPixel * doppler.region.height;
  if (!(rangeCmPerS >= kLeastRangeCmPerS && rangeCmPerS <= kMostRangeCmPerS)) {
    return refused("has a velocity scale that no scanner shows",
                   text(rangeCmPerS) + " cm/s from top to bottom",
                   text(kLeastRangeCmPerS) + " to " + text(kMostRangeCmPerS) + " cm/s");
  }
  return Done{};
}

Status RegionReading::readBaseline(DopplerCalibration& doppler) const {
  if (options_.baselineRow) {
    doppler.baselineRow = *options_.baselineRow;
  } else if (!region_.referencePixelY || !region_.referenceValueY ||
             !std::isfinite(*region_.referenceValueY)) {
    return refused("does not say where its baseline is",
                   region_.referencePixelY ? "no ReferencePixelPhysicalValueY" : "no ReferencePixelY0",
                   "'--baseline-row ROW'");
  } else {
    // The reference value is that of the pixel's centre; from there to the row whose value is 0.
    double fromTopPx = (static_cast<double>(*region_.referencePixelY) + 0.5) * placed_.scale;
    if (*region_.referenceValueY != 0) {
      const auto step = delta(region_.deltaY, "PhysicalDeltaY");
      if (!step.ok()) return step.error();
      fromTopPx -= *region_.referenceValueY / step.value();
    }
    doppler.baselineRow = placed_.topPx + fromTopPx;
  }
  const Region& box = doppler.region;
  if (!(doppler.baselineRow >= box.y && doppler.baselineRow <= box.y + box.height)) {
    return refused("its baseline lies outside of it", "row " + text(doppler.baselineRow),
                   "a row from " + std::to_string(box.y) + " to " + std::to_string(box.y + box.height) +
                       ", or '--baseline-row ROW'");
  }
  return Done{};
}

Status RegionReading::readSides(DopplerCalibration& doppler) const {
  using Motion = UltrasoundRegion::Motion;
  const Motion motion = region_.motion();
  if (options_.display) {
    doppler.display = *options_.display;
  } else if (motion == Motion::kScroll || motion == Motion::kSweep) {
    doppler.display = motion == Motion::kScroll ? Display::kScroll : Display::kSweep;
  } else {
    return refused("does not say how its strip moves", "RegionFlags " + std::to_string(region_.flags),
                   "'--display scroll' or '--display sweep'");
  }
  if (!options_.towardHeart) {
    return refused("cannot say on which side flow toward the heart is drawn", "a Doppler spectrum",
                   "'--toward-heart up' or '--toward-heart down'");
  }
  doppler.towardHeart = *options_.towardHeart;
  return Done{};
}

Status RegionReading::readDoppler() {
  if (const Status placed = place(); !placed.ok()) return placed;
  DopplerCalibration doppler;
  doppler.region = placed_.box;
  if (doppler.region.width < kLeastStripPx) {
    return refused("is too narrow to be measured", std::to_string(doppler.region.width) + " pixels",
                   std::to_string(kLeastStripPx) + " at least");
  }
  if (const Status s = readTime(doppler); !s.ok()) return s;
  if (const Status s = readAngle(doppler); !s.ok()) return s;
  if (const Status s = readTransmitter(doppler); !s.ok()) return s;
  readGrey(doppler);
  if (const Status s = readVelocity(doppler); !s.ok()) return s;
  if (const Status s = readBaseline(doppler); !s.ok()) return s;
  if (const Status s = readSides(doppler); !s.ok()) return s;
  result_.profile.doppler = doppler;
  return Done{};
}

}  // namespace soleus
