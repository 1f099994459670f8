#include <gmock/gmock.h>
#include <gst/gst.h>

#include "plugins/plugin.h"

namespace {

/// Only a run needs GStreamer, not a listing of the tests.
class Elements : public ::testing::Environment {
 public:
  void SetUp() override {
    gst_init(nullptr, nullptr);
    ASSERT_TRUE(soleus_register_elements(nullptr));
  }
};

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleMock(&argc, argv);
  ::testing::AddGlobalTestEnvironment(new Elements);
  return RUN_ALL_TESTS();
}
