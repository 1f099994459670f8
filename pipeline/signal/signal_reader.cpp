#include "pipeline/signal/signal_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace soleus {
namespace {

constexpr std::uint64_t kWrap = std::uint64_t{1} << 32;
// A network may bring lines in another order, or twice: what is back by less, on the board's clock too, is
// late. If all that comes is late for so many times, the board was switched off and on.
constexpr std::uint32_t kLateLines = 1000;
constexpr int kLateInARow = 16;
// So many lines may be missing without a look at the board's clock.
constexpr std::uint32_t kFew = 8;
constexpr double kUsualWeight = 0.01;
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

/// Since the last line, on the board's clock: of all that its wraps leave possible, what is nearest to what
/// has passed here.
std::int64_t SignalReader::passedUs(std::uint64_t timeUs, ArrivalTime arrival) const {
  const auto passed = static_cast<std::int64_t>(timeUs) - static_cast<std::int64_t>(timeUs_);
  if (timeUs >= kWrap || timeUs_ >= kWrap) return passed;
  const double here = static_cast<double>((arrival - arrival_).ns) / 1000;
  const double wraps = std::round((here - static_cast<double>(passed)) / static_cast<double>(kWrap));
  return passed + static_cast<std::int64_t>(wraps) * static_cast<std::int64_t>(kWrap);
}

/// A counter that goes on by more than a few has to have had the time for it.
bool SignalReader::explained(std::uint32_t forward, std::int64_t passedUs, ArrivalTime arrival) const {
  if (forward > mostCounted((arrival - arrival_).seconds())) return false;
  if (forward <= kFew || usualUs_ <= 0) return true;
  const double expectedUs = usualUs_ * forward;
  return std::abs(static_cast<double>(passedUs) - expectedUs) < expectedUs / 2;
}

/// Gives a line its number and the board's time, both without wraps.
void SignalReader::number(SignalLine line, ArrivalTime arrival, SignalBatch& batch) {
  const std::uint32_t forward = line.counter - counter_;
  const std::int64_t sinceUs = first_ ? 0 : passedUs(line.timeUs, arrival);
  bool anew = false;
  if (!first_) {
    const bool back = counter_ - line.counter < kLateLines;
    if (back && sinceUs <= 0 && latePushesInARow_ < kLateInARow) {
      latePush_ = true;
      ++batch.duplicates;
      return;
    }
    anew = back || !explained(forward, sinceUs, arrival);
    // One such line was misread; two that follow each other are a board that was switched off and on.
    if (anew && !(oddCounter_ && line.counter == *oddCounter_ + 1)) {
      oddCounter_ = line.counter;
      latePush_ = back;
      ++malformed_;
      ++batch.malformed;
      return;
    }
  }
  oddCounter_.reset();
  SignalSample sample;
  if (!first_ && !anew) {
    sample.lost = forward - 1;
    sample.malformed = std::min(sample.lost, malformed_);
    const double eachUs = static_cast<double>(sinceUs) / forward;
    usualUs_ += (usualUs_ > 0 ? kUsualWeight : 1) * (eachUs - usualUs_);
  }
  sequence_ += first_ ? 0 : anew ? 1 : forward;
  deviceNs_ = first_ || anew ? static_cast<std::int64_t>(line.timeUs) * 1000 : deviceNs_ + sinceUs * 1000;
  first_ = false;
  malformed_ = 0;
  counter_ = line.counter;
  timeUs_ = line.timeUs;
  arrival_ = arrival;
  sample.sequence = sequence_;
  sample.device = DeviceTime{deviceNs_};
  sample.anew = anew;
  sample.values = std::move(line.values);
  batch.samples.push_back(std::move(sample));
}

void SignalReader::readLine(std::string_view text, ArrivalTime arrival, SignalBatch& batch) {
  if (text.find_first_not_of(" \t\r") == std::string_view::npos) return;
  if (!text.starts_with(source_.token)) {
    ++batch.strangers;
    return;
  }
  auto line = parseSignalLine(text, source_.channels.size(), source_.token);
  if (line && scale(*line)) {
    number(std::move(*line), arrival, batch);
  } else {
    ++malformed_;
    ++batch.malformed;
  }
}

SignalBatch SignalReader::push(std::string_view bytes, ArrivalTime arrival) {
  SignalBatch batch;
  latePush_ = false;
  rest_ += bytes;
  std::size_t begin = 0;
  for (std::size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
    const std::string_view text = std::string_view(rest_).substr(begin, end - begin);
    begin = end + 1;
    if (!std::exchange(skipsLine_, false)) readLine(text, arrival, batch);
  }
  rest_.erase(0, begin);
  if (rest_.size() > kLongestSignalLine) {
    rest_.clear();
    if (!std::exchange(skipsLine_, true)) {
      ++malformed_;
      ++batch.malformed;
    }
  }
  latePushesInARow_ = latePush_ ? latePushesInARow_ + 1 : 0;
  // Lines that came together were sent one after the other, as long apart as the board says.
  constexpr std::int64_t kMostTogetherNs = 1'000'000'000;
  for (SignalSample& sample : batch.samples) {
    const std::int64_t earlierNs =
        std::clamp<std::int64_t>(batch.samples.back().device.ns - sample.device.ns, 0, kMostTogetherNs);
    if (sample.anew) clock_.sourceBegan();
    const ClockReading reading =
        clock_.push(sample.sequence, sample.device, ArrivalTime{arrival.ns - earlierNs},
                    &sample != &batch.samples.back());
    sample.taken = reading.taken;
    sample.fault = reading.fault;
  }
  return batch;
}

}  // namespace soleus
