/// What of a screen moves and what stands still, from its frames, without keeping them.
#pragma once

#include <opencv2/core/mat.hpp>

namespace soleus {

/// One screen over some seconds, all of its size.
struct ScreenPicture {
  cv::Mat mean;    ///< CV_8UC1, mean brightness: what stands still, noise averaged away
  cv::Mat range;   ///< CV_8UC1, brightest less darkest: where anything ever changed
  cv::Mat spread;  ///< CV_32FC1, standard deviation: what a codec smears beyond an edge counts little
  cv::Mat sample;  ///< CV_8UC3, blue, green, red: the newest frame
  int frames = 0;
};

/// The brightness of a pixel is the largest of its blue, green and red, so that a tinted map or coloured text
/// counts as much as grey. CV_8UC3 to CV_8UC1.
cv::Mat brightness(const cv::Mat& bgr);

/// Adds frames up. Not thread-safe.
class ScreenStatistics {
 public:
  /// `bgr`: CV_8UC3, all of one size.
  void push(const cv::Mat& bgr);
  [[nodiscard]] ScreenPicture picture() const;

 private:
  cv::Mat sum_, squares_, least_, most_, sample_;
  int frames_ = 0;
};

}  // namespace soleus
