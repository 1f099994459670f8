/// What a display may do wrong on purpose, so that a measurement can show that it notices.
#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <optional>

namespace soleus {

/// Section `display_faults` of a scenario: each fault once, at a time of the session. None of them changes
/// the truth, which is what the blood does; a spectrum that stands still shows nothing of it.
struct DisplayFaults {
  struct Freeze {
    double startS = 0;
    double durationS = 0;  ///< nothing is acquired meanwhile; the strip goes on where it stood
  };
  struct Baseline {
    double startS = 0;
    double fraction = 0.5;  ///< of the strip's height above the zero line, from then on
  };
  struct Scale {
    double startS = 0;
    double factor = 1;  ///< cm/s per pixel against before
  };
  enum class Mark { kLine, kCross, kText };
  struct Overlay {
    Mark mark = Mark::kCross;
    int x = 0;  ///< pixels from the strip's left and top edges: of the line, or the middle of cross and text
    int y = 0;
    double startS = 0;
    double endS = 0;
  };
  enum class Tint { kNone, kSepia, kAmber, kBlue };

  std::optional<Freeze> freeze;
  std::optional<double> restartS;  ///< the strip is cleared and begins anew, a sweep at its left edge
  std::optional<Baseline> baseline;
  std::optional<Scale> scale;
  std::optional<Overlay> overlay;
  double doubledShare = 0;  ///< frames that repeat the one before
  Tint tint = Tint::kNone;  ///< colour of the strip's map
};

/// Paints the overlay into a strip of limited-range luma, if it is there at `timeS`.
void paintOverlay(const DisplayFaults& faults, double timeS, cv::Mat luma);

/// Turns a grey map into a tinted one: from black to amber, or through sepia or blue to white. Colours a
/// strip whose `luma` is that of a grey map (limited range, BT.709); `u` and `v` are the same place in the
/// chroma planes, half as large.
void paintTint(DisplayFaults::Tint tint, cv::Mat luma, cv::Mat u, cv::Mat v);

}  // namespace soleus
