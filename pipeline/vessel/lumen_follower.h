/// The vein over the frames of a recording.
#pragma once

#include <optional>

#include "pipeline/core/time.h"
#include "pipeline/vessel/lumen.h"

namespace soleus {

/// Tells the vein that was measured before from something else that looks like one. A frame whose lumen has
/// jumped is searched again where the vein was; if it is not there either, the frame has no lumen, until the
/// new one has stood for a while. State between frames: one thread at a time; same frames, same results.
class LumenFollower {
 public:
  explicit LumenFollower(const BmodeCalibration& calibration) : calibration_(calibration) {}

  struct Followed {
    VesselSample sample;
    /// The vein was pressed shut, or lost from view, or is seen again; or, once, its angle where it is seen
    /// lengthwise.
    std::optional<Event> event;
  };

  /// `found`: what findLumen finds in `bmode`. Frames in order of time.
  Followed push(const cv::Mat& bmode, const Lumen& found, SessionTime time);

 private:
  [[nodiscard]] bool couldBecome(const Lumen& before, const Lumen& after, Span apart) const;
  [[nodiscard]] Lumen accepted(const cv::Mat& bmode, const Lumen& found, SessionTime time);
  std::optional<Event> change(bool seen, SessionTime time);
  std::optional<Event> angle(const Lumen& lumen, SessionTime time);

  BmodeCalibration calibration_;
  Lumen last_;  ///< the last accepted one
  SessionTime lastTime_;
  double widestPx_ = 0;    ///< diameter of late
  SessionTime shownTime_;  ///< of the frame before, whatever was in it

  Lumen other_;  ///< found elsewhere, frame after frame
  SessionTime otherSince_;
  SessionTime otherTime_;

  bool missed_ = false;  ///< that the vein is out of sight has been said

  int alongFrames_ = 0;  ///< in which it was seen lengthwise, one after the other
  double angleSumRad_ = 0;
  SessionTime alongSince_;
  bool angleSaid_ = false;
};

}  // namespace soleus
