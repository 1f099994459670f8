/// The pads of a measuring element: buffers of one stream in, measurements out.
#pragma once

#include <gst/gst.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/core/result.h"
#include "pipeline/graph/measurement_graph.h"
#include "plugins/common/output_queue.h"
#include "plugins/common/stream_tracker.h"

namespace soleus {

/// What every measuring element does around its tracker: results come back on worker threads and leave, with
/// every serialized event, on the source pad's task, in the order in which they came. The element's GObject
/// owns it. Counters and flags are atomic, the output queue has its own lock, and the output task looks at
/// nothing before it has taken that; all else belongs to the streaming thread of the sink pad.
class TrackerPads {
 public:
  virtual ~TrackerPads() = default;
  TrackerPads(const TrackerPads&) = delete;
  TrackerPads& operator=(const TrackerPads&) = delete;

  /// Makes the pads "sink" and "src" from the class's templates and adds them to the element.
  void addPads();
  /// Before the parent class changes state, and after it.
  void beforeChange(GstStateChange transition);
  void afterChange(GstStateChange transition);
  [[nodiscard]] const FrameCounts& counts() const { return counts_; }

 protected:
  explicit TrackerPads(GstElement* element) : element_(element) {}
  [[nodiscard]] GstElement* element() const { return element_; }

  /// New caps on the sink pad. False refuses them.
  virtual bool takeCaps(const GstCaps* caps) = 0;
  /// With the first buffer: by then a source has sent its calibration, if it has one.
  virtual Result<std::unique_ptr<StreamTracker>> makeTracker(
      const std::optional<std::string>& streamCalibration, FrameCounts& counts,
      MeasurementGraph::Sink emit) = 0;
  /// How long a result may be held back, for the latency query. Any thread.
  [[nodiscard]] virtual GstClockTime heldBack(const GstCaps* caps) const = 0;

 private:
  static TrackerPads& of(GstPad* pad);
  static GstFlowReturn chain(GstPad* pad, GstObject* parent, GstBuffer* buffer);
  static gboolean sinkEvent(GstPad* pad, GstObject* parent, GstEvent* event);
  static gboolean srcEvent(GstPad* pad, GstObject* parent, GstEvent* event);
  static gboolean srcQuery(GstPad* pad, GstObject* parent, GstQuery* query);
  static gboolean activateSrc(GstPad* pad, GstObject* parent, GstPadMode mode, gboolean active);
  static void outputLoop(gpointer data);

  GstFlowReturn take(GstBuffer* buffer);
  Status startTracker();
  void emitResult(const FrameResult& result);
  void pushEarly();
  void pushWhenDone(GstEvent* event);
  void postDrop(GstBuffer* buffer);
  void forgetStream();
  gboolean takeEvent(GstPad* pad, GstObject* parent, GstEvent* event);
  void outputEvent(GstEvent* event);

  GstElement* const element_;
  GstPad* sink_ = nullptr;
  GstPad* src_ = nullptr;
  FrameCounts counts_;
  OutputQueue output_;
  std::atomic<GstFlowReturn> downstream_{GST_FLOW_OK};
  std::atomic<bool> inputWasTold_{false};  // that downstream is not OK: the source reports it

  GstSegment segment_{};
  std::optional<std::string> streamCalibration_;
  std::unique_ptr<StreamTracker> tracker_;
  std::vector<MiniObject> early_;  // events that must not overtake the caps, which come with the first buffer
  bool failed_ = false;            // and said so
};

}  // namespace soleus
