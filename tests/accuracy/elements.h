/// The measuring elements in this process: what the cases that go through a screen need.
#pragma once

namespace soleus::accuracy {

/// Starts GStreamer and makes the elements known. Once, before measureCase. Throws std::runtime_error.
void startElements();

}  // namespace soleus::accuracy
