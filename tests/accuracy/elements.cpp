#include "tests/accuracy/elements.h"

#include <gst/gst.h>

#include <stdexcept>

#include "plugins/plugin.h"

namespace soleus::accuracy {

void startElements() {
  gst_init(nullptr, nullptr);
  if (soleus_register_elements(nullptr) == FALSE)
    throw std::runtime_error("the elements can't be registered");
}

}  // namespace soleus::accuracy
