#include "calibration/phantom/random_screen.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <sstream>
#include <stdexcept>
#include <string>

#include "calibration/phantom/counter_random.h"
#include "calibration/phantom/screen_print.h"

namespace soleus {
namespace {

/// One draw after the other from a stream.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed, RandomStream::kScreen) {}

  double between(double least, double most) { return least + (most - least) * random_.uniform(next_++); }
  /// Both ends included.
  int whole(int least, int most) {
    return std::clamp(static_cast<int>(std::floor(between(least, most + 1))), least, std::max(least, most));
  }
  bool chance(double share) { return between(0, 1) < share; }
  template <class T>
  T of(std::initializer_list<T> choices) {
    return *(choices.begin() + whole(0, static_cast<int>(choices.size()) - 1));
  }

 private:
  CounterRandom random_;
  std::uint64_t next_ = 0;
};

/// The parts of a look on which the layout depends, and the look's own lines of YAML.
struct DrawnLook {
  ScreenLook look;
  std::string yaml;
};

/// What must be left free round the two regions, in pixels.
struct Margins {
  int left = 0;
  int right = 0;
  int above = 0;
  int below = 0;
};

struct ScreenSize {
  int width = 0;
  int height = 0;
};

struct Layout {
  Region strip;
  Region bmode;
};

DrawnLook drawLook(Dice& dice, int screenHeight, const std::string& arrangement) {
  std::ostringstream y;
  const std::string font = dice.of<const char*>(
      {"hershey_simplex", "hershey_plain", "hershey_duplex", "hershey_complex", "dejavu_sans",
       "dejavu_sans_bold", "dejavu_sans_mono", "liberation_sans", "liberation_sans_bold", "liberation_mono"});
  // Nine pixels are what a person still reads without effort; scanners' text takes up to a fortieth.
  const int digits = dice.whole(std::max(9, screenHeight / 80), screenHeight / 40);
  y << "    font: " << font << "\n    digit_height_px: " << digits << "\n";
  y << "    text_colour: " << dice.of<const char*>({"white", "white", "yellow", "green", "amber", "cyan"})
    << "\n    panel: " << dice.of<const char*>({"black", "black", "grey", "blue"}) << "\n";
  y << "    frame: " << (dice.chance(0.4) ? "true" : "false") << "\n";
  y << "    tick_side: " << dice.of<const char*>({"left", "right"})
    << "\n    tick_look: " << dice.of<const char*>({"short", "long", "minor"}) << "\n";
  y << "    velocity_unit: " << dice.of<const char*>({"cm/s", "cm/s", "m/s"})
    << "\n    unit_place: " << dice.of<const char*>({"above", "above", "below", "at_zero"}) << "\n";
  if (dice.chance(0.4)) y << "    positive_side: " << dice.of<const char*>({"up", "down"}) << "\n";
  y << "    baseline_colour: "
    << dice.of<const char*>({"grey", "grey", "white", "yellow", "green", "amber", "cyan"}) << "\n";
  // Its place is the screen's left margin.
  y << "    grey_bar: " << (arrangement != "right" && dice.chance(0.7) ? "true" : "false") << "\n";
  y << "    depth_side: " << dice.of<const char*>({"left", "right"}) << "\n";
  y << "    time_ticks: "
    << dice.of<const char*>({"automatic", "automatic", "from_left", "before_right", "unlabelled", "none"})
    << "\n";
  y << "    settings: " << dice.of<const char*>({"right", "right", "left", "below", "none"}) << "\n";
  y << "    bmode_settings: " << dice.of<const char*>({"right", "left", "below", "none"}) << "\n";
  const bool outline = font.rfind("hershey", 0) != 0;
  y << "    wording: "
    << (outline ? dice.of<const char*>({"kilohertz", "hertz", "symbols"})
                : dice.of<const char*>({"kilohertz", "hertz"}))
    << "\n";
  DrawnLook drawn;
  drawn.yaml = y.str();
  const auto document = YamlDocument::parse(drawn.yaml, "random screen");
  drawn.look = readScreenLook(document.value().root());
  if (const Status status = document.value().status(); !status.ok())
    throw std::runtime_error(status.error().sentence());
  return drawn;
}

Margins stripMargins(const ScreenLook& look, const ScreenText& text) {
  const int digit = static_cast<int>(std::ceil(text.digitHeightPx()));
  const int line = 2 * digit;
  const int scale = 22 + digit + text.widthPx(look.unit == ScreenLook::Unit::kMPerS ? "-0.50" : "-100");
  const int settings = 12 + digit + text.widthPx("Filter 100 Hz");
  const int half = 8 + text.widthPx("-10") / 2;
  Margins m{half, half, line + 6, 6};
  (look.tickSide == Edge::kLeft ? m.left : m.right) = scale;
  using Place = ScreenLook::Place;
  if (look.settings == Place::kLeft) m.left += settings;
  if (look.settings == Place::kRight) m.right += settings;
  const bool labels =
      look.timeTicks != ScreenLook::TimeTicks::kNone && look.timeTicks != ScreenLook::TimeTicks::kUnlabelled;
  m.below += labels ? 13 + digit + digit / 4 : 10;
  if (look.unitPlace == ScreenLook::UnitPlace::kBelow) m.below = std::max(m.below, line + digit);
  if (look.settings == Place::kBelow) m.below += 3 * line;
  return m;
}

Margins bmodeMargins(const ScreenLook& look, const ScreenText& text) {
  const int digit = static_cast<int>(std::ceil(text.digitHeightPx()));
  const int scale = 20 + text.widthPx("10");
  const int settings = 24 + text.widthPx("Frq 9.0 MHz");
  Margins m{6, 6, 4, 2 * digit + 4};
  (look.depthSide == Edge::kLeft ? m.left : m.right) += scale;
  using Place = ScreenLook::Place;
  if (look.bmodeSettings == Place::kLeft) m.left += settings;
  if (look.bmodeSettings == Place::kRight) m.right += settings;
  if (look.bmodeSettings == Place::kBelow) m.below += 6 * digit;
  if (look.greyBar) m.left += digit + digit / 2;
  return m;
}

/// `share` of what `room` leaves within the margins, somewhere in it.
Region placed(Dice& dice, const Region& room, const Margins& m, double widthShare, double heightShare) {
  const int freeWidth = room.width - m.left - m.right;
  const int freeHeight = room.height - m.above - m.below;
  const int width = static_cast<int>(freeWidth * widthShare);
  const int height = static_cast<int>(freeHeight * heightShare);
  if (width <= 0 || height <= 0) return {room.x, room.y, 0, 0};
  return {room.x + m.left + dice.whole(0, freeWidth - width),
          room.y + m.above + dice.whole(0, freeHeight - height), width, height};
}

Layout drawLayout(Dice& dice, int width, int height, const std::string& arrangement, const ScreenLook& look) {
  const ScreenText text(look, height);
  const int header = static_cast<int>(std::ceil(4 * text.digitHeightPx())) + 6;
  const Region body{0, header, width, height - header};
  const Margins strip = stripMargins(look, text);
  const Margins bmode = bmodeMargins(look, text);
  Layout layout;
  if (arrangement == "above") {
    const int upper = static_cast<int>(body.height * dice.between(0.42, 0.58));
    layout.bmode = placed(dice, {0, header, width, upper}, bmode, dice.between(0.4, 0.9), 1.0);
    layout.bmode.width = std::min(layout.bmode.width, 2 * layout.bmode.height);
    layout.strip = placed(dice, {0, header + upper, width, body.height - upper}, strip,
                          dice.between(0.85, 1.0), dice.between(0.9, 1.0));
    return layout;
  }
  const int side = static_cast<int>(width * dice.between(0.36, 0.48));
  const bool left = arrangement == "left";
  const Region bmodeRoom{left ? 0 : width - side, header, side, body.height};
  const Region stripRoom{left ? side : 0, header, width - side, body.height};
  layout.bmode = placed(dice, bmodeRoom, bmode, dice.between(0.9, 1.0), dice.between(0.6, 1.0));
  layout.strip = placed(dice, stripRoom, strip, dice.between(0.95, 1.0), dice.between(0.5, 1.0));
  return layout;
}

std::string regionYaml(const Region& r) {
  std::ostringstream y;
  y << "{x: " << r.x << ", y: " << r.y << ", width: " << r.width << ", height: " << r.height << "}";
  return y.str();
}

/// A made-up patient: names that nobody bears.
std::string drawIdentity(Dice& dice) {
  std::string identity = dice.of<const char*>({"MUSTER", "TRIAL", "SAMPLE", "NEMO", "BEISPIEL", "EXEMPLE"});
  identity += std::string(", ") + dice.of<const char*>({"WADE", "BEA", "TIL", "ROSA", "FINN", "ODA"});
  return identity + "  ID " + std::to_string(dice.whole(10000, 99999)) + "-" +
         std::to_string(dice.whole(100, 999));
}

std::string drawVideo(Dice& dice) {
  const std::string codec = dice.of<const char*>({"h264", "mjpeg", "mpeg4", "ffv1"});
  if (codec == "h264") return "{codec: h264, crf: " + std::to_string(dice.whole(16, 26)) + "}";
  if (codec == "mjpeg") return "{codec: mjpeg, quality_percent: " + std::to_string(dice.whole(75, 95)) + "}";
  if (codec == "mpeg4") return "{codec: mpeg4, quantiser: " + std::to_string(dice.whole(2, 6)) + "}";
  return "{codec: ffv1}";
}

std::string drawScenario(Dice& dice, std::uint64_t seed, const ScreenSize& size,
                         const std::string& arrangement) {
  const DrawnLook drawn = drawLook(dice, size.height, arrangement);
  const Layout layout = drawLayout(dice, size.width, size.height, arrangement, drawn.look);

  ScannerSettings scanner;
  scanner.prfHz = 100 * dice.whole(18, 120);
  scanner.transmitFrequencyHz = 1e5 * dice.whole(38, 75);
  scanner.angleDegrees = dice.of<int>({30, 40, 45, 50, 55, 58, 60, 60, 60, 62, 65});
  const std::string towardHeart = dice.of<const char*>({"up", "down"});
  const double baseline = dice.between(0.25, 0.75);
  // The bursts fill much of the side on which they are drawn.
  const double side = towardHeart == "up" ? baseline : 1 - baseline;
  const double peak = 2 * nyquistCmPerS(scanner) * side * dice.between(0.45, 0.85);
  const bool sweep = dice.chance(0.5);
  const double acrossS = dice.between(2.5, 8);
  const double depthCm = dice.between(2.5, 6);

  std::ostringstream y;
  y << "schema: soleus.scenario/1\nname: random screen " << seed << ", B-mode picture " << arrangement
    << "\nduration_s: " << dice.whole(8, 12)
    << "\n\nscanner:\n  transmit_frequency_hz: " << scanner.transmitFrequencyHz
    << "\n  prf_hz: " << scanner.prfHz << "\n  angle_degrees: " << scanner.angleDegrees
    << "\n  wall_filter_hz: " << std::round(scanner.prfHz * dice.between(0.008, 0.02))
    << "\n  dynamic_range_db: " << 5 * dice.whole(8, 12) << "\n  noise_above_black_db: " << dice.whole(4, 12)
    << "\n\n";
  y << "display:\n  width: " << size.width << "\n  height: " << size.height
    << "\n  frame_rate_numerator: " << dice.of<int>({25, 30, 60})
    << "\n  mode: " << (sweep ? "sweep" : "scroll")
    << "\n  seconds_per_column: " << acrossS / std::max(1, layout.strip.width)
    << "\n  doppler_region: " << regionYaml(layout.strip) << "\n  bmode_region: " << regionYaml(layout.bmode)
    << "\n  bmode_mm_per_pixel: " << 10 * depthCm / std::max(1, layout.bmode.height)
    << "\n  toward_heart: " << towardHeart << "\n  baseline_fraction: " << baseline << "\n";
  if (sweep)
    y << "  erase_gap_pixels: " << dice.whole(3, 10)
      << "\n  start_phase_columns: " << dice.whole(0, layout.strip.width) << "\n";
  y << "  identity: " << drawIdentity(dice) << "\n  look:\n" << drawn.yaml << "\n";
  y << "video: " << drawVideo(dice) << "\n\n";
  y << "flow:\n  rest_peak_cm_s: " << std::min(12.0, peak * dice.between(0.1, 0.3))
    << "\n  breath_rate_hz: " << dice.between(0.2, 0.35)
    << "\n  breath_modulation_percent: " << dice.whole(10, 50)
    << "\n  heart_rate_hz: " << dice.between(0.9, 1.6)
    << "\n  heart_modulation_percent: " << dice.whole(2, 12)
    << "\n  vein_diameter_mm: " << dice.between(5, 10) << "\n\n";
  // Both end before the eighth second.
  y << "contractions:\n  first_s: " << dice.between(1.5, 3) << "\n  interval_s: " << dice.between(2.6, 3.4)
    << "\n  count: 2\n  duration_s: " << dice.between(0.6, 0.9) << "\n  peak_cm_s: " << peak
    << "\n  pause_s: " << dice.between(0.2, 0.5) << "\n  refill_time_constant_s: " << dice.between(1, 4)
    << "\n  area_narrowing_percent: " << dice.whole(20, 50) << "\n\n";
  y << "noise: {snr_db: " << dice.between(8, 20) << "}\n";
  const std::string tint = dice.of<const char*>({"none", "none", "sepia", "amber", "blue"});
  if (tint != "none") y << "display_faults: {tint: " << tint << "}\n";
  return y.str();
}

/// Whether a scanner's engineers would have let it out.
bool passes(const Scenario& scenario) {
  const CalibrationProfile profile = profileOf(scenario);
  const Region& strip = profile.doppler->region;
  const Region& bmode = profile.bmode->region;
  // Smaller ones show nothing; a spectrum is wider than high, and no picture is a slit.
  if (strip.width < std::max(240, strip.height) || strip.height < 130) return false;
  if (bmode.width < 140 || bmode.height < 120 || bmode.height > 2 * bmode.width) return false;
  // Venous and arterial velocities: what the knob of such a scanner offers.
  const double nyquist = nyquistCmPerS(scenario.scanner);
  if (nyquist < 25 || nyquist > 250) return false;
  const ScreenText text(scenario.display.look, scenario.display.height);
  const std::vector<ScreenMark> marks = screenPrint(scenario, profile, text);
  const auto countOf = [&](ScreenMark::Role role) {
    return std::count_if(marks.begin(), marks.end(),
                         [&](const ScreenMark& mark) { return mark.role == role; });
  };
  // Nine pixels, as drawLook() asks for.
  const bool readable = std::all_of(marks.begin(), marks.end(), [&](const ScreenMark& mark) {
    return mark.text.empty() || mark.shrink * text.digitHeightPx() >= 9;
  });
  return countOf(ScreenMark::Role::kVelocityNumber) >= 3 && countOf(ScreenMark::Role::kTimeTick) != 1 &&
         readable && printFault(marks, profile).empty();
}

}  // namespace

Scenario randomScreen(std::uint64_t seed) {
  Dice dice(seed);
  const auto size = dice.of<ScreenSize>({{640, 480}, {800, 600}, {1024, 768}, {1280, 720}, {1920, 1080}});
  const std::string arrangement = dice.of<const char*>({"above", "above", "left", "right"});
  // A draft that cannot be printed decently is thrown away and the dice are cast again; size and arrangement
  // stay, so that crowded screens are not the rarer for it.
  for (;;) {
    auto scenario = parseScenario(drawScenario(dice, seed, size, arrangement), "random screen");
    if (scenario.ok() && passes(scenario.value())) return std::move(scenario).value();
  }
}

}  // namespace soleus
