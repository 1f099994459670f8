/// Processes that write a session and come to grief, for the tests of what is left of it.
#pragma once

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>

namespace soleus::test {

/// Bytes of a file that the disk has room for; the tests of a full disk lower it in their writer processes.
extern std::atomic<off_t> roomBytes;
/// pwrite calls until the process is killed in the middle of what it does.
extern std::atomic<int> writesToLive;
/// Set once the writer has reported a storage error: from then on nothing may touch the file.
extern std::atomic<bool> handsOff;

/// A child process that writes, and tells how many columns it has flushed.
class WriterProcess {
 public:
  /// `body` runs in the child and calls tell() after each flush; its value is the exit code.
  template <class Body>
  explicit WriterProcess(Body&& body) {
    int ends[2];
    if (pipe(ends) != 0) std::abort();
    pid_ = fork();
    if (pid_ == 0) {
      close(ends[0]);
      // exit and not _exit: what HDF5 and static objects do at exit must not touch the file either.
      std::exit(body([&](int columns) {
        if (write(ends[1], &columns, sizeof columns) != sizeof columns) std::abort();
      }));
    }
    close(ends[1]);
    in_ = ends[0];
  }
  WriterProcess(const WriterProcess&) = delete;
  WriterProcess& operator=(const WriterProcess&) = delete;
  ~WriterProcess() { close(in_); }

  /// Waits for the next flush; false once the child has ended.
  bool waitForFlush() {
    int columns = 0;
    if (read(in_, &columns, sizeof columns) != sizeof columns) return false;
    flushedColumns_ = columns;
    return true;
  }
  void killNow() const { kill(pid_, SIGKILL); }
  /// Exit code, or -1 if it was killed.
  int end() {
    while (waitForFlush()) {
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  [[nodiscard]] int flushedColumns() const { return flushedColumns_; }

 private:
  pid_t pid_ = -1;
  int in_ = -1;
  int flushedColumns_ = 0;
};

}  // namespace soleus::test
