#include "calibration/screen/check_picture.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <sstream>
#include <string>

namespace soleus {
namespace {

const cv::Scalar kRegion(255, 160, 60);  // blue, green, red
const cv::Scalar kAxis(80, 220, 255);
const cv::Scalar kZero(90, 255, 90);
constexpr int kLeastHeightPx = 1000;

std::string shown(double value, int digits = 4) {
  std::ostringstream text;
  text.precision(digits);
  text << value;
  return text.str();
}

// Four lines of text.
constexpr int kBelowPx = 80;

class Drawing {
 public:
  Drawing(const cv::Mat& bgr, const CalibrationProfile& profile)
      : zoom_(std::max(1, static_cast<int>(std::ceil(static_cast<double>(kLeastHeightPx) / bgr.rows)))) {
    cv::Mat masked = cv::Mat::zeros(bgr.size(), CV_8UC3);
    const auto show = [&](const Region& r) {
      const cv::Rect box = cv::Rect(r.x, r.y, r.width, r.height) & cv::Rect({}, bgr.size());
      bgr(box).copyTo(masked(box));
    };
    if (profile.doppler) show(profile.doppler->region);
    if (profile.bmode) show(profile.bmode->region);
    cv::resize(masked, picture_, {}, zoom_, zoom_, cv::INTER_NEAREST);
    // What is said stands below a spectrum that may reach to the end of the screen.
    cv::copyMakeBorder(picture_, picture_, 0, kBelowPx, 0, 0, cv::BORDER_CONSTANT, cv::Scalar(0, 0, 0));
  }

  void frame(const Region& r) {
    cv::rectangle(picture_, at(r.x, r.y) - cv::Point(1, 1), at(r.x + r.width, r.y + r.height), kRegion);
  }
  void line(double x0, double y0, double x1, double y1, const cv::Scalar& colour) {
    cv::line(picture_, at(x0, y0), at(x1, y1), colour, 1);
  }
  void write(const std::string& words, double x, double y, const cv::Scalar& colour) {
    cv::putText(picture_, words, at(x, y) + cv::Point(4, 5), cv::FONT_HERSHEY_SIMPLEX, 0.5, colour, 1,
                cv::LINE_AA);
  }
  cv::Mat picture() const { return picture_; }
  [[nodiscard]] double linePx() const { return 18.0 / zoom_; }

 private:
  [[nodiscard]] cv::Point at(double x, double y) const {
    return {static_cast<int>(std::floor(x * zoom_)), static_cast<int>(std::floor(y * zoom_))};
  }
  int zoom_;
  cv::Mat picture_;
};

void drawDoppler(Drawing& drawing, const DopplerCalibration& d, const ScreenFindings& found) {
  const Region& r = d.region;
  const double right = r.x + r.width;
  drawing.frame(r);
  drawing.line(r.x, d.baselineRow, right, d.baselineRow, kZero);
  const auto isZero = [](const AxisNumber& number) { return number.value == 0; };
  const bool zeroRead =
      found.velocity && std::any_of(found.velocity->numbers.begin(), found.velocity->numbers.end(), isZero);
  if (!zeroRead) drawing.write("0", right + drawing.linePx(), d.baselineRow, kZero);
  if (found.velocity) {
    for (const AxisNumber& number : found.velocity->numbers) {
      drawing.line(right, number.row, right + 8, number.row, kAxis);
      const double up = d.baselineRow - number.row;
      drawing.write("read " + shown(number.value) + ", at " + shown(up * d.cmPerSPerPixel) + " cm/s",
                    right + 8, number.row, kAxis);
    }
  }
  const double secondPx = 1 / d.secondsPerPixel;
  const double below = r.y + r.height + 0.7 * drawing.linePx();
  drawing.line(r.x, below, r.x + secondPx, below, kAxis);
  drawing.write("1 s", r.x + secondPx, below, kAxis);
  double y = below + drawing.linePx();
  const auto say = [&](const std::string& words) {
    drawing.write(words, r.x, y, kAxis);
    y += drawing.linePx();
  };
  say(std::string(d.display == Display::kScroll ? "scroll" : "sweep") + ", " + shown(d.secondsPerPixel) +
      " s a column" + " (" + shown(r.width * d.secondsPerPixel) + " s the width)" + ", " +
      shown(d.cmPerSPerPixel) + " cm/s a row");
  say(std::string("toward the heart: ") + (d.towardHeart == Side::kUp ? "up" : "down") + ", angle " +
      shown(d.angleDegrees) + (d.angleCorrected ? " (in the scale)" : " (not in the scale)"));
}

}  // namespace

cv::Mat checkPicture(const cv::Mat& bgr, const CalibrationProfile& profile, const ScreenFindings& found) {
  Drawing drawing(bgr, profile);
  if (profile.doppler) drawDoppler(drawing, *profile.doppler, found);
  if (profile.bmode) {
    const Region& r = profile.bmode->region;
    drawing.frame(r);
    const double cmPx = 10 / profile.bmode->mmPerPixel;
    drawing.line(r.x + r.width + 3, r.y, r.x + r.width + 3, r.y + cmPx, kAxis);
    drawing.write("1 cm; " + shown(profile.bmode->mmPerPixel) + " mm a pixel", r.x + r.width + 4,
                  r.y + cmPx / 2, kAxis);
  }
  return drawing.picture();
}

}  // namespace soleus
