#include "pipeline/doppler/signal_strip.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>
#include <sstream>
#include <string>

#include "pipeline/core/extents.h"
#include "pipeline/core/velocity_axis.h"

namespace soleus {
namespace {

using Channels = AudioCalibration::Channels;

// As scanners do at a low pulse repetition frequency, and as the measuring stages assume of them.
constexpr double kLeastSamples = 32;

// Speckle of Hann windows a quarter apart is hardly independent: a finer hop would only repeat it.
constexpr double kHopS = 0.0025;

// Rows finer than a quarter of the window's resolution tell nothing more of an edge's place.
constexpr double kRowsPerResolution = 4;

// An axis cut shorter than this has no room for noise beside the flow.
constexpr int kLeastRowsOfSide = 64;

// From a tone at full scale down to well below the noise of 16 bits: 0.5 dB a step of grey, so that rounding
// adds 3 % to speckle's 100 %.
constexpr double kDynamicRangeDb = 120;

double shiftHzOf(const AudioCalibration& audio, double cmPerS) {
  const double cosine = std::cos(audio.angleDegrees * std::numbers::pi / 180.0);
  return 2.0 * audio.transmitFrequencyHz * cmPerS * cosine / kSoundCmPerS;
}

/// Rows to the end of what the signal holds: `most`, half the sampling rate, or the scanner's own limit.
int nyquistRows(const AudioCalibration& audio, double binHz, int most) {
  if (!audio.nyquistHz) return most;
  return std::min(most, std::max(1, static_cast<int>(std::lround(*audio.nyquistHz / binHz))));
}

}  // namespace

SignalWindow signalWindow(const AudioCalibration& audio, const SignalSetup& setup) {
  SignalWindow window;
  const double samples = std::max(setup.windowMs * 1e-3 * setup.sampleRateHz, kLeastSamples);
  window.samples = 2 * static_cast<int>(std::lround((samples - 1) / 2)) + 1;
  window.hopSamples = std::max(1, static_cast<int>(std::lround(kHopS * setup.sampleRateHz)));
  // Even, so that half the sampling rate is a row too.
  const int half = static_cast<int>(std::ceil(kRowsPerResolution * window.samples / 2));
  window.transformed = 2 * cv::getOptimalDFTSize(half);

  const double binHz = setup.sampleRateHz / window.transformed;
  const int nyquist = nyquistRows(audio, binHz, window.transformed / 2);
  const int wanted = static_cast<int>(std::ceil(shiftHzOf(audio, setup.maxVelocityCmPerS) / binHz));
  window.rowsAbove = std::min(nyquist, std::max(wanted, kLeastRowsOfSide));
  // In quadrature both ends are the same frequency, which is shown once.
  const bool wraps = audio.channels == Channels::kQuadrature && window.rowsAbove == window.transformed / 2;
  window.rowsBelow = audio.channels == Channels::kMono ? 0 : window.rowsAbove - (wraps ? 1 : 0);
  return window;
}

std::optional<Error> unusable(const AudioCalibration& audio, const SignalSetup& setup) {
  const SignalWindow window = signalWindow(audio, setup);
  const int rows = window.rowsAbove + 1 + window.rowsBelow;
  if (rows <= kMostExtentPx) return std::nullopt;
  std::ostringstream found;
  found << "window-ms " << setup.windowMs << " and max-velocity " << setup.maxVelocityCmPerS
        << ", which take " << rows << " rows";
  return Error{ErrorKind::kUsage, "window-ms, max-velocity", "too fine a velocity axis", found.str(),
               "at most " + std::to_string(kMostExtentPx) + " rows: a shorter window or a lower velocity"};
}

DopplerCalibration signalStrip(const AudioCalibration& audio, const SignalSetup& setup) {
  const SignalWindow window = signalWindow(audio, setup);
  const bool known = audio.channels != Channels::kMono;
  DopplerCalibration strip;
  strip.region = {0, 0, kLeastStripPx, window.rowsAbove + 1 + window.rowsBelow};
  strip.secondsPerPixel = window.hopSamples / setup.sampleRateHz;
  strip.cmPerSPerPixel = setup.sampleRateHz / window.transformed / shiftHzOf(audio, 1.0);
  strip.baselineRow = window.rowsAbove + 0.5;
  strip.towardHeart = audio.towardHeartIsForward || !known ? Side::kUp : Side::kDown;
  static_cast<BeamGeometry&>(strip) = audio;
  strip.angleCorrected = true;
  strip.dynamicRangeDb = kDynamicRangeDb;
  strip.transmitFrequencyHz = audio.transmitFrequencyHz;
  // Sound that a scanner has split into directions no longer tells the rate of its pulses unless the profile
  // does, and of an axis cut short nothing tells that what lies beyond wraps around.
  if (audio.channels == Channels::kQuadrature && strip.region.height == window.transformed)
    strip.prfHz = setup.sampleRateHz;
  const double binHz = setup.sampleRateHz / window.transformed;
  if (known && audio.nyquistHz && window.rowsAbove == nyquistRows(audio, binHz, window.transformed / 2) &&
      *audio.nyquistHz < setup.sampleRateHz / 2)
    strip.prfHz = 2 * *audio.nyquistHz;
  strip.wallFilterHz = audio.wallFilterHz;
  strip.spectralWindowS = window.samples / setup.sampleRateHz;
  return strip;
}

CalibrationProfile signalProfile(const CalibrationProfile& profile, const SignalSetup& setup) {
  CalibrationProfile inForce = profile;
  inForce.doppler = signalStrip(*profile.audio, setup);
  inForce.bmode.reset();
  inForce.screenWidth = inForce.doppler->region.width;
  inForce.screenHeight = inForce.doppler->region.height;
  inForce.yaml.clear();
  return inForce;
}

}  // namespace soleus
