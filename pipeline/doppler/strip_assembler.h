/// Timed columns on their way out: made into blocks with context, strictly increasing in time.
#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "pipeline/core/time.h"
#include "pipeline/doppler/strip_block.h"

namespace soleus {

/// Holds the last columns back until their right context is there. Columns are stored as rows (H bytes each).
/// Not thread-safe; bounded: a few hundred columns plus what was pushed since the last take().
class StripAssembler {
 public:
  /// `heightPx`: rows of the strip.
  explicit StripAssembler(int heightPx);

  /// One column (`column`: 1 x H, CV_8UC1, copied) whose middle passed at `timeS`; `spacingS` is the time per
  /// column. A column that would not be later than the one before by half a spacing is moved there: the
  /// model of time is refined while columns flow, and time must not run backwards. A step of more than
  /// kGapSpacings, and `toleranceSpacings` for what is not known of the step, is a gap. `quality`:
  /// QualityFlag bits of the column itself.
  void push(const cv::Mat& column, double timeS, double spacingS, double toleranceSpacings = 0,
            std::uint8_t quality = 0);
  /// Whatever comes next does not follow what came before: no shared context, kGapBefore.
  void breakHere();
  /// The next column is the first on a new time axis: kCalibrationChanged, whether or not a gap is before it.
  void markCalibrationChange() { calibrationChanged_ = anyEver_; }
  /// Blocks that are complete; with `all`, everything held back, ending the recording.
  std::vector<StripBlock> take(bool all);

  /// As push(), but no block is made of it: for a copy that looks further ahead than its original. False,
  /// and nothing is taken, where a gap would be.
  bool tryHold(const cv::Mat& column, double timeS, double spacingS, double toleranceSpacings);
  /// The columns that no block and no call of this has given yet. Each comes again, with its time and flags,
  /// in a block of take().
  StripLook ahead();
  /// As if ahead() had been called: a copy has given what it would give.
  void tellAhead() { toldAhead_ = static_cast<int>(time_.size()); }

  [[nodiscard]] bool empty() const { return !anyEver_; }

  /// Columns' worth of missing time that is called a gap: beyond what rounding at a sweep's seam can do.
  static constexpr double kGapSpacings = 2.5;

 private:
  [[nodiscard]] bool leavesGap(double timeS, double spacingS, double toleranceSpacings) const;
  void hold(const cv::Mat& column, double timeS, double spacingS, std::uint8_t quality);
  [[nodiscard]] StripBlock block(int leftContext, int first, int columns, int rightContext) const;
  void emit(int columns, int rightContext);

  int heightPx_;
  std::vector<std::uint8_t> held_;  // left context, then new columns, one after the other
  int context_ = 0;                 // columns, by the spacing of the first after a break
  int leftContext_ = 0;
  std::vector<SessionTime> time_;  // of the new columns
  std::vector<std::uint8_t> quality_;
  std::vector<StripBlock> ready_;
  int toldAhead_ = 0;  // of the new columns, the first
  double lastTimeS_ = 0;
  bool anyEver_ = false;
  bool gapBefore_ = false;
  bool calibrationChanged_ = false;
};

}  // namespace soleus
