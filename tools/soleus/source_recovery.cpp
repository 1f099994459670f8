#include "tools/soleus/source_recovery.h"

#include <cstdio>
#include <sstream>

namespace soleus {
namespace {

// An encoder that restarts refuses for some seconds; to ask it each second costs nothing.
constexpr std::chrono::seconds kBetweenTries{1};
// A connection that has given no frame for so long will give none.
constexpr std::chrono::seconds kPatience{10};

}  // namespace

bool SourceRecovery::wait(const Error& why, std::uint64_t frames) {
  if (!options_.connect || options_.waitS <= 0 || frames == 0) return false;
  tryFailed_ = true;
  if (lost_) return true;
  std::ostringstream limit;
  limit << "it back within " << options_.waitS << " s";
  why_ = {why.kind, sourceName_, "was lost", why.found.empty() ? why.what : why.found, limit.str()};
  lost_ = Clock::now();
  lastTry_ = *lost_;
  tried_ = false;
  std::fprintf(stderr, "soleus: %s: lost (%s); waiting for it for up to %g s\n", sourceName_.c_str(),
               why_.found.c_str(), options_.waitS);
  return true;
}

std::optional<Error> SourceRecovery::look(std::uint64_t frames) {
  if (!lost_) return std::nullopt;
  // What the decoder still had of the lost one does not count.
  if (tried_ && frames > framesBefore_) {
    std::fprintf(stderr, "soleus: %s: frames come again, after %.1f s\n", sourceName_.c_str(), lostS());
    lost_.reset();
    return std::nullopt;
  }
  if (lostS() > options_.waitS) {
    lost_.reset();
    options_.connect = nullptr;
    return why_;
  }
  const auto sinceTry = Clock::now() - lastTry_;
  if (sinceTry < (tryFailed_ ? kBetweenTries : kPatience)) return std::nullopt;
  lastTry_ = Clock::now();
  tryFailed_ = !options_.connect().ok();
  tried_ = true;
  framesBefore_ = frames;
  return std::nullopt;
}

double SourceRecovery::lostS() const {
  return lost_ ? std::chrono::duration<double>(Clock::now() - *lost_).count() : 0;
}

}  // namespace soleus
