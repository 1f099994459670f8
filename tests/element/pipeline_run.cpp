#include "tests/element/pipeline_run.h"

#include <gtest/gtest.h>

#include "plugins/common/element_error.h"

namespace soleus::testing {

PipelineRun::PipelineRun(const std::string& launchLine) {
  GError* error = nullptr;
  pipeline_.reset(gst_parse_launch(launchLine.c_str(), &error));
  EXPECT_EQ(error, nullptr) << (error != nullptr ? error->message : "");
  g_clear_error(&error);
  gst_object_ref_sink(pipeline_.get());
}

PipelineRun::~PipelineRun() {
  setState(GST_STATE_NULL);
}

Owned<GstElement> PipelineRun::element(const char* name) const {
  Owned<GstElement> found(gst_bin_get_by_name(GST_BIN(get()), name));
  EXPECT_NE(found, nullptr) << name;
  return found;
}

void PipelineRun::watch(const char* elementName, const char* padName,
                        std::function<void(GstPadProbeInfo*)> see) {
  watchers_.push_back(std::make_unique<std::function<void(GstPadProbeInfo*)>>(std::move(see)));
  const auto owner = element(elementName);
  const Owned<GstPad> pad(gst_element_get_static_pad(owner.get(), padName));
  gst_pad_add_probe(
      pad.get(),
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_DATA_DOWNSTREAM | GST_PAD_PROBE_TYPE_EVENT_FLUSH),
      [](GstPad*, GstPadProbeInfo* info, gpointer data) {
        (*static_cast<std::function<void(GstPadProbeInfo*)>*>(data))(info);
        return GST_PAD_PROBE_OK;
      },
      watchers_.back().get(), nullptr);
}

GstStateChangeReturn PipelineRun::settled() const {
  return gst_element_get_state(get(), nullptr, nullptr, 20 * GST_SECOND);
}

bool PipelineRun::playToEnd(GstClockTime limit) {
  const Owned<GstBus> bus(gst_element_get_bus(get()));
  setState(GST_STATE_PLAYING);
  const Owned<GstMessage> message(gst_bus_timed_pop_filtered(
      bus.get(), limit, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
  if (!message) {
    ADD_FAILURE() << "neither end nor error";
    return false;
  }
  if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS) return true;
  errors_.push_back(errorOfMessage(message.get(), "another element", ErrorKind::kUsage));
  return false;
}

}  // namespace soleus::testing
