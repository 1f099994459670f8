#include "tools/soleus/signal_input.h"

#include <gio/gio.h>

#include <memory>

#include "plugins/common/signal_caps.h"
#include "tools/soleus/gst_pointers.h"
#include "tools/soleus/pipeline_run.h"
#include "tools/soleus/pulse_capture.h"
#include "tools/soleus/serial_capture.h"

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

/// Makes the source element and links it to a pad of the sink's own.
Result<GstElement*> addSource(GstElement* pipeline, GstElement* sink, const SignalInput& input,
                              const char* factory) {
  GstElement* source = gst_element_factory_make(factory, (kSideSource + input.source.stream).c_str());
  if (source == nullptr) {
    return Error{ErrorKind::kSource, "GStreamer", "an element is missing",
                 std::string("no '") + factory + "'", "its plugin to be installed"};
  }
  gst_bin_add(GST_BIN(pipeline), source);
  const GstPtr<GstCaps> caps(newSignalCaps(input.source));
  g_object_set(source, "caps", caps.get(), nullptr);
  const GstPtr<GstPad> to(gst_element_request_pad_simple(sink, "signal_%u"));
  const GstPtr<GstPad> from(gst_element_get_static_pad(source, "src"));
  gst_pad_link(from.get(), to.get());
  return source;
}

Status addBoard(GstElement* pipeline, GstElement* sink, const SignalInput& input) {
  const auto socket = listenOn(input);
  if (!socket.ok()) return socket.error();
  const auto receiver = addSource(pipeline, sink, input, "udpsrc");
  if (!receiver.ok()) return receiver.error();
  g_object_set(receiver.value(), "socket", socket.value().get(), "buffer-size", kKernelBufferBytes, nullptr);
  return Done{};
}

/// What captures without an element of GStreamer's feeds this one.
Result<GstElement*> addEntrance(GstElement* pipeline, GstElement* sink, const SignalInput& input) {
  auto source = addSource(pipeline, sink, input, "appsrc");
  if (!source.ok()) return source;
  gst_util_set_object_arg(G_OBJECT(source.value()), "format", "time");
  g_object_set(source.value(), "is-live", TRUE, nullptr);
  return source;
}

}  // namespace

bool isLoopback(const std::string& address) {
  return address == "::1" || address.starts_with("127.");
}

Result<std::unique_ptr<SignalCapture>> addSignalInput(GstElement* pipeline, GstElement* sink,
                                                      const SignalInput& input) {
  if (input.kind == SignalInput::Kind::kUdp) {
    if (const Status added = addBoard(pipeline, sink, input); !added.ok()) return added.error();
    return std::unique_ptr<SignalCapture>();
  }
  const auto entrance = addEntrance(pipeline, sink, input);
  if (!entrance.ok()) return entrance.error();
  return input.kind == SignalInput::Kind::kPulse ? openPulse(input, entrance.value())
                                                 : openSerial(input, entrance.value());
}

}  // namespace soleus
