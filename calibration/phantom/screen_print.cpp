#include "calibration/phantom/screen_print.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "calibration/phantom/screen_colours.h"

namespace soleus {
namespace {

using Look = ScreenLook;
using Role = ScreenMark::Role;

constexpr int kShortTick = 7;
constexpr int kLongTick = 16;
constexpr int kMinorTick = 4;
constexpr int kMinorsPerNumber = 5;
constexpr int kTickGapPixels = 2;  // between a region and its ticks: none of their ink is measured
constexpr int kNumberGapPixels = 4;

std::string fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

/// Decimals that multiples of `step` need, at most three.
int decimalsOf(double step) {
  for (int decimals = 0; decimals < 3; ++decimals) {
    const double scaled = step * std::pow(10.0, decimals);
    if (std::abs(scaled - std::round(scaled)) < 1e-6) return decimals;
  }
  return 3;
}

class Printer {
 public:
  Printer(const Scenario& scenario, const CalibrationProfile& profile, const ScreenText& text)
      : scenario_(scenario),
        look_(scenario.display.look),
        strip_(*profile.doppler),
        bmode_(*profile.bmode),
        width_(scenario.display.width),
        text_(text),
        ink_(inksOf(look_)),
        line_(static_cast<int>(std::lround(2.0 * text.digitHeightPx()))) {}

  std::vector<ScreenMark> print() {
    header();
    greyBar();
    depthTicks();
    if (look_.frame) frame();
    velocityTicks();
    unit();
    timeTicks();
    stripSettings();
    bmodeSettings();
    return std::move(marks_);
  }

 private:
  void bar(const cv::Rect& box, const cv::Scalar& colour) {
    marks_.push_back({box, colour, "", {}, 1, Role::kOther});
  }
  void write(const std::string& text, double x, double baselineY, const cv::Scalar& colour,
             double shrink = 1.0) {
    const cv::Point origin(static_cast<int>(std::lround(x)), static_cast<int>(std::lround(baselineY)));
    const int above = static_cast<int>(std::lround(text_.digitHeightPx() * shrink));
    const cv::Rect box(origin.x, origin.y - above, text_.widthPx(text, shrink), above + 1);
    marks_.push_back({box, colour, text, origin, shrink, Role::kOther});
  }
  [[nodiscard]] double widthOf(const std::string& text) const { return text_.widthPx(text); }
  /// What is to be added to a centre to get the base line of its digits.
  [[nodiscard]] double halfDigit() const { return text_.digitHeightPx() / 2.0; }

  /// A tick of a vertical scale at `row`, `length` pixels away from the region, and its number.
  void verticalTick(const Region& r, Edge side, int row, int length, const cv::Scalar& colour) {
    const int x = side == Edge::kRight ? r.x + r.width + kTickGapPixels : r.x - kTickGapPixels - length;
    bar(cv::Rect(x, row, length, 1), colour);
  }
  void besideTick(const Region& r, Edge side, double baselineY, int length, const std::string& text,
                  const cv::Scalar& colour) {
    const int away = kTickGapPixels + length + kNumberGapPixels;
    write(text, side == Edge::kRight ? r.x + r.width + away : r.x - away - widthOf(text), baselineY, colour);
  }

  void header() {
    const std::string right = "MI 0.7  TIs 0.6  L9-3";
    const double x = width_ - widthOf(right + " ") - 4;
    write("SOLEUS PHANTOM VASCULAR LAB", 12, 0.85 * line_, inkOf(InkColour::kWhite));
    write(scenario_.display.identity, 12, 1.75 * line_, inkOf(InkColour::kWhite));
    write(right, x, 0.85 * line_, inkOf(InkColour::kWhite));
    write("VEIN LE  POPL", x, 1.75 * line_, inkOf(InkColour::kWhite));
  }

  void greyBar() {
    if (!look_.greyBar) return;
    const Region& r = bmode_.region;
    const int x = std::max(4, r.x / 4);
    const int height = r.height * 2 / 3;
    for (int y = 0; y < height; ++y) {
      const double g = 255.0 * (height - 1 - y) / (height - 1);
      bar(cv::Rect(x, r.y + y, std::max(6, line_ / 2), 1), cv::Scalar::all(g));
    }
  }

