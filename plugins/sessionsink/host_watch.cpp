#include "plugins/sessionsink/host_watch.h"

#include <ctime>
#include <iomanip>
#include <sstream>

namespace soleus {
namespace {

// A time service pulls a clock by less than a millisecond a second, and sets one that is further off than
// this.
constexpr double kSetS = 0.1;
constexpr double kSleptS = 0.5;
// A disk at rest takes some milliseconds; what waits for it is good for ten seconds.
constexpr std::chrono::seconds kSlow{2};
constexpr std::chrono::minutes kSlowToldFor{1};

double secondsOf(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Time of day less the time that passed, asleep or not.
double wallOffsetS() {
  return secondsOf(CLOCK_REALTIME) - secondsOf(CLOCK_BOOTTIME);
}

double sleptS() {
  return secondsOf(CLOCK_BOOTTIME) - secondsOf(CLOCK_MONOTONIC);
}

std::string seconds(double value, bool sign) {
  std::ostringstream text;
  text << (sign ? std::showpos : std::noshowpos) << std::fixed << std::setprecision(1) << value << " s";
  return text.str();
}

}  // namespace

HostWatch::HostWatch() : wallOffsetS_(wallOffsetS()), sleptS_(sleptS()) {}

std::vector<std::string> HostWatch::look(std::chrono::nanoseconds writing) {
  std::vector<std::string> sentences;
  const double offsetS = wallOffsetS();
  if (const double stepS = offsetS - wallOffsetS_; stepS > kSetS || stepS < -kSetS)
    sentences.push_back("The computer's clock was set by " + seconds(stepS, true) +
                        "; session times do not come from it");
  wallOffsetS_ = offsetS;
  const double asleepS = sleptS();
  if (asleepS - sleptS_ > kSleptS)
    sentences.push_back("The computer slept for " + seconds(asleepS - sleptS_, false));
  sleptS_ = asleepS;
  const auto now = std::chrono::steady_clock::now();
  if (writing > kSlow && now >= slowToldUntil_) {
    slowToldUntil_ = now + kSlowToldFor;
    sentences.push_back(
        "The disk was slow: " + seconds(std::chrono::duration<double>(writing).count(), false) +
        " to write what had come in");
  }
  return sentences;
}

}  // namespace soleus
