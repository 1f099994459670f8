/// The wall along one line of pixels that runs from the lumen into the tissue.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>
#include <span>
#include <vector>

namespace soleus {

/// Fills `profile` with the grey of `picture` (CV_8UC1) at `from`, `from + step`, and so on, in continuous
/// coordinates, bilinear; the border's value outside.
void greyAlong(const cv::Mat& picture, cv::Point2f from, cv::Point2f step, std::span<float> profile);

/// Continuous index at which `profile` leaves the lumen: where the sum of (threshold - grey) from its
/// beginning is greatest, each sample's part limited to +- (threshold - lumen), so that one bright or dark
/// speckle does not decide. Nothing if the profile never leaves the lumen or begins outside it. Index i is
/// sample i.
std::optional<double> wallIndex(std::span<const float> profile, double lumenGrey, double tissueGrey);

/// Where `profile`, from the wall at `index` outward, passes `wallGrey` by half: a bright wall's own edge.
/// `index` as it stands where that is not within `reach` samples.
double halfWayToWall(std::span<const float> profile, double index, double lumenGrey, double wallGrey,
                     int reach);

/// Whether grey levels of lumen and tissue are far enough apart for a wall to be seen.
bool hasContrast(double lumenGrey, double tissueGrey);

}  // namespace soleus
