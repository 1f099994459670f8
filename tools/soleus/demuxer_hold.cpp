#include "tools/soleus/demuxer_hold.h"

#include "tools/soleus/gst_pointers.h"

namespace soleus {
namespace {

// Short beside opening a file, long beside one look at a flag.
constexpr gulong kLookAgainUs = 500;

// The state is locked while decodebin plugs the element and unlocked when its error filter is gone. A pad
// that flushes is being shut down: to wait then would keep that from ending.
GstPadProbeReturn waitUntilPlugged(GstPad* pad, GstPadProbeInfo*, gpointer demuxer) {
  while (gst_element_is_locked_state(GST_ELEMENT(demuxer)) && !GST_PAD_IS_FLUSHING(pad))
    g_usleep(kLookAgainUs);
  return GST_PAD_PROBE_REMOVE;
}

void holdDemuxer(GstBin*, GstBin*, GstElement* element, gpointer) {
  GstElementFactory* factory = gst_element_get_factory(element);
  if (factory == nullptr || !gst_element_factory_list_is_type(factory, GST_ELEMENT_FACTORY_TYPE_DEMUXER))
    return;
  const GstPtr<GstPad> sink(gst_element_get_static_pad(element, "sink"));
  if (!sink) return;
  gst_pad_add_probe(sink.get(),
                    static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_PULL),
                    waitUntilPlugged, gst_object_ref(element), gst_object_unref);
}

}  // namespace

// decodebin drops every error of an element that it is plugging. A demuxer begins to read within that time,
// and one that found the file broken at once was never heard: no pads, no error, no end, and the run waited
// for ever.
void holdDemuxers(GstElement* pipeline) {
  g_signal_connect(pipeline, "deep-element-added", G_CALLBACK(holdDemuxer), nullptr);
}

}  // namespace soleus