  void depthTicks() {
    const Region& r = bmode_.region;
    const double pixelsPerCm = 10.0 / bmode_.mmPerPixel;
    for (int half = 0; half * pixelsPerCm / 2.0 <= r.height - 1; ++half) {
      const int y = r.y + static_cast<int>(half * pixelsPerCm / 2.0);
      const bool whole = half % 2 == 0;
      verticalTick(r, look_.depthSide, y, whole ? kShortTick : kShortTick / 2, ink_.dim);
      if (whole && half > 0)
        besideTick(r, look_.depthSide, y + halfDigit(), kShortTick, fixed(half / 2, 0), ink_.dim);
    }
    const double y = r.y + r.height + line_ * 0.8;
    if (look_.depthSide == Edge::kRight)
      write("cm", r.x + r.width + kTickGapPixels, y, ink_.dim);
    else
      write("cm", r.x - kTickGapPixels - widthOf("cm"), y, ink_.dim);
  }

  /// One pixel wide, one pixel away from what is measured.
  void frame() {
    const Region& r = strip_.region;
    const cv::Scalar grey = ink_.dim * 0.6;
    bar(cv::Rect(r.x - 2, r.y - 2, r.width + 4, 1), grey);
    bar(cv::Rect(r.x - 2, r.y + r.height + 1, r.width + 4, 1), grey);
    bar(cv::Rect(r.x - 2, r.y - 2, 1, r.height + 4), grey);
    bar(cv::Rect(r.x + r.width + 1, r.y - 2, 1, r.height + 4), grey);
  }

  [[nodiscard]] int tickLength() const {
    return look_.tickLook == Look::TickLook::kLong ? kLongTick : kShortTick;
  }
  [[nodiscard]] std::string unitName() const { return look_.unit == Look::Unit::kMPerS ? "m/s" : "cm/s"; }
  [[nodiscard]] Side positiveSide() const { return look_.positiveSide.value_or(strip_.towardHeart); }

  void velocityTicks() {
    const Region& r = strip_.region;
    const double perUnit = look_.unit == Look::Unit::kMPerS ? 100.0 : 1.0;
    const double unitsPerPixel = strip_.cmPerSPerPixel / perUnit;
    const double range = unitsPerPixel * r.height;
    // Numbers not nearer than two lines of text.
    const double step = look_.tickStepCmPerS ? *look_.tickStepCmPerS / perUnit
                                             : roundStep(range, std::max(2, r.height / (2 * line_)));
    const int decimals = decimalsOf(step);
    const int parts = look_.tickLook == Look::TickLook::kMinor ? kMinorsPerNumber : 1;
    const int most = parts * static_cast<int>(std::floor(range / step) + (parts > 1 ? 1 : 0));
    for (int i = -most; i <= most; ++i) {
      const double up = positiveSide() == Side::kUp ? i : -i;
      const double row = strip_.baselineRow - up * step / parts / unitsPerPixel;
      if (row < r.y || row >= r.y + r.height) continue;
      const bool numbered = i % parts == 0;
      verticalTick(r, look_.tickSide, static_cast<int>(row), numbered ? tickLength() : kMinorTick,
                   i == 0 ? ink_.accent : ink_.text);
      marks_.back().role = Role::kVelocityTick;
      if (!numbered) continue;
      const bool unitHere = i == 0 && look_.unitPlace == Look::UnitPlace::kAtZero;
      besideTick(r, look_.tickSide, static_cast<int>(row) + halfDigit(), tickLength(),
                 unitHere ? unitName() : fixed(i / parts * step, decimals), ink_.text);
      if (!unitHere) marks_.back().role = Role::kVelocityNumber;
    }
  }

  void unit() {
    const Region& r = strip_.region;
    const std::string inverted = positiveSide() == Side::kDown ? "INV" : "";
    std::string label = look_.unitPlace == Look::UnitPlace::kAtZero ? "" : unitName();
    if (!label.empty() && !inverted.empty()) label += " ";
    label += inverted;
    const bool below = look_.unitPlace == Look::UnitPlace::kBelow;
    const double y = below ? r.y + r.height + 0.5 * line_ + text_.digitHeightPx() : r.y - 0.5 * line_;
    if (label.empty()) {
    } else if (look_.tickSide == Edge::kRight) {
      // Aligned with the ticks above, with the numbers below, where the newest second's number is near.
      const double x = r.x + r.width + kTickGapPixels + (below ? tickLength() + kNumberGapPixels : 0);
      write(label, x, y, ink_.text);
    } else {
      const double x = r.x - kTickGapPixels - (below ? tickLength() + kNumberGapPixels : 0);
      write(label, x - widthOf(label), y, ink_.text);
    }
    if (look_.settings == Look::Place::kNone) return;
    write(angleText(), r.x + r.width - widthOf(angleText() + "  "), r.y - 0.5 * line_, ink_.accent);
  }

