/// The caps and events by which the elements understand each other: every one of them is written here, once.
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <optional>
#include <string>

namespace soleus {

/// Formats whose luma, or colour to make it from, the tracker can read.
#define SOLEUS_VIDEO_FORMATS                                                                      \
  "{ I420, YV12, NV12, NV21, Y42B, Y444, Y41B, YUY2, UYVY, YVYU, GRAY8, BGRx, RGBx, xRGB, xBGR, " \
  "BGRA, RGBA, BGR, RGB }"

/// How long `frames` frames of video with these caps last; 0 where the caps name no frame rate.
GstClockTime durationOfFrames(const GstCaps* caps, int frames);

/// Buffers of encodeResult(); PTS is the running time of the frame.
#define SOLEUS_MEASUREMENT_CAPS "application/x-soleus-measurement, version=(int)1"

/// Measurement caps that carry the calibration in force, so that a sink needs no file, and the length of the
/// spectrum's window (s) where it is known, which no calibration names.
GstCaps* newMeasurementCaps(const std::string& calibrationYaml,
                            const std::optional<double>& spectralWindowS = {});
std::optional<std::string> calibrationOfCaps(const GstCaps* caps);
std::optional<double> spectralWindowOfCaps(const GstCaps* caps);

/// The sticky event by which a source that knows its own calibration hands it downstream.
GstEvent* newCalibrationEvent(const std::string& calibrationYaml);
std::optional<std::string> calibrationOfEvent(GstEvent* event);

/// A frame that the tracker did not measure for another reason than overload.
struct FrameLoss {
  std::uint64_t sequence = 0;
  std::string cause;  ///< one word
};

/// The serialized event by which a tracker names the cause of a loss. It may come before the results of
/// earlier frames, but never after that of a later one.
GstEvent* newLossEvent(const FrameLoss& loss);
std::optional<FrameLoss> lossOfEvent(GstEvent* event);

}  // namespace soleus
