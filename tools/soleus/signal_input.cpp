#include "tools/soleus/signal_input.h"

#include "plugins/common/signal_caps.h"
#include "tools/soleus/gst_pointers.h"

namespace soleus {
namespace {

// Two seconds of a fast board, while this program does something else.
constexpr int kKernelBufferBytes = 1 << 20;

}  // namespace

bool isLoopback(const std::string& address) {
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

Status addSignalInput(GstElement* pipeline, GstElement* sink, const SignalInput& input) {
  GstElement* receiver = gst_element_factory_make("udpsrc", nullptr);
  if (receiver == nullptr) {
    return Error{ErrorKind::kSource, "GStreamer", "an element is missing", "no 'udpsrc'",
                 "its plugin to be installed"};
  }
  gst_bin_add(GST_BIN(pipeline), receiver);
  const GstPtr<GstCaps> caps(newSignalCaps(input.source));
  g_object_set(receiver, "address", input.address.c_str(), "port", input.port, "caps", caps.get(),
               "buffer-size", kKernelBufferBytes, nullptr);
  const GstPtr<GstPad> to(gst_element_request_pad_simple(sink, "signal_%u"));
  const GstPtr<GstPad> from(gst_element_get_static_pad(receiver, "src"));
  gst_pad_link(from.get(), to.get());
  return Done{};
}

}  // namespace soleus
