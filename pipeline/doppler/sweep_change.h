/// Which columns of a strip have changed between two frames, and where the changes cluster.
#pragma once

#include <opencv2/core/mat.hpp>
#include <vector>

namespace soleus {

/// About 72 rows of the strip, evenly spread, copied to `rows`.
void subsampleSweepRows(const cv::Mat& strip, cv::Mat& rows);

/// For columns [x0, x1): mean over the rows of how far |a - b| exceeds the codec's noise, in grey levels. The
/// result has x1 - x0 entries.
void columnChange(const cv::Mat& a, const cv::Mat& b, int x0, int x1, std::vector<float>& changeGrey);

/// Changes below this are noise: a signal ten rows tall and 20 grey levels above its surroundings reaches it.
inline constexpr float kVisibleGrey = 0.3F;

/// A run of changed columns.
struct ChangeCluster {
  double centrePx = 0;    ///< energy-weighted mean of the columns' middles
  double energyGrey = 0;  ///< sum of the changes
  int firstPx = 0;
  int lastPx = 0;
};

/// Subtracts what the whole strip has in common (a key frame of the codec changes it everywhere), zeroes what
/// is not visible, and returns the share of columns that remain.
double keepVisible(std::vector<float>& changeGrey, std::vector<float>& scratch);

/// The leftmost line in columns [first, last] that a front may have drawn which moved by `stepPx`: a bar or
/// the end of a gap may follow it.
ChangeCluster leftmostLine(const std::vector<float>& changeGrey, int first, int last, double stepPx);

/// The strongest `most` clusters, strongest first; runs closer than a few columns are one cluster.
void strongestClusters(const std::vector<float>& changeGrey, std::size_t most,
                       std::vector<ChangeCluster>& clusters);

}  // namespace soleus
