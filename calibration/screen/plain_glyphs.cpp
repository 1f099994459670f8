#include "calibration/screen/plain_glyphs.h"

#include <opencv2/imgproc.hpp>
#include <vector>

namespace soleus {
namespace {

constexpr double kHeightPx = 48;
// Rounds the steps that enlarging leaves.
constexpr double kBlurPx = 2;

cv::Mat inTwoTones(const cv::Mat& picture) {
  cv::Mat tones;
  cv::threshold(picture, tones, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
  return tones;
}

}  // namespace

cv::Mat plainGlyphs(const cv::Mat& brightOnDark) {
  if (brightOnDark.empty()) return {};
  cv::Mat large;
  const double zoom = kHeightPx / brightOnDark.rows;
  cv::resize(brightOnDark, large, {}, zoom, zoom, cv::INTER_CUBIC);
  cv::normalize(large, large, 0, 255, cv::NORM_MINMAX);
  cv::GaussianBlur(large, large, {0, 0}, kBlurPx);
  cv::Mat plain = inTwoTones(large);
  // A blob inside the hole of another.
  std::vector<std::vector<cv::Point>> outlines;
  std::vector<cv::Vec4i> nesting;  // next, previous, first inside, around
  cv::findContours(plain, outlines, nesting, cv::RETR_TREE, cv::CHAIN_APPROX_NONE);
  for (std::size_t i = 0; i < outlines.size(); ++i) {
    int depth = 0;
    for (int around = nesting[i][3]; around >= 0; around = nesting[static_cast<std::size_t>(around)][3])
      ++depth;
    if (depth >= 2 && depth % 2 == 0) cv::drawContours(plain, outlines, static_cast<int>(i), 0, cv::FILLED);
  }
  return plain;
}

}  // namespace soleus
