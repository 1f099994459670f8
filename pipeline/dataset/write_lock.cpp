#include "pipeline/dataset/write_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace soleus {
namespace {

/// One byte where no file has any, so that locks of whole files by others, which some network file systems
/// make of flock, are met as seldom as can be.
flock lockedByte() {
  flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = off_t{1} << 62U;
  lock.l_len = 1;
  return lock;
}

}  // namespace

Result<WriteLock> WriteLock::take(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return Error{ErrorKind::kStorage, path, "cannot be written", std::strerror(errno), {}};
  WriteLock taken(descriptor);
  flock lock = lockedByte();
  const bool refused = fcntl(descriptor, F_OFD_SETLK, &lock) != 0 && (errno == EAGAIN || errno == EACCES);
  if (refused) return Error{ErrorKind::kBadInput, path, "another recording is writing this file", {}, {}};
  return taken;
}

WriteLock::WriteLock(WriteLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

WriteLock::~WriteLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool isBeingWritten(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  flock lock = lockedByte();
  const bool told = fcntl(descriptor, F_OFD_GETLK, &lock) == 0;
  close(descriptor);
  return told && lock.l_type != F_UNLCK;
}

}  // namespace soleus
