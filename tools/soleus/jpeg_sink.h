/// Frames of a pipeline into a DICOM clip.
#pragma once

#include <gst/gst.h>

#include "calibration/dicom/dicom_writer.h"

namespace soleus {

/// Adds conversion, JPEG encoder (`qualityPercent`) and sink to `pipeline`; the sink gives each frame to
/// `writer`, which must live as long as the pipeline runs, on a streaming thread. The result is the element
/// to link a source of raw video to, nullptr where GStreamer's jpegenc or appsink is not installed. An error
/// of the writer becomes that of the pipeline.
GstElement* addJpegSink(GstElement* pipeline, int qualityPercent, DicomWriter& writer);

}  // namespace soleus
