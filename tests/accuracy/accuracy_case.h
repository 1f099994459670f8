/// One recording of the accuracy benchmark: what flows, how noisy it is, and how it is seen.
#pragma once

#include <cstdint>
#include <string>

namespace soleus::accuracy {

/// How the phantom's Doppler signal reaches the measurement.
enum class Source {
  kIq,       ///< I/Q samples at the PRF, before the wall filter, through the program's own spectrum
  kColumns,  ///< spectral columns as the scanner computes them, with their exact times: the estimator alone
  kScroll,   ///< a 720p screen that scrolls, through GStreamer and the unrolling
  kSweep     ///< the same with a sweeping write bar
};

constexpr bool isScreen(Source source) {
  return source == Source::kScroll || source == Source::kSweep;
}

struct AccuracyCase {
  Source source = Source::kColumns;
  std::string codec = "none";  ///< none | ffv1 | h264-18 | h264-23 | h264-30 | mjpeg; of the screen
  double exponent = 2;         ///< n of v = vm (1 - (r/R)^n)
  double snrDb = 15;           ///< blood over white noise, total powers
  double peakCmPerS = 80;      ///< of the contractions
  double restCmPerS = 8;       ///< peak of the resting flow, which breathing moves by 40 %
  double prfHz = 5800;         ///< Nyquist velocity 0.0175 cm/s per Hz
  bool reflux = true;          ///< 0.8 s of reflux follow each contraction
  std::uint64_t seed = 1;
};

/// Contractions in each recording.
inline constexpr int kContractions = 2;

/// The scenario (schema soleus.scenario/1) of a case.
std::string scenarioYaml(const AccuracyCase& c);

const char* nameOf(Source source);

}  // namespace soleus::accuracy
