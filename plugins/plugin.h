/// Registration of the elements, for the plugin and for programs that link them.
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS
/// Makes duplexsrc, duplextrack and sessionsink known to this process. Call after gst_init.
gboolean soleus_register_elements(GstPlugin* plugin);
G_END_DECLS
