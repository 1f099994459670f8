#include "plugins/plugin.h"

#define PACKAGE "soleus"

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, soleus,
                  "Research instrument for the calf-muscle pump", soleus_register_elements, SOLEUS_VERSION,
                  "Apache-2.0", "Soleus", "https://soleus.invalid/")
