#include "tools/soleus/dicom_source.h"

#include <gst/video/video.h>

#include <opencv2/core/mat.hpp>
#include <utility>

#include "plugins/common/element_error.h"
#include "tools/soleus/gst_pointers.h"

namespace soleus {
namespace {

// Frames that wait for the next element: as a file's decoder, it need not run far ahead.
constexpr guint64 kWaitingFrames = 4;

/// Owned by the source's signal.
struct Clip {
  std::unique_ptr<DicomFile> file;
  FrameTimes times;
  std::size_t next = 0;

  [[nodiscard]] std::int64_t startNs(std::size_t n) const {
    return n < times.starts.size() ? times.starts[n].ns : times.starts.back().ns + times.last.ns;
  }
};

void endStream(GstElement* source) {
  GstFlowReturn flow = GST_FLOW_OK;
  g_signal_emit_by_name(source, "end-of-stream", &flow);
}

/// A buffer with rows as GStreamer lays them out.
GstBuffer* bufferOf(const cv::Mat& rgb) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, GST_VIDEO_FORMAT_RGB, static_cast<guint>(rgb.cols),
                            static_cast<guint>(rgb.rows));
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, info.size, nullptr);
  const auto rowBytes = static_cast<gsize>(rgb.cols) * rgb.elemSize();
  for (int y = 0; y < rgb.rows; ++y)
    gst_buffer_fill(buffer, static_cast<gsize>(y) * static_cast<gsize>(info.stride[0]), rgb.ptr(y), rowBytes);
  return buffer;
}

void pushNext(GstElement* source, guint, gpointer data) {
  auto& clip = *static_cast<Clip*>(data);
  if (clip.next == clip.times.starts.size()) return endStream(source);
  cv::Mat rgb;
  if (const Status read = clip.file->readFrame(static_cast<std::int64_t>(clip.next), rgb); !read.ok()) {
    postError(source, read.error());
    return endStream(source);
  }
  GstBuffer* buffer = bufferOf(rgb);
  GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(clip.startNs(clip.next));
  GST_BUFFER_DURATION(buffer) =
      static_cast<GstClockTime>(clip.startNs(clip.next + 1) - clip.startNs(clip.next));
  ++clip.next;
  GstFlowReturn flow = GST_FLOW_OK;
  g_signal_emit_by_name(source, "push-buffer", buffer, &flow);  // which takes a reference of its own
  gst_buffer_unref(buffer);
}

}  // namespace

GstElement* addDicomSource(GstElement* pipeline, std::unique_ptr<DicomFile> file, FrameTimes times) {
  GstElement* source = gst_element_factory_make("appsrc", nullptr);
  if (source == nullptr) return nullptr;
  gst_bin_add(GST_BIN(pipeline), source);
  const DicomDescription& dicom = file->description();
  const GstPtr<GstCaps> caps(gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "RGB", "width",
                                                 G_TYPE_INT, dicom.width, "height", G_TYPE_INT, dicom.height,
                                                 "framerate", GST_TYPE_FRACTION, 0, 1, nullptr));
  const guint64 frameBytes = 3 * static_cast<guint64>(dicom.width) * static_cast<guint64>(dicom.height);
  auto* clip = new Clip{std::move(file), std::move(times)};
  g_object_set(source, "caps", caps.get(), "format", GST_FORMAT_TIME, "max-bytes",
               kWaitingFrames * frameBytes, "duration",
               static_cast<guint64>(clip->startNs(clip->times.starts.size())), nullptr);
  g_signal_connect_data(
      source, "need-data", G_CALLBACK(pushNext), clip,
      [](gpointer data, GClosure*) { delete static_cast<Clip*>(data); }, static_cast<GConnectFlags>(0));
  return source;
}

}  // namespace soleus
