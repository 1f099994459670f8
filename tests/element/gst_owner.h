/// Owning pointers to what GStreamer counts.
#pragma once

#include <gst/gst.h>

#include <memory>

namespace soleus::testing {

struct GstUnref {
  void operator()(GstBuffer* b) const { gst_buffer_unref(b); }
  void operator()(GstEvent* e) const { gst_event_unref(e); }
  void operator()(GstMessage* m) const { gst_message_unref(m); }
  void operator()(GstCaps* c) const { gst_caps_unref(c); }
  void operator()(GstElement* e) const { gst_object_unref(e); }
  void operator()(GstPad* p) const { gst_object_unref(p); }
  void operator()(GstBus* b) const { gst_object_unref(b); }
};
template <class T>
using Owned = std::unique_ptr<T, GstUnref>;

}  // namespace soleus::testing
