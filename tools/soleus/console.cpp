#include "tools/soleus/console.h"

#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

namespace soleus {

int exitCodeOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
      return 2;
    case ErrorKind::kBadInput:
      return 3;
    case ErrorKind::kSource:
      return 4;
    case ErrorKind::kStorage:
      return 5;
    case ErrorKind::kVerification:
      return 6;
  }
  return 3;
}

int report(const Error& error) {
  std::fprintf(stderr, "soleus: %s\n", error.sentence().c_str());
  return exitCodeOf(error.kind);
}

void printJson(const nlohmann::json& results) {
  std::printf("%s\n", results.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

void say(const std::string& line, bool ring) {
  // In one call, so that the progress cannot come in between.
  if (isatty(STDERR_FILENO) == 1)
    std::fprintf(stderr, "\r\033[K%s%s\n", ring ? "\a" : "", line.c_str());
  else
    std::fprintf(stderr, "%s\n", line.c_str());
  std::fflush(stderr);
}

Progress::Progress() : terminal_(isatty(STDERR_FILENO) == 1), start_(std::chrono::steady_clock::now()) {}

Progress::~Progress() {
  if (shown_) std::fputc('\n', stderr);
}

void Progress::show(const std::string& what, double doneS, double totalS) {
  if (!terminal_) return;
  const double elapsedS = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  const double rate = elapsedS > 0 ? doneS / elapsedS : 0;
  if (totalS > 0 && rate > 0) {
    std::fprintf(stderr, "\r%s %5.1f of %.1f s, %.1f x real time, %.0f s left   ", what.c_str(), doneS,
                 totalS, rate, (totalS - doneS) / rate);
  } else {
    std::fprintf(stderr, "\r%s %5.1f s, %.1f x real time   ", what.c_str(), doneS, rate);
  }
  std::fflush(stderr);
  shown_ = true;
}

}  // namespace soleus
