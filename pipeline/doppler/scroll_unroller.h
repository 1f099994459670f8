/// Unrolling of a strip that scrolls to the left.
#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

#include "pipeline/clock/passage_model.h"
#include "pipeline/doppler/scroll_registration.h"
#include "pipeline/doppler/strip_assembler.h"
#include "pipeline/doppler/strip_columns.h"
#include "pipeline/doppler/unroller.h"

namespace soleus {

/// Registers each strip against one that is up to half a strip old (errors add up once per half strip, not
/// once per frame), and appends what came in at the right edge. The time of a column is when its middle
/// passed the right edge, by the robust model of position against the frames' stamps. A display that moves by
/// whole pixels shows floor(v t): its position is taken as half a column further.
class ScrollUnroller final : public StripUnroller {
 public:
  explicit ScrollUnroller(const DopplerCalibration& calibration);
  Unrolled push(const cv::Mat& strip, SessionTime time) override;
  Unrolled flush() override;
  StripLook ahead() override { return assembler_.ahead(); }
  [[nodiscard]] double secondsPerColumn() const override { return model_.secondsPerColumn(); }
  [[nodiscard]] double secondsPerColumnErrorShare() const override {
    return model_.secondsPerColumnErrorShare();
  }
  [[nodiscard]] double apartShare() const override { return model_.apartShare(); }

 private:
  enum class Motion { kMoved, kStill, kBlind, kReplaced };
  [[nodiscard]] Motion locate(double stepExpectedPx);
  [[nodiscard]] std::optional<double> searchShiftPx(double stepExpectedPx) const;
  void follow(const cv::Mat& strip, double timeS, double stepExpectedPx);
  void moved(const cv::Mat& strip, double timeS);
  void stoodStill(const cv::Mat& strip, double timeS);
  void learn(double timeS);
  void startAfresh(double notBeforeS);
  void rereference();
  void append(const cv::Mat& strip, int marginPx);
  void drain(double beforeColumn);
  void commitPending();
  Unrolled collect(bool all);

  DopplerCalibration calibration_;
  ScrollRegistration registration_;
  PassageModel model_;
  StripAssembler assembler_;
  ColumnQueue pending_;
  std::vector<Event> events_;

  cv::Mat rows_;       // of this frame
  cv::Mat previous_;   // of the frame before
  cv::Mat reference_;  // of the frame that shifts are measured against
  cv::Mat edge_;       // the right margin of the last strip, all rows
  double previousPx_ = 0;
  double referencePx_ = 0;
  double positionPx_ = 0;  // columns scrolled since the segment began
  long nextColumn_ = 0;    // the first not yet appended; column g passes the edge from g to g + 1
  double wholeShare_ = 1;  // how often the shift was a whole number, lately

  bool started_ = false;
  bool everMoved_ = false;   // in this segment
  bool blindStart_ = false;  // the segment began on a strip without texture
  bool standing_ = false;
  bool scaleChecked_ = false;
  bool stampFaultTold_ = false;
  double lastTimeS_ = 0;
  double lastMovedS_ = 0;
  double notBeforeS_ = 0;  // of the segment: columns that passed earlier are not new
};

}  // namespace soleus
