/// The stored Doppler spectrum as pictures of bounded size, with the times at which they belong.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "pipeline/core/result.h"
#include "pipeline/dataset/session_reader.h"

namespace soleus {

/// How large the picture may become.
struct PictureLimits {
  /// Columns of all tiles together. 60 s of a usual screen are 15,750 columns and stay whole.
  std::size_t maxColumns = 16384;
  /// Pixels of all tiles together, for tall axes: speckle costs about a byte a pixel whatever the format, and
  /// the page is to stay below some 6 MB.
  std::size_t maxPixels = 16384 * 288;
  /// Width of one tile. Browsers refuse pictures wider than 16384 px, some phones wider than 4096.
  int tileColumns = 2048;
};

/// A run of drawn columns without a gap in time or a column that has no spectrum: the part [firstColumn,
/// firstColumn + columns) of a tile.
struct PictureSegment {
  std::size_t tile = 0;
  int firstColumn = 0;
  int columns = 0;
  double startS = 0;  ///< left edge of the first column
  double endS = 0;    ///< right edge of the last column
};

/// The picture: row 0 at the top is the highest velocity.
struct SpectrumPicture {
  std::vector<std::vector<std::uint8_t>> tilesPng;  ///< 8-bit grey PNG, the grey as stored
  std::vector<PictureSegment> segments;             ///< ascending in time
  double lowestCmPerS = 0;                          ///< lower edge of the bottom row
  double highestCmPerS = 0;                         ///< upper edge of the top row
  std::size_t columnsPerPixel = 1;                  ///< spectral columns pooled into one drawn column
};

/// Paints /doppler/spectrum. `timeS` and `velocityCmPerS` (ascending, even) are its axes. When columns have
/// to be pooled, each drawn pixel is the strongest of its columns, so that short bursts stay visible; columns
/// are never pooled across a gap in time. Where a session holds columns without a spectrum, nothing is drawn.
/// The spectrum is read in blocks: memory is that of one tile and of the PNG data. Errors (kBadInput):
/// unreadable spectrum, or rows of another length than the velocity axis.
Result<SpectrumPicture> paintSpectrum(const SessionReader& session, std::span<const double> timeS,
                                      std::span<const double> velocityCmPerS,
                                      const PictureLimits& limits = {});

}  // namespace soleus
