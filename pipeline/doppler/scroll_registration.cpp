#include "pipeline/doppler/scroll_registration.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

#include "pipeline/doppler/pixel_sums.h"

namespace soleus {
namespace {

constexpr int kRows = 36;
// Neighbouring columns of a spectrum are alike over about half a window of its FFT; this far off they are
// not.
constexpr int kApartPx = 6;
// A shift must explain at least this much of the difference that a wrong shift leaves. Strips re-encoded at
// H.264 CRF 30 leave about half.
constexpr double kGreatestMismatch = 0.8;
// Grey levels by which a strip must differ from itself, shifted: below lie rounding and codec noise on black.
constexpr double kLeastTextureGrey = 0.15;
// Texture that survives the codecs in use: coarse quantisation wipes out a grey level or two.
constexpr double kPlainTextureGrey = 3;
// A fraction below this is taken for zero: displays that move by whole pixels measure |f| < 0.1 after H.264.
constexpr double kSnapPx = 0.2;
// Fewer common columns than this decide nothing.
constexpr int kLeastCommonPx = 64;

}  // namespace

void subsampleRows(const cv::Mat& strip, cv::Mat& rows) {
  const int count = std::min(kRows, strip.rows);
  rows.create(count, strip.cols, CV_8UC1);
  for (int r = 0; r < count; ++r) {
    const int row = static_cast<int>((r + 0.5) * strip.rows / count);
    std::copy_n(strip.ptr<uchar>(row), strip.cols, rows.ptr<uchar>(r));
  }
}

double ScrollRegistration::difference(const cv::Mat& reference, const cv::Mat& current, int shiftPx,
                                      RowSum sumOfRow) const {
  const int common = reference.cols - skipRightPx_ - std::abs(shiftPx);
  if (common < kLeastCommonPx) return -1;
  const int fromReference = std::max(shiftPx, 0);
  const int fromCurrent = std::max(-shiftPx, 0);
  std::uint64_t sum = 0;
  for (int r = 0; r < reference.rows; ++r) {
    sum += sumOfRow(reference.ptr<std::uint8_t>(r) + fromReference,
                    current.ptr<std::uint8_t>(r) + fromCurrent, common);
  }
  return static_cast<double>(sum) / (static_cast<double>(common) * reference.rows);
}

bool ScrollRegistration::hasTexture(const cv::Mat& rows) const {
  return difference(rows, rows, kApartPx, sumOfDifferences) >= kLeastTextureGrey;
}

bool ScrollRegistration::hasPlainTexture(const cv::Mat& rows) const {
  return difference(rows, rows, kApartPx, sumOfDifferences) >= kPlainTextureGrey;
}

std::optional<ScrollRegistration::Match> ScrollRegistration::find(const cv::Mat& reference,
                                                                  const cv::Mat& current, int fromPx,
                                                                  int toPx) const {
  double best = -1;
  int bestShift = 0;
  for (int shift = fromPx; shift <= toPx; ++shift) {
    const double d = difference(reference, current, shift, sumOfDifferences);
    if (d >= 0 && (best < 0 || d < best)) {
      best = d;
      bestShift = shift;
    }
  }
  if (best < 0) return std::nullopt;
  const double apart = std::min(difference(reference, current, bestShift - kApartPx, sumOfDifferences),
                                difference(reference, current, bestShift + kApartPx, sumOfDifferences));
  if (apart < kLeastTextureGrey || best > kGreatestMismatch * apart) return std::nullopt;
  return Match{bestShift + fractionPx(reference, current, bestShift), best / apart};
}

double ScrollRegistration::fractionPx(const cv::Mat& reference, const cv::Mat& current, int shiftPx) const {
  // Vertex of the parabola through three sums of squares.
  const double left = difference(reference, current, shiftPx - 1, sumOfSquaredDifferences);
  const double middle = difference(reference, current, shiftPx, sumOfSquaredDifferences);
  const double right = difference(reference, current, shiftPx + 1, sumOfSquaredDifferences);
  const double curvature = left - 2 * middle + right;
  if (left < 0 || right < 0 || curvature <= 0) return 0;
  const double fraction = std::clamp(0.5 * (left - right) / curvature, -0.5, 0.5);
  return std::abs(fraction) < kSnapPx ? 0 : fraction;
}

}  // namespace soleus
