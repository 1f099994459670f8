/// What PRF, transmit frequency and angle tell of a velocity axis: its whole range and its unit.
#pragma once

#include <optional>

#include "calibration/screen/printed_settings.h"
#include "pipeline/core/calibration.h"

namespace soleus {

/// Half the PRF as a velocity, cm/s, along the beam, where PRF and transmit frequency are known.
std::optional<double> beamNyquistCmPerS(const DopplerCalibration& doppler);

/// The whole range of velocities, cm/s, that PRF, frequency and angle give; nothing where one is not known.
std::optional<double> rangeOfSettings(const DopplerCalibration& doppler);

/// Whether an axis of the whole range `shown` may be that of which the settings give `given`: they are
/// printed with two digits, a scanner may leave some of the range undrawn, and an axis may run on.
bool mayShow(double shown, double given);

/// cm/s for the unit of an axis whose numbers grow by `unitsPerPixel`: the one that the settings confirm, or
/// as printed; nothing if neither tells. Numbers alone do not: small ones may be m/s or kHz, and large ones
/// m/s that lost their decimal points.
std::optional<double> cmPerSOfUnit(const PrintedSettings& printed, const DopplerCalibration& doppler,
                                   double unitsPerPixel);

}  // namespace soleus
