/// Runs a GStreamer pipeline to its end on the calling thread: progress, Ctrl-C, a time limit, errors as
/// values.
#pragma once

#include <gst/gst.h>

#include <functional>
#include <string>

#include "pipeline/core/result.h"
#include "tools/soleus/source_recovery.h"

namespace soleus {

struct RunOptions {
  std::string what;              ///< for the progress line: "measuring"
  std::string sourceName;        ///< for errors of the source: its file, device or address
  std::string medium = "video";  ///< what the source is to be read as, for the same
  double durationS = 0;     ///< ends the run after so many seconds of recording; 0 = at the end of the stream
  double stillLimitS = 30;  ///< a source that gives neither a frame nor its end for so long has failed
  ErrorKind sourceFault =
      ErrorKind::kBadInput;  ///< kind of an error that does not come from our own elements
  /// A camera or network stream: that it ends by itself is a fault of the source, not the end of a recording.
  bool endless = false;
  /// A file: that it ends more than a second before the end that it announces is a fault of the file.
  bool wholeFile = false;
  RecoveryOptions recovery;  ///< of an endless source
  /// Called on the streaming thread before the first frame goes on; its error ends the run. However long it
  /// takes, the source does not count as still. May be empty.
  std::function<Status()> beforeFirst;
  /// Called when a source has failed and the rest is about to be kept; may be empty. The pad that feeds the
  /// branches (`timedPad`) then gets an end of stream. May be called on a streaming thread.
  std::function<void()> beforeKeeping;
};

/// Beginning of the names of fakesinks that take a file's undecoded sound: it shows how far the file goes.
inline constexpr const char* kSoundSink = "sound-end";

/// Beginning of the names of sources beside the one that is timed: what they suffer ends nothing but them.
inline constexpr const char* kSideSource = "signals-";

/// How the run ended.
struct RunEnd {
  std::uint64_t frames = 0;  ///< frames that passed
  double lastedS = 0;        ///< from the first frame to the last
  bool interrupted = false;  ///< by SIGINT or SIGTERM; all up to then is kept
};

/// Runs `pipeline` (owned by the caller, left in NULL state). `timedPad` is the sink pad that every frame
/// passes. SIGINT and SIGTERM end the stream cleanly. Errors besides those of the elements: an endless source
/// that ends, a source that gives nothing for `stillLimitS`, and one that ends more than a second before the
/// end that it announced.
Result<RunEnd> runPipeline(GstElement* pipeline, GstPad* timedPad, const RunOptions& options);

}  // namespace soleus
