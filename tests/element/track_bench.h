/// duplextrack between pads of the test, ready for frames of the small screen.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/element/bench_element.h"
#include "tests/element/pads.h"
#include "tests/element/small_screen.h"
#include "tests/element/temporary_folder.h"

namespace soleus::testing {

struct TrackBench {
  TemporaryFolder folder;
  BenchElement track{"duplextrack"};
  Feed feed{track.get(), "sink"};
  Catch out{track.get()};

  TrackBench() {
    track.set("calibration", folder.write("small.calibration.yaml", smallScreen().calibrationYaml));
  }
  ~TrackBench() { track.stop(); }

  /// Plays, with stream-start, caps and a segment from 0.
  void start() {
    track.play();
    feed.start(screenCaps());
  }
  /// Frames [first, first + count), a frame's duration apart from `startNs`.
  void pushFrames(int first, int count, GstClockTime startNs = 0) {
    for (int n = 0; n < count; ++n) {
      ASSERT_EQ(
          feed.push(frameBuffer(first + n, startNs + static_cast<GstClockTime>(n) * SmallScreen::kFrameNs)),
          GST_FLOW_OK);
    }
  }
  /// Ends the stream and takes all that came out.
  std::vector<Given> finish() {
    EXPECT_TRUE(feed.send(gst_event_new_eos()));
    EXPECT_TRUE(out.waitForEvent(GST_EVENT_EOS));
    return out.take();
  }
};

inline GstEvent* segmentEvent(GstClockTime start, GstClockTime base = 0,
                              GstClockTime stop = GST_CLOCK_TIME_NONE, GstClockTime offset = 0) {
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  segment.start = segment.time = segment.position = start;
  segment.stop = stop;
  segment.base = base;
  segment.offset = offset;
  return gst_event_new_segment(&segment);
}

}  // namespace soleus::testing
