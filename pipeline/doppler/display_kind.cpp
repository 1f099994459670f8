#include "pipeline/doppler/display_kind.h"

#include <opencv2/core.hpp>

namespace soleus {
namespace {

constexpr int kFramesPerVote = 3;
// Slow scrolls (30 s a strip) have moved by several columns, fast sweeps (1 s) kept two thirds.
constexpr double kApartS = 0.33;
// Whole seconds of agreement are not needed: 0.6 s.
constexpr int kEnoughVotes = 6;
// Shift 0 and one or two are alike where the spectrum is smooth.
constexpr int kLeastShiftPx = 3;
// Part of the difference between wrong shifts that a right one may leave.
constexpr double kGood = 0.5;
// Of two good ones, the better by this.
constexpr double kClearly = 0.6;
// Below, nothing moved at all: frozen.
constexpr double kSame = 0.01;

}  // namespace

void DisplayKind::push(const cv::Mat& strip, double timeS) {
  if (frame_++ % kFramesPerVote != 0) return;
  Past now{{}, timeS};
  subsampleRows(strip, now.rows);
  past_.push_back(now);
  while (past_.size() > 2 && past_[1].timeS <= timeS - kApartS) past_.pop_front();
  const Past& then = past_.front();
  if (then.timeS > timeS - kApartS) return;
  const auto stays = registration_.find(then.rows, now.rows, 0, 0);
  const auto moves = registration_.find(then.rows, now.rows, kLeastShiftPx, strip.cols / 2);
  const double still = stays ? stays->mismatch : 1;
  const double moved = moves ? moves->mismatch : 1;
  if (still < kSame) return;
  if (still < kGood && still < kClearly * moved) --scrollVotes_;
  if (moved < kGood && moved < kClearly * still) ++scrollVotes_;
}

std::optional<Display> DisplayKind::found() const {
  if (scrollVotes_ >= kEnoughVotes) return Display::kScroll;
  if (scrollVotes_ <= -kEnoughVotes) return Display::kSweep;
  return std::nullopt;
}

}  // namespace soleus
