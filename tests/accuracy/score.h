/// What a trace got wrong, against the phantom's truth.
#pragma once

#include <functional>
#include <vector>

#include "pipeline/core/contraction.h"
#include "pipeline/core/measurement.h"

namespace soleus::accuracy {

/// Errors of one contraction; NaN where nothing was measured. Windows come from the truth alone.
struct ContractionScore {
  double peakPercent = 0;      ///< highest forward velocity of the ejection
  double vtiPercent = 0;       ///< integral of the forward envelope over the ejection
  double meanPercent = 0;      ///< integral of the mean velocity over the ejection
  double restPercent = 0;      ///< mean velocity of the resting flow before; NaN where that is hidden
  double lagMs = 0;            ///< of the trace in the ejection, + is late
  double columnSdPercent = 0;  ///< scatter of the columns above half the peak, in percent of the truth
  double refluxMs = 0;      ///< duration of the longest reverse flow after the ejection; NaN without reflux
  double missingShare = 0;  ///< of the ejection's time: without a column, or without its velocity
};

/// True peak and mean velocity in cm/s at a time in seconds.
struct Truth {
  std::function<double(double)> peakCmPerS;
  std::function<double(double)> meanCmPerS;
  std::vector<Contraction> contractions;
  double wallFilterCmPerS = 0;  ///< slower flow is hidden by the wall filter and not counted as reflux
  double durationS = 0;
  double columnS = 0;  ///< from one column to the next, where none is lost
};

std::vector<ContractionScore> score(const std::vector<DopplerColumn>& columns, const Truth& truth);

}  // namespace soleus::accuracy
