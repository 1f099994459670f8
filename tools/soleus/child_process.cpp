#include "tools/soleus/child_process.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace soleus {
namespace {

[[noreturn]] void work(int out, const std::function<std::string()>& body) {
  const std::string text = body();
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t more = write(out, text.data() + written, text.size() - written);
    if (more < 0 && errno != EINTR) break;
    if (more > 0) written += static_cast<std::size_t>(more);
  }
  _exit(written == text.size() ? 0 : 1);
}

/// Reads to the end of the pipe; false if that does not come before `deadline`.
bool readAll(int in, std::chrono::steady_clock::time_point deadline, std::string& text) {
  std::array<char, 4096> part{};
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{in, POLLIN, 0};
    if (poll(&waiting, 1, static_cast<int>(left.count())) <= 0) continue;
    const ssize_t got = read(in, part.data(), part.size());
    if (got == 0) return true;
    if (got > 0) text.append(part.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

std::optional<std::string> runInChild(std::chrono::seconds limit, const std::function<std::string()>& body) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return std::nullopt;
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    work(ends[1], body);
  }
  close(ends[1]);
  std::string text;
  const bool told = child > 0 && readAll(ends[0], std::chrono::steady_clock::now() + limit, text);
  close(ends[0]);
  if (child < 0) return std::nullopt;
  if (!told) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  const bool well = told && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return well ? std::optional(text) : std::nullopt;
}

}  // namespace soleus
