/// An Error of the library as an error message on the bus, and back.
#pragma once

#include <gst/gst.h>

#include <string>

#include "pipeline/core/result.h"

namespace soleus {

/// Posts `error` on the element's bus; its kind travels in the message's details as "soleus-kind".
void postError(GstElement* element, const Error& error);

/// The Error in an error message: ours as it was posted; another element's as a fault of the source, named
/// `sourceName`, of kind `sourceFault`, which was to be read as `medium`.
Error errorOfMessage(GstMessage* message, const std::string& sourceName, ErrorKind sourceFault,
                     const std::string& medium = "video");

}  // namespace soleus
