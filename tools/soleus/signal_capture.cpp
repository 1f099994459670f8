#include "tools/soleus/signal_capture.h"

#include "pipeline/core/handover.h"
#include "tools/soleus/gst_pointers.h"

namespace soleus {

void pushArrived(GstElement* appsrc, const void* bytes, std::size_t count, std::uint64_t offset) {
  const GstPtr<GstClock> clock(gst_element_get_clock(appsrc));
  // Before it plays its base time may still be another.
  if (!clock || GST_STATE(appsrc) != GST_STATE_PLAYING) return;
  GstBuffer* buffer = gst_buffer_new_memdup(bytes, count);
  GST_BUFFER_PTS(buffer) = gst_clock_get_time(clock.get()) - gst_element_get_base_time(appsrc);
  GST_BUFFER_OFFSET(buffer) = offset;
  handOver(buffer);  // to sessionsink
  GstFlowReturn flow = GST_FLOW_OK;
  g_signal_emit_by_name(appsrc, "push-buffer", buffer, &flow);
  gst_buffer_unref(buffer);
}

}  // namespace soleus
