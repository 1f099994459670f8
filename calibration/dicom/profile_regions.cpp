#include "calibration/dicom/profile_regions.h"

#include <cmath>

namespace soleus {
namespace {

UltrasoundRegion::Box boxOf(const Region& r) {
  return {r.x, r.y, r.x + r.width - 1, r.y + r.height - 1};
}

UltrasoundRegion spectral(const DopplerCalibration& d) {
  UltrasoundRegion region;
  region.format = SpatialFormat::kSpectral;
  region.data = RegionData::kPw;
  region.setMotion(d.display == Display::kScroll ? UltrasoundRegion::Motion::kScroll
                                                 : UltrasoundRegion::Motion::kSweep);
  region.box = boxOf(d.region);
  region.unitsX = RegionUnits::kSeconds;
  region.unitsY = RegionUnits::kCmPerSecond;
  region.deltaX = d.secondsPerPixel;
  region.deltaY = -d.cmPerSPerPixel;
  region.referencePixelX = 0;
  region.referenceValueX = 0;
  // The pixel that holds the baseline, and the velocity at its centre.
  const double fromTop = d.baselineRow - d.region.y;
  const double pixel = std::floor(fromTop);
  region.referencePixelY = static_cast<std::int64_t>(pixel);
  region.referenceValueY = (fromTop - pixel - 0.5) * d.cmPerSPerPixel;
  if (d.transmitFrequencyHz) region.transducerFrequencyKHz = *d.transmitFrequencyHz / 1e3;
  region.prfHz = d.prfHz;
  region.correctionAngleDegrees = d.angleCorrected ? d.angleDegrees : 0;
  return region;
}

UltrasoundRegion tissue(const BmodeCalibration& b) {
  UltrasoundRegion region;
  region.format = SpatialFormat::k2d;
  region.data = RegionData::kTissue;
  region.box = boxOf(b.region);
  region.unitsX = region.unitsY = RegionUnits::kCm;
  region.deltaX = region.deltaY = b.mmPerPixel / 10;
  region.referencePixelX = region.referencePixelY = 0;
  region.referenceValueX = region.referenceValueY = 0.0;
  return region;
}

}  // namespace

std::vector<UltrasoundRegion> regionsOfProfile(const CalibrationProfile& profile) {
  std::vector<UltrasoundRegion> regions;
  if (profile.doppler) regions.push_back(spectral(*profile.doppler));
  if (profile.bmode) regions.push_back(tissue(*profile.bmode));
  return regions;
}

}  // namespace soleus
