#include "calibration/phantom/screen_look.h"

#include <filesystem>
#include <initializer_list>
#include <utility>

namespace soleus {
namespace {

template <class T>
void readChoice(YamlMap& map, const char* key, T& value,
                std::initializer_list<std::pair<const char*, T>> names) {
  if (map.has(key)) value = map.choice<T>(key, names);
}

void readColour(YamlMap& map, const char* key, InkColour& value) {
  readChoice(map, key, value,
             {{"grey", InkColour::kGrey},
              {"white", InkColour::kWhite},
              {"yellow", InkColour::kYellow},
              {"green", InkColour::kGreen},
              {"amber", InkColour::kAmber},
              {"cyan", InkColour::kCyan}});
}

void readEdge(YamlMap& map, const char* key, Edge& value) {
  readChoice(map, key, value, {{"left", Edge::kLeft}, {"right", Edge::kRight}});
}

void readPlace(YamlMap& map, const char* key, ScreenLook::Place& value) {
  using Place = ScreenLook::Place;
  readChoice(
      map, key, value,
      {{"right", Place::kRight}, {"left", Place::kLeft}, {"below", Place::kBelow}, {"none", Place::kNone}});
}

void readFont(YamlMap& map, ScreenFont& font) {
  readChoice(map, "font", font,
             {{"hershey_simplex", ScreenFont::kSimplex},
              {"hershey_plain", ScreenFont::kPlain},
              {"hershey_duplex", ScreenFont::kDuplex},
              {"hershey_complex", ScreenFont::kComplex},
              {"dejavu_sans", ScreenFont::kDejavuSans},
              {"dejavu_sans_bold", ScreenFont::kDejavuSansBold},
              {"dejavu_sans_mono", ScreenFont::kDejavuSansMono},
              {"liberation_sans", ScreenFont::kLiberationSans},
              {"liberation_sans_bold", ScreenFont::kLiberationSansBold},
              {"liberation_mono", ScreenFont::kLiberationMono}});
  if (isOutline(font) && !std::filesystem::exists(fontFile(font)))
    map.fault("font", "not installed", "no " + fontFile(font),
              "the packages fonts-dejavu-core and fonts-liberation");
}

}  // namespace

bool isOutline(ScreenFont font) {
  return !fontFile(font).empty();
}

std::string fontFile(ScreenFont font) {
  // Where Debian's and Ubuntu's packages put them.
  const std::string dejavu = "/usr/share/fonts/truetype/dejavu/DejaVuSans";
  const std::string liberation = "/usr/share/fonts/truetype/liberation/Liberation";
  switch (font) {
    case ScreenFont::kDejavuSans:
      return dejavu + ".ttf";
    case ScreenFont::kDejavuSansBold:
      return dejavu + "-Bold.ttf";
    case ScreenFont::kDejavuSansMono:
      return dejavu + "Mono.ttf";
    case ScreenFont::kLiberationSans:
      return liberation + "Sans-Regular.ttf";
    case ScreenFont::kLiberationSansBold:
      return liberation + "Sans-Bold.ttf";
    case ScreenFont::kLiberationMono:
      return liberation + "Mono-Regular.ttf";
    case ScreenFont::kSimplex:
    case ScreenFont::kPlain:
    case ScreenFont::kDuplex:
    case ScreenFont::kComplex:
      break;
  }
  return "";
}

ScreenLook readScreenLook(YamlMap map) {
  using Look = ScreenLook;
  Look look;
  readFont(map, look.font);
  // Below 7 pixels digits are no longer told apart.
  if (map.has("digit_height_px")) look.digitHeightPx = map.integer("digit_height_px", {7, 64});
  readColour(map, "text_colour", look.text);
  readChoice(map, "panel", look.panel,
             {{"black", Look::Panel::kBlack}, {"grey", Look::Panel::kGrey}, {"blue", Look::Panel::kBlue}});
  look.frame = map.booleanOr("frame", look.frame);
  readEdge(map, "tick_side", look.tickSide);
  readChoice(map, "tick_look", look.tickLook,
             {{"short", Look::TickLook::kShort},
              {"long", Look::TickLook::kLong},
              {"minor", Look::TickLook::kMinor}});
  look.tickStepCmPerS = map.optionalNumber("tick_step_cm_s", {0.1, 500});
  readChoice(map, "velocity_unit", look.unit, {{"cm/s", Look::Unit::kCmPerS}, {"m/s", Look::Unit::kMPerS}});
  readChoice(map, "unit_place", look.unitPlace,
             {{"above", Look::UnitPlace::kAbove},
              {"below", Look::UnitPlace::kBelow},
              {"at_zero", Look::UnitPlace::kAtZero}});
  look.unitBrackets = map.booleanOr("unit_brackets", look.unitBrackets);
  if (map.has("positive_side"))
    look.positiveSide = map.choice<Side>("positive_side", {{"up", Side::kUp}, {"down", Side::kDown}});
  readColour(map, "baseline_colour", look.baseline);
  look.greyBar = map.booleanOr("grey_bar", look.greyBar);
  readEdge(map, "depth_side", look.depthSide);
  readChoice(map, "time_ticks", look.timeTicks,
             {{"automatic", Look::TimeTicks::kAutomatic},
              {"from_left", Look::TimeTicks::kFromLeft},
              {"before_right", Look::TimeTicks::kBeforeRight},
              {"unlabelled", Look::TimeTicks::kUnlabelled},
              {"none", Look::TimeTicks::kNone}});
  readPlace(map, "settings", look.settings);
  readPlace(map, "bmode_settings", look.bmodeSettings);
  look.settingsColumns = map.booleanOr("settings_columns", look.settingsColumns);
  readChoice(map, "wording", look.wording,
             {{"kilohertz", Look::Wording::kKilohertz},
              {"hertz", Look::Wording::kHertz},
              {"symbols", Look::Wording::kSymbols}});
  if (look.wording == Look::Wording::kSymbols && !isOutline(look.font))
    map.fault("wording", "signs that this font lacks", "symbols with a Hershey font",
              "an outline font, as dejavu_sans");
  return look;
}

}  // namespace soleus
