/// Pads of the test on either side of an element: what it is fed, and all that it gives, in order.
#pragma once

#include <gst/gst.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pipeline/core/measurement.h"
#include "tests/element/gst_owner.h"

namespace soleus::testing {

/// A pad that feeds one of the element's inputs. Pushing happens on the calling thread.
class Feed {
 public:
  /// `name`: a pad that is there, or the template of one to request.
  Feed(GstElement* element, const char* name);
  ~Feed();
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  /// stream-start, caps and a segment from 0.
  void start(const std::string& caps);
  bool send(GstEvent* event) { return gst_pad_push_event(pad_.get(), event) != FALSE; }
  GstFlowReturn push(Owned<GstBuffer> buffer) { return gst_pad_push(pad_.get(), buffer.release()); }
  /// How many events of this type the element has sent upstream.
  [[nodiscard]] int upstreamEvents(GstEventType type) const;

 private:
  static gboolean onEvent(GstPad* pad, GstObject* parent, GstEvent* event);

  Owned<GstPad> pad_;
  Owned<GstPad> peer_;
  mutable std::mutex mutex_;
  std::vector<GstEventType> upstream_;
};

/// One buffer or event that left the element.
struct Given {
  Owned<GstBuffer> buffer;
  Owned<GstEvent> event;
  [[nodiscard]] bool is(GstEventType type) const { return event && GST_EVENT_TYPE(event.get()) == type; }
};

/// A pad that catches what the element's source pad gives.
class Catch {
 public:
  explicit Catch(GstElement* element, const char* name = "src");
  ~Catch();
  Catch(const Catch&) = delete;
  Catch& operator=(const Catch&) = delete;

  /// Waits till `enough` is true of all that came; false after ten seconds.
  bool wait(const std::function<bool(const std::vector<Given>&)>& enough);
  bool waitForBuffers(std::size_t count);
  bool waitForEvent(GstEventType type);
  /// Takes all that came so far.
  std::vector<Given> take();
  /// What the next buffers get for an answer.
  void answer(GstFlowReturn flow);
  bool sendUpstream(GstEvent* event) { return gst_pad_push_event(pad_.get(), event) != FALSE; }
  [[nodiscard]] GstPad* pad() const { return pad_.get(); }

 private:
  static GstFlowReturn onBuffer(GstPad* pad, GstObject* parent, GstBuffer* buffer);
  static gboolean onEvent(GstPad* pad, GstObject* parent, GstEvent* event);
  void add(Given given);

  Owned<GstPad> pad_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Given> given_;
  GstFlowReturn answer_ = GST_FLOW_OK;
};

std::size_t buffersIn(const std::vector<Given>& given);
/// The results among what was given, decoded.
std::vector<FrameResult> resultsIn(const std::vector<Given>& given);

}  // namespace soleus::testing
