/// From the regions of a DICOM file to a calibration profile, or the reason why not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "calibration/dicom/ultrasound_region.h"
#include "pipeline/core/calibration.h"
#include "pipeline/core/result.h"

namespace soleus {

/// What a person supplies because the file does not say it, or to overrule what it says.
struct RegionOptions {
  /// Width and height of a picture, in pixels.
  struct Size {
    int width = 0;
    int height = 0;
  };
  std::optional<Side> towardHeart;  ///< never guessed
  std::optional<double> angleDegrees;
  std::optional<bool> angleCorrected;         ///< velocities already contain 1/cos(angle)
  std::optional<double> baselineRow;          ///< continuous, in the whole picture
  std::optional<double> velocityRangeCmPerS;  ///< from the lowest to the highest row of the region
  std::optional<double> prfHz;
  std::optional<double> transmitFrequencyHz;
  std::optional<double> wallFilterHz;    ///< of which no DICOM element tells, as of the next
  std::optional<double> dynamicRangeDb;  ///< of the spectrum's grey
  std::optional<Display> display;
  std::vector<int> regions;         ///< the only ones to look at, counted from 1; empty = all
  std::optional<Size> coordinates;  ///< the picture size that the regions' numbers refer to
};

struct RegionProfile {
  CalibrationProfile profile;  ///< provenance `dicom`; `yaml` is the profile's own text
  /// Sentences: what was taken otherwise than it stands in the file. They don't name the file, whose name is
  /// often the patient's.
  std::vector<std::string> notes;
};

/// The profile of `dicom`: a spectral region (PW or CW) and a B-mode region (2D, tissue), or one of them.
/// `file` stands in messages. Errors (kBadInput, naming the region and the option that helps): no such
/// region, several of a kind; a box outside of the picture or in the coordinates of another one; units that
/// are no velocity, frequency, time or length; a value that is missing, or that no scanner would show.
Result<RegionProfile> profileOfRegions(const DicomDescription& dicom, const RegionOptions& options,
                                       const std::string& file);

}  // namespace soleus
