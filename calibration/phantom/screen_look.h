/// How a scanner prints its screen: font, colours, scales and where the settings stand. Section `look` of a
/// scenario's display; the defaults are one scanner's, the keys make others of it.
#pragma once

#include <optional>

#include "calibration/profile/strict_yaml.h"
#include "pipeline/core/calibration.h"

namespace soleus {

/// Stroke fonts of OpenCV (Hershey's) and outline fonts that Debian has.
enum class ScreenFont {
  kSimplex,
  kPlain,
  kDuplex,
  kComplex,
  kDejavuSans,
  kDejavuSansBold,
  kDejavuSansMono,
  kLiberationSans,
  kLiberationSansBold,
  kLiberationMono
};

/// Whether it is drawn from an outline file; only these have the signs for degrees and theta.
bool isOutline(ScreenFont font);
/// File of an outline font.
const char* fontFile(ScreenFont font);

enum class Edge { kLeft, kRight };
enum class InkColour { kGrey, kWhite, kYellow, kGreen, kAmber, kCyan };

struct ScreenLook {
  enum class Panel { kBlack, kGrey, kBlue };
  enum class TickLook { kShort, kLong, kMinor };  ///< kMinor: a longer one for each number, four between
  enum class Unit { kCmPerS, kMPerS };
  enum class UnitPlace { kAbove, kBelow, kAtZero };
  /// kAutomatic: seconds before the newest column on a scrolling screen, seconds from the left edge on a
  /// sweeping one. kFromLeft and kBeforeRight say so whatever the screen does: some sweeps are labelled as if
  /// they scrolled.
  enum class TimeTicks { kAutomatic, kFromLeft, kBeforeRight, kUnlabelled, kNone };
  enum class Place { kRight, kLeft, kBelow, kNone };
  /// kHertz: "PRF 4600", "Angle 60"; kSymbols: "θ 60°".
  enum class Wording { kKilohertz, kHertz, kSymbols };

  ScreenFont font = ScreenFont::kSimplex;
  std::optional<int> digitHeightPx;  ///< without it the text grows with the screen
  InkColour text = InkColour::kWhite;
  Panel panel = Panel::kBlack;
  bool frame = false;  ///< a thin line round the spectrum
  Edge tickSide = Edge::kRight;
  TickLook tickLook = TickLook::kShort;
  std::optional<double> tickStepCmPerS;  ///< of the numbered ticks; without it a round one that leaves room
  Unit unit = Unit::kCmPerS;
  UnitPlace unitPlace = UnitPlace::kAbove;
  std::optional<Side> positiveSide;  ///< of the numbers; without it the side of flow toward the heart
  InkColour baseline = InkColour::kGrey;
  bool greyBar = true;  ///< the grey map, in the margin on the left of the B-mode picture
  Edge depthSide = Edge::kRight;
  TimeTicks timeTicks = TimeTicks::kAutomatic;
  Place settings = Place::kRight;       ///< of the pulsed wave, seen from the spectrum
  Place bmodeSettings = Place::kRight;  ///< seen from the B-mode picture
  Wording wording = Wording::kKilohertz;
};

/// Reads the section; every key is optional.
ScreenLook readScreenLook(YamlMap map);

}  // namespace soleus
