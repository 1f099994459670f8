#include "plugins/sessionsink/host_watch.h"

#include <ctime>
#include <iomanip>
#include <sstream>

namespace soleus {
namespace {

// A time service that pulls a clock pulls the others with it; it sets one that is further off than this.
constexpr double kSetS = 0.1;
// Clocks that are read one after the other belong together if no more than this passed meanwhile.
constexpr double kTogetherS = 0.01;
constexpr int kTries = 10;
constexpr double kSleptS = 0.5;
// A disk at rest takes some milliseconds; what waits for it is good for ten seconds.
constexpr std::chrono::seconds kSlow{2};
constexpr std::chrono::minutes kSlowToldFor{1};

double secondsOf(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// By how much `clock` is ahead of the time that passed, asleep or not.
double aheadS(clockid_t clock) {
  for (int tries = 1;; ++tries) {
    const double before = secondsOf(CLOCK_BOOTTIME);
    const double then = secondsOf(clock);
    const double after = secondsOf(CLOCK_BOOTTIME);
    if (after - before < kTogetherS || tries == kTries) return then - (before + after) / 2;
  }
}

std::string seconds(double value, bool sign) {
  std::ostringstream text;
  text << (sign ? std::showpos : std::noshowpos) << std::fixed << std::setprecision(1) << value << " s";
  return text.str();
}

}  // namespace

HostWatch::HostWatch() : wallAheadS_(aheadS(CLOCK_REALTIME)), sleptS_(-aheadS(CLOCK_MONOTONIC)) {}

std::vector<std::string> HostWatch::look(std::chrono::nanoseconds writing) {
  std::vector<std::string> sentences;
  const double stepS = aheadS(CLOCK_REALTIME) - wallAheadS_;
  if (stepS > kSetS || stepS < -kSetS) {
    wallAheadS_ += stepS;
    sentences.push_back("The computer's clock was set by " + seconds(stepS, true) +
                        "; session times do not come from it");
  }
  const double asleepS = -aheadS(CLOCK_MONOTONIC) - sleptS_;
  if (asleepS > kSleptS) {
    sleptS_ += asleepS;
    sentences.push_back("The computer slept for " + seconds(asleepS, false));
  }
  const auto now = std::chrono::steady_clock::now();
  if (writing > kSlow && now >= slowToldUntil_) {
    slowToldUntil_ = now + kSlowToldFor;
    sentences.push_back(
        "Writing was slow: " + seconds(std::chrono::duration<double>(writing).count(), false) +
        " for what had come in, as on a slow disk or a busy computer");
  }
  return sentences;
}

}  // namespace soleus
