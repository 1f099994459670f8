/// Owning pointers for GStreamer and GLib objects.
#pragma once

#include <gst/gst.h>

#include <memory>

namespace soleus {

struct GstUnref {
  void operator()(gpointer object) const { gst_object_unref(object); }
  void operator()(GstMessage* message) const { gst_message_unref(message); }
  void operator()(GstCaps* caps) const { gst_caps_unref(caps); }
  void operator()(GstEvent* event) const { gst_event_unref(event); }
};
template <class T>
using GstPtr = std::unique_ptr<T, GstUnref>;

struct GFree {
  void operator()(gpointer memory) const { g_free(memory); }
};
using GChars = std::unique_ptr<gchar, GFree>;

}  // namespace soleus
