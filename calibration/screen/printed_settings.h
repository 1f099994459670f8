/// What a scanner prints about its settings, from lines of its text.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "calibration/scanner/scanner_profile.h"
#include "calibration/screen/text_lines.h"

namespace soleus {

/// What is read with less confidence is not taken.
inline constexpr double kLeastSettingConfidence = 0.6;

/// Settings of the pulsed wave; one that is not printed, printed with two values or not surely read is
/// absent.
struct PrintedSettings {
  std::optional<double> angleDegrees;
  std::optional<double> prfHz;
  std::optional<double> wallFilterHz;
  std::optional<double> transmitFrequencyHz;
  std::optional<double> dynamicRangeDb;
  std::optional<double> depthCm;      ///< of the B-mode picture
  bool metresPerSecond = false;       ///< the unit that stands by the velocity axis
  bool centimetresPerSecond = false;  ///< likewise
  /// Of whatever was read, 0 to 1, also of what was too unsure to be taken: the share of readings that agree,
  /// times the chance that one of them is right by the reader's own confidence.
  std::map<Setting, double> confidence = {};
  /// What fewer readings of a setting's print say.
  std::map<Setting, std::vector<double>> others = {};

  /// Whether all readings of a setting's print that say anything say the same.
  [[nodiscard]] bool inOneWay(Setting which) const {
    const auto found = others.find(which);
    return found == others.end() || found->second.empty();
  }
};

/// B-mode, colour and pulsed wave each print frequency, PRF and dynamic range: a line counts for the mode
/// whose title (PW, B, CF, ...) stands next above it in its block. On a screen without titles a setting
/// counts if it is printed once. Misread letters in numbers are put right where they can only be digits; a
/// value out of the range of such a setting is left out. `scanner`: whose wordings are looked for besides the
/// usual ones; null for none.
PrintedSettings readSettings(const std::vector<TextLine>& lines, const ScannerProfile* scanner = nullptr);

/// The angle in a line that may be a theta, read as a letter or figure like it, and a number; two such lines
/// that agree tell it.
std::optional<double> angleBesideTheta(const std::string& text);

/// Whether a text is the title of a mode's block of settings (PW, B, CF) and nothing else.
bool isTitle(const std::string& text);

/// Whether a line of text alone tells a setting or a mode's title.
bool tellsSetting(const std::string& text);

}  // namespace soleus
