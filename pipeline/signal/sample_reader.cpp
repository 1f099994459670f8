#include "pipeline/signal/sample_reader.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace soleus {

SampleReader::SampleReader(SignalSource source)
    : source_(std::move(source)), clock_(1.0 / source_.samplesPerSecond.value()) {}

SignalBatch SampleReader::push(std::string_view bytes, std::uint64_t first, ArrivalTime arrival) {
  SignalBatch batch;
  const std::size_t channels = source_.channels.size();
  const std::size_t count = bytes.size() / (channels * sizeof(float));
  if (count == 0) return batch;
  const bool anew = started_ && first < due_;
  const std::uint64_t lost = started_ && !anew ? first - due_ : 0;
  if (anew) clock_.sourceBegan();
  sequence_ += lost;
  const double periodNs = 1e9 / *source_.samplesPerSecond;
  const auto nominalSpan = [&](std::size_t samples) { return periodNs * static_cast<double>(samples); };
  const auto deviceOf = [&](std::size_t n) {
    return DeviceTime{std::llround(static_cast<double>(first + n) * periodNs)};
  };
  const ClockReading reading = clock_.push(sequence_ + count - 1, deviceOf(count - 1), arrival);
  // Where the block follows on the one before, its samples fill the time between; where the clock holds it
  // back, since the one before was dated too late, they come as close as times can.
  const ArrivalTime end{std::max(
      reading.taken.ns, started_ ? lastTaken_.ns + static_cast<std::int64_t>(count) : reading.taken.ns)};
  const double sinceNs = started_ ? static_cast<double>(end.ns - lastTaken_.ns) : nominalSpan(count);
  const bool follows = started_ && !anew && lost == 0;
  const double spanNs = follows ? sinceNs : std::min(nominalSpan(count), sinceNs);
  for (std::size_t n = 0; n < count; ++n) {
    SignalSample sample;
    sample.sequence = sequence_ + n;
    sample.device = deviceOf(n);
    sample.anew = anew && n == 0;
    sample.lost = n == 0 ? lost : 0;
    if (n + 1 == count) sample.fault = reading.fault;
    const double beforeEndNs = spanNs * static_cast<double>(count - 1 - n) / static_cast<double>(count);
    sample.taken = ArrivalTime{end.ns - std::llround(beforeEndNs)};
    for (std::size_t c = 0; c < channels; ++c) {
      float value = 0;
      std::memcpy(&value, bytes.data() + (n * channels + c) * sizeof value, sizeof value);
      sample.values.push_back(value * source_.channels[c].gain);
    }
    batch.samples.push_back(std::move(sample));
  }
  started_ = true;
  due_ = first + count;
  sequence_ += count;
  lastTaken_ = end;
  return batch;
}

}  // namespace soleus
