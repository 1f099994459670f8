#include <vector>

#include "pipeline/doppler/envelope_estimator.h"
#include "pipeline/doppler/power.h"

namespace soleus {

std::vector<std::optional<SignalBand>> ColumnEstimator::trace(const DirectionStrip& strip) const {
  const std::vector<float> weights = temporalWeights(strip.secondsPerColumn);
  std::vector<std::optional<SignalBand>> bands;
  std::vector<float> smooth;
  for (int column = 0; column < strip.power.rows; ++column) {
    const SmoothColumn average = smoothedColumn(strip.power, column, weights, strip.looksPerColumn);
    // Over three rows: enough against the noise of a codec, little beside the nine rows of a spectral window.
    smooth = average.power;
    for (std::size_t i = 1; i + 1 < smooth.size(); ++i) {
      smooth[i] = 0.25F * average.power[i - 1] + 0.5F * average.power[i] + 0.25F * average.power[i + 1];
    }
    bands.push_back(find({smooth, strip.noise, average.looks, strip.windowRows, strip.hiddenRows}));
  }
  return bands;
}

}  // namespace soleus
