/// Regions in words, for lists and messages.
#pragma once

#include <string>
#include <vector>

#include "calibration/dicom/ultrasound_region.h"

namespace soleus {

std::string nameOf(SpatialFormat format);  ///< "spectral"
std::string nameOf(RegionData data);       ///< "PW Doppler"
std::string nameOf(RegionUnits units);     ///< "cm/s"; "none"

/// "x 76 to 1124, y 374 to 661", or "no box".
std::string describeBox(const UltrasoundRegion& region);

/// "1: 2D tissue, x 84 to 595, y 31 to 414; 2: ...", or "no region"; counted from 1 as in the file.
std::string listRegions(const std::vector<UltrasoundRegion>& regions);

}  // namespace soleus
