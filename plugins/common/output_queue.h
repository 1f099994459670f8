/// Buffers and serialized events on their way from the measuring threads to the source pad's task, in order.
#pragma once

#include <gst/gst.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>

namespace soleus {

struct MiniObjectUnref {
  void operator()(GstMiniObject* object) const { gst_mini_object_unref(object); }
};
/// Owns one reference to a buffer or event.
using MiniObject = std::unique_ptr<GstMiniObject, MiniObjectUnref>;

/// Thread-safe. `push` never blocks, since worker threads of the graph call it; the streaming thread waits
/// for room before it hands a frame to the graph, and the frames in flight bound the rest.
class OutputQueue {
 public:
  void push(MiniObject item) {
    const std::scoped_lock lock(mutex_);
    if (flushing_) return;
    items_.push_back(std::move(item));
    changed_.notify_all();
  }

  /// The next item, or nothing once the queue is flushing.
  MiniObject pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return flushing_ || !items_.empty(); });
    if (flushing_) return nullptr;
    MiniObject item = std::move(items_.front());
    items_.pop_front();
    changed_.notify_all();
    return item;
  }

  /// Waits till fewer than `limit` items wait. False once the queue is flushing.
  bool waitForRoom(std::size_t limit) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return flushing_ || items_.size() < limit; });
    return !flushing_;
  }

  /// While flushing, what is queued and what comes is thrown away and nobody waits.
  void setFlushing(bool flushing) {
    const std::scoped_lock lock(mutex_);
    flushing_ = flushing;
    if (flushing) items_.clear();
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<MiniObject> items_;
  bool flushing_ = true;
};

}  // namespace soleus
