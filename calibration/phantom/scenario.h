/// A scenario of the digital phantom (schema soleus.scenario/1) as typed structs, and its strict reading.
#pragma once

#include <optional>
#include <string>

#include "calibration/phantom/display_faults.h"
#include "calibration/phantom/screen_look.h"
#include "calibration/phantom/video_encoding.h"
#include "pipeline/core/calibration.h"
#include "pipeline/core/result.h"

namespace soleus {

/// What the scanner's operator set.
struct ScannerSettings {
  double transmitFrequencyHz = 4.4e6;
  double prfHz = 4600;  ///< whole; rate of the I/Q samples, so the Nyquist shift is half of it
  double angleDegrees = 60;
  double wallFilterHz = 69;       ///< corner of the high-pass
  double dynamicRangeDb = 50;     ///< from black to white of the strip
  double noiseAboveBlackDb = 10;  ///< gain: how far above black the mean noise power is shown
};

/// What the screen looks like.
struct DisplaySettings {
  int width = 1280;  ///< even, as height: I420 halves the chroma
  int height = 720;
  int frameRateNumerator = 30;
  int frameRateDenominator = 1;
  Display mode = Display::kScroll;
  double secondsPerColumn = 0.00381;
  Region dopplerRegion;
  Region bmodeRegion;
  double bmodeMmPerPixel = 0.1465;
  Side towardHeart = Side::kUp;
  double baselineFraction = 0.5;  ///< of the strip's height above the zero line
  bool baselineLine = true;       ///< a grey line one row high at velocity zero
  int eraseGapPixels = 6;         ///< sweep: black columns ahead of the write position
  int startPhaseColumns = 0;      ///< sweep: where column 0 is written
  bool prefilled = true;          ///< the strip begins filled with the rest before time 0
  std::string identity;           ///< printed into the header, made up
  ScreenLook look;
};

/// Resting flow and the vein.
struct FlowSettings {
  double restPeakCmPerS = 8;  ///< centreline velocity, mean over breath and heart
  double breathRateHz = 0.25;
  double breathModulation = 0.4;  ///< fraction of restPeakCmPerS
  double heartRateHz = 1.1;
  double heartModulation = 0.08;
  double profileExponent = 2;   ///< n of v = vm (1 - (r/R)^n)
  double veinDiameterMm = 7.7;  ///< at rest, of the circle with the lumen's area
};

/// A series of alike contractions.
struct ContractionSettings {
  double firstS = 5;
  double intervalS = 5;
  int count = 10;
  double durationS = 0.8;          ///< of the burst
  double peakCmPerS = 80;          ///< of the first
  double lastPeakCmPerS = 80;      ///< of the last: fatigue, linear between
  double peakSpread = 0.05;        ///< random, +- fraction of the peak
  double pauseS = 0.4;             ///< no flow behind the burst
  double refluxDurationS = 0;      ///< 0: competent valves
  double refluxPeakCmPerS = 0;     ///< <= 0
  double refillTimeConstantS = 8;  ///< of the exponential return of the resting flow
  double areaNarrowing = 0.4;      ///< fraction of the lumen's area that a contraction takes away
};

/// What covers the signal. All ratios are to the total power of the blood's echo, before the wall filter.
struct NoiseSettings {
  double snrDb = 15;            ///< blood over white noise, both over the whole band
  double clutterDb = 50;        ///< vessel wall over blood, at the height of the wall's motion
  double clutterBandHz = 20;    ///< the wall's echo lies below this shift
  double transitLengthMm = 10;  ///< of the sample volume along the flow: shorter broadens the spectrum more
};

struct Scenario {
  std::string name;
  double durationS = 60;
  ScannerSettings scanner;
  DisplaySettings display;
  VideoEncoding video;
  FlowSettings flow;
  std::optional<ContractionSettings> contractions;
  NoiseSettings noise;
  DisplayFaults faults;
  std::string yaml;  ///< the whole text
};

/// Reads and checks the scenario at `path`. Errors name file, line and key.
Result<Scenario> loadScenario(const std::string& path);
/// The same for a text already in memory; `name` stands for the file in messages.
Result<Scenario> parseScenario(const std::string& text, const std::string& name);

/// Doppler shift in Hz of a velocity in cm/s: f = 2 f0 v cos(angle) / c.
double dopplerShiftHz(const ScannerSettings& scanner, double cmPerS);
/// Velocity in cm/s whose shift is half the PRF: the largest shown without aliasing around a centred
/// baseline.
double nyquistCmPerS(const ScannerSettings& scanner);

/// The exact calibration of the scenario's own screen and sound, provenance `phantom`.
CalibrationProfile profileOf(const Scenario& scenario);

}  // namespace soleus
