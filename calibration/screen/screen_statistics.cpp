#include "calibration/screen/screen_statistics.h"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace soleus {

cv::Mat brightness(const cv::Mat& bgr) {
  cv::Mat channel[3];
  cv::split(bgr, channel);
  cv::Mat most;
  cv::max(channel[0], channel[1], most);
  cv::max(most, channel[2], most);
  return most;
}

void ScreenStatistics::push(const cv::Mat& bgr) {
  const cv::Mat now = brightness(bgr);
  if (frames_++ == 0) {
    least_ = now.clone();
    most_ = now.clone();
    sum_ = cv::Mat::zeros(now.size(), CV_32F);
    squares_ = cv::Mat::zeros(now.size(), CV_32F);
  }
  cv::min(least_, now, least_);
  cv::max(most_, now, most_);
  cv::accumulate(now, sum_);
  cv::accumulateSquare(now, squares_);
  bgr.copyTo(sample_);
}

ScreenPicture ScreenStatistics::picture() const {
  ScreenPicture picture;
  picture.frames = frames_;
  if (frames_ == 0) return picture;
  sum_.convertTo(picture.mean, CV_8U, 1.0 / frames_);
  picture.range = most_ - least_;
  const cv::Mat mean = sum_ / frames_;
  cv::Mat variance = squares_ / frames_ - mean.mul(mean);
  cv::sqrt(cv::max(variance, 0), picture.spread);
  picture.sample = sample_;
  return picture;
}

}  // namespace soleus