  void timeTicks() {
    if (look_.timeTicks == Look::TimeTicks::kNone) return;
    const Region& r = strip_.region;
    const int y = r.y + r.height + kTickGapPixels;
    const double step = roundStep(r.width * strip_.secondsPerPixel, std::max(2, r.width / (6 * line_)));
    const double pixels = step / strip_.secondsPerPixel;
    const bool beforeRight =
        look_.timeTicks == Look::TimeTicks::kBeforeRight ||
        (look_.timeTicks != Look::TimeTicks::kFromLeft && strip_.display == Display::kScroll);
    for (int i = 0; i * pixels <= r.width; ++i) {
      const double x = beforeRight ? r.x + r.width - i * pixels : r.x + i * pixels;
      bar(cv::Rect(static_cast<int>(x), y, 1, kShortTick), ink_.text);
      marks_.back().role = Role::kTimeTick;
      if (look_.timeTicks == Look::TimeTicks::kUnlabelled) continue;
      const std::string text = fixed(beforeRight ? -i * step + 0.0 : i * step, step < 1.0 ? 1 : 0);
      write(text, x - widthOf(text) / 2.0, y + kShortTick + kNumberGapPixels + 2.0 * halfDigit(), ink_.text);
    }
  }

  [[nodiscard]] std::string angleText() const {
    const std::string angle = fixed(strip_.angleDegrees, 0);
    const std::string degrees = isOutline(look_.font) ? "\u00b0" : "";
    if (look_.wording == Look::Wording::kHertz) return "Angle " + angle + degrees;
    return look_.wording == Look::Wording::kSymbols ? "\u03b8 " + angle + "\u00b0" : "AC " + angle;
  }

  [[nodiscard]] std::vector<std::string> settingLines() const {
    const ScannerSettings& s = scenario_.scanner;
    const std::string mhz = fixed(s.transmitFrequencyHz * 1e-6, 1);
    const std::string prf = fixed(s.prfHz, 0);
    const std::string filter = fixed(s.wallFilterHz, 0);
    const std::string range = fixed(s.dynamicRangeDb, 0);
    switch (look_.wording) {
      case Look::Wording::kHertz:
        return {"PW",        "F " + mhz + "MHz",   "PRF " + prf, "Filter " + filter + "Hz",
                angleText(), "DR " + range + "dB", "SV 6mm"};
      case Look::Wording::kSymbols:
        return {"PW",        "Freq " + mhz + "MHz", "PRF " + prf + "Hz", "WF " + filter + "Hz",
                angleText(), "Dyn " + range + "dB", "SV 6.0mm"};
      case Look::Wording::kKilohertz:
        break;
    }
    return {"PW",
            "Frq " + mhz + " MHz",
            "PRF " + fixed(s.prfHz * 1e-3, 1) + " kHz",
            "WF " + filter + " Hz",
            angleText(),
            "DR " + range,
            "SV 6.0 mm"};
  }

  [[nodiscard]] double widest(const std::vector<std::string>& lines) const {
    double most = 0;
    for (const std::string& text : lines) most = std::max(most, widthOf(text));
    return most;
  }

  /// Under each other from `y` on; what stands alone in two letters is a heading.
  void column(const std::vector<std::string>& lines, double x, double y, double shrink) {
    for (const std::string& text : lines) {
      write(text, x, y, text.size() <= 2 ? ink_.accent : ink_.dim, shrink);
      y += line_;
    }
  }

  /// Beside each other below a region, in as many lines as its width asks for.
  void rows(const std::vector<std::string>& lines, const Region& r, double y) {
    double x = r.x;
    for (const std::string& text : lines) {
      if (x > r.x && x + widthOf(text) > r.x + r.width) x = r.x, y += line_;
      write(text, x, y, text.size() <= 2 ? ink_.accent : ink_.dim);
      x += widthOf(text) + line_;
    }
  }

