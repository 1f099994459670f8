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
    const auto findIn = [&](std::span<const float> rows) {
      return find({rows, strip.noise, average.looks, strip.windowRows, strip.hiddenRows});
    };
    auto band = findIn(std::span(smooth).first(static_cast<std::size_t>(strip.ownRows)));
    if (band && band->reachesEnd && strip.ownRows < strip.power.cols) {
      // Where the flow goes on beyond the axis it must begin on this side; else it is the other side's.
      const auto wrapped = findIn(smooth);
      if (wrapped && wrapped->inner < strip.ownRows) band = wrapped;
    }
    bands.push_back(band);
  }
  return bands;
}

}  // namespace soleus
