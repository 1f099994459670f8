/// Unrolling of a strip that a write position crosses from left to right, again and again.
#pragma once

#include <deque>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "pipeline/clock/passage_model.h"
#include "pipeline/doppler/strip_assembler.h"
#include "pipeline/doppler/strip_columns.h"
#include "pipeline/doppler/sweep_edge.h"
#include "pipeline/doppler/sweep_search.h"
#include "pipeline/doppler/sweep_strips.h"
#include "pipeline/doppler/unroller.h"

namespace soleus {

/// Searching: changes between frames are collected until a straight line in column and time stands out,
/// strips being kept meanwhile. Tracking: changes near the line's continuation refine speed and period
/// (PassageModel) and the distance from change to write position (SweepEdge); every column is read a margin
/// after it was written, and committed when it, or one after it, is known to have changed just then. Where
/// the front would leave no trace, black on black, columns wait for that, a whole lap if need be. Columns
/// that show something and did not change, or a front that is seen elsewhere, end the tracking: gap.
class SweepUnroller final : public StripUnroller {
 public:
  explicit SweepUnroller(const DopplerCalibration& calibration);
  Unrolled push(const cv::Mat& strip, SessionTime time) override;
  Unrolled flush() override;
  StripLook ahead() override;
  [[nodiscard]] double secondsPerColumn() const override { return model_.secondsPerColumn(); }
  [[nodiscard]] double secondsPerColumnErrorShare() const override {
    return model_.secondsPerColumnErrorShare();
  }
  [[nodiscard]] double apartShare() const override { return model_.apartShare(); }

 private:
  /// A search takes about a millisecond: four a second.
  static constexpr int kFramesPerSearch = 8;
  /// Part of the region that certainly belongs to the sweep while its period is unknown.
  static constexpr double kSureShare = 0.85;

  struct Column {
    int lap = 0;
    int x = 0;
  };
  void search();
  void begin(const SweepLine& line);
  void track();
  bool observe();
  ChangeCluster takeFront(int from, int to);
  void push(const ChangeCluster& seen, int lap, double middleS);
  void measureEdge();
  void collectPoints();
  void findPeriod();
  void findRestart();
  void placeCursor();
  void read(double marginS);
  void lookBeyond(StripAssembler& beyond);
  void judge(const cv::Mat& strip);
  void trustSilence();
  void commit();
  void endSegment(double keepUntilS);
  void checkScale();
  Unrolled collect(bool all);

  /// By how much the front moved since the frame before; as the profile has it, while nothing better is
  /// known.
  [[nodiscard]] double stepPx() const;
  [[nodiscard]] bool periodKnown() const;
  [[nodiscard]] int lapAt(double timeS) const;
  [[nodiscard]] double columnTimeS(const Column& column) const;
  [[nodiscard]] double marginS() const;
  [[nodiscard]] double surelyWrittenS() const;
  [[nodiscard]] int endColumn() const;
  [[nodiscard]] int sweepPx() const;
  [[nodiscard]] double toleranceSpacings() const;
  void placeSweep();

  DopplerCalibration calibration_;
  int widthPx_;
  PassageModel model_;
  SweepEdge edge_;
  SweepStrips strips_;
  StripAssembler assembler_;
  ColumnQueue pendingGrey_;
  std::deque<Column> pending_;
  std::vector<ChangePoint> points_;  // changes that no line explains, lately
  std::vector<ChangeCluster> clusters_;
  std::vector<float> edgeChange_;
  std::vector<int> hits_;  // how often each column was seen changing at the front
  std::vector<Event> events_;

  double offsetPx_ = 0;  // write position minus tracked change
  Column cursor_;        // next column to read
  bool reading_ = false;
  int firstColumn_ = 0;   // of the sweep, in the region
  int missing_ = 0;       // columns in a row that should have changed and did not
  std::size_t sure_ = 0;  // of the pending columns: those up to the last that was seen being written
  int frame_ = 0;
  bool seenBefore_ = false;  // the front, in the frame before
  bool scaleChecked_ = false;
  bool stampFaultTold_ = false;
  bool seamTold_ = false;
  double lastTimeS_ = 0;
  double timeS_ = 0;
  double lastSeenS_ = 0;   // the front
  double passedS_ = 0;     // the frame before that: in the last one it may have stopped on its way
  double begunS_ = 0;      // the tracking
  double notBeforeS_ = 0;  // columns written earlier are not new
  bool fromStart_ = true;  // the segment reaches back to the first frame
};

}  // namespace soleus
