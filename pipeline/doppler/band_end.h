/// Where does the sound of a scanner end? Its file may be sampled much faster than its pulses repeat.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "pipeline/doppler/signal_strip.h"

namespace soleus {

/// Watches the spectrum for a frequency beyond which there is never anything, while there always is just
/// below it: the end of a low-passed band. Noise is then measured where no noise can be, and the trace
/// follows what is. Flow has an end too, but one that moves, and in one direction alone; only flow through
/// one channel that stays within a quarter of its speed for the whole of a window looks the same. State
/// between columns; one thread at a time.
class BandEnd {
 public:
  /// `columnS`: from one column to the next. Axes whose upper fifth is not empty are never judged.
  BandEnd(const SignalWindow& window, double binHz, double columnS);

  /// `power`: of each row of the strip, from the highest frequency down. The frequency (Hz) where the band
  /// ends, once for a recording: after 10 s of sound that show it.
  std::optional<double> push(std::span<const float> power);
  /// The same at the end of a recording, from 2 s of sound on. The watch is then as new.
  std::optional<double> finish();

 private:
  [[nodiscard]] std::optional<double> judge() const;
  [[nodiscard]] std::vector<float> quantile(double share) const;
  [[nodiscard]] bool isSteady(int bandBegin, int bandEnd, int side) const;
  [[nodiscard]] int bin(int band) const;
  [[nodiscard]] int row(int bin, int side) const;

  SignalWindow window_;
  double binHz_;
  int columnsOfPiece_;
  std::vector<float> sum_;                  // of the piece that is being heard
  int columns_ = 0;                         // in it
  std::vector<std::vector<float>> pieces_;  // mean power of each row
  bool found_ = false;
};

}  // namespace soleus
