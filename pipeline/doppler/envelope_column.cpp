#include <algorithm>
#include <span>
#include <vector>

#include "pipeline/doppler/envelope_estimator.h"

namespace soleus {

std::vector<std::optional<SignalBand>> ColumnEstimator::trace(const DirectionStrip& strip) const {
  std::vector<std::optional<SignalBand>> bands(static_cast<std::size_t>(strip.power.rows));
  if (strip.turnRows == 0) return bands;  // a signal of one direction
  std::vector<float> smooth(static_cast<std::size_t>(strip.turnRows));
  for (int column = 0; column < strip.power.rows; ++column) {
    const auto c = static_cast<std::size_t>(column);
    const std::span average(strip.smooth.power.ptr<float>(column), smooth.size());
    const double looks = strip.smooth.looks[c];
    // Over three rows: enough against the noise of a codec, little beside the nine rows of a spectral window.
    std::copy(average.begin(), average.end(), smooth.begin());
    for (std::size_t i = 1; i + 1 < smooth.size(); ++i)
      smooth[i] = 0.25F * average[i - 1] + 0.5F * average[i] + 0.25F * average[i + 1];
    const auto findIn = [&](std::span<const float> rows) {
      return find({rows, strip.noise, looks, strip.windowRows, strip.hiddenRows});
    };
    std::optional<SignalBand> band;
    if (strip.fast[c]) {
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
    bands[c] = band;
  }
  return bands;
}

}  // namespace soleus
