#include "plugins/duplextrack/video_tracker.h"

#include <algorithm>
#include <utility>

#include "calibration/profile/profile.h"
#include "plugins/common/video_regions.h"

namespace soleus {
namespace {

Result<CalibrationProfile> findProfile(const TrackerSettings& settings,
                                       const std::optional<std::string>& streamCalibration) {
  if (!settings.calibrationPath.empty()) return loadProfile(settings.calibrationPath);
  if (streamCalibration) return parseProfile(*streamCalibration, "calibration from the source");
  return Error{ErrorKind::kBadInput, "duplextrack", "no calibration",
               "none in the stream and no 'calibration' set", "a calibration profile"};
}

std::optional<Error> unknownEstimator(const std::string& name) {
  const auto names = estimatorNames();
  if (std::find(names.begin(), names.end(), name) != names.end()) return std::nullopt;
  std::string known;
  for (const auto& each : names) known += (known.empty() ? "" : " | ") + each;
  return Error{ErrorKind::kBadInput, "estimator", "unknown estimator", "'" + name + "'", known};
}

}  // namespace

Result<std::unique_ptr<VideoTracker>> VideoTracker::start(const TrackerSettings& settings,
                                                          const std::optional<std::string>& streamCalibration,
                                                          FrameCounts& counts, MeasurementGraph::Sink emit) {
  if (auto error = unknownEstimator(settings.estimator)) return *error;
  auto profile = findProfile(settings, streamCalibration);
  if (!profile.ok()) return profile.error();
  if (!profile.value().doppler && !profile.value().bmode) {
    return Error{ErrorKind::kBadInput, "calibration", "nothing to measure in a picture",
                 "no doppler and no bmode", "at least one of them"};
  }
  return std::unique_ptr<VideoTracker>(
      new VideoTracker(std::move(profile).value(), settings, counts, std::move(emit)));
}

VideoTracker::VideoTracker(CalibrationProfile profile, const TrackerSettings& settings, FrameCounts& counts,
                           MeasurementGraph::Sink emit)
    : profile_(std::move(profile)), overload_(settings.overload), counts_(counts) {
  graph_ = std::make_unique<MeasurementGraph>(
      profile_, GraphOptions{settings.threads, settings.framesInFlight, {settings.estimator}},
      [this, emit = std::move(emit)](FrameResult&& result) {
        if (!result.endOfStream) ++counts_.measured;
        emit(std::move(result));
      });
}

std::optional<Error> VideoTracker::misfit(const GstVideoInfo& info) const {
  const int width = GST_VIDEO_INFO_WIDTH(&info);
  const int height = GST_VIDEO_INFO_HEIGHT(&info);
  if (width == profile_.screenWidth && height == profile_.screenHeight) return std::nullopt;
  return Error{ErrorKind::kBadInput, "calibration, screen", "the profile is not for this picture",
               "a video of " + std::to_string(width) + " x " + std::to_string(height) + " pixels",
               std::to_string(profile_.screenWidth) + " x " + std::to_string(profile_.screenHeight)};
}

Result<VideoTracker::Outcome> VideoTracker::measure(GstBuffer* buffer, const GstVideoInfo& info,
                                                    const GstSegment& segment) {
  if (auto error = misfit(info)) return *error;
  const GstClockTime stamp =
      GST_BUFFER_PTS_IS_VALID(buffer) ? GST_BUFFER_PTS(buffer) : GST_BUFFER_DTS(buffer);
  const std::string frameName = "frame " + std::to_string(counts_.received);
  if (!GST_CLOCK_TIME_IS_VALID(stamp)) {
    return Error{ErrorKind::kBadInput, "video", "a frame without a time stamp", frameName,
                 "a time stamp on every frame"};
  }
  const GstClockTime runningTime = gst_segment_to_running_time(&segment, GST_FORMAT_TIME, stamp);
  if (!GST_CLOCK_TIME_IS_VALID(runningTime)) return Outcome::kOutsideSegment;

  const std::uint64_t sequence = counts_.received++;
  const SessionTime time{static_cast<std::int64_t>(runningTime)};
  lastReceived_ = std::max(lastReceived_, time);
  const bool stale = time <= lastAccepted_;
  if (stale || (overload_ == Overload::kDrop && !graph_->hasRoom())) {
    ++counts_.dropped;
    return stale ? Outcome::kStale : Outcome::kOverload;
  }
  lastAccepted_ = time;

  GstVideoFrame mapped;
  if (!gst_video_frame_map(&mapped, &info, buffer, GST_MAP_READ)) {
    return Error{ErrorKind::kBadInput, "video", "a frame that cannot be read", frameName, ""};
  }
  Frame frame{sequence, time, {}, {}};
  if (profile_.doppler) frame.doppler = greyOfRegion(mapped, profile_.doppler->region);
  if (profile_.bmode) frame.bmode = greyOfRegion(mapped, profile_.bmode->region);
  gst_video_frame_unmap(&mapped);
  graph_->push(std::move(frame));
  if (const auto failure = graph_->failure()) return *failure;
  return Outcome::kAccepted;
}

Status VideoTracker::finish() {
  graph_->finish(counts_.received, lastReceived_);
  if (const auto failure = graph_->failure()) return *failure;
  return Done{};
}

}  // namespace soleus
