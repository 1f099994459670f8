/// One element outside any pipeline, with a bus of its own.
#pragma once

#include <gst/gst.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "pipeline/core/result.h"
#include "tests/element/gst_owner.h"

namespace soleus::testing {

class BenchElement {
 public:
  explicit BenchElement(const char* factory);
  ~BenchElement();
  BenchElement(const BenchElement&) = delete;
  BenchElement& operator=(const BenchElement&) = delete;

  [[nodiscard]] GstElement* get() const { return element_.get(); }
  /// Sets a property from its text, as gst-launch-1.0 does.
  void set(const char* name, const std::string& value) const;
  /// A counter of the element.
  [[nodiscard]] guint64 count(const char* name) const;
  void play() const;
  void stop() const;

  /// `call` gets each message at once, on the thread that posts it.
  void onMessage(std::function<void(GstMessage*)> call);
  /// Messages of this type so far.
  [[nodiscard]] int messages(GstMessageType type) const;
  /// Waits for a message of this type; false after ten seconds.
  bool waitForMessage(GstMessageType type);
  /// The errors posted so far, as a program reads them. What is not ours becomes a kUsage fault.
  [[nodiscard]] std::vector<Error> errors() const;

 private:
  static GstBusSyncReply keep(GstBus* bus, GstMessage* message, gpointer data);

  Owned<GstElement> element_;
  Owned<GstBus> bus_;
  mutable std::mutex mutex_;
  std::mutex hookMutex_;
  std::function<void(GstMessage*)> hook_;
  std::condition_variable changed_;
  std::vector<Owned<GstMessage>> messages_;
};

}  // namespace soleus::testing
