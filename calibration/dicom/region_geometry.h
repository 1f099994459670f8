/// Where a region lies in the picture.
#pragma once

#include <string>

#include "calibration/dicom/region_profile.h"

namespace soleus {

struct PlacedRegion {
  Region box;        ///< whole pixels inside the picture
  double scale = 1;  ///< picture pixels per pixel of the region's own coordinates
  double topPx = 0;  ///< upper edge of the file's box, continuous row of the picture
  std::string note;  ///< what was done to the box, or empty
};

/// Places `region` in the picture of `dicom`. A box that ends one pixel beyond the picture (scanners that
/// count its end as outside) is cut. Errors (kBadInput, `where` names file and region): no
/// box, an empty one, one beyond the picture, coordinates of another shape than the picture's.
Result<PlacedRegion> placeRegion(const UltrasoundRegion& region, const DicomDescription& dicom,
                                 const RegionOptions& options, const std::string& where);

}  // namespace soleus
