#include "tools/soleus/sound_source.h"

#include <memory>
#include <utility>

#include "plugins/common/element_error.h"
#include "tools/soleus/gst_pointers.h"

namespace soleus {
namespace {

// What waits before the next element; a block more may stand above it.
constexpr guint64 kWaitingBytes = 65536;

void endStream(GstElement* source) {
  GstFlowReturn flow = GST_FLOW_OK;
  g_signal_emit_by_name(source, "end-of-stream", &flow);
}

void pushNext(GstElement* source, guint, gpointer data) {
  Result<SoundBlock> block = static_cast<MadeSound*>(data)->next();
  if (!block.ok()) {
    postError(source, block.error());
    return endStream(source);
  }
  if (block.value().bytes.empty()) return endStream(source);
  const std::vector<std::uint8_t>& bytes = block.value().bytes;
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, bytes.size(), nullptr);
  gst_buffer_fill(buffer, 0, bytes.data(), bytes.size());
  GST_BUFFER_PTS(buffer) = static_cast<GstClockTime>(block.value().startNs);
  GST_BUFFER_DURATION(buffer) = static_cast<GstClockTime>(block.value().endNs - block.value().startNs);
  GstFlowReturn flow = GST_FLOW_OK;
  g_signal_emit_by_name(source, "push-buffer", buffer, &flow);  // which takes a reference of its own
  gst_buffer_unref(buffer);
}

}  // namespace

GstElement* addSoundSource(GstElement* pipeline, MadeSound sound) {
  GstElement* source = gst_element_factory_make("appsrc", nullptr);
  if (source == nullptr) return nullptr;
  gst_bin_add(GST_BIN(pipeline), source);
  const GstPtr<GstCaps> caps(gst_caps_new_simple("audio/x-raw", "format", G_TYPE_STRING, sound.format.c_str(),
                                                 "layout", G_TYPE_STRING, "interleaved", "rate", G_TYPE_INT,
                                                 sound.rateHz, "channels", G_TYPE_INT, 2, nullptr));
  g_object_set(source, "caps", caps.get(), "format", GST_FORMAT_TIME, "max-bytes", kWaitingBytes, "duration",
               static_cast<guint64>(sound.endNs), nullptr);
  g_signal_connect_data(
      source, "need-data", G_CALLBACK(pushNext), new MadeSound(std::move(sound)),
      [](gpointer data, GClosure*) { delete static_cast<MadeSound*>(data); }, static_cast<GConnectFlags>(0));
  return source;
}

}  // namespace soleus
