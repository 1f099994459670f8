/// Tells other processes that a session file is being written.
#pragma once

#include <string>

#include "pipeline/core/result.h"

namespace soleus {

/// An exclusive claim on a file, held until destroyed; the kernel gives it back when the process ends,
/// however it ends. Readers are not kept out. It is an open file description lock far behind the file's end,
/// apart from the lock with which HDF5 guards its own opening (flock).
class WriteLock {
 public:
  /// Of a file that exists. Errors: kBadInput if another process holds it; kStorage if it cannot be opened.
  static Result<WriteLock> take(const std::string& path);
  WriteLock(WriteLock&& other) noexcept;
  WriteLock& operator=(WriteLock&&) = delete;
  ~WriteLock();

 private:
  explicit WriteLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

/// Whether a process holds a WriteLock on the file. False if it cannot be told, as on file systems without
/// locks.
bool isBeingWritten(const std::string& path);

}  // namespace soleus
