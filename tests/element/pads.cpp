#include "tests/element/pads.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "pipeline/core/measurement_codec.h"

namespace soleus::testing {
namespace {

constexpr std::chrono::seconds kPatience{10};

Owned<GstPad> padOf(GstElement* element, const char* name) {
  GstPad* pad = gst_element_get_static_pad(element, name);
  return Owned<GstPad>(pad != nullptr ? pad : gst_element_request_pad_simple(element, name));
}

}  // namespace

Feed::Feed(GstElement* element, const char* name)
    : pad_(gst_pad_new("feed", GST_PAD_SRC)), peer_(padOf(element, name)) {
  gst_object_ref_sink(pad_.get());
  gst_pad_set_element_private(pad_.get(), this);
  gst_pad_set_event_function(pad_.get(), onEvent);
  EXPECT_EQ(gst_pad_link(pad_.get(), peer_.get()), GST_PAD_LINK_OK);
  gst_pad_set_active(pad_.get(), TRUE);
}

Feed::~Feed() {
  gst_pad_set_active(pad_.get(), FALSE);
  gst_pad_unlink(pad_.get(), peer_.get());
}

void Feed::start(const std::string& capsText) {
  send(gst_event_new_stream_start("test"));
  const Owned<GstCaps> caps(gst_caps_from_string(capsText.c_str()));
  send(gst_event_new_caps(caps.get()));
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  send(gst_event_new_segment(&segment));
}

int Feed::upstreamEvents(GstEventType type) const {
  const std::scoped_lock lock(mutex_);
  return static_cast<int>(std::count(upstream_.begin(), upstream_.end(), type));
}

gboolean Feed::onEvent(GstPad* pad, GstObject*, GstEvent* event) {
  auto& feed = *static_cast<Feed*>(gst_pad_get_element_private(pad));
  const std::scoped_lock lock(feed.mutex_);
  feed.upstream_.push_back(GST_EVENT_TYPE(event));
  gst_event_unref(event);
  return TRUE;
}

Catch::Catch(GstElement* element, const char* name) : pad_(gst_pad_new("catch", GST_PAD_SINK)) {
  gst_object_ref_sink(pad_.get());
  gst_pad_set_element_private(pad_.get(), this);
  gst_pad_set_chain_function(pad_.get(), onBuffer);
  gst_pad_set_event_function(pad_.get(), onEvent);
  const Owned<GstPad> source(gst_element_get_static_pad(element, name));
  EXPECT_EQ(gst_pad_link(source.get(), pad_.get()), GST_PAD_LINK_OK);
  gst_pad_set_active(pad_.get(), TRUE);
}

Catch::~Catch() {
  gst_pad_set_active(pad_.get(), FALSE);
  const Owned<GstPad> source(gst_pad_get_peer(pad_.get()));
  if (source) gst_pad_unlink(source.get(), pad_.get());
}

bool Catch::wait(const std::function<bool(const std::vector<Given>&)>& enough) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] { return enough(given_); });
}

bool Catch::waitForBuffers(std::size_t count) {
  return wait([count](const auto& given) { return buffersIn(given) >= count; });
}

bool Catch::waitForEvent(GstEventType type) {
  return wait([type](const auto& given) {
    return std::any_of(given.begin(), given.end(), [type](const Given& g) { return g.is(type); });
  });
}

std::vector<Given> Catch::take() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(given_, {});
}

void Catch::answer(GstFlowReturn flow) {
  const std::scoped_lock lock(mutex_);
  answer_ = flow;
}

void Catch::add(Given given) {
  const std::scoped_lock lock(mutex_);
  given_.push_back(std::move(given));
  changed_.notify_all();
}

GstFlowReturn Catch::onBuffer(GstPad* pad, GstObject*, GstBuffer* buffer) {
  auto& self = *static_cast<Catch*>(gst_pad_get_element_private(pad));
  self.add({Owned<GstBuffer>(buffer), nullptr});
  const std::scoped_lock lock(self.mutex_);
  return self.answer_;
}

gboolean Catch::onEvent(GstPad* pad, GstObject*, GstEvent* event) {
  static_cast<Catch*>(gst_pad_get_element_private(pad))->add({nullptr, Owned<GstEvent>(event)});
  return TRUE;
}

std::size_t buffersIn(const std::vector<Given>& given) {
  return static_cast<std::size_t>(
      std::count_if(given.begin(), given.end(), [](const Given& g) { return g.buffer != nullptr; }));
}

std::vector<FrameResult> resultsIn(const std::vector<Given>& given) {
  std::vector<FrameResult> results;
  for (const Given& each : given) {
    if (!each.buffer) continue;
    GstMapInfo map;
    EXPECT_TRUE(gst_buffer_map(each.buffer.get(), &map, GST_MAP_READ));
    auto result = decodeResult({map.data, map.size});
    gst_buffer_unmap(each.buffer.get(), &map);
    EXPECT_TRUE(result.ok());
    if (result.ok()) results.push_back(std::move(result).value());
  }
  return results;
}

}  // namespace soleus::testing
