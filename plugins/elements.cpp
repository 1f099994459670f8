#include "plugins/dopplerspectrum/dopplerspectrum.h"
#include "plugins/duplexsrc/duplexsrc.h"
#include "plugins/duplextrack/duplextrack.h"
#include "plugins/plugin.h"
#include "plugins/regionmask/regionmask.h"
#include "plugins/sessionsink/sessionsink.h"

gboolean soleus_register_elements(GstPlugin* plugin) {
  return GST_ELEMENT_REGISTER(duplexsrc, plugin) && GST_ELEMENT_REGISTER(duplextrack, plugin) &&
         GST_ELEMENT_REGISTER(dopplerspectrum, plugin) && GST_ELEMENT_REGISTER(regionmask, plugin) &&
         GST_ELEMENT_REGISTER(sessionsink, plugin);
}
