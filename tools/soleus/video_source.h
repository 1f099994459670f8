/// The kinds of video source that a lab can name, and the GStreamer elements each becomes.
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <optional>
#include <string>

#include "pipeline/core/capture_delay.h"
#include "pipeline/core/result.h"

namespace soleus {

struct VideoSource {
  enum class Kind { kPhantom, kFile, kV4l2, kRtsp };
  Kind kind = Kind::kFile;
  std::string location;     ///< scenario, video or DICOM file, device (/dev/video0) or RTSP address
  std::uint64_t seed = 1;   ///< phantom
  bool live = true;         ///< phantom: at the scanner's frame rate
  int width = 0;            ///< v4l2: picture to ask the grabber for; 0 = its default
  int height = 0;           ///< likewise
  int framesPerSecond = 0;  ///< likewise
  int latencyMs = 200;      ///< rtsp: jitter buffer
  double reconnectS = 30;   ///< v4l2, rtsp: how long a source that was lost is waited for; 0 = not at all
  std::optional<CaptureDelay> delay = {};  ///< none: not measured, taken as 0
};

/// Whether its frames come at their own times and cannot wait.
bool isLive(const VideoSource& source);

/// The location as it may be printed and stored: without a user name and password in an address.
std::string shownLocation(const VideoSource& source);

/// Adds the source's elements to `pipeline` and links the first video stream to `target` as soon as it is
/// known. Sound of a
/// file is not measured, but runs along undecoded, so that one can see how far the file goes.
Status addVideoSource(GstElement* pipeline, GstPad* target, const VideoSource& source);

/// The same for a live source that was lost: removes what is left of it and starts it anew in the running
/// pipeline.
Status replaceVideoSource(GstElement* pipeline, GstPad* target, const VideoSource& source);

}  // namespace soleus
