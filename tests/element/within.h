/// A time limit for what might deadlock.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <future>
#include <iostream>
#include <thread>

namespace soleus::testing {

/// Runs `body` on a thread of its own. If it takes longer, the process ends as failed: a deadlocked thread
/// cannot be joined.
inline void within(std::chrono::seconds limit, const std::function<void()>& body) {
  std::packaged_task<void()> task(body);
  auto done = task.get_future();
  std::thread thread(std::move(task));
  if (done.wait_for(limit) != std::future_status::ready) {
    std::cerr << "still running after " << limit.count() << " s: deadlock\n";
    std::_Exit(EXIT_FAILURE);
  }
  thread.join();
  done.get();
}

}  // namespace soleus::testing
