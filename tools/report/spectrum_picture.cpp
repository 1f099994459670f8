#include "tools/report/spectrum_picture.h"

#include <png.h>

#include <algorithm>
#include <opencv2/core.hpp>
#include <stdexcept>

#include "pipeline/dataset/layout.h"
#include "tools/report/session_columns.h"

namespace soleus {
namespace {

/// Rows read at once: about a megabyte of a usual spectrum.
constexpr std::size_t kRowsPerRead = 4096;

/// Spectral columns [first, end) that make up one drawn column.
struct Pool {
  std::size_t first = 0;
  std::size_t end = 0;
};

std::vector<Pool> poolColumns(std::span<const double> timeS, std::size_t columnsPerPixel, double stepS) {
  const double longestStepS = std::max(kGapSteps, static_cast<double>(columnsPerPixel)) * stepS;
  std::vector<std::size_t> ends = gapsAfter(timeS, longestStepS);
  for (std::size_t& end : ends) ++end;
  ends.push_back(timeS.size());
  std::vector<Pool> pools;
  std::size_t first = 0;
  for (const std::size_t end : ends)
    for (; first < end; first = pools.back().end)
      pools.push_back({first, std::min(first + columnsPerPixel, end)});
  return pools;
}

/// A grey picture as a PNG file. Throws std::runtime_error with libpng's reason.
std::vector<std::uint8_t> encodePng(const cv::Mat& grey) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(grey.cols);
  image.height = static_cast<png_uint_32>(grey.rows);
  image.format = PNG_FORMAT_GRAY;
  std::vector<std::uint8_t> png(PNG_IMAGE_PNG_SIZE_MAX(image));
  png_alloc_size_t bytes = png.size();
  if (png_image_write_to_memory(&image, png.data(), &bytes, 0, grey.data, static_cast<png_int_32>(grey.step),
                                nullptr) == 0)
    throw std::runtime_error(image.message);
  png.resize(bytes);
  png.shrink_to_fit();
  return png;
}

/// Collects drawn columns into tiles and segments.
class Painter {
 public:
  Painter(std::span<const double> timeS, double stepS, int rows, int tileColumns)
      : timeS_(timeS), stepS_(stepS), columns_(tileColumns, rows, CV_8UC1), tileColumns_(tileColumns) {}

  /// `grey` is one drawn column on the ascending velocity axis (1 x rows).
  void push(const Pool& pool, const cv::Mat& grey, double longestStepS) {
    if (used_ == tileColumns_) finishTile();
    grey.copyTo(columns_.row(used_));
    const bool joins =
        used_ > 0 && pool.first == lastEnd_ && timeS_[pool.first] - timeS_[pool.first - 1] <= longestStepS;
    if (!joins)
      picture_.segments.push_back({picture_.tilesPng.size(), used_, 0, timeS_[pool.first] - stepS_ / 2, 0});
    ++picture_.segments.back().columns;
    picture_.segments.back().endS = timeS_[pool.end - 1] + stepS_ / 2;
    lastEnd_ = pool.end;
    ++used_;
  }

  SpectrumPicture finish() {
    if (used_ > 0) finishTile();
    return std::move(picture_);
  }

 private:
  void finishTile() {
    cv::Mat upright;
    cv::rotate(columns_.rowRange(0, used_), upright, cv::ROTATE_90_COUNTERCLOCKWISE);
    picture_.tilesPng.push_back(encodePng(upright));
    used_ = 0;
  }

  std::span<const double> timeS_;
  double stepS_;
  cv::Mat columns_;  ///< one drawn column a row
  int tileColumns_;
  int used_ = 0;
  std::size_t lastEnd_ = 0;  ///< of the pool drawn last: in between there may be columns without a spectrum
  SpectrumPicture picture_;
};

Error unevenSpectrum(int found, std::size_t expected) {
  return {ErrorKind::kBadInput, "/doppler/spectrum", "a row has another length than the velocity axis",
          std::to_string(found), std::to_string(expected)};
}

Result<SpectrumPicture> paint(const SessionReader& session, std::span<const double> timeS,
                              std::span<const double> velocityCmPerS, const PictureLimits& limits) {
  const std::size_t rows = velocityCmPerS.size();
  const std::size_t maxColumns =
      std::max<std::size_t>(1, std::min(limits.maxColumns, limits.maxPixels / rows));
  const double stepS = medianStepS(timeS);
  std::size_t columnsPerPixel = (timeS.size() + maxColumns - 1) / maxColumns;
  std::vector<Pool> pools = poolColumns(timeS, columnsPerPixel, stepS);
  // Short runs between many gaps each end in a partly filled pool: coarser until they fit, with room for
  // some.
  while (pools.size() > maxColumns + maxColumns / 4) {
    columnsPerPixel *= 2;
    pools = poolColumns(timeS, columnsPerPixel, stepS);
  }
  const double longestStepS = std::max(kGapSteps, static_cast<double>(columnsPerPixel)) * stepS;

  Painter painter(timeS, stepS, static_cast<int>(rows), limits.tileColumns);
  cv::Mat block;
  cv::Mat measured;  // mask of the block
  std::size_t blockFirst = 0;
  for (const Pool& pool : pools) {
    cv::Mat strongest = cv::Mat::zeros(1, static_cast<int>(rows), CV_8UC1);
    bool holdsSpectrum = false;
    for (std::size_t i = pool.first; i < pool.end; ++i) {
      if (block.empty() || i >= blockFirst + static_cast<std::size_t>(block.rows)) {
        auto read = session.spectrumRows(i, std::min(kRowsPerRead, timeS.size() - i));
        if (!read.ok()) return read.error();
        block = read.value();
        blockFirst = i;
        if (block.cols != static_cast<int>(rows) || block.empty()) return unevenSpectrum(block.cols, rows);
        measured = block != kSpectrumFill;
        block &= measured;
      }
      const int row = static_cast<int>(i - blockFirst);
      cv::max(strongest, block.row(row), strongest);
      holdsSpectrum = holdsSpectrum || cv::countNonZero(measured.row(row)) > 0;
    }
    // Nothing drawn is the page's own ground; black would be power that was measured and low.
    if (holdsSpectrum) painter.push(pool, strongest, longestStepS);
  }
  SpectrumPicture picture = painter.finish();
  picture.columnsPerPixel = columnsPerPixel;
  const double halfStep =
      rows > 1 ? (velocityCmPerS.back() - velocityCmPerS.front()) / static_cast<double>(rows - 1) / 2 : 0.5;
  picture.lowestCmPerS = velocityCmPerS.front() - halfStep;
  picture.highestCmPerS = velocityCmPerS.back() + halfStep;
  return picture;
}

}  // namespace

Result<SpectrumPicture> paintSpectrum(const SessionReader& session, std::span<const double> timeS,
                                      std::span<const double> velocityCmPerS, const PictureLimits& limits) {
  if (timeS.empty() || velocityCmPerS.empty()) return SpectrumPicture{};
  try {
    return paint(session, timeS, velocityCmPerS, limits);
  } catch (const std::exception& fault) {
    return Error{ErrorKind::kBadInput, "/doppler/spectrum", "the picture could not be made", fault.what(),
                 ""};
  }
}

}  // namespace soleus
