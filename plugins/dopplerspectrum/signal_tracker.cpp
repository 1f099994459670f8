#include "plugins/dopplerspectrum/signal_tracker.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "calibration/profile/profile.h"
#include "plugins/common/measure_setup.h"

namespace soleus {
namespace {

using Channels = AudioCalibration::Channels;

/// Two channels where the profile has a meaning for one would be a guess, and one where it has two a loss.
std::optional<Error> misfit(const AudioCalibration& audio, const SoundFormat& format) {
  const int wanted = audio.channels == Channels::kMono ? 1 : 2;
  if (format.channels == wanted) return std::nullopt;
  const std::string name = audio.channels == Channels::kQuadrature       ? "quadrature"
                           : audio.channels == Channels::kForwardReverse ? "forward_reverse"
                                                                         : "mono";
  return Error{
      ErrorKind::kBadInput, "calibration, audio.channels", "the profile is not for this sound",
      "sound of " + std::to_string(format.channels) + (format.channels == 1 ? " channel" : " channels"),
      name + ", which has " + std::to_string(wanted)};
}

}  // namespace

Result<std::unique_ptr<SignalTracker>> SignalTracker::start(
    const SpectrumSettings& settings, const std::optional<std::string>& streamCalibration,
    const SoundFormat& format, FrameCounts& counts, MeasurementGraph::Sink emit) {
  if (auto error = unknownEstimator(settings.estimator)) return *error;
  const auto given = findProfile(settings.calibrationPath, streamCalibration, "dopplerspectrum");
  if (!given.ok()) return given.error();
  if (!given.value().audio) {
    return Error{ErrorKind::kBadInput, "calibration", "nothing to measure in sound", "no audio",
                 "an audio section"};
  }
  if (auto error = misfit(*given.value().audio, format)) return *error;
  const double rateHz = settings.sampleRateHz > 0 ? settings.sampleRateHz : format.rateHz;
  if (std::lround(rateHz) != format.rateHz) {
    return Error{ErrorKind::kUsage, "dopplerspectrum, sample-rate", "not that of the sound",
                 std::to_string(rateHz) + " Hz", "what rounds to " + std::to_string(format.rateHz) + " Hz"};
  }
  const SignalSetup setup{rateHz, settings.windowMs, settings.maxVelocityCmPerS};
  if (auto error = unusable(*given.value().audio, setup)) return *error;
  CalibrationProfile profile = signalProfile(given.value(), setup);
  profile.yaml = profileYaml(profile);
  return std::unique_ptr<SignalTracker>(
      new SignalTracker(std::move(profile), setup, settings, format, counts, std::move(emit)));
}

SignalTracker::SignalTracker(CalibrationProfile profile, const SignalSetup& setup,
                             const SpectrumSettings& settings, const SoundFormat& format, FrameCounts& counts,
                             MeasurementGraph::Sink emit)
    : profile_(std::move(profile)), format_(format), begunAs_(format), counts_(counts) {
  graph_ = std::make_unique<MeasurementGraph>(
      profile_, GraphOptions{settings.threads, settings.blocksInFlight, {settings.estimator}, setup},
      [this, emit = std::move(emit)](FrameResult&& result) {
        if (!result.endOfStream) ++counts_.measured;
        emit(std::move(result));
      });
}

Result<StreamTracker::Outcome> SignalTracker::measure(GstBuffer* buffer, const GstSegment& segment) {
  if (format_ != begunAs_) {
    return Error{ErrorKind::kBadInput, "sound", "changes its format in mid-stream",
                 std::to_string(format_.rateHz) + " Hz", std::to_string(begunAs_.rateHz) + " Hz throughout"};
  }
  const std::string blockName = "block " + std::to_string(counts_.received);
  if (!GST_BUFFER_PTS_IS_VALID(buffer)) {
    return Error{ErrorKind::kBadInput, "sound", "a block without a time stamp", blockName,
                 "a time stamp on every block"};
  }
  const GstClockTime runningTime =
      gst_segment_to_running_time(&segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
  if (!GST_CLOCK_TIME_IS_VALID(runningTime)) return Outcome::kOutsideSegment;

  const std::uint64_t sequence = counts_.received++;
  const SessionTime time{static_cast<std::int64_t>(runningTime)};
  lastReceived_ = std::max(lastReceived_, time);
  if (time <= lastAccepted_) {
    ++counts_.dropped;
    return Outcome::kStale;
  }
  lastAccepted_ = time;

  GstMapInfo mapped;
  if (!gst_buffer_map(buffer, &mapped, GST_MAP_READ))
    return Error{ErrorKind::kBadInput, "sound", "a block that cannot be read", blockName, ""};
  const auto channels = static_cast<std::size_t>(begunAs_.channels);
  std::vector<float> values(mapped.size / (channels * sizeof(float)) * channels);
  std::memcpy(values.data(), mapped.data, values.size() * sizeof(float));
  gst_buffer_unmap(buffer, &mapped);
  if (!std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); }))
    return Error{ErrorKind::kBadInput, "sound", "a sample that is no number", "in " + blockName,
                 "finite samples"};

  Frame frame{sequence, time, {}, {}};
  frame.samples.discontinuous = GST_BUFFER_IS_DISCONT(buffer);
  for (std::size_t i = 0; i < values.size(); i += channels)
    frame.samples.values.emplace_back(values[i], channels == 2 ? values[i + 1] : 0.0F);
  graph_->push(std::move(frame));
  if (const auto failure = graph_->failure()) return *failure;
  return Outcome::kAccepted;
}

Status SignalTracker::finish() {
  graph_->finish(counts_.received, lastReceived_);
  if (const auto failure = graph_->failure()) return *failure;
  return Done{};
}

}  // namespace soleus
