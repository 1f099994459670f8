#include "tests/unit/dataset_writer_process.h"

#include <dlfcn.h>

#include <cerrno>
#include <limits>

namespace soleus::test {
std::atomic<off_t> roomBytes{std::numeric_limits<off_t>::max()};
std::atomic<int> writesToLive{std::numeric_limits<int>::max()};
std::atomic<bool> handsOff{false};
namespace {
constexpr int kTouchedAfterError = 14;
}  // namespace
}  // namespace soleus::test

using namespace soleus::test;

/// Stands before the C library's pwrite, which HDF5 writes with: beyond the room the disk is full, while,
/// as on a real one, rewriting what is there and moving the end of the file still work.
extern "C" ssize_t pwrite(int file, const void* data, size_t bytes, off_t offset) {
  using Pwrite = ssize_t (*)(int, const void*, size_t, off_t);
  static const auto real = reinterpret_cast<Pwrite>(dlsym(RTLD_NEXT, "pwrite"));
  if (handsOff) _exit(kTouchedAfterError);
  if (writesToLive-- <= 0) kill(getpid(), SIGKILL);
  if (offset + static_cast<off_t>(bytes) > roomBytes) {
    errno = ENOSPC;
    return -1;
  }
  return real(file, data, bytes, offset);
}

/// Likewise before ftruncate, with which closing a file sets its end.
extern "C" int ftruncate(int file, off_t bytes) noexcept {
  using Ftruncate = int (*)(int, off_t);
  static const auto real = reinterpret_cast<Ftruncate>(dlsym(RTLD_NEXT, "ftruncate"));
  if (handsOff) _exit(kTouchedAfterError);
  return real(file, bytes);
}
