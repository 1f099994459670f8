/// What the speckle of the noise tells of the scanner's spectral window.
#pragma once

#include <opencv2/core/mat.hpp>
#include <optional>
#include <vector>

namespace soleus {

/// Noise of neighbouring rows is alike as far as the window smears one frequency, whatever the scanner: so
/// the rows that hold nothing else show its frequency resolution. State between blocks: one thread at a time.
class NoiseSpeckle {
 public:
  /// `windowRows`: the resolution that is assumed, in rows.
  explicit NoiseSpeckle(double windowRows);

  /// `power`: CV_32F, a row for each column of the strip. `noise`: its mean noise power per row.
  void add(const cv::Mat& power, double noise);

  /// The resolution in rows, once `columns` were seen; nothing where they were too few.
  [[nodiscard]] std::optional<double> windowRows(int columns) const;

 private:
  double assumedRows_;
  std::vector<double> products_;  // of two rows' excess over the mean, by their distance
  std::vector<double> pairs_;     // how many
  int columns_ = 0;
};

}  // namespace soleus
