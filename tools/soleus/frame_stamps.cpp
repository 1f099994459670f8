#include "tools/soleus/frame_stamps.h"

#include <cstdint>

#include "tools/soleus/gst_pointers.h"

namespace soleus {
namespace {

struct Counter {
  std::uint64_t next = 0;
  std::uint64_t rateNumerator;
  std::uint64_t rateDenominator;
};

GstPadProbeReturn stamp(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto* counter = static_cast<Counter*>(data);
  // Encoders begin their segment late, so that decoding times before the first frame have a place.
  const GstSegment* segment = nullptr;
  GstEvent* event = gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0);
  if (event == nullptr) return GST_PAD_PROBE_OK;
  gst_event_parse_segment(event, &segment);
  GstBuffer* buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
  const auto timeOf = [&](std::uint64_t frame) {
    return segment->start +
           gst_util_uint64_scale(frame, counter->rateDenominator * GST_SECOND, counter->rateNumerator);
  };
  GST_BUFFER_PTS(buffer) = GST_BUFFER_DTS(buffer) = timeOf(counter->next);
  GST_BUFFER_DURATION(buffer) = timeOf(counter->next + 1) - timeOf(counter->next);
  ++counter->next;
  info->data = buffer;
  gst_event_unref(event);
  return GST_PAD_PROBE_OK;
}

}  // namespace

void stampByNumber(GstElement* encoder, int rateNumerator, int rateDenominator) {
  const GstPtr<GstPad> pad(gst_element_get_static_pad(encoder, "src"));
  auto* counter =
      new Counter{0, static_cast<std::uint64_t>(rateNumerator), static_cast<std::uint64_t>(rateDenominator)};
  gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_BUFFER, stamp, counter,
                    [](gpointer data) { delete static_cast<Counter*>(data); });
}

}  // namespace soleus
