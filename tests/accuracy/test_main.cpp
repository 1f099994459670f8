#include <gtest/gtest.h>

#include "tests/accuracy/elements.h"

namespace {

/// Only a run needs GStreamer, not a listing of the tests.
class Elements : public ::testing::Environment {
 public:
  void SetUp() override { soleus::accuracy::startElements(); }
};

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  ::testing::AddGlobalTestEnvironment(new Elements);
  return RUN_ALL_TESTS();
}
