/// The expected power around the maximum velocity: what a velocity profile looks like through a spectral
/// window.
#pragma once

#include <array>
#include <vector>

namespace soleus {

/// Profiles v = vm (1 - (r/R)^n) put the power density (2/n) (1 - v/vm)^(2/n - 1) on the velocities below vm
/// (Mo and Cobbold, IEEE Trans Biomed Eng 1989): near the edge a power law of the distance to it, whatever
/// vm. Seen through a Hann window, and broadened by transit and acceleration (a Gaussian), this gives a shape
/// of one variable, the distance from the edge in units of the window's resolution (1 / its length).
class EdgeShape {
 public:
  static constexpr int kProfiles = 4;
  static constexpr int kBroadenings = 6;
  /// Exponents n, from a parabola to blunt.
  static constexpr std::array<double, kProfiles> kExponents = {2.0, 3.0, 4.0, 6.0};
  /// A scanner may use a longer window than is assumed: resolutions of the Hann window, in assumed ones; and
  /// standard deviations of the Gaussian that transit and acceleration add.
  static constexpr std::array<double, kBroadenings> kResolutions = {0.75, 1, 1, 1, 1, 1};
  static constexpr std::array<double, kBroadenings> kBroadeningSd = {0.0, 0.0, 0.4, 0.7, 1.1, 1.6};

  /// Mean over maximum velocity of a profile.
  static constexpr double meanShare(int profile) {
    const double exponent = kExponents[static_cast<std::size_t>(profile)];
    return exponent / (exponent + 2);
  }

  /// The one table of this process. Immutable; any thread.
  static const EdgeShape& table();

  /// A band that reaches from the edge down to zero velocity, `resolutions` (> 0) away.
  struct Band {
    Band(int profileOfIt, double resolutionsOfIt);
    int profile;
    double resolutions;
    double atZero;  ///< power density of the profile there
  };

  /// Power of a band at `count` places, `step` resolutions apart, the first at `first` resolutions outside
  /// the edge (< 0: inside), and its slope per resolution of distance, zero velocity staying where it is.
  void sample(const Band& band, int broadening, double first, double step, std::size_t count, float* power,
              float* slope) const;

  /// The share of a level that begins at a place, seen `distance` resolutions behind it; not broadened.
  [[nodiscard]] float begun(double distance) const;

 private:
  /// Between two points of a table.
  struct Place {
    std::size_t index;
    float share;
  };

  EdgeShape();

  /// The whole part numbers a point of a table.
  static float continuousPlace(double distance);
  static Place placeOf(double distance);

  static constexpr double kInside = 24;  // deeper inside, the power law itself is exact
  static constexpr double kOutside = 8;  // further outside there is nothing
  static constexpr int kPerResolution = 16;
  static constexpr int kPoints = static_cast<int>((kInside + kOutside) * kPerResolution) + 1;
  std::array<std::array<std::vector<float>, kBroadenings>, kProfiles> tables_;
};

}  // namespace soleus
