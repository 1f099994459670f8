/// When was a sample of sound taken? Samples counted, kept true to the stamps of the blocks they came in.
#pragma once

#include <cstdint>

namespace soleus {

/// A sound card counts by a crystal of its own, 20 to 200 ppm beside the clock that stamps its blocks, and
/// the stamps jitter by some milliseconds. The count gives the time of a sample from the one before; a slow,
/// robust average of stamp minus count moves it, once the two are further apart than a container rounds its
/// stamps: exact stamps and rounded ones move nothing. Not thread-safe; no I/O, no clock.
class SampleClock {
 public:
  explicit SampleClock(double sampleRateHz);

  /// Sample 0 begins at `stampS` (s); forgets all stamps before.
  void start(double stampS);
  /// How far (s) the stamp of this sample lies after where the stamps so far have it; < 0 before.
  [[nodiscard]] double deviationS(std::int64_t sample, double stampS) const;
  /// Takes note of a stamp, samples in ascending order.
  void observe(std::int64_t sample, double stampS);
  /// Whether enough stamps can have come before this sample to outweigh the jitter of the first one.
  [[nodiscard]] bool settledBy(std::int64_t sample) const;
  /// Time (s) of a sample by all stamps so far.
  [[nodiscard]] double timeS(std::int64_t sample) const;

 private:
  [[nodiscard]] double countedS(std::int64_t sample) const;

  double sampleRateHz_;
  double startS_ = 0;
  double averageS_ = 0;  // of stamp minus count
  double appliedS_ = 0;  // of it
  std::int64_t lastSample_ = 0;
  std::int64_t stamps_ = 0;
};

}  // namespace soleus
