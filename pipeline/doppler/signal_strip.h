/// The strip that the spectrum of a Doppler signal stands for: everything behind it takes it for a screen's.
#pragma once

#include <optional>

#include "pipeline/core/calibration.h"
#include "pipeline/core/result.h"

namespace soleus {

/// How a Doppler signal is turned into a spectrum.
struct SignalSetup {
  double sampleRateHz = 0;         ///< > 0
  double windowMs = 10;            ///< Hann window, whole length; at least 32 samples are taken
  double maxVelocityCmPerS = 250;  ///< what lies beyond, up to half the sampling rate, is left out
};

/// The sizes that follow from it.
struct SignalWindow {
  int samples = 0;      ///< of the window: odd, so that it has a middle one
  int hopSamples = 0;   ///< from one column to the next
  int transformed = 0;  ///< the window padded with zeros to a row of at most a quarter of its resolution
  int rowsAbove = 0;    ///< rows above and below the one of zero velocity, one bin of the transform each
  int rowsBelow = 0;
};

/// What is wrong with asking for that: an axis of more rows than a strip of the program may have.
std::optional<Error> unusable(const AudioCalibration& audio, const SignalSetup& setup);

SignalWindow signalWindow(const AudioCalibration& audio, const SignalSetup& setup);

/// The calibration of that strip: positive frequency up, a row a bin, a column a hop, white a tone at full
/// scale, the length of the window known. Quadrature that fits whole spans exactly one sampling rate, as a
/// scanner's strip does, and names it as its PRF, so that flow beyond the axis is unwrapped; else the axis is
/// symmetric. Mono has no reverse side: its zero is the bottom row.
DopplerCalibration signalStrip(const AudioCalibration& audio, const SignalSetup& setup);

/// `profile` with that strip as its doppler section and screen, and nothing else to measure in a picture: the
/// calibration in force when `profile.audio`, which must be there, is measured.
CalibrationProfile signalProfile(const CalibrationProfile& profile, const SignalSetup& setup);

}  // namespace soleus
