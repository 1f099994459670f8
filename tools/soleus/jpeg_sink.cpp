#include "tools/soleus/jpeg_sink.h"

#include <memory>

#include "plugins/common/element_error.h"
#include "tools/soleus/gst_pointers.h"

namespace soleus {
namespace {

struct SampleUnref {
  void operator()(GstSample* sample) const { gst_sample_unref(sample); }
};

GstFlowReturn takeFrame(GstElement* sink, gpointer data) {
  GstSample* pulled = nullptr;
  g_signal_emit_by_name(sink, "pull-sample", &pulled);
  const std::unique_ptr<GstSample, SampleUnref> sample(pulled);
  if (sample == nullptr) return GST_FLOW_EOS;
  GstBuffer* buffer = gst_sample_get_buffer(sample.get());
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return GST_FLOW_ERROR;
  const SessionTime time{static_cast<std::int64_t>(GST_BUFFER_PTS(buffer))};
  const Status added = static_cast<DicomWriter*>(data)->addJpeg({map.data, map.size}, time);
  gst_buffer_unmap(buffer, &map);
  if (added.ok()) return GST_FLOW_OK;
  postError(sink, added.error());
  return GST_FLOW_ERROR;
}

}  // namespace

GstElement* addJpegSink(GstElement* pipeline, int qualityPercent, DicomWriter& writer) {
  GstElement* convert = gst_element_factory_make("videoconvert", nullptr);
  GstElement* form = gst_element_factory_make("capsfilter", nullptr);
  GstElement* encoder = gst_element_factory_make("jpegenc", nullptr);
  GstElement* sink = gst_element_factory_make("appsink", nullptr);
  if (convert == nullptr || form == nullptr || encoder == nullptr || sink == nullptr) return nullptr;
  // JPEG is full range with the colours of BT.601; chroma halved across is what YBR_FULL_422 promises.
  const GstPtr<GstCaps> caps(gst_caps_from_string("video/x-raw, format=Y42B, colorimetry=1:4:0:0"));
  g_object_set(form, "caps", caps.get(), nullptr);
  g_object_set(encoder, "quality", qualityPercent, nullptr);
  g_object_set(sink, "emit-signals", TRUE, "sync", FALSE, nullptr);
  g_signal_connect(sink, "new-sample", G_CALLBACK(takeFrame), &writer);
  gst_bin_add_many(GST_BIN(pipeline), convert, form, encoder, sink, nullptr);
  gst_element_link_many(convert, form, encoder, sink, nullptr);
  return convert;
}

}  // namespace soleus
