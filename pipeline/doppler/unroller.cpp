#include "pipeline/doppler/unroller.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "pipeline/core/velocity_axis.h"
#include "pipeline/doppler/envelope_directions.h"
#include "pipeline/doppler/watched_unroller.h"

namespace soleus {

std::unique_ptr<StripUnroller> makeUnroller(const DopplerCalibration& calibration) {
  return std::make_unique<WatchedUnroller>(calibration);
}

namespace {

void leaveOut(DopplerColumn& column) {
  constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
  column.peakCmPerS = column.peakForwardCmPerS = column.peakReverseCmPerS = kUnknown;
  column.meanCmPerS = column.snrDb = kUnknown;
  column.peakUncertaintyCmPerS = column.meanUncertaintyCmPerS = column.meanHiddenCmPerS = kUnknown;
}

/// The velocities whose edge is told from that of the rows that were seen; infinite where none were lost.
struct SeenCmPerS {
  double lowest = -std::numeric_limits<double>::infinity();
  double highest = std::numeric_limits<double>::infinity();

  SeenCmPerS(const StripBlock& block, const DopplerCalibration& calibration) {
    // Within a resolution of the last row seen the window smears what would lie beyond it.
    const int margin = static_cast<int>(std::ceil(directionAxis(calibration).windowRows));
    const auto limit = [&](int edgeRow, int lastRow) {
      const double cmPerS = velocityOfRow(calibration, lastRow);
      // Of the other direction all is seen, even where nothing of this one is.
      if (velocityOfRow(calibration, edgeRow) > 0) {
        highest = std::max(0.0, cmPerS);
      } else {
        lowest = std::min(0.0, cmPerS);
      }
    };
    const int bottom = calibration.region.height - 1;
    if (block.lostAbove > 0) limit(0, block.lostAbove + margin);
    if (block.lostBelow > 0) limit(bottom, bottom - block.lostBelow - margin);
  }
};

}  // namespace

void leaveOutUnmeasurable(const StripBlock& block, const DopplerCalibration& calibration,
                          std::vector<DopplerColumn>& columns) {
  for (std::size_t n = 0; n < block.unmeasurable.size() && n < columns.size(); ++n) {
    if (block.unmeasurable[n] == 0) continue;
    columns[n].quality &= static_cast<std::uint8_t>(~(kAliased | kLowSnr));
    leaveOut(columns[n]);
  }
  if (block.lostAbove == 0 && block.lostBelow == 0) return;
  const SeenCmPerS seen(block, calibration);
  for (DopplerColumn& column : columns) {
    if (!(column.peakForwardCmPerS > seen.highest || column.peakReverseCmPerS < seen.lowest)) continue;
    column.quality |= kAliased;
    leaveOut(column);
  }
}

}  // namespace soleus
