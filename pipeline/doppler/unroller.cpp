#include "pipeline/doppler/unroller.h"

#include <limits>

#include "pipeline/doppler/watched_unroller.h"

namespace soleus {

std::unique_ptr<StripUnroller> makeUnroller(const DopplerCalibration& calibration) {
  return std::make_unique<WatchedUnroller>(calibration);
}

void leaveOutUnmeasurable(const StripBlock& block, std::vector<DopplerColumn>& columns) {
  constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();
  for (std::size_t n = 0; n < block.unmeasurable.size() && n < columns.size(); ++n) {
    if (block.unmeasurable[n] == 0) continue;
    DopplerColumn& column = columns[n];
    column.quality &= static_cast<std::uint8_t>(~(kAliased | kLowSnr));
    column.peakCmPerS = column.peakForwardCmPerS = column.peakReverseCmPerS = kUnknown;
    column.meanCmPerS = column.snrDb = kUnknown;
    column.peakUncertaintyCmPerS = column.meanUncertaintyCmPerS = column.meanHiddenCmPerS = kUnknown;
  }
}

}  // namespace soleus
