/// What `soleus calibrate` asks of whoever finds a calibration, and what it gets.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/core/calibration.h"
#include "pipeline/core/result.h"

namespace soleus {

/// What a person supplies because the recording does not show it, or to overrule what it shows.
struct CalibrateOptions {
  std::string input;
  std::optional<Side> towardHeart;  ///< never guessed
  std::optional<double> angleDegrees;
  std::optional<bool> angleCorrected;  ///< the velocity scale already contains 1/cos(angle)
  std::optional<double> baselineRow;
  std::optional<double> velocityRangeCmPerS;  ///< from the lowest to the highest row of the region
  std::optional<Region> region;               ///< screen: of the spectrum
  std::optional<Display> display;
  std::optional<double> secondsPerPixel;
  std::optional<double> prfHz;
  std::optional<double> transmitFrequencyHz;
  std::optional<double> wallFilterHz;
  std::optional<double> dynamicRangeDb;  ///< of the spectrum's grey
  std::string scannerPath;               ///< screen: profile of the make; empty: recognised, if it can be
  std::vector<int> dicomRegions;         ///< DICOM: the only ones to look at, counted from 1; empty = all
  /// DICOM: width and height of the picture that the regions' numbers refer to, where it is not the file's.
  std::optional<std::pair<int, int>> dicomSize;
};

/// A calibration with the picture by which a person checks it.
struct Calibration {
  CalibrationProfile profile;
  cv::Mat check;  ///< CV_8UC3, blue, green, red: a frame, masked to the regions, with what was found drawn in
  /// Sentences: what was taken otherwise than it stands in the recording.
  std::vector<std::string> notes = {};
};

/// Whichever of the two the input is for.
Result<Calibration> findCalibration(const CalibrateOptions& options);

/// From the regions that a DICOM file describes. Errors (kBadInput): not one that can be measured, and why; a
/// value that is neither in the file nor in the options, with the option that supplies it.
Result<Calibration> calibrateDicom(const CalibrateOptions& options);

/// From what a video shows. Errors as above.
Result<Calibration> calibrateScreen(const CalibrateOptions& options);

}  // namespace soleus
