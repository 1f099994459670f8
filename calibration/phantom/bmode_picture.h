/// The B-mode picture of the screen: speckled tissue around the vein's cross-section.
#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>

#include "calibration/phantom/haemodynamics.h"

namespace soleus {

/// Tissue layers with log-compressed Rayleigh speckle, made once and moved a little with the breath; in it a
/// dark ellipse with a bright wall whose edge at half brightness is the true lumen. A colour box frames it;
/// its colour is chroma only, so that it leaves the luma of the lumen alone. One thread at a time.
class BmodePicture {
 public:
  BmodePicture(const Scenario& scenario, std::uint64_t seed);

  /// Draws frame `number` at `timeS`. `luma`: CV_8UC1 of the region's size; `u`, `v`: CV_8UC1 of the whole
  /// screen, half its size, neutral where nothing is coloured.
  void draw(std::int64_t number, double timeS, const VeinShape& vein, double meanCmPerS, cv::Mat luma,
            cv::Mat u, cv::Mat v) const;

 private:
  /// The lumen with its wall and colour, middle at (centreX, centreY) of the region.
  void drawVein(const VeinShape& vein, double centreX, double centreY, double meanCmPerS, cv::Mat luma,
                cv::Mat u, cv::Mat v) const;

  Region region_;
  double mmPerPixel_;
  double breathRateHz_;
  double diameterMm_;
  std::uint64_t seed_;
  cv::Mat tissue_;   // luma less kFlicker, larger than the view by a margin on each side
  cv::Mat flicker_;  // 0 to 2 kFlicker, of the same size
};

}  // namespace soleus
