#include "plugins/common/element_error.h"

#include <memory>

namespace soleus {
namespace {

constexpr const char* kKind = "soleus-kind";

void failureOf(ErrorKind kind, GQuark& domain, gint& code) {
  switch (kind) {
    case ErrorKind::kStorage:
      domain = GST_RESOURCE_ERROR;
      code = GST_RESOURCE_ERROR_WRITE;
      return;
    case ErrorKind::kSource:
      domain = GST_RESOURCE_ERROR;
      code = GST_RESOURCE_ERROR_READ;
      return;
    case ErrorKind::kUsage:
      domain = GST_RESOURCE_ERROR;
      code = GST_RESOURCE_ERROR_SETTINGS;
      return;
    case ErrorKind::kBadInput:
    case ErrorKind::kVerification:
      domain = GST_STREAM_ERROR;
      code = GST_STREAM_ERROR_WRONG_TYPE;
      return;
  }
}

}  // namespace

void postError(GstElement* element, const Error& error) {
  GQuark domain = 0;
  gint code = 0;
  failureOf(error.kind, domain, code);
  gst_element_message_full_with_details(
      element, GST_MESSAGE_ERROR, domain, code, g_strdup(error.sentence().c_str()), nullptr, __FILE__,
      GST_FUNCTION, __LINE__,
      gst_structure_new("soleus", kKind, G_TYPE_INT, static_cast<int>(error.kind), nullptr));
}

Error errorOfMessage(GstMessage* message, const std::string& sourceName, ErrorKind sourceFault,
                     const std::string& medium) {
  GError* raw = nullptr;
  gst_message_parse_error(message, &raw, nullptr);
  const std::unique_ptr<GError, decltype(&g_error_free)> cause(raw, g_error_free);
  const GstStructure* details = nullptr;
  gst_message_parse_error_details(message, &details);
  gint kind = 0;
  if (details != nullptr && gst_structure_get_int(details, kKind, &kind)) {
    return {static_cast<ErrorKind>(kind), "", cause->message, "", ""};
  }
  std::string words = cause->message;
  while (words.ends_with('.')) words.pop_back();
  return {sourceFault, sourceName, "cannot be read as " + medium, words, medium + " that GStreamer can play"};
}

}  // namespace soleus
