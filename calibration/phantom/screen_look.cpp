#include "calibration/phantom/screen_look.h"

#include <array>
#include <filesystem>
#include <utility>

namespace soleus {
namespace {

struct FontName {
  const char* key;
  ScreenFont font;
  const char* file;  // of an outline font, else null
};

// Where Debian's and Ubuntu's packages fonts-dejavu-core and fonts-liberation put them.
#define SOLEUS_FONTS "/usr/share/fonts/truetype/"
constexpr std::array<FontName, 10> kFonts{
    {{"hershey_simplex", ScreenFont::kSimplex, nullptr},
     {"hershey_plain", ScreenFont::kPlain, nullptr},
     {"hershey_duplex", ScreenFont::kDuplex, nullptr},
     {"hershey_complex", ScreenFont::kComplex, nullptr},
     {"dejavu_sans", ScreenFont::kDejavuSans, SOLEUS_FONTS "dejavu/DejaVuSans.ttf"},
     {"dejavu_sans_bold", ScreenFont::kDejavuSansBold, SOLEUS_FONTS "dejavu/DejaVuSans-Bold.ttf"},
     {"dejavu_sans_mono", ScreenFont::kDejavuSansMono, SOLEUS_FONTS "dejavu/DejaVuSansMono.ttf"},
     {"liberation_sans", ScreenFont::kLiberationSans, SOLEUS_FONTS "liberation/LiberationSans-Regular.ttf"},
     {"liberation_sans_bold", ScreenFont::kLiberationSansBold,
      SOLEUS_FONTS "liberation/LiberationSans-Bold.ttf"},
     {"liberation_mono", ScreenFont::kLiberationMono, SOLEUS_FONTS "liberation/LiberationMono-Regular.ttf"}}};
#undef SOLEUS_FONTS

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
             {{kFonts[0].key, kFonts[0].font},
              {kFonts[1].key, kFonts[1].font},
              {kFonts[2].key, kFonts[2].font},
              {kFonts[3].key, kFonts[3].font},
              {kFonts[4].key, kFonts[4].font},
              {kFonts[5].key, kFonts[5].font},
              {kFonts[6].key, kFonts[6].font},
              {kFonts[7].key, kFonts[7].font},
              {kFonts[8].key, kFonts[8].font},
              {kFonts[9].key, kFonts[9].font}});
  if (isOutline(font) && !std::filesystem::exists(fontFile(font)))
    map.fault("font", "not installed", std::string("no ") + fontFile(font),
              "the packages fonts-dejavu-core and fonts-liberation");
}

}  // namespace

bool isOutline(ScreenFont font) {
  return fontFile(font) != nullptr;
}

const char* fontFile(ScreenFont font) {
  for (const FontName& name : kFonts)
    if (name.font == font) return name.file;
  return nullptr;
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
