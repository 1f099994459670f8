/// Offset and drift of one clock against another, from stamps that jitter.
#pragma once

namespace soleus {

/// A Kalman filter of two clocks' offset and rate (Galleani and Tavella, IEEE Control Syst Mag 2010: both
/// wander at random) whose innovations are clamped (Huber, Ann Math Stat 1964), since threads that are held
/// up give late arrivals. The jitter's size is learned, and how far neighbouring ones err together. Memory
/// and cost are constant. Not thread-safe; no clock read.
class OffsetFilter {
 public:
  /// Forgets everything; `offsetS` is what a first pair of stamps says.
  void start(double offsetS);
  /// `passedS` (>= 0) on the first clock since the last call.
  void advance(double passedS);
  /// By how much (s) an offset lies beyond the filter's.
  [[nodiscard]] double innovationS(double offsetS) const { return offsetS - offsetS_; }
  /// Beyond this (s) an innovation is not jitter.
  [[nodiscard]] double gateS() const;
  /// Takes an offset that was read just now.
  void update(double offsetS);
  /// One of the clocks has been set, and the offset put right by the mean of this many readings.
  void disturb(int readings);
  /// The clocks have been set against each other by an unknown amount: `offsetS` is a first reading of it.
  void restart(double offsetS);

  [[nodiscard]] double offsetS() const { return offsetS_; }
  /// Change of the offset in seconds per second.
  [[nodiscard]] double rate() const { return rate_; }
  /// Standard error of rate().
  [[nodiscard]] double rateError() const;
  /// 95 % of the errors of offsetS() are smaller.
  [[nodiscard]] double uncertaintyS() const;

 private:
  [[nodiscard]] double together() const;

  double offsetS_ = 0;
  double rate_ = 0;
  double p00_ = 0, p01_ = 0, p11_ = 0;  // their covariance
  double jitterS_ = 0;                  // standard deviation
  double lag1_ = 0;                     // correlation of neighbouring innovations
  double lastShare_ = 0;                // of the jitter, the last innovation
  int updates_ = 0;
};

}  // namespace soleus
