/// The intensity-weighted mean velocity and the signal-to-noise ratio of one spectral column.
#pragma once

#include <span>

#include "pipeline/doppler/envelope_directions.h"

namespace soleus {

/// Sums over the signal of one column.
struct SpectralMoments {
  double meanCmPerS = 0;    ///< NaN without signal
  double meanVariance = 0;  ///< by speckle and noise, in (cm/s)^2; NaN without signal
  double hiddenCmPerS = 0;  ///< change of the mean if blood below the wall filter gave nothing, or twice what
                            ///< is assumed there; NaN without signal
  double snrDb = 0;         ///< mean power above the noise inside the envelope over the noise; NaN without
  double forwardPower = 0;  ///< power above the noise on either side, relative to full white
  double reversePower = 0;
};

/// Mean velocity = sum(v * S') / sum(S') with S' = max(S - N, 0), N the noise per row, over the `averaged`
/// rows, those between the two envelopes of any of the columns that `power` is an average of, and the
/// broadening of the edges beside them (Evans and McDicken, Doppler Ultrasound, 2000). Rows hidden by the
/// baseline or weakened by the wall filter get what the profile that the band looks like (meanShare) would
/// show there, at the power seen beyond them: left out, slow flow would read too fast; were a blunt profile
/// taken for a parabola, too slow. What speckle takes off a quotient of sums is given back. The mean never
/// lies beyond an envelope. `power`: smoothed, length axis.size, ascending; `looks`: independent speckle
/// samples in each value.
SpectralMoments spectralMoments(std::span<const float> power, double looks, double noise,
                                const ColumnEnvelope& envelope, IndexRange averaged,
                                const DirectionAxis& axis);

}  // namespace soleus
