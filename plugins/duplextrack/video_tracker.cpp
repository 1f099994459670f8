#include "plugins/duplextrack/video_tracker.h"

#include <algorithm>
#include <utility>

#include "plugins/common/map_grey.h"
#include "plugins/common/measure_setup.h"
#include "plugins/common/video_regions.h"
#include "plugins/duplextrack/lumen_point.h"

namespace soleus {

Result<std::unique_ptr<VideoTracker>> VideoTracker::start(const TrackerSettings& settings,
                                                          const std::optional<std::string>& streamCalibration,
                                                          const GstVideoInfo& info, FrameCounts& counts,
                                                          MeasurementGraph::Sink emit) {
  if (auto error = unknownEstimator(settings.estimator)) return *error;
  const auto& text = settings.calibrationText;
  auto profile =
      findProfile(settings.calibrationPath, text.empty() ? streamCalibration : text, "duplextrack");
  if (!profile.ok()) return profile.error();
  if (!profile.value().doppler && !profile.value().bmode) {
    return Error{ErrorKind::kBadInput, "calibration", "nothing to measure in a picture",
                 "no doppler and no bmode", "at least one of them"};
  }
  std::optional<cv::Point2d> start;
  if (!settings.lumenPoint.empty()) {
    const auto point = lumenStart(settings.lumenPoint, profile.value().bmode);
    if (!point.ok()) return point.error();
    start = point.value();
  }
  return std::unique_ptr<VideoTracker>(
      new VideoTracker(std::move(profile).value(), settings, info, start, counts, std::move(emit)));
}

VideoTracker::VideoTracker(CalibrationProfile profile, const TrackerSettings& settings,
                           const GstVideoInfo& info, std::optional<cv::Point2d> lumenStart,
                           FrameCounts& counts, MeasurementGraph::Sink emit)
    : profile_(std::move(profile)), overload_(settings.overload), info_(info), counts_(counts) {
  graph_ = std::make_unique<MeasurementGraph>(profile_,
                                              GraphOptions{.threads = settings.threads,
                                                           .framesInFlight = settings.framesInFlight,
                                                           .measure = {settings.estimator},
                                                           .framesAtOnce = settings.framesAtOnce,
                                                           .firstLook = settings.firstLook,
                                                           .lumenStart = lumenStart},
                                              [this, emit = std::move(emit)](FrameResult&& result) {
                                                if (!result.endOfStream) ++counts_.measured;
                                                emit(std::move(result));
                                              });
}

std::optional<Error> VideoTracker::misfit() const {
  const int width = GST_VIDEO_INFO_WIDTH(&info_);
  const int height = GST_VIDEO_INFO_HEIGHT(&info_);
  if (width == profile_.screenWidth && height == profile_.screenHeight) return std::nullopt;
  return Error{ErrorKind::kBadInput, "calibration, screen", "the profile is not for this picture",
               "a video of " + std::to_string(width) + " x " + std::to_string(height) + " pixels",
               std::to_string(profile_.screenWidth) + " x " + std::to_string(profile_.screenHeight)};
}

Result<StreamTracker::Outcome> VideoTracker::measure(GstBuffer* buffer, const GstSegment& segment) {
  if (auto error = misfit()) return *error;
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
  if (!gst_video_frame_map(&mapped, &info_, buffer, GST_MAP_READ)) {
    return Error{ErrorKind::kBadInput, "video", "a frame that cannot be read", frameName, ""};
  }
  Frame frame{sequence, time, {}, {}};
  if (profile_.doppler) {
    const bool before = tinted_;
    frame.doppler = greyOfMap(mapped, profile_.doppler->region, tinted_);
    if (tinted_ && !before) {
      frame.events.push_back(
          {time, EventKind::kNote,
           "The map of the spectrum is tinted: its grey is read from the strongest colour"});
    }
  }
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
