#include "calibration/phantom/screen_background.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <opencv2/imgproc.hpp>
#include <string>

#include "calibration/phantom/limited_range.h"
#include "pipeline/core/velocity_axis.h"

namespace soleus {
namespace {

const cv::Scalar kWhite(235, 235, 235);  // blue, green, red
const cv::Scalar kGrey(165, 165, 165);
const cv::Scalar kYellow(90, 220, 235);
const cv::Scalar kHeaderBlue(92, 46, 20);
constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
// Text size on the 720-line screen, and the smallest that is still readable.
constexpr double kFontScale = 0.5;
constexpr double kLeastFontScale = 0.36;
constexpr int kTickPixels = 7;
constexpr int kTickGapPixels = 2;  // between a region and its ticks: none of their ink is measured

std::string fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

class Painter {
 public:
  Painter(const Scenario& scenario, const CalibrationProfile& profile)
      : scenario_(scenario),
        strip_(*profile.doppler),
        bmode_(*profile.bmode),
        picture_(scenario.display.height, scenario.display.width, CV_8UC3, cv::Scalar(0, 0, 0)),
        scale_(std::max(kLeastFontScale, kFontScale * scenario.display.height / 720.0)),
        line_(static_cast<int>(std::lround(42.0 * scale_))) {}

  cv::Mat paint() {
    header();
    greyBar();
    depthTicks();
    velocityTicks();
    timeTicks();
    settings();
    // Whatever ran into a measured region is cut off there.
    for (const Region& r : {strip_.region, bmode_.region})
      picture_(cv::Rect(r.x, r.y, r.width, r.height)).setTo(cv::Scalar(0, 0, 0));
    return picture_;
  }

 private:
  void write(const std::string& text, double x, double baselineY, const cv::Scalar& colour,
             double shrink = 1.0) {
    cv::putText(picture_, text, {static_cast<int>(std::lround(x)), static_cast<int>(std::lround(baselineY))},
                kFont, scale_ * shrink, colour, 1, cv::LINE_AA);
  }
  [[nodiscard]] double widthOf(const std::string& text) const {
    int baseline = 0;
    return cv::getTextSize(text, kFont, scale_, 1, &baseline).width;
  }
  /// Half the height of a digit: what is to be added to a centre to get the text's base line.
  [[nodiscard]] double halfDigit() const { return 10.5 * scale_; }

  void header() {
    const int height = std::min(2 * line_, bmode_.region.y - 4);
    picture_.rowRange(0, std::max(0, height)).setTo(kHeaderBlue);
    const double right = picture_.cols - widthOf("MI 0.7  TIs 0.6  L9-3 ") - 4;
    write("SOLEUS PHANTOM VASCULAR LAB", 12, 0.85 * line_, kWhite);
    write(scenario_.display.identity, 12, 1.75 * line_, kWhite);
    write("MI 0.7  TIs 0.6  L9-3", right, 0.85 * line_, kWhite);
    write("VEIN LE  POPL", right, 1.75 * line_, kWhite);
  }

  void greyBar() {
    const Region& r = bmode_.region;
    const int x = std::max(4, r.x / 4);
    const int height = r.height * 2 / 3;
    for (int y = 0; y < height; ++y) {
      const double g = 255.0 * (height - 1 - y) / (height - 1);
      picture_(cv::Rect(x, r.y + y, std::max(6, line_ / 2), 1)).setTo(cv::Scalar::all(g));
    }
  }

  void depthTicks() {
    const Region& r = bmode_.region;
    const double pixelsPerCm = 10.0 / bmode_.mmPerPixel;
    const int x = r.x + r.width + kTickGapPixels;
    for (int half = 0; half * pixelsPerCm / 2.0 <= r.height - 1; ++half) {
      const int y = r.y + static_cast<int>(half * pixelsPerCm / 2.0);
      const bool whole = half % 2 == 0;
      picture_(cv::Rect(x, y, whole ? kTickPixels : kTickPixels / 2, 1)).setTo(kGrey);
      if (whole && half > 0) write(fixed(half / 2, 0), x + kTickPixels + 4, y + halfDigit(), kGrey);
    }
    write("cm", x, r.y + r.height + line_ * 0.8, kGrey);
  }

