#include "tools/soleus/check_picture.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <sstream>

#include "pipeline/core/velocity_axis.h"

namespace soleus {
namespace {

const cv::Scalar kSpectrumColour(80, 220, 80);  // blue, green, red
const cv::Scalar kBaselineColour(60, 220, 255);
const cv::Scalar kReadColour(80, 220, 255);
const cv::Scalar kBmodeColour(255, 200, 80);
const cv::Scalar kTextColour(230, 230, 230);
constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr double kFontScale = 0.5;
constexpr int kLinePx = 22;
constexpr int kMarginPx = 8;
constexpr int kTickPx = 6;
// So wide that a label of the smallest font can be read beside what it names.
constexpr int kLeastWidthPx = 1000;
// About so many ticks on an axis: enough to check it, few enough to be read.
constexpr double kTicks = 6;

/// 1, 2 or 5 times a power of ten, close to a `kTicks`th of `range`.
double niceStep(double range) {
  const double power = std::pow(10.0, std::floor(std::log10(range / kTicks)));
  const double share = range / kTicks / power;
  return power * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10);
}

class Drawing {
 public:
  Drawing(const cv::Mat& bgr, const CalibrationProfile& profile)
      : factor_(std::max(1, (kLeastWidthPx + bgr.cols - 1) / bgr.cols)) {
    cv::Mat masked = cv::Mat::zeros(bgr.size(), bgr.type());
    const auto keep = [&](const Region& r) {
      const cv::Rect rect(r.x, r.y, r.width, r.height);
      bgr(rect).copyTo(masked(rect));
    };
    if (profile.doppler) keep(profile.doppler->region);
    if (profile.bmode) keep(profile.bmode->region);
    cv::resize(masked, canvas_, {}, factor_, factor_, cv::INTER_NEAREST);
  }

  void draw(const DopplerCalibration& d) {
    outline(d.region, kSpectrumColour);
    const int left = px(d.region.x);
    const int right = px(d.region.x + d.region.width);
    cv::line(canvas_, {left, px(d.baselineRow)}, {right, px(d.baselineRow)}, kBaselineColour);
    const double rowsUp = d.baselineRow - d.region.y;
    const double scale = velocityStepCmPerS(d);
    const double step = niceStep(scale * d.region.height);
    const double sign = d.towardHeart == Side::kUp ? 1 : -1;
    const int lowest = -static_cast<int>((d.region.height - rowsUp) * scale / step);
    const int highest = static_cast<int>(rowsUp * scale / step);
    for (int n = lowest; n <= highest; ++n) {
      std::ostringstream label;
      label << (n == 0 ? 0 : sign * n * step) << (n == 0 ? " cm/s" : "");
      tick(left, false, px(d.baselineRow - n * step / scale), label.str(), kSpectrumColour);
    }
    const double bar = niceStep(d.secondsPerPixel * d.region.width);
    const int y = px(d.region.y + d.region.height) - 2 * kTickPx;
    const int end = left + px(bar / d.secondsPerPixel);
    cv::line(canvas_, {left, y}, {end, y}, kSpectrumColour, 2);
    std::ostringstream label;
    label << bar << " s";
    write(label.str(), {end + kTickPx, y + kTickPx / 2}, kSpectrumColour);
  }

  /// Beside the spectrum's other edge, for the eye to compare with the velocities drawn and with each other.
  void draw(const std::vector<NumberRead>& read, const DopplerCalibration& d) {
    const int right = px(d.region.x + d.region.width);
    for (const NumberRead& number : read) {
      // In hundredths: more would say no more, and -0.00 less.
      const double cmPerS =
          std::round(100 * (d.baselineRow - number.row) * velocityStepCmPerS(d)) / 100 + 0.0;
      std::ostringstream label;
      label << "screen: " << number.value << ", profile: " << cmPerS << " cm/s";
      tick(right, true, px(number.row), label.str(), kReadColour);
    }
  }

  void draw(const BmodeCalibration& b) {
    outline(b.region, kBmodeColour);
    const double step = niceStep(b.mmPerPixel * b.region.height);
    const int deepest = static_cast<int>(b.mmPerPixel * b.region.height / step);
    for (int n = 0; n <= deepest; ++n) {
      std::ostringstream label;
      label << n * step << (n > 0 ? " mm" : "");
      tick(px(b.region.x), false, px(b.region.y + n * step / b.mmPerPixel), label.str(), kBmodeColour);
    }
  }

