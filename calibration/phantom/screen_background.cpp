#include "calibration/phantom/screen_background.h"

#include <algorithm>
#include <cmath>

#include "calibration/phantom/limited_range.h"
#include "calibration/phantom/screen_colours.h"
#include "calibration/phantom/screen_print.h"
#include "calibration/phantom/screen_text.h"

namespace soleus {
namespace {

cv::Mat painted(const Scenario& scenario, const CalibrationProfile& profile) {
  const DisplaySettings& display = scenario.display;
  const ScreenText text(display.look, display.height);
  cv::Mat picture(display.height, display.width, CV_8UC3, panelOf(display.look.panel));
  // Two lines of text, if that much is above the pictures.
  const int header = std::min(static_cast<int>(2 * std::lround(2.0 * text.digitHeightPx())),
                              std::min(display.bmodeRegion.y, display.dopplerRegion.y) - 4);
  picture.rowRange(0, std::max(0, header)).setTo(headerOf(display.look.panel));
  for (const ScreenMark& mark : screenPrint(scenario, profile, text)) {
    if (!mark.text.empty())
      text.draw(picture, mark.text, mark.origin, mark.colour, mark.shrink);
    else
      picture(mark.box & cv::Rect({0, 0}, picture.size())).setTo(mark.colour);
  }
  // Whatever ran into a measured region is cut off there.
  for (const Region& r : {display.dopplerRegion, display.bmodeRegion})
    picture(cv::Rect(r.x, r.y, r.width, r.height)).setTo(cv::Scalar(0, 0, 0));
  return picture;
}

/// ITU-R BT.709, limited range; chroma is the mean of four pixels.
cv::Mat i420Of(const cv::Mat& bgr) {
  const int width = bgr.cols;
  const int height = bgr.rows;
  cv::Mat i420(height * 3 / 2, width, CV_8UC1);
  std::uint8_t* u = i420.ptr(height);
  std::uint8_t* v = u + width / 2 * (height / 2);
  for (int y = 0; y < height; y += 2) {
    for (int x = 0; x < width; x += 2) {
      double blue = 0, luma = 0, red = 0;
      for (int k = 0; k < 4; ++k) {
        const auto& p = bgr.at<cv::Vec3b>(y + k / 2, x + k % 2);
        const double grey = greyOf(p[2], p[1], p[0]);
        i420.at<std::uint8_t>(y + k / 2, x + k % 2) = lumaOfGrey(static_cast<int>(std::lround(grey)));
        blue += p[0] / 4.0;
        red += p[2] / 4.0;
        luma += grey / 4.0;
      }
      *u++ = blueChroma(blue, luma);
      *v++ = redChroma(red, luma);
    }
  }
  return i420;
}

}  // namespace

cv::Mat screenBackground(const Scenario& scenario, const CalibrationProfile& profile) {
  return i420Of(painted(scenario, profile));
}

}  // namespace soleus
