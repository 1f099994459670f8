/// duplextrack: duplex video in, measurements out.
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS
GType soleus_duplex_track_get_type(void);
GST_ELEMENT_REGISTER_DECLARE(duplextrack);
G_END_DECLS
