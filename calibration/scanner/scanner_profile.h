/// What is known of a make of scanner: how its screen words its settings, what it shows where. Every fact
/// names where it comes from; what is not known is absent.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/core/calibration.h"

namespace soleus {

/// A recording in which somebody saw the fact, or a document that states it.
struct FactSource {
  bool seen = false;  ///< in a recording; else stated by a document
  std::string name;   ///< short, as the file calls it
  std::string what;   ///< the recording, or the document with its page
};

template <class T>
struct Fact {
  T value{};
  FactSource source;
};

/// Parts of a screen that print settings of their own: each has a frequency and a dynamic range.
enum class ScreenPart { kPulsedWave, kBmode, kColour };

enum class Setting { kAngle, kPrf, kWallFilter, kTransmitFrequency, kDynamicRange, kDepth };

/// How a setting is printed: word, number, unit.
struct SettingWording {
  std::vector<std::string> words;  ///< any of them stands before the number; empty: the number stands alone
  std::string unit;                ///< behind the number; empty: none is printed
  double factor = 1;               ///< printed number times this is in degrees, Hz, dB or cm
};

struct PrintedPart {
  std::optional<Fact<std::vector<std::string>>> titles;  ///< any of them stands above the part's settings
  std::map<Setting, Fact<SettingWording>> settings;
};

enum class VelocityUnit { kCmPerS, kMPerS, kKilohertz };

enum class Edge { kLeft, kRight };

/// Rows that carry a name, a number or a date, in a picture of that height; whole rows, from 0 at the top.
struct IdentityRows {
  int pictureHeightPx = 0;
  int firstRow = 0;
  int rows = 0;  ///< >= 1
};

enum class ColouredPart { kHeader, kScale, kBaseline };

struct ScreenColour {
  ColouredPart part = ColouredPart::kHeader;
  unsigned rgb = 0;  ///< 0xRRGGBB, as a recording shows it: a codec moves it a little
};

struct ScannerProfile {
  std::string name;                               ///< make and models that the facts are of
  std::vector<Fact<std::string>> recognisedBy;    ///< any of these texts on the screen; may be none
  std::map<ScreenPart, PrintedPart> parts;        ///< those of which something is known
  std::vector<Fact<VelocityUnit>> velocityUnits;  ///< that the scale can be in
  std::optional<Fact<Edge>> scaleEdge;            ///< of the spectrum, where the velocity scale stands
  std::optional<Fact<Edge>> settingsEdge;         ///< of the screen, where the settings stand
  std::optional<Fact<Display>> display;           ///< what it has been seen to do, or does by default
  std::optional<Fact<bool>> angleCorrected;       ///< the velocity scale follows the angle that is set
  std::vector<Fact<ScreenColour>> colours;
  std::vector<Fact<IdentityRows>> identityRows;
};

}  // namespace soleus
