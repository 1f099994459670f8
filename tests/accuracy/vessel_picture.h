/// B-mode pictures of a vein whose lumen is known: what the lumen's measurement is judged by.
#pragma once

#include <cstdint>
#include <functional>
#include <opencv2/core/mat.hpp>

namespace soleus::accuracy {

inline constexpr double kPictureMmPerPixel = 0.1;
inline constexpr int kPictureWidthPx = 480;
inline constexpr int kPictureHeightPx = 360;

/// How the scanner shows tissue, blood and wall. Grey is 0 to 255 at 4.25 a decibel.
struct PictureLook {
  double tissueGrey = 100;     ///< of the mean power, at the picture's middle
  double downGreyPerMm = 0;    ///< change of it with depth
  double acrossGreyPerMm = 0;  ///< and from left to right
  double lumenGrey = 12;       ///< of blood
  double lumenShare = 0.05;    ///< of the tissue's speckle that reverberation leaves there
  double noiseGrey = 3;        ///< standard deviation from frame to frame, of tissue and blood
  double wallGrey = 70;        ///< how much brighter the wall is where the beam meets it squarely
  double wallMm = 0.5;         ///< its thickness
  bool intima = false;         ///< the wall is two lines with a dark layer between
  double squareShare = 0;      ///< 0: equally bright all round; 1: none of it left along the beam
  double edgePx = 2;           ///< width of the edge, half of whose grey lies at the true lumen
  double codingStepGrey =
      0;                 ///< of the transform's coefficients, as an H.264 encoder rounds them; 0: not coded
  double hazeGrey = 0;   ///< reverberation below the upper wall, fading over a millimetre
  bool gate = false;     ///< the Doppler gate in the lumen: a dotted beam, two bars, and the angle's line
  bool smeared = false;  ///< no such edge: the tissue's echoes spread into the lumen as the beam does
};

/// A lumen as the distance, pixels, by which a point (continuous picture coordinates) lies outside it,
/// negative inside, exact near the wall, and the share of the wall's direction there that faces the beam (0
/// to 1).
struct Outside {
  double distancePx = 0;
  double facing = 1;
};
using LumenShape = std::function<Outside(double xPx, double yPx)>;

/// An ellipse; full axes in mm.
LumenShape crossSection(cv::Point2d centrePx, double widthMm, double heightMm, double angleRad);

/// A length of vessel from border to border: the middle line is `rowPx` + `slope` d + `bendPerPx` d^2 / 2, d
/// pixels right of the picture's middle; `widthMm` at right angles to it.
LumenShape lengthwise(double rowPx, double slope, double bendPerPx, double widthMm);

/// Tissue of one speckle pattern, in which vessels are drawn.
class PictureTissue {
 public:
  PictureTissue(const PictureLook& look, std::uint64_t seed);

  /// CV_8UC1 with the noise of frame `frame`.
  [[nodiscard]] cv::Mat withLumen(const LumenShape& shape, std::uint64_t frame) const;

 private:
  [[nodiscard]] cv::Mat echoDb(const LumenShape* shape) const;
  [[nodiscard]] double wallGreyAt(const Outside& at) const;

  PictureLook look_;
  std::uint64_t seed_;
  cv::Mat echoDb_;  // CV_32FC1, 0 at the mean power
};

}  // namespace soleus::accuracy
