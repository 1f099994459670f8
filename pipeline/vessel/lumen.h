/// The vein's lumen in one B-mode picture.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>

#include "pipeline/core/calibration.h"
#include "pipeline/core/measurement.h"

namespace soleus {

/// A lumen as it lies in the picture; continuous coordinates, pixels.
struct Lumen {
  enum class Section { kNone, kAcross, kAlong };
  Section section = Section::kNone;
  cv::Point2d centre;          ///< along the vessel: of its middle line in the picture's middle column
  double semiAxisPx[2]{0, 0};  ///< along `angleRad` and across it; along the vessel the first is not known, 0
  double angleRad = 0;         ///< against the rows, > 0 where it falls to the right
  double confidence = 0;       ///< 0 to 1

  [[nodiscard]] bool seen() const { return section != Section::kNone; }
  /// Of the circle with the lumen's area, or from wall to wall along the vessel; 0 where none is seen.
  [[nodiscard]] double diameterPx() const;
};

/// The lumen in `bmode` (CV_8UC1, the calibrated B-mode region): of the dark regions the one that is large,
/// black and near `start`, continuous picture coordinates; the picture's middle without it. Pure: same
/// picture, same bits.
Lumen findLumen(const cv::Mat& bmode, const BmodeCalibration& calibration,
                std::optional<cv::Point2d> start = std::nullopt);

/// The lumen where it was in a picture shortly before; by up to a third of its size elsewhere or otherwise
/// large. Pure. `before` was seen.
Lumen findLumenNear(const cv::Mat& bmode, const BmodeCalibration& calibration, const Lumen& before);

/// The angle of a vessel seen lengthwise against a beam straight down the picture, 0 to 90 degrees: how far
/// the beam is steered no picture tells.
double beamAngleDegrees(double angleRad);

/// In the session's units; NaN with confidence 0 where none is seen, no area along the vessel and no angle
/// across it.
VesselSample sampleOf(const Lumen& lumen, const BmodeCalibration& calibration, SessionTime time);

/// What findLumen finds, in the session's units.
VesselSample measureLumen(const cv::Mat& bmode, const BmodeCalibration& calibration, SessionTime time);

}  // namespace soleus
