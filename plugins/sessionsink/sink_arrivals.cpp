#include "plugins/sessionsink/sink_arrivals.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

#include "pipeline/core/measurement_codec.h"

namespace soleus {
namespace {

using Maybe = Result<std::optional<Arrival>>;

ArrivalTime now() {
  const auto sinceStart = std::chrono::steady_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(sinceStart).count()};
}

Maybe videoArrival(SinkPadState& pad, GstBuffer* buffer) {
  const GstClockTime stamp =
      GST_BUFFER_PTS_IS_VALID(buffer) ? GST_BUFFER_PTS(buffer) : GST_BUFFER_DTS(buffer);
  const GstClockTime running = gst_segment_to_running_time(&pad.segment, GST_FORMAT_TIME, stamp);
  if (!GST_CLOCK_TIME_IS_VALID(running)) return std::optional<Arrival>{};
  VideoArrival arrival;
  // A capture source numbers its frames in the offset. Frames without number get the next one; a source that
  // has begun to count anew is counted on from there.
  const std::uint64_t next = pad.nextSequence.value_or(0);
  arrival.sample.sequence = next;
  if (GST_BUFFER_OFFSET_IS_VALID(buffer)) {
    if (GST_BUFFER_OFFSET(buffer) + pad.firstNumber < next)
      pad.firstNumber = next - GST_BUFFER_OFFSET(buffer);
    arrival.sample.sequence = GST_BUFFER_OFFSET(buffer) + pad.firstNumber;
  }
  if (pad.nextSequence) arrival.lostBefore = arrival.sample.sequence - next;
  pad.nextSequence = arrival.sample.sequence + 1;
  arrival.sample.device = {static_cast<std::int64_t>(stamp)};
  arrival.sample.arrival = now();
  arrival.sample.session = {static_cast<std::int64_t>(running)};
  return std::optional<Arrival>(arrival);
}

/// The bytes of a buffer, as long as it lives.
class Mapped {
 public:
  explicit Mapped(GstBuffer* buffer)
      : buffer_(buffer), mapped_(gst_buffer_map(buffer, &map_, GST_MAP_READ)) {}
  ~Mapped() {
    if (mapped_) gst_buffer_unmap(buffer_, &map_);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  [[nodiscard]] const std::uint8_t* data() const { return mapped_ ? map_.data : nullptr; }
  [[nodiscard]] std::size_t size() const { return mapped_ ? map_.size : 0; }

 private:
  GstBuffer* buffer_;
  GstMapInfo map_{};
  bool mapped_;
};

Maybe measurementArrival(GstBuffer* buffer) {
  const Mapped bytes(buffer);
  auto result = decodeResult({bytes.data(), bytes.size()});
  if (!result.ok()) return result.error();
  return std::optional<Arrival>(MeasurementArrival{std::move(result).value(), now()});
}

Maybe archiveArrival(const SinkPadState& pad, GstBuffer* buffer) {
  const GstClockTime running = gst_segment_to_running_time(
      &pad.segment, GST_FORMAT_TIME,
      GST_BUFFER_PTS_IS_VALID(buffer) ? GST_BUFFER_PTS(buffer) : GST_BUFFER_DTS(buffer));
  if (!GST_CLOCK_TIME_IS_VALID(running)) return std::optional<Arrival>{};
  return std::optional<Arrival>(ArchiveArrival{{static_cast<std::int64_t>(running)}, now()});
}

}  // namespace

SinkInput inputOf(const Arrival& arrival) {
  if (std::holds_alternative<VideoArrival>(arrival)) return SinkInput::kVideo;
  return std::holds_alternative<ArchiveArrival>(arrival) ? SinkInput::kArchive : SinkInput::kMeasurement;
}

Maybe arrivalOf(SinkPadState& pad, GstBuffer* buffer) {
  if (pad.input == SinkInput::kArchive) return archiveArrival(pad, buffer);
  return pad.input == SinkInput::kVideo ? videoArrival(pad, buffer) : measurementArrival(buffer);
}

Result<std::optional<SignalArrival>> signalOf(const SinkPadState& pad, GstBuffer* buffer) {
  if (!pad.signal) {
    return Error{ErrorKind::kBadInput, "sessionsink", "signals that nothing describes",
                 "a buffer before caps", "caps with stream, channels, units and gains"};
  }
  const GstClockTime running =
      gst_segment_to_running_time(&pad.segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
  if (!GST_CLOCK_TIME_IS_VALID(running)) return std::optional<SignalArrival>{};
  const Mapped bytes(buffer);
  SignalArrival arrival;
  arrival.stream = pad.signal->stream;
  arrival.bytes.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (pad.signal->format == SignalFormat::kLines) {
    arrival.bytes += '\n';
  } else if (GST_BUFFER_OFFSET_IS_VALID(buffer)) {
    arrival.first = GST_BUFFER_OFFSET(buffer);
  } else {
    return Error{ErrorKind::kBadInput, "sessionsink", "signals that are not numbered",
                 "a buffer without offset", "the number of its first sample"};
  }
  arrival.running = {static_cast<std::int64_t>(running)};
  arrival.arrival = now();
  return std::optional<SignalArrival>(std::move(arrival));
}

}  // namespace soleus