  /// The picture with `lines` below it.
  cv::Mat finish(const std::vector<std::string>& lines) {
    const int height = kLinePx * static_cast<int>(lines.size()) + 2 * kMarginPx;
    cv::copyMakeBorder(canvas_, canvas_, 0, height, 0, 0, cv::BORDER_CONSTANT, cv::Scalar::all(0));
    int y = canvas_.rows - height;
    for (const std::string& line : lines) write(line, {kMarginPx, y += kLinePx}, kTextColour);
    return canvas_;
  }

  /// How much of a line fits in the width.
  [[nodiscard]] std::size_t charactersALine() const {
    constexpr int kCharacterPx = 10;  // of the font, nearly
    return static_cast<std::size_t>((canvas_.cols - 2 * kMarginPx) / kCharacterPx);
  }

 private:
  [[nodiscard]] int px(double coordinate) const { return static_cast<int>(std::floor(coordinate * factor_)); }
  void outline(const Region& r, const cv::Scalar& colour) {
    cv::rectangle(canvas_, {px(r.x) - 1, px(r.y) - 1, px(r.width) + 2, px(r.height) + 2}, colour);
  }
  void write(const std::string& text, cv::Point at, const cv::Scalar& colour) {
    cv::putText(canvas_, text, at, kFont, kFontScale, cv::Scalar::all(0), 3, cv::LINE_AA);
    cv::putText(canvas_, text, at, kFont, kFontScale, colour, 1, cv::LINE_AA);
  }
  /// Beside the region's edge where there is room, else inside.
  void tick(int edge, bool right, int y, const std::string& text, const cv::Scalar& colour) {
    int below = 0;
    const cv::Size size = cv::getTextSize(text, kFont, kFontScale, 1, &below);
    cv::line(canvas_, {edge - kTickPx, y}, {edge + kTickPx, y}, colour);
    const int before = edge - 2 * kTickPx - size.width;
    const int behind = edge + 2 * kTickPx;
    const bool fits = right ? behind + size.width <= canvas_.cols : before >= 0;
    write(text, {right == fits ? behind : before, y + size.height / 2}, colour);
  }

  const int factor_;
  cv::Mat canvas_;
};

std::string words(const DopplerCalibration& d) {
  std::ostringstream out;
  const auto axis = velocityAxisCmPerS(d);
  out << "spectrum: " << axis.front() << " to " << axis.back() << " cm/s, " << velocityStepCmPerS(d)
      << " cm/s per pixel, baseline at row " << d.baselineRow << ", toward the heart "
      << (d.towardHeart == Side::kUp ? "up" : "down") << ", angle " << d.angleDegrees << " degrees, "
      << (d.display == Display::kScroll ? "scroll" : "sweep") << ", " << d.secondsPerPixel << " s per pixel";
  return out.str();
}

std::string words(const BmodeCalibration& b) {
  std::ostringstream out;
  out << "B-mode: " << b.mmPerPixel << " mm per pixel, " << b.mmPerPixel * b.region.height << " mm deep";
  return out.str();
}

void wrap(std::string text, std::size_t width, std::vector<std::string>& lines) {
  while (text.size() > width) {
    const auto space = text.rfind(' ', width);
    const auto cut = space == std::string::npos || space == 0 ? width : space;
    lines.push_back(text.substr(0, cut));
    text = "  " + text.substr(text[cut] == ' ' ? cut + 1 : cut);
  }
  lines.push_back(text);
}

}  // namespace

cv::Mat checkPicture(const cv::Mat& bgr, const CalibrationProfile& profile,
                     const std::vector<NumberRead>& velocities, const std::vector<std::string>& notes) {
  Drawing drawing(bgr, profile);
  std::vector<std::string> lines;
  const std::size_t width = drawing.charactersALine();
  if (profile.bmode) {
    drawing.draw(*profile.bmode);
    wrap(words(*profile.bmode), width, lines);
  }
  if (profile.doppler) {
    drawing.draw(*profile.doppler);
    drawing.draw(velocities, *profile.doppler);
    wrap(words(*profile.doppler), width, lines);
  }
  if (!velocities.empty())
    wrap("'screen' is the number that was read at this row; its sign and unit are not read", width, lines);
  wrap("What lies outside the measured regions is blacked out, for it may name the patient.", width, lines);
  for (const std::string& note : notes) wrap(note, width, lines);
  return drawing.finish(lines);
}

}  // namespace soleus
