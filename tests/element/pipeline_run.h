/// A launch line run in this process, and what its bus said.
#pragma once

#include <gst/gst.h>

#include <functional>
#include <string>
#include <vector>

#include "pipeline/core/result.h"
#include "tests/element/gst_owner.h"

namespace soleus::testing {

class PipelineRun {
 public:
  /// Parses `launchLine`; a mistake in it is a failed test.
  explicit PipelineRun(const std::string& launchLine);
  ~PipelineRun();
  PipelineRun(const PipelineRun&) = delete;
  PipelineRun& operator=(const PipelineRun&) = delete;

  [[nodiscard]] GstElement* get() const { return pipeline_.get(); }
  [[nodiscard]] Owned<GstElement> element(const char* name) const;
  /// Calls `see` with each buffer and event that leaves the element's pad, on its streaming thread.
  void watch(const char* element, const char* pad, std::function<void(GstPadProbeInfo*)> see);
  GstStateChangeReturn setState(GstState state) const { return gst_element_set_state(get(), state); }
  /// Waits until an asynchronous state change is over.
  GstStateChangeReturn settled() const;
  /// Plays till the end of the stream or the first error, at most `limit`. True for the end of the stream.
  bool playToEnd(GstClockTime limit = 60 * GST_SECOND);
  /// What playToEnd met.
  [[nodiscard]] const std::vector<Error>& errors() const { return errors_; }

 private:
  Owned<GstElement> pipeline_;
  std::vector<std::unique_ptr<std::function<void(GstPadProbeInfo*)>>> watchers_;
  std::vector<Error> errors_;
};

}  // namespace soleus::testing
