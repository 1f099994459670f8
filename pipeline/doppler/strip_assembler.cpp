#include "pipeline/doppler/strip_assembler.h"

#include <algorithm>
#include <opencv2/core.hpp>
#include <utility>

#include "pipeline/core/measurement.h"
#include "pipeline/doppler/unroller.h"

namespace soleus {
namespace {

// Least advance of a column whose time was refined to an earlier moment.
constexpr double kLeastSpacings = 0.5;

// New columns of a block, in columns of context: those are measured twice, and this keeps it at a third. More
// would come later and save little.
constexpr int kNewContexts = 4;

}  // namespace

StripAssembler::StripAssembler(int heightPx) : heightPx_(heightPx) {}

void StripAssembler::push(const cv::Mat& column, double timeS, double spacingS, double toleranceSpacings,
                          std::uint8_t quality) {
  if (leavesGap(timeS, spacingS, toleranceSpacings)) breakHere();
  hold(column, timeS, spacingS, quality);
  if (static_cast<int>(time_.size()) >= (kNewContexts + 1) * context_) {
    emit(static_cast<int>(time_.size()) - context_, context_);
  }
}

bool StripAssembler::tryHold(const cv::Mat& column, double timeS, double spacingS, double toleranceSpacings) {
  if (leavesGap(timeS, spacingS, toleranceSpacings)) return false;
  hold(column, timeS, spacingS, 0);
  return true;
}

bool StripAssembler::leavesGap(double timeS, double spacingS, double toleranceSpacings) const {
  return anyEver_ && !gapBefore_ && timeS - lastTimeS_ > (kGapSpacings + toleranceSpacings) * spacingS;
}

void StripAssembler::hold(const cv::Mat& column, double timeS, double spacingS, std::uint8_t quality) {
  if (anyEver_) timeS = std::max(timeS, lastTimeS_ + kLeastSpacings * spacingS);
  held_.insert(held_.end(), column.ptr<std::uint8_t>(), column.ptr<std::uint8_t>() + heightPx_);
  time_.push_back(SessionTime::fromSeconds(timeS));
  quality_.push_back(static_cast<std::uint8_t>(quality | (gapBefore_ ? kGapBefore : 0) |
                                               (calibrationChanged_ ? kCalibrationChanged : 0)));
  lastTimeS_ = timeS;
  anyEver_ = true;
  gapBefore_ = calibrationChanged_ = false;
  if (time_.size() == 1 && leftContext_ == 0) context_ = contextColumns(spacingS);
}

void StripAssembler::breakHere() {
  if (!time_.empty()) emit(static_cast<int>(time_.size()), 0);
  held_.clear();
  leftContext_ = 0;
  gapBefore_ = anyEver_;
}

std::vector<StripBlock> StripAssembler::take(bool all) {
  if (all) breakHere();
  return std::exchange(ready_, {});
}

StripLook StripAssembler::ahead() {
  const int columns = static_cast<int>(time_.size()) - toldAhead_;
  StripLook look{static_cast<std::size_t>(toldAhead_), {}};
  if (columns > 0) look.block = block(std::min(context_, leftContext_ + toldAhead_), toldAhead_, columns, 0);
  tellAhead();
  return look;
}

/// `columns` new ones from the number `first`.
StripBlock StripAssembler::block(int leftContext, int first, int columns, int rightContext) const {
  StripBlock block;
  block.leftContext = leftContext;
  block.rightContext = rightContext;
  const int from = leftContext_ + first - leftContext;
  const int to = leftContext_ + first + columns + rightContext;
  const cv::Mat held(leftContext_ + static_cast<int>(time_.size()), heightPx_, CV_8UC1,
                     const_cast<std::uint8_t*>(held_.data()));
  cv::transpose(held.rowRange(from, to), block.grey);
  block.time.assign(time_.begin() + first, time_.begin() + first + columns);
  block.quality.assign(quality_.begin() + first, quality_.begin() + first + columns);
  return block;
}

void StripAssembler::emit(int columns, int rightContext) {
  ready_.push_back(block(leftContext_, 0, columns, rightContext));
  toldAhead_ = std::max(0, toldAhead_ - columns);
  time_.erase(time_.begin(), time_.begin() + columns);
  quality_.erase(quality_.begin(), quality_.begin() + columns);
  const int keptContext = std::min(context_, leftContext_ + columns);
  const std::ptrdiff_t goneBytes =
      static_cast<std::ptrdiff_t>(leftContext_ + columns - keptContext) * heightPx_;
  held_.erase(held_.begin(), held_.begin() + goneBytes);
  leftContext_ = keptContext;
}

}  // namespace soleus
