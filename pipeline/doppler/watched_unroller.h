/// An unroller whose strip is looked after: what the display does wrong is noticed, flagged and said.
#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <vector>

#include "pipeline/doppler/display_kind.h"
#include "pipeline/doppler/row_order.h"
#include "pipeline/doppler/strip_layout.h"
#include "pipeline/doppler/strip_overlay.h"
#include "pipeline/doppler/unroller.h"

namespace soleus {

/// Wraps the unroller of the display's kind. Each frame is mended before it is unrolled (marks taken away, a
/// moved baseline moved back), and carries one more row below the spectrum that says of each column what was
/// mended: it travels with the column through the unrolling, so that flags are exact to a column whatever the
/// delay, and is cut off the blocks at the end. Frames that are woven of two fields, though the video calls
/// itself progressive, are unrolled by their earlier field: a column is seen in many frames. While it is not
/// yet certain what kind of display and of frames it is, columns are held back and the frames kept: if they
/// are not what the profile and the video say, they are unrolled again.
class WatchedUnroller final : public StripUnroller {
 public:
  explicit WatchedUnroller(const DopplerCalibration& calibration);
  Unrolled push(const cv::Mat& strip, SessionTime time) override;
  Unrolled flush() override;
  StripLook ahead() override;
  [[nodiscard]] double secondsPerColumn() const override { return inner_->secondsPerColumn(); }
  [[nodiscard]] double secondsPerColumnErrorShare() const override {
    return inner_->secondsPerColumnErrorShare();
  }
  [[nodiscard]] double apartShare() const override { return inner_->apartShare(); }

 private:
  static constexpr double kNeverS = -1e9;

  /// Bits of the row below the spectrum; from kShift up stands the number of the shift, 0 for none that cut
  /// the column.
  enum Note : std::uint8_t { kPainted = 1, kNotMeasurable = 2, kOddLayout = 4, kShift = 8 };

  struct Kept {
    cv::Mat strip;  // with its notes
    int downRows = 0;
    SessionTime time;
    bool cleared = false;  // the spectrum begins anew with it
  };
  void watchLayout(const cv::Mat& strip, SessionTime time);
  void watchOrder(const cv::Mat& strip, SessionTime time);
  void unroll(const cv::Mat& noted, int downRows, SessionTime time);
  void moveBack(const cv::Mat& noted, int downRows);
  [[nodiscard]] std::uint8_t noteOfShift() const;
  void fillWithNoise(const cv::Mat& noted, int firstRow, int count);
  void restart();
  void settle(bool now);
  [[nodiscard]] Event wovenEvent(SessionTime time, const char* since) const;
  void finish(Unrolled&& out);
  void readNotes(StripBlock& block);
  std::uint8_t applyNotes(StripBlock& block, std::uint8_t before) const;
  Unrolled release();

  DopplerCalibration calibration_;
  std::unique_ptr<StripUnroller> inner_;
  DisplayKind kind_;
  StripLayout layout_;
  StripOverlay overlay_;
  RowOrderWatch orderWatch_;
  RowOrder order_ = RowOrder::kTogether;
  std::optional<RowOrder> orderTold_;  // last
  double orderRestsUntilS_ = kNeverS;
  cv::Mat noted_;                    // the mended strip with its row of notes
  cv::Mat moved_;                    // the same, its baseline where the profile has it
  std::vector<Kept> kept_;           // until all is settled
  Unrolled held_;                    // of the unroller: the wrong one's is forgotten
  std::vector<Event> layoutEvents_;  // of the display, whichever unroller it is that reads it
  bool settled_ = false;
  Display display_;       // in use
  bool gapNext_ = false;  // the next column is the first of a new unrolling

  bool periodic_ = false;    // the strip is as high as the spectrum's period
  int downRows_ = 0;         // of zero, against the profile
  std::vector<int> shifts_;  // of zero, rows down, that pushed rows out of the strip; numbered from 1
  double scale_ = 1;         // of velocity, against the profile
  bool oddLayout_ = false;
  double unsureUntilS_ = -1;  // columns drawn before the baseline moved may still be read
  std::uint8_t lastNote_ = 0;
  double paintedS_ = kNeverS;
};

}  // namespace soleus
