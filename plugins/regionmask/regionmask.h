/// regionmask: blackens a video outside of the measured regions.
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS
GType soleus_region_mask_get_type(void);
GST_ELEMENT_REGISTER_DECLARE(regionmask);
G_END_DECLS
