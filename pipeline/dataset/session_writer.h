/// Writes a session file (schema soleus.session/1). HDF5 is known only in this folder.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/core/calibration.h"
#include "pipeline/core/capture_delay.h"
#include "pipeline/core/contraction.h"
#include "pipeline/core/measurement.h"
#include "pipeline/core/result.h"
#include "pipeline/core/signal.h"
#include "pipeline/core/stream.h"

namespace soleus {

enum class SessionState { kRecording, kComplete, kInterrupted, kRepaired };

/// Root attributes and what the file is going to hold. Groups are made at creation, never later.
struct SessionInfo {
  std::string title;
  std::string subject;  ///< a code, never a name
  std::string limb;
  std::string condition;
  std::string protocol;       ///< name of what the participant was asked to do; empty: no attribute
  std::string configuration;  ///< the whole configuration in force, YAML
  std::string archive;        ///< file name of the video's archive beside the session; empty: none
  CalibrationProfile calibration;
  bool hasDoppler = true;
  bool hasSpectrum = true;  ///< false for a truth file: exact velocities without a picture of the spectrum
  bool hasVessel = false;   ///< also creates /flow when hasDoppler
  bool hasContractions = false;
  std::vector<std::string> streams;   ///< names below /streams, without '/'
  std::optional<CaptureDelay> delay;  ///< of those streams; kept as their attributes
  std::vector<SignalSource> signals;  ///< groups below /signals, a channel each; their streams are not above
  /// Causes of loss, one word each. Their attributes dropped_CAUSE are made at creation and only overwritten
  /// at the end; a cause that is not listed is still written, but a kill in that moment may cost the stream's
  /// entry.
  std::vector<std::string> lossCauses = {"overload", "source"};
  std::vector<std::string> signalLossCauses = {"source"};  ///< likewise, of the signals' streams
};

/// One open session file. One thread at a time.
///
/// After a storage error no HDF5 call is made any more on the file, since closing a file on a full disk loses
/// what was flushed: its descriptor stays open until the process ends, and every later call returns the same
/// error. Other errors (kBadInput: not what the file was made for) leave file and writer as they were.
///
/// Rows wait in memory, at most one chunk for each dataset, until flush() or until a chunk is full. Destroyed
/// without finish(), the file keeps all that was appended and the status `recording`.
class SessionWriter {
 public:
  /// Errors: kBadInput if `path` exists and not `overwrite`, or if `info` contradicts itself; kStorage if the
  /// file cannot be created, in which case nothing is left of it.
  static Result<std::unique_ptr<SessionWriter>> create(const std::string& path, const SessionInfo& info,
                                                       bool overwrite);
  virtual ~SessionWriter() = default;

  /// Columns, vessel, flow and events of one frame. Parts for which the file has no group are left out.
  /// Columns that were given ahead are replaced, row for row, when they come again. Where fewer come than
  /// were seen, empty rows (NaN, a microsecond apart) stay behind the last one until others take their place.
  /// Columns without grey get the spectrum's fill value; any other length than the axis is an error.
  virtual Status append(const FrameResult& result) = 0;
  virtual Status append(const Contraction& contraction) = 0;
  /// The stream's first sample also gives its clock table a row: its session time and the offset to its
  /// device time, with drift and uncertainty unknown.
  virtual Status append(const std::string& stream, const StreamSample& sample) = 0;
  virtual Status append(const std::string& stream, const Gap& gap) = 0;
  /// A further row of the stream's clock table.
  virtual Status append(const std::string& stream, const ClockState& clock) = 0;
  /// A sample of a signal stream with the values of all its channels.
  virtual Status append(const std::string& stream, const StreamSample& sample,
                        const std::vector<double>& values) = 0;
  /// A label of more than 200 bytes is cut between two characters.
  virtual Status append(const Event& event) = 0;
  /// Makes all appended data visible to readers that follow, and safe against a kill of the process; takes
  /// some milliseconds.
  virtual Status publish() = 0;
  /// The same, and safe against a power cut as far as the disk keeps its word. Call about once a second: it
  /// waits for the disk.
  virtual Status flush() = 0;
  /// Writes the totals (of streams that the file has), sets the status and closes the file. Only afterwards
  /// can it be opened without SWMR.
  virtual Status finish(SessionState state, const std::map<std::string, StreamTotals>& totals) = 0;
};

}  // namespace soleus
