/// What a file with a spectral and a B-mode region says, in round numbers.
#pragma once

#include "calibration/dicom/region_profile.h"

namespace soleus {

/// 800 x 600 pixels. Region 1, a spectrum: 400 x 200 pixels at (100, 300), 0.01 s and -0.5 cm/s a pixel, 0
/// cm/s at the centre of the box's row 120. Region 2, B-mode: 300 x 250 at (200, 20), 0.02 cm a pixel.
inline DicomDescription sampleFile() {
  UltrasoundRegion spectrum;
  spectrum.format = SpatialFormat::kSpectral;
  spectrum.data = RegionData::kPw;
  spectrum.setMotion(UltrasoundRegion::Motion::kSweep);
  spectrum.box = UltrasoundRegion::Box{100, 300, 499, 499};
  spectrum.unitsX = RegionUnits::kSeconds;
  spectrum.unitsY = RegionUnits::kCmPerSecond;
  spectrum.deltaX = 0.01;
  spectrum.deltaY = -0.5;
  spectrum.referencePixelY = 120;
  spectrum.referenceValueY = 0.0;
  spectrum.transducerFrequencyKHz = 5000;
  spectrum.prfHz = 4000;
  spectrum.correctionAngleDegrees = 60;
  UltrasoundRegion tissue;
  tissue.format = SpatialFormat::k2d;
  tissue.data = RegionData::kTissue;
  tissue.box = UltrasoundRegion::Box{200, 20, 499, 269};
  tissue.unitsX = tissue.unitsY = RegionUnits::kCm;
  tissue.deltaX = tissue.deltaY = 0.02;
  DicomDescription file;
  file.width = 800;
  file.height = 600;
  file.frames = 30;
  file.regions = {spectrum, tissue};
  return file;
}

/// All that such a file can't say.
inline RegionOptions upward() {
  RegionOptions options;
  options.towardHeart = Side::kUp;
  options.wallFilterHz = 70;
  options.dynamicRangeDb = 50;
  return options;
}

}  // namespace soleus
