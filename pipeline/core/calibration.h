/// The calibration profile as plain structs: what turns pixels into cm/s, seconds and millimetres.
/// Reading and checking the YAML is the business of calibration/profile.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace soleus {

/// A rectangle of whole pixels: covers [x, x + width) x [y, y + height) of the picture.
struct Region {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  bool operator==(const Region&) const = default;
};

enum class Display { kScroll, kSweep };
enum class Side { kUp, kDown };

/// Dynamic range taken when the profile names none: a usual factory setting of duplex scanners.
inline constexpr double kAssumedDynamicRangeDb = 60.0;

/// How the beam meets the flow.
struct BeamGeometry {
  double angleDegrees = 60;            ///< beam to flow, as the operator set it, [0, 90)
  double angleUncertaintyDegrees = 5;  ///< of that; a usual figure for a hand-set angle
  std::optional<double> apertureMm;    ///< width of the transducer's active aperture; with it the depth
  std::optional<double> depthMm;       ///< of the sample volume
};

/// The spectral Doppler strip of a screen.
struct DopplerCalibration : BeamGeometry {
  Region region;  ///< the spectrum alone, in the whole picture
  Display display = Display::kScroll;
  double secondsPerPixel = 0;    ///< > 0; nominal: the time axis itself is measured from the motion
  double cmPerSPerPixel = 0;     ///< > 0
  double baselineRow = 0;        ///< continuous row of zero velocity, in the whole picture
  Side towardHeart = Side::kUp;  ///< the side on which flow toward the heart is drawn
  bool angleCorrected = true;    ///< the velocity scale already contains 1/cos(angle)
  std::optional<double> dynamicRangeDb;
  bool dynamicRangeEstimated = false;  ///< from the speckle of the noise: no screen or person named it
  std::optional<double> transmitFrequencyHz;
  std::optional<double> prfHz;
  std::optional<double> wallFilterHz;
  /// Length of the window behind a column. Known where the program has transformed the signal itself; no
  /// profile names that of a screen, whose noise shows it in time (NoiseTracker).
  std::optional<double> spectralWindowS;

  [[nodiscard]] double dynamicRangeOrAssumedDb() const {
    return dynamicRangeDb.value_or(kAssumedDynamicRangeDb);
  }
};

/// The B-mode picture beside it.
struct BmodeCalibration {
  Region region;
  double mmPerPixel = 0;  ///< > 0, the same in both directions
};

/// A Doppler audio or I/Q channel pair.
struct AudioCalibration : BeamGeometry {
  enum class Channels { kQuadrature, kForwardReverse, kMono };
  Channels channels = Channels::kQuadrature;
  bool towardHeartIsForward = true;
  double transmitFrequencyHz = 0;
  /// Half the scanner's pulse repetition frequency, where its sound holds nothing beyond; without it the
  /// sound is taken to be good up to half its own sampling rate.
  std::optional<double> nyquistHz;
  double wallFilterHz = 0;  ///< corner of the high-pass that the program applies, 0 = none
};

/// schema soleus.calibration/1.
struct CalibrationProfile {
  int screenWidth = 0;
  int screenHeight = 0;
  std::optional<DopplerCalibration> doppler;
  std::optional<BmodeCalibration> bmode;
  std::optional<AudioCalibration> audio;
  std::string provenanceMethod;  ///< dicom | ocr | manual | phantom, or empty
  /// How well what was found agrees, by names with a unit; written, and not read back.
  std::vector<std::pair<std::string, double>> provenanceResiduals;
  std::string yaml;  ///< the whole text in force, stored with every session
};

}  // namespace soleus
