#include "pipeline/signal/signal_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace soleus {
namespace {

constexpr std::uint64_t kWrap = std::uint64_t{1} << 32;
// A network may bring lines in another order: what is back by less is late, what is back by more, or for so
// many lines in a row, is of a board that was switched off and on.
constexpr std::uint32_t kLateLines = 1000;
constexpr int kLateInARow = 16;
// A counter that is further ahead than the time since the last line allows has begun anew, or was misread:
// followed, it would carry all later times with it. Lines may have waited somewhere for so long.
constexpr double kWaitedS = 2;
// The fastest board whose rate is not known.
constexpr double kMostPerSecond = 100'000;

std::optional<double> periodOf(const SignalSource& source) {
  if (!source.samplesPerSecond) return std::nullopt;
  return 1 / *source.samplesPerSecond;
}

}  // namespace

SignalReader::SignalReader(SignalSource source) : source_(std::move(source)), clock_(periodOf(source_)) {}

double SignalReader::mostCounted(double passedS) const {
  return (passedS + kWaitedS) * source_.samplesPerSecond.value_or(kMostPerSecond);
}

/// To the channels' units. False for what a session file cannot hold.
bool SignalReader::scale(SignalLine& line) const {
  for (std::size_t c = 0; c < line.values.size(); ++c) {
    line.values[c] *= source_.channels[c].gain;
    if (!std::isfinite(static_cast<float>(line.values[c]))) return false;
  }
  return true;
}

/// Gives a line its number and the board's time, both without wraps.
void SignalReader::number(SignalLine line, ArrivalTime arrival, SignalBatch& batch) {
  const std::uint32_t forward = line.counter - counter_;
  const std::uint32_t back = counter_ - line.counter;
  const bool late = !first_ && back < kLateLines;
  lateInARow_ = late ? lateInARow_ + 1 : 0;
  if (late && lateInARow_ < kLateInARow) {
    ++batch.duplicates;
    return;
  }
  const bool anew = !first_ && (late || forward > mostCounted((arrival - arrival_).seconds()));
  SignalSample sample;
  if (!first_ && !anew) {
    sample.lost = forward - 1;
    sample.malformed = std::min(sample.lost, malformed_);
  }
  auto passedUs = static_cast<std::int64_t>(line.timeUs - timeUs_);
  const auto half = static_cast<std::int64_t>(kWrap / 2);
  if (line.timeUs < kWrap && timeUs_ < kWrap && passedUs < -half)
    passedUs += static_cast<std::int64_t>(kWrap);
  sequence_ += first_ ? 0 : anew ? 1 : forward;
  deviceNs_ = first_ || anew ? static_cast<std::int64_t>(line.timeUs) * 1000 : deviceNs_ + passedUs * 1000;
  if (anew) clock_.sourceBegan();
  first_ = false;
  lateInARow_ = 0;
  malformed_ = 0;
  counter_ = line.counter;
  arrival_ = arrival;
  timeUs_ = line.timeUs;
  sample.sequence = sequence_;
  sample.device = DeviceTime{deviceNs_};
  sample.values = std::move(line.values);
  batch.samples.push_back(std::move(sample));
}

SignalBatch SignalReader::push(std::string_view bytes, ArrivalTime arrival) {
  SignalBatch batch;
  rest_ += bytes;
  std::size_t begin = 0;
  for (std::size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
    const std::string_view text = std::string_view(rest_).substr(begin, end - begin);
    begin = end + 1;
    if (std::exchange(skipsLine_, false)) continue;
    if (text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto line = parseSignalLine(text, source_.channels.size(), source_.token);
    if (line && scale(*line)) {
      number(std::move(*line), arrival, batch);
    } else {
      ++malformed_;
      ++batch.malformed;
    }
  }
  rest_.erase(0, begin);
  if (rest_.size() > kLongestSignalLine) {
    rest_.clear();
    if (!skipsLine_) {
      ++malformed_;
      ++batch.malformed;
    }
    skipsLine_ = true;
  }
  // Lines that came together were sent one after the other, as long apart as the board says.
  constexpr std::int64_t kMostTogetherNs = 1'000'000'000;
  for (SignalSample& sample : batch.samples) {
    const std::int64_t earlierNs =
        std::clamp<std::int64_t>(batch.samples.back().device.ns - sample.device.ns, 0, kMostTogetherNs);
    const ClockReading reading =
        clock_.push(sample.sequence, sample.device, ArrivalTime{arrival.ns - earlierNs});
    sample.taken = reading.taken;
    sample.fault = reading.fault;
  }
  return batch;
}

}  // namespace soleus
