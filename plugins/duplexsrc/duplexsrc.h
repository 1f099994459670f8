/// duplexsrc: the digital phantom as a video source.
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS
GType soleus_duplex_src_get_type(void);
GST_ELEMENT_REGISTER_DECLARE(duplexsrc);
G_END_DECLS
