/// Which stage of which frame runs when: the only file pair that knows TBB.
#pragma once

#include <cstdint>
#include <memory>

namespace soleus {

/// Runs the stages of numbered frames on worker threads, as the README draws it. Only numbers travel through
/// it; the work belongs to the owner. Plain functions, because stage_flow.cpp is compiled without
/// ThreadSanitizer: Debian's TBB is not instrumented, so that the sanitizer would miss every order that TBB
/// keeps. The owner states that order itself, with handover.h.
class StageFlow {
 public:
  /// Does the stage's part of frame `number` (0, 1, 2, ...). Throws nothing.
  using Stage = void (*)(void* owner, std::uint64_t number);
  struct Stages {
    Stage unroll;    ///< one frame at a time, in order
    Stage velocity;  ///< any number of frames at once, each after its unroll
    Stage vessel;    ///< any number of frames at once
    Stage deliver;   ///< one frame at a time, in order, each after its velocity and vessel
  };

  /// `threads`: 0 for one for each core. `owner` is handed to the stages.
  StageFlow(void* owner, const Stages& stages, int threads);
  ~StageFlow();  ///< waits for what is under way
  StageFlow(const StageFlow&) = delete;
  StageFlow& operator=(const StageFlow&) = delete;

  /// Sends the next frame on its way: numbers in order and without a gap, one thread at a time. Never waits.
  void put(std::uint64_t number);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace soleus