  void velocityTicks() {
    const Region& r = strip_.region;
    const int x = r.x + r.width + kTickGapPixels;
    const double range = strip_.cmPerSPerPixel * r.height;
    // Numbers not nearer than two lines of text.
    const double step = roundStep(range, std::max(2, r.height / (2 * line_)));
    const auto bottom = std::floor(range / step);
    for (double i = -bottom; i <= bottom; ++i) {
      const double up = strip_.towardHeart == Side::kUp ? i : -i;
      const double row = strip_.baselineRow - up * step / strip_.cmPerSPerPixel;
      if (row < r.y || row >= r.y + r.height) continue;
      picture_(cv::Rect(x, static_cast<int>(row), kTickPixels, 1)).setTo(i == 0.0 ? kYellow : kWhite);
      write(fixed(i * step, 0), x + kTickPixels + 4, static_cast<int>(row) + halfDigit(), kWhite);
    }
    const std::string invert = strip_.towardHeart == Side::kDown ? "cm/s INV" : "cm/s";
    write(invert, x, r.y - 0.5 * line_, kWhite);
    write("AC " + fixed(strip_.angleDegrees, 0), r.x + r.width - widthOf("AC 60  "), r.y - 0.5 * line_,
          kYellow);
  }

  void timeTicks() {
    const Region& r = strip_.region;
    const int y = r.y + r.height + kTickGapPixels;
    const double step = roundStep(r.width * strip_.secondsPerPixel, std::max(2, r.width / (6 * line_)));
    const double pixels = step / strip_.secondsPerPixel;
    const bool scroll = strip_.display == Display::kScroll;
    for (int i = 0; i * pixels <= r.width; ++i) {
      // Scroll: seconds before the newest, at the right edge. Sweep: seconds from the left edge.
      const double x = scroll ? r.x + r.width - i * pixels : r.x + i * pixels;
      picture_(cv::Rect(static_cast<int>(x), y, 1, kTickPixels)).setTo(kWhite);
      const std::string text = fixed(scroll ? -i * step + 0.0 : i * step, step < 1.0 ? 1 : 0);
      write(text, x - widthOf(text) / 2.0, y + kTickPixels + 4 + 2.0 * halfDigit(), kWhite);
    }
  }

  void settings() {
    const ScannerSettings& s = scenario_.scanner;
    const double x =
        strip_.region.x + strip_.region.width + kTickGapPixels + kTickPixels + 10 + widthOf("-100");
    // The settings of the pulsed wave are printed as large as the room beside the strip allows.
    const double shrink = std::min(1.0, (picture_.cols - 4 - x) / widthOf("Frq 4.4 MHz"));
    double y = strip_.region.y + line_;
    for (const std::string& text :
         {std::string("PW"), "Frq " + fixed(s.transmitFrequencyHz * 1e-6, 1) + " MHz",
          "PRF " + fixed(s.prfHz * 1e-3, 1) + " kHz", "WF " + fixed(s.wallFilterHz, 0) + " Hz",
          "AC " + fixed(s.angleDegrees, 0), "DR " + fixed(s.dynamicRangeDb, 0), std::string("SV 6.0 mm")}) {
      write(text, x, y, text == "PW" ? kYellow : kGrey, shrink);
      y += line_;
    }
    const double bx = bmode_.region.x + bmode_.region.width + kTickPixels + 10 + widthOf("10 cm");
    y = bmode_.region.y + line_;
    for (const std::string& text : {std::string("B"), std::string("Frq 9.0 MHz"), std::string("Gn 52"),
                                    "D " + fixed(bmode_.region.height * bmode_.mmPerPixel / 10.0, 1) + " cm",
                                    std::string("DR 60"), std::string("CF"), std::string("PRF 1.2 kHz")}) {
      write(text, bx, y, text.size() <= 2 ? kYellow : kGrey);
      y += line_;
    }
  }

  const Scenario& scenario_;
  const DopplerCalibration& strip_;
  const BmodeCalibration& bmode_;
  cv::Mat picture_;
  double scale_;
  int line_;  // pixels from one line of text to the next
};

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
        const double grey = 0.2126 * p[2] + 0.7152 * p[1] + 0.0722 * p[0];
        i420.at<std::uint8_t>(y + k / 2, x + k % 2) = lumaOfGrey(static_cast<int>(std::lround(grey)));
        blue += p[0] / 4.0;
        red += p[2] / 4.0;
        luma += grey / 4.0;
      }
      *u++ = static_cast<std::uint8_t>(std::lround(128.0 + 224.0 / 255.0 * (blue - luma) / 1.8556));
      *v++ = static_cast<std::uint8_t>(std::lround(128.0 + 224.0 / 255.0 * (red - luma) / 1.5748));
    }
  }
  return i420;
}

}  // namespace

double roundStep(double range, int mostSteps) {
  const double least = range / mostSteps;
  const double decade = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * decade >= least) return factor * decade;
  }
  return 10.0 * decade;
}

cv::Mat screenBackground(const Scenario& scenario, const CalibrationProfile& profile) {
  return i420Of(Painter(scenario, profile).paint());
}

}  // namespace soleus
