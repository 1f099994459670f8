/// dopplerspectrum: Doppler sound or I/Q in, measurements out.
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS
GType soleus_doppler_spectrum_get_type(void);
GST_ELEMENT_REGISTER_DECLARE(dopplerspectrum);
G_END_DECLS
