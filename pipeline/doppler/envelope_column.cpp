#include <vector>

#include "pipeline/doppler/envelope_estimator.h"
#include "pipeline/doppler/power.h"

namespace soleus {

std::vector<std::optional<SignalBand>> ColumnEstimator::trace(const DirectionStrip& strip) const {
  const std::vector<float> weights = temporalWeights(strip.secondsPerColumn);
  std::vector<std::optional<SignalBand>> bands;
  const cv::Mat turn = strip.power.colRange(0, strip.turnRows);
  std::vector<float> smooth;
  for (int column = 0; column < strip.power.rows; ++column) {
    const SmoothColumn average = smoothedColumn(turn, column, weights, strip.looksPerColumn);
    // Over three rows: enough against the noise of a codec, little beside the nine rows of a spectral window.
    smooth = average.power;
    for (std::size_t i = 1; i + 1 < smooth.size(); ++i) {
      smooth[i] = 0.25F * average.power[i - 1] + 0.5F * average.power[i] + 0.25F * average.power[i + 1];
    }
    const auto findIn = [&](std::span<const float> rows) {
      return find({rows, strip.noise, average.looks, strip.windowRows, strip.hiddenRows});
    };
    std::optional<SignalBand> band;
    if (strip.fast[static_cast<std::size_t>(column)]) {
      band = findIn(smooth);
      // A blunt profile's weak power near zero may not stand out, but the flow begins there.
      if (band) band->inner = 0;
    } else {
      band = findIn(std::span(smooth).first(static_cast<std::size_t>(strip.ownRows)));
      // Flow that nearly fills its side is smeared beyond it.
      if (band && band->reachesEnd) {
        const auto wrapped = findIn(smooth);
        if (wrapped && wrapped->inner < strip.ownRows) band = wrapped;
      }
    }
    bands.push_back(band);
  }
  return bands;
}

}  // namespace soleus
