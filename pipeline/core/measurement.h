/// What the measuring stages give back, in the units of the session file.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "pipeline/core/time.h"

namespace soleus {

/// Bits of /doppler/quality (CF flag masks); the order is public, see kQualityMeanings.
enum QualityFlag : std::uint8_t {
  kAliased = 1,              ///< the velocity reached the Nyquist limit or the edge of the display
  kLowSnr = 2,               ///< too little signal over noise to trust a velocity
  kClipped = 4,              ///< grey values saturate: power, mean velocity and SNR are lower bounds
  kGapBefore = 8,            ///< time without spectrum lies between this column and the one before
  kCalibrationChanged = 16,  ///< baseline or scale moved, or is not the profile's; first column at a new pace
  kOverlay = 32,             ///< marker or text painted over the strip
};
inline constexpr const char* kQualityMeanings =
    "aliased low_snr clipped gap_before calibration_changed overlay";

/// One spectral column. Velocities in cm/s, positive toward the heart; NaN where not measurable.
struct DopplerColumn {
  SessionTime time;             ///< middle of the column
  float peakCmPerS = 0;         ///< of the direction that carries more power above the noise
  float peakForwardCmPerS = 0;  ///< >= 0; 0 where only the other direction carries signal
  float peakReverseCmPerS = 0;  ///< <= 0; likewise
  float meanCmPerS = 0;         ///< intensity-weighted
  float snrDb = 0;              ///< signal over noise of the column
  /// Standard uncertainties by speckle, noise and pixel size, without the angle's, which is common to all
  /// columns (beam_angle.h); NaN where the velocity is, or where the estimator tells none.
  float peakUncertaintyCmPerS = 0;
  float meanUncertaintyCmPerS = 0;
  float meanHiddenCmPerS = 0;    ///< most by which slow blood that the wall filter hides may change the mean
  float volumeFlowMlPerMin = 0;  ///< mean velocity x lumen area; NaN where either is unknown
  std::uint8_t quality = 0;      ///< QualityFlag bits
  std::vector<std::uint8_t> grey;  ///< power as full-range grey on the ascending velocity axis, length V
};

/// The vein's lumen in one B-mode frame; NaN where it was not seen.
struct VesselSample {
  SessionTime time;
  float diameterMm = 0;  ///< of the circle with the lumen's area
  float areaMm2 = 0;
  float confidence = 0;  ///< 0 to 1
  /// Of a vessel seen lengthwise against a beam straight down the picture, 0 to 90; NaN of any other.
  float angleDegrees = std::numeric_limits<float>::quiet_NaN();
};

/// Values of /events/kind (CF flag_values).
enum class EventKind : std::uint8_t {
  kCue = 0,
  kMark = 1,
  kCalibration = 2,
  kGap = 3,
  kFault = 4,
  kNote = 5
};
inline constexpr const char* kEventMeanings = "cue mark calibration gap fault note";

/// Something that happened, for a person: `label` is a short plain sentence in UTF-8.
struct Event {
  SessionTime time;
  EventKind kind = EventKind::kNote;
  std::string label;
};

/// All that one frame gave. Results leave the graph in the order of `sequence`.
struct FrameResult {
  std::uint64_t sequence = 0;  ///< of the frame; at the end of the stream the number of frames received
  SessionTime frameTime;
  bool endOfStream = false;            ///< the columns held back till the end: belongs to no frame
  std::vector<DopplerColumn> columns;  ///< strictly increasing in time, also across results
  /// A first look at columns that are still held back, later than all before. `aheadKept`: of those that
  /// earlier results gave ahead and that are not among any `columns` yet, the first so many stand, and come
  /// again with the same time; the others are replaced by these.
  std::vector<DopplerColumn> ahead;
  std::size_t aheadKept = 0;
  std::vector<VesselSample> vessel;  ///< none or one
  std::vector<Event> events;
};

}  // namespace soleus
