/// How far the measured lumen lies from that of the picture.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/accuracy/vessel_picture.h"

namespace soleus::accuracy {

/// Mean and standard deviation of errors, and the largest of their sizes; NaN of none.
struct ErrorSummary {
  int cases = 0;  ///< pictures shown
  int found = 0;  ///< of them measured
  double bias = 0;
  double sd = 0;
  double largest = 0;
};
ErrorSummary summaryOf(const std::vector<double>& errors, int cases);

/// Kinds of pictures. Each seed is another vessel, look and speckle.
enum class VesselSection { kAcross, kAlong };

/// What a scanner may show, from seed to seed: everything of PictureLook but what Showing adds.
PictureLook lookOf(std::uint64_t seed);

/// How the pictures are shown: as `lookOf` says; with haze and a Doppler gate in the lumen; with a smeared
/// wall.
enum class Showing { kPlain, kMarked, kSmeared };

/// One picture: a vessel of 4 to 10 mm, a cross-section's axes as 1 to 1 down to 0.55.
struct DiameterCase {
  std::uint64_t seed = 0;
  PictureLook look;
  double trueMm = 0;   ///< of the circle with the lumen's area; along the vessel from wall to wall
  double foundMm = 0;  ///< NaN where none was
  double confidence = 0;
};
std::vector<DiameterCase> measureDiameters(VesselSection section, std::uint64_t firstSeed, int seeds,
                                           Showing showing);
ErrorSummary errorsMm(const std::vector<DiameterCase>& cases);

/// Error in percent of the area in each frame of veins that a contraction flattens to a third of their area,
/// 25 frames/s, and that refill; followed as the program follows them.
ErrorSummary contractionErrorsPercent(std::uint64_t firstSeed, int sequences, Showing showing);

/// What noise from frame to frame does to the diameter of a vessel that does not change, in mm from the mean
/// of its frames.
ErrorSummary jitterMm(VesselSection section, std::uint64_t firstSeed, int sequences);

}  // namespace soleus::accuracy
