/// Frames of a DICOM clip as a GStreamer source.
#pragma once

#include <gst/gst.h>

#include <memory>

#include "calibration/dicom/dicom_file.h"
#include "calibration/dicom/frame_times.h"

namespace soleus {

/// Adds a source of RGB video to `pipeline`, each frame at its time; nullptr where GStreamer's appsrc is not
/// installed. Frames are decoded on the source's streaming thread; a damaged one becomes the pipeline's
/// error.
GstElement* addDicomSource(GstElement* pipeline, std::unique_ptr<DicomFile> file, FrameTimes times);

}  // namespace soleus
