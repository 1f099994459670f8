#include "tests/element/bench_element.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "plugins/common/element_error.h"

namespace soleus::testing {

BenchElement::BenchElement(const char* factory)
    : element_(gst_element_factory_make(factory, nullptr)), bus_(gst_bus_new()) {
  gst_object_ref_sink(element_.get());
  gst_bus_set_sync_handler(bus_.get(), keep, this, nullptr);
  gst_element_set_bus(element_.get(), bus_.get());
}

BenchElement::~BenchElement() {
  stop();
  gst_element_set_bus(element_.get(), nullptr);
}

void BenchElement::set(const char* name, const std::string& value) const {
  gst_util_set_object_arg(G_OBJECT(get()), name, value.c_str());
}

guint64 BenchElement::count(const char* name) const {
  guint64 value = 0;
  g_object_get(get(), name, &value, nullptr);
  return value;
}

void BenchElement::play() const {
  EXPECT_NE(gst_element_set_state(get(), GST_STATE_PLAYING), GST_STATE_CHANGE_FAILURE);
}

void BenchElement::stop() const {
  gst_element_set_state(get(), GST_STATE_NULL);
}

GstBusSyncReply BenchElement::keep(GstBus*, GstMessage* message, gpointer data) {
  auto& self = *static_cast<BenchElement*>(data);
  {
    const std::scoped_lock lock(self.hookMutex_);
    if (self.hook_) self.hook_(message);
  }
  const std::scoped_lock lock(self.mutex_);
  self.messages_.emplace_back(message);
  self.changed_.notify_all();
  return GST_BUS_DROP;
}

void BenchElement::onMessage(std::function<void(GstMessage*)> call) {
  const std::scoped_lock lock(hookMutex_);
  hook_ = std::move(call);
}

int BenchElement::messages(GstMessageType type) const {
  const std::scoped_lock lock(mutex_);
  return static_cast<int>(std::count_if(messages_.begin(), messages_.end(),
                                        [type](const auto& m) { return GST_MESSAGE_TYPE(m.get()) == type; }));
}

bool BenchElement::waitForMessage(GstMessageType type) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(10), [&] {
    return std::any_of(messages_.begin(), messages_.end(),
                       [type](const auto& m) { return GST_MESSAGE_TYPE(m.get()) == type; });
  });
}

std::vector<Error> BenchElement::errors() const {
  const std::scoped_lock lock(mutex_);
  std::vector<Error> all;
  for (const auto& message : messages_) {
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_ERROR)
      all.push_back(errorOfMessage(message.get(), "not ours", ErrorKind::kUsage));
  }
  return all;
}

}  // namespace soleus::testing
