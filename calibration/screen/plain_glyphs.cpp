#include "calibration/screen/plain_glyphs.h"

#include <opencv2/imgproc.hpp>
#include <vector>

namespace soleus {
namespace {

constexpr double kHeightPx = 48;
// Rounds the steps that enlarging leaves.
constexpr double kBlurPx = 2;
// Of the brightest: high enough for a dot to stand clear of the letter around it.
constexpr int kGlyphGrey = 110;
constexpr int kHaloPx = 9;

/// Removes blobs inside the hole of another.
void clearHoles(cv::Mat& picture) {
  const cv::Mat glyphs = picture > kGlyphGrey;
  std::vector<std::vector<cv::Point>> outlines;
  std::vector<cv::Vec4i> nesting;  // next, previous, first inside, around
  cv::findContours(glyphs, outlines, nesting, cv::RETR_TREE, cv::CHAIN_APPROX_NONE);
  cv::Mat inside = cv::Mat::zeros(picture.size(), CV_8U);
  for (std::size_t i = 0; i < outlines.size(); ++i) {
    int depth = 0;
    for (int around = nesting[i][3]; around >= 0; around = nesting[static_cast<std::size_t>(around)][3])
      ++depth;
    if (depth >= 2 && depth % 2 == 0)
      cv::drawContours(inside, outlines, static_cast<int>(i), 255, cv::FILLED);
  }
  // With their blur, as far as it is not that of the letter around them.
  cv::Mat around;
  cv::dilate(glyphs & ~inside, around, cv::Mat::ones(3, 3, CV_8U));
  cv::dilate(inside, inside, cv::Mat::ones(kHaloPx, kHaloPx, CV_8U));
  picture.setTo(0, inside & ~around);
}

}  // namespace

cv::Mat plainGlyphs(const cv::Mat& brightOnDark) {
  if (brightOnDark.empty()) return {};
  cv::Mat large;
  const double zoom = kHeightPx / brightOnDark.rows;
  cv::resize(brightOnDark, large, {}, zoom, zoom, cv::INTER_CUBIC);
  cv::normalize(large, large, 0, 255, cv::NORM_MINMAX);
  cv::GaussianBlur(large, large, {0, 0}, kBlurPx);
  clearHoles(large);
  cv::Mat plain;
  cv::threshold(large, plain, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
  clearHoles(plain);
  return plain;
}

}  // namespace soleus
