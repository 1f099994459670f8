/// Keeps a demuxer from reading before decodebin listens to its errors.
#pragma once

#include <gst/gst.h>

namespace soleus {

/// For every demuxer that a decodebin inside `pipeline` plugs from now on: its first pull waits until
/// decodebin has let go of it. Call before the pipeline leaves the NULL state.
void holdDemuxers(GstElement* pipeline);

}  // namespace soleus
