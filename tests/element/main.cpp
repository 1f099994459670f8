#include <gmock/gmock.h>
#include <gst/gst.h>

#include "plugins/plugin.h"

int main(int argc, char** argv) {
  ::testing::InitGoogleMock(&argc, argv);
  gst_init(nullptr, nullptr);
  if (!soleus_register_elements(nullptr)) return 1;
  return RUN_ALL_TESTS();
}
