/// What befalls the computer while it records.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace soleus {

/// Looks once a flush; used by one thread.
class HostWatch {
 public:
  HostWatch();

  /// A sentence for each thing that happened since the last look: the wall clock was set (no session time
  /// comes from it, but whoever compares sessions by the time of day must know), the computer slept, or
  /// writing was slow, `writing` being how long it took at most to write what had come in. What stays slow is
  /// told once a minute.
  std::vector<std::string> look(std::chrono::nanoseconds writing);

 private:
  double wallAheadS_;
  double sleptS_;
  std::chrono::steady_clock::time_point slowToldUntil_;
};

}  // namespace soleus
