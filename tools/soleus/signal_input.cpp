#include "tools/soleus/signal_input.h"

#include <gio/gio.h>

#include <memory>

#include "plugins/common/signal_caps.h"
#include "tools/soleus/gst_pointers.h"
#include "tools/soleus/pipeline_run.h"

namespace soleus {
namespace {

// Two seconds of a fast board, while this program does something else, where the system allows it.
constexpr int kKernelBufferBytes = 1 << 20;

using Socket = std::unique_ptr<GSocket, decltype(&g_object_unref)>;

/// Bound here and not by udpsrc, which does not say what is wrong with an address.
Result<Socket> listenOn(const SignalInput& input) {
  const std::string where = input.address + ":" + std::to_string(input.port);
  const std::unique_ptr<GSocketAddress, decltype(&g_object_unref)> address(
      g_inet_socket_address_new_from_string(input.address.c_str(), static_cast<guint>(input.port)),
      g_object_unref);
  if (address == nullptr) {
    return Error{ErrorKind::kBadInput, "signals " + input.source.stream, "no network address",
                 "'" + input.address + "'", "one of this machine in digits, such as 127.0.0.1"};
  }
  GError* error = nullptr;
  Socket socket(g_socket_new(g_socket_address_get_family(address.get()), G_SOCKET_TYPE_DATAGRAM,
                             G_SOCKET_PROTOCOL_UDP, &error),
                g_object_unref);
  if (socket != nullptr && g_socket_bind(socket.get(), address.get(), FALSE, &error) != FALSE) return socket;
  const std::string reason = error->message;
  g_error_free(error);
  return Error{ErrorKind::kSource, "signals " + input.source.stream, "cannot listen on " + where, reason,
               "an address of this machine and a free port"};
}

}  // namespace

bool isLoopback(const std::string& address) {
  return address == "::1" || address.starts_with("127.");
}

Status addSignalInput(GstElement* pipeline, GstElement* sink, const SignalInput& input) {
  GstElement* receiver = gst_element_factory_make("udpsrc", (kSideSource + input.source.stream).c_str());
  if (receiver == nullptr) {
    return Error{ErrorKind::kSource, "GStreamer", "an element is missing", "no 'udpsrc'",
                 "its plugin to be installed"};
  }
  gst_bin_add(GST_BIN(pipeline), receiver);
  const auto socket = listenOn(input);
  if (!socket.ok()) return socket.error();
  const GstPtr<GstCaps> caps(newSignalCaps(input.source));
  g_object_set(receiver, "socket", socket.value().get(), "caps", caps.get(), "buffer-size",
               kKernelBufferBytes, nullptr);
  const GstPtr<GstPad> to(gst_element_request_pad_simple(sink, "signal_%u"));
  const GstPtr<GstPad> from(gst_element_get_static_pad(receiver, "src"));
  gst_pad_link(from.get(), to.get());
  return Done{};
}

}  // namespace soleus
