/// An Error of the library as an error message on the bus, and back.
#pragma once

#include <gst/gst.h>

#include "pipeline/core/result.h"

namespace soleus {

/// Posts `error` on the element's bus; its kind travels in the message's details as "soleus-kind".
void postError(GstElement* element, const Error& error);

/// The Error in an error message: ours as it was posted; another element's as `fallback` with its own words.
Error errorOfMessage(GstMessage* message, ErrorKind fallback);

}  // namespace soleus
