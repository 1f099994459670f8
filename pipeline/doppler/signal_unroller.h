/// A Doppler signal, block by block, turned into the columns of a strip on the session clock.
#pragma once

#include <complex>
#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <vector>

#include "pipeline/clock/sample_clock.h"
#include "pipeline/core/sample_block.h"
#include "pipeline/doppler/band_end.h"
#include "pipeline/doppler/signal_strip.h"
#include "pipeline/doppler/strip_assembler.h"
#include "pipeline/doppler/unroller.h"
#include "pipeline/doppler/wall_filter.h"

namespace soleus {

/// Wall filter, then a short-time Fourier transform with a Hann window. A column's time is the middle of its
/// window, counted in samples from the first of its segment and kept true to the stamps of drifting clocks; a
/// window never reaches across a gap. How the samples were cut into blocks changes no bit, as long as stamps
/// are exact. A segment's first half second of columns is held back until its stamps can be averaged. State
/// between blocks; one thread at a time.
class SignalUnroller {
 public:
  /// The columns are those of signalStrip(audio, setup).
  SignalUnroller(const AudioCalibration& audio, const SignalSetup& setup);

  /// `time`: of the first sample of `block`. It is compared with the samples counted: a step forward is a gap
  /// (from 10 ms on, or from 2 ms where the source says so itself), and so is a step back by 10 ms: the
  /// samples of a time that has been measured already are then left out.
  Unrolled push(const SampleBlock& block, SessionTime time);
  /// The columns still held back. The unroller is then as new.
  Unrolled flush();

 private:
  void follow(const SampleBlock& block, double timeS);
  void begin(double startS, double notBeforeS);
  void end();
  void noteClipping(const SampleBlock& block);
  void makeColumns(std::int64_t samplesKnown);
  void makeColumn();
  void sayBandEnd(std::optional<double> endHz);
  [[nodiscard]] float power(int bin) const;

  const AudioCalibration audio_;
  const SignalSetup setup_;
  const SignalWindow window_;
  const DopplerCalibration strip_;
  std::vector<float> weights_;  // of the window, so that a tone at full scale has power 1
  WallFilter filter_;
  StripAssembler assembler_;
  std::vector<Event> events_;
  BandEnd bandEnd_;
  cv::Mat transform_;         // scratch, CV_32FC2
  std::vector<float> power_;  // scratch, of each row
  cv::Mat column_;            // scratch, CV_8UC1

  // Of the segment; samples are numbered from its first.
  bool open_ = false;
  SampleClock clock_;
  std::int64_t received_ = 0;
  std::int64_t nextMiddle_ = 0;               // of the next column
  std::int64_t kept_ = 0;                     // number of the first sample in the two below
  std::vector<std::complex<float>> samples_;  // filtered
  std::vector<std::uint8_t> clipped_;         // 1 where the recording saturates
  int runLeft_ = 0;                           // samples at full scale up to now
  int runRight_ = 0;

  bool directionSaid_ = false;
};

}  // namespace soleus
