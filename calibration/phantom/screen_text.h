/// Text on the phantom's screen, in a stroke or an outline font.
#pragma once

#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>

#include "calibration/phantom/screen_look.h"

namespace soleus {

/// Measures and draws one font at one size. One thread at a time.
class ScreenText {
 public:
  /// Without a digit height in `look` that of a screen of `screenHeight` rows. Throws std::runtime_error if
  /// the file of an outline font cannot be read.
  ScreenText(const ScreenLook& look, int screenHeight);
  ~ScreenText();

  /// Rows that a digit covers.
  [[nodiscard]] double digitHeightPx() const { return digitHeightPx_; }
  /// Columns that `text` (UTF-8) takes; `shrink` makes all of it smaller, 1 being the usual size.
  [[nodiscard]] int widthPx(const std::string& text, double shrink = 1.0) const;
  /// Draws into a CV_8UC3 `bgr`; `origin`: left end of the text's base line. What lies outside is cut off.
  void draw(cv::Mat bgr, const std::string& text, cv::Point origin, const cv::Scalar& colour,
            double shrink = 1.0) const;

 private:
  class Outline;
  int face_ = 0;          // Hershey's, if there is no outline
  double faceScale_ = 0;  // OpenCV's size of it
  double digitHeightPx_ = 0;
  std::unique_ptr<Outline> outline_;
};

}  // namespace soleus
