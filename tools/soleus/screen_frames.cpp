#include "tools/soleus/screen_frames.h"

#include <gst/gst.h>
#include <gst/video/video.h>

#include <exception>
#include <optional>

#include "tools/soleus/gst_pointers.h"
#include "tools/soleus/pipeline_run.h"
#include "tools/soleus/video_source.h"

namespace soleus {
namespace {

struct Taking {
  const FrameTaker* take = nullptr;
  std::optional<GstClockTime> first;
};

void takeFrame(GstElement* sink, GstBuffer* buffer, GstPad* pad, gpointer data) {
  auto& taking = *static_cast<Taking*>(data);
  const GstPtr<GstCaps> caps(gst_pad_get_current_caps(pad));
  GstVideoInfo info;
  GstVideoFrame frame;
  if (!GST_BUFFER_PTS_IS_VALID(buffer) || !gst_video_info_from_caps(&info, caps.get()) ||
      !gst_video_frame_map(&frame, &info, buffer, GST_MAP_READ)) {
    return;
  }
  if (!taking.first) taking.first = GST_BUFFER_PTS(buffer);
  const cv::Mat bgr(GST_VIDEO_FRAME_HEIGHT(&frame), GST_VIDEO_FRAME_WIDTH(&frame), CV_8UC3,
                    GST_VIDEO_FRAME_PLANE_DATA(&frame, 0),
                    static_cast<std::size_t>(GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0)));
  // No exception may cross the C code that called.
  try {
    (*taking.take)(bgr, {static_cast<std::int64_t>(GST_BUFFER_PTS(buffer) - *taking.first)});
  } catch (const std::exception& fault) {
    GST_ELEMENT_ERROR(sink, LIBRARY, FAILED, ("%s", fault.what()), (nullptr));
  }
  gst_video_frame_unmap(&frame);
}

}  // namespace

Status readFrames(const std::string& path, double durationS, const FrameTaker& take) {
  const GstPtr<GstElement> pipeline(gst_pipeline_new("frames"));
  const auto add = [&pipeline](const char* factory) {
    GstElement* element = gst_element_factory_make(factory, nullptr);
    if (element != nullptr) gst_bin_add(GST_BIN(pipeline.get()), element);
    return element;
  };
  GstElement* fields = add("deinterlace");
  GstElement* convert = add("videoconvert");
  GstElement* format = add("capsfilter");
  GstElement* sink = add("fakesink");
  if (fields == nullptr || convert == nullptr || format == nullptr || sink == nullptr) {
    return Error{ErrorKind::kSource, "GStreamer", "an element is missing",
                 "no deinterlace, videoconvert, capsfilter or fakesink",
                 "the plugins that the set-up installs"};
  }
  const GstPtr<GstCaps> caps(gst_caps_from_string("video/x-raw, format=BGR"));
  g_object_set(format, "caps", caps.get(), nullptr);
  gst_util_set_object_arg(G_OBJECT(fields), "method", "linear");
  g_object_set(sink, "signal-handoffs", TRUE, "sync", FALSE, nullptr);
  Taking taking{&take, {}};
  g_signal_connect(sink, "handoff", G_CALLBACK(takeFrame), &taking);
  gst_element_link_many(fields, convert, format, sink, nullptr);
  const GstPtr<GstPad> entry(gst_element_get_static_pad(fields, "sink"));
  const GstPtr<GstPad> timed(gst_element_get_static_pad(convert, "sink"));
  VideoSource source;
  source.location = path;
  if (const Status added = addVideoSource(pipeline.get(), entry.get(), source); !added.ok())
    return added.error();
  RunOptions options;
  options.what = "looking at the screen";
  options.sourceName = path;
  options.durationS = durationS;
  const auto end = runPipeline(pipeline.get(), timed.get(), options);
  if (!end.ok()) return end.error();
  if (!taking.first) return Error{ErrorKind::kBadInput, path, "holds no frames", "", "a video"};
  return Done{};
}

}  // namespace soleus
