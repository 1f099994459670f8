/// How far a scrolling strip has moved: 1-D registration of whole strips, rows subsampled.
#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <vector>

namespace soleus {

/// 36 rows of the strip, or all of a lower one, evenly spread, copied to `rows`: enough texture to register,
/// and of a strip of 288 rows an eighth of the work.
void subsampleRows(const cv::Mat& strip, cv::Mat& rows);

/// Finds by how many columns `current` lies to the left of `reference` (both from subsampleRows). Mean
/// absolute difference over the columns both show; noise moves with the strip, so that even a resting, noisy
/// spectrum has one sharp minimum. `skipRightPx`: the newest columns of the reference, still smeared by the
/// codec.
class ScrollRegistration {
 public:
  explicit ScrollRegistration(int skipRightPx) : skipRightPx_(skipRightPx) {}

  struct Match {
    double shiftPx = 0;  ///< whole where the display moves by whole pixels
    double mismatch =
        0;  ///< mean grey difference at the shift, over that a few columns away; 0 perfect, 1 blind
  };
  /// The best of the shifts [fromPx, toPx]. Nothing if the strip shows no texture or no shift stands out.
  [[nodiscard]] std::optional<Match> find(const cv::Mat& reference, const cv::Mat& current, int fromPx,
                                          int toPx) const;

  /// Whether the strip has enough texture to tell a shift, if the codec left it alone.
  [[nodiscard]] bool hasTexture(const cv::Mat& rows) const;
  /// Whether there is so much of it that a strip that cannot be registered must be another one.
  [[nodiscard]] bool hasPlainTexture(const cv::Mat& rows) const;

 private:
  using RowSum = std::uint64_t (*)(const std::uint8_t* a, const std::uint8_t* b, int count);
  /// Mean over the common columns of what `sumOfRow` adds up. Negative where too few are common.
  [[nodiscard]] double difference(const cv::Mat& reference, const cv::Mat& current, int shiftPx,
                                  RowSum sumOfRow) const;
  [[nodiscard]] double fractionPx(const cv::Mat& reference, const cv::Mat& current, int shiftPx) const;

  int skipRightPx_;
};

}  // namespace soleus
