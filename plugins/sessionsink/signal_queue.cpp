#include "plugins/sessionsink/signal_queue.h"

#include <utility>

namespace soleus {
namespace {

// Minutes of a fast board, while a slow camera starts or a disk is busy.
constexpr std::size_t kMostBytes = 16U << 20;
// What an arrival costs besides its text.
constexpr std::size_t kOverheadBytes = sizeof(SignalArrival) + 64;

}  // namespace

void SignalQueue::push(SignalArrival arrival) {
  bytes_ += arrival.bytes.size() + kOverheadBytes;
  waiting_.push_back(std::move(arrival));
  while (bytes_ > kMostBytes) {
    bytes_ -= waiting_.front().bytes.size() + kOverheadBytes;
    dropped_.insert(std::move(waiting_.front().stream));
    waiting_.pop_front();
  }
}

std::deque<SignalArrival> SignalQueue::take() {
  for (SignalArrival& arrival : waiting_) {
    if (dropped_.empty()) break;
    if (dropped_.erase(arrival.stream) > 0) arrival.afterOverload = true;
  }
  bytes_ = 0;
  return std::exchange(waiting_, {});
}

}  // namespace soleus
