/// Writes a session file (schema soleus.session/1). HDF5 is known only in this folder.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pipeline/core/calibration.h"
#include "pipeline/core/contraction.h"
#include "pipeline/core/measurement.h"
#include "pipeline/core/result.h"
#include "pipeline/core/stream.h"

namespace soleus {

enum class SessionState { kRecording, kComplete, kInterrupted, kRepaired };

/// Root attributes and what the file is going to hold. Groups are made at creation, never later.
struct SessionInfo {
  std::string title;
  std::string subject;  ///< a code, never a name
  std::string limb;
  std::string condition;
  std::string configuration;  ///< the whole configuration in force, YAML
  CalibrationProfile calibration;
  bool hasDoppler = true;
  bool hasSpectrum = true;           ///< false for a truth file: velocities without a picture of the spectrum
  bool hasVessel = false;            ///< also creates /flow when hasDoppler
  std::vector<std::string> streams;  ///< names below /streams
};

/// One open session file. One thread at a time. After a storage error no HDF5 call is made any more on the
/// file (closing a file on a full disk loses what was flushed) and every later call returns the same error.
class SessionWriter {
 public:
  /// Errors: kBadInput if `path` exists and not `overwrite`; kStorage if it cannot be created.
  static Result<std::unique_ptr<SessionWriter>> create(const std::string& path, const SessionInfo& info,
                                                       bool overwrite);
  virtual ~SessionWriter() = default;

  virtual Status append(const FrameResult& result) = 0;
  virtual Status append(const Contraction& contraction) = 0;
  virtual Status append(const std::string& stream, const StreamSample& sample) = 0;
  virtual Status append(const std::string& stream, const Gap& gap) = 0;
  virtual Status append(const Event& event) = 0;
  /// Makes all appended data visible to readers and safe against a kill of the process. Call about once a
  /// second.
  virtual Status flush() = 0;
  /// Writes the totals, sets the status and closes the file.
  virtual Status finish(SessionState state, const std::map<std::string, StreamTotals>& totals) = 0;
};

}  // namespace soleus
