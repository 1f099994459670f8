/// sessionsink: writes a session file from video and measurements.
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS
GType soleus_session_sink_get_type(void);
GST_ELEMENT_REGISTER_DECLARE(sessionsink);
G_END_DECLS
