/// The caps and events by which the elements understand each other: every one of them is written here, once.
#pragma once

#include <gst/gst.h>

#include <optional>
#include <string>

namespace soleus {

/// Formats whose luma, or colour to make it from, the tracker can read.
#define SOLEUS_VIDEO_FORMATS                                                                      \
  "{ I420, YV12, NV12, NV21, Y42B, Y444, Y41B, YUY2, UYVY, YVYU, GRAY8, BGRx, RGBx, xRGB, xBGR, " \
  "BGRA, RGBA, BGR, RGB }"

/// Buffers of encodeResult(); PTS is the running time of the frame.
#define SOLEUS_MEASUREMENT_CAPS "application/x-soleus-measurement, version=(int)1"

/// Measurement caps that carry the calibration in force, so that a sink needs no file.
GstCaps* newMeasurementCaps(const std::string& calibrationYaml);
std::optional<std::string> calibrationOfCaps(const GstCaps* caps);

/// The sticky event by which a source that knows its own calibration hands it downstream.
GstEvent* newCalibrationEvent(const std::string& calibrationYaml);
std::optional<std::string> calibrationOfEvent(GstEvent* event);

}  // namespace soleus
