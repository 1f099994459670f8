/// What a scanner prints about its settings, from lines of its text.
#pragma once

#include <opencv2/core/types.hpp>
#include <optional>
#include <string>
#include <vector>

#include "calibration/scanner/scanner_profile.h"

namespace soleus {

/// A line of the screen's text with its place.
struct TextLine {
  cv::Rect box;
  std::string text;
};

/// Settings of the pulsed wave; one that is not printed, or printed with two values, is absent.
struct PrintedSettings {
  std::optional<double> angleDegrees;
  std::optional<double> prfHz;
  std::optional<double> wallFilterHz;
  std::optional<double> transmitFrequencyHz;
  std::optional<double> dynamicRangeDb;
  std::optional<double> depthCm;      ///< of the B-mode picture
  bool metresPerSecond = false;       ///< the unit that stands on the screen
  bool centimetresPerSecond = false;  ///< likewise
};

/// B-mode, colour and pulsed wave each print frequency, PRF and dynamic range: a line counts for the mode
/// whose title (PW, B, CF, ...) stands next above it in its block. On a screen without titles a setting
/// counts if it is printed once. Misread letters in numbers are put right where they can only be digits; a
/// value out of the range of such a setting is left out. `scanner`: whose wordings are looked for besides the
/// usual ones; null for none.
PrintedSettings readSettings(const std::vector<TextLine>& lines, const ScannerProfile* scanner = nullptr);

/// Whether a line of text alone tells a setting, a unit of velocity or a mode's title.
bool tellsSetting(const std::string& text);

}  // namespace soleus