  void stripSettings() {
    const Region& r = strip_.region;
    const std::vector<std::string> lines = settingLines();
    // Clear of the scale's numbers by half a digit.
    const double scale =
        kTickGapPixels + tickLength() + std::max(10.0, 4 + 1.1 * halfDigit()) + widthOf("-100");
    const bool scaleOnRight = look_.tickSide == Edge::kRight;
    switch (look_.settings) {
      case Look::Place::kRight: {
        const double x = r.x + r.width + (scaleOnRight ? scale : 10);
        // Printed as large as the room beside the strip allows; the frequency's line is about the longest.
        column(lines, x, r.y + line_, std::min(1.0, (width_ - 4 - x) / widthOf(lines[1])));
        break;
      }
      case Look::Place::kLeft:
        column(lines, r.x - (scaleOnRight ? 10 : scale) - widest(lines), r.y + line_, 1.0);
        break;
      case Look::Place::kBelow:
        rows(lines, r, r.y + r.height + kTickGapPixels + kShortTick + 1.2 * line_ + text_.digitHeightPx());
        break;
      case Look::Place::kNone:
        break;
    }
  }

  void bmodeSettings() {
    const Region& r = bmode_.region;
    const std::vector<std::string> lines{
        "B",     "Frq 9.0 MHz", "Gn 52",      "D " + fixed(r.height * bmode_.mmPerPixel / 10.0, 1) + " cm",
        "DR 60", "CF",          "PRF 1.2 kHz"};
    const double scale = kShortTick + 10 + widthOf("10 cm");
    const bool scaleOnRight = look_.depthSide == Edge::kRight;
    switch (look_.bmodeSettings) {
      case Look::Place::kRight:
        column(lines, r.x + r.width + (scaleOnRight ? scale : 10), r.y + line_, 1.0);
        break;
      case Look::Place::kLeft:
        column(lines, r.x - (scaleOnRight ? 10 : scale) - widest(lines), r.y + line_, 1.0);
        break;
      case Look::Place::kBelow:
        rows(lines, r, r.y + r.height + 1.8 * line_);
        break;
      case Look::Place::kNone:
        break;
    }
  }

  const Scenario& scenario_;
  const ScreenLook& look_;
  const DopplerCalibration& strip_;
  const BmodeCalibration& bmode_;
  int width_;
  const ScreenText& text_;
  ScreenInks ink_;
  int line_;  // pixels from one line of text to the next
  std::vector<ScreenMark> marks_;
};

cv::Rect rectOf(const Region& r) {
  return {r.x, r.y, r.width, r.height};
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

std::vector<ScreenMark> screenPrint(const Scenario& scenario, const CalibrationProfile& profile,
                                    const ScreenText& text) {
  return Printer(scenario, profile, text).print();
}

std::string printFault(const std::vector<ScreenMark>& marks, const CalibrationProfile& profile) {
  const cv::Rect screen(0, 0, profile.screenWidth, profile.screenHeight);
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const ScreenMark& mark = marks[i];
    // A clear pixel belongs round everything, and letters reach a quarter below the base line.
    const int below = mark.text.empty() ? 0 : mark.box.height / 4 + 1;
    const int around = mark.text.empty() ? 0 : 1;
    const cv::Rect ink(mark.box.x - around, mark.box.y - around, mark.box.width + 2 * around,
                       mark.box.height + around + below);
    if ((ink & screen) != ink) return "'" + mark.text + "' runs off the screen";
    for (const Region& region : {profile.doppler->region, profile.bmode->region})
      if (!(ink & rectOf(region)).empty()) return "'" + mark.text + "' enters a measured region";
    if (mark.text.empty()) continue;
    // Texts that belong to different things stand half a digit apart.
    const int apart = mark.box.height * 2 / 5;
    const cv::Rect room(ink.x - apart, ink.y, ink.width + 2 * apart, ink.height + mark.box.height / 8);
    for (std::size_t j = 0; j < marks.size(); ++j) {
      const cv::Rect& taken = marks[j].text.empty() ? ink : room;
      if (j != i && !(taken & marks[j].box).empty())
        return "'" + mark.text + "' over '" + marks[j].text + "'";
    }
  }
  return "";
}

}  // namespace soleus
