/// The phantom's Doppler signal as sound: quadrature, 24 bits, the PRF as its sampling rate.
#pragma once

#include "calibration/phantom/phantom.h"
#include "tools/soleus/sound_source.h"

namespace soleus {

/// `phantom` is borrowed for as long as blocks are asked for; time 0 of the sound is that of the session.
/// 24 bits: beside a wall 60 dB above the blood, rounding to 16 would be louder than the scenario's noise.
MadeSound phantomSound(Phantom& phantom);

/// The part of its profile that describes the sound alone.
CalibrationProfile soundProfile(const Phantom& phantom);

}  // namespace soleus
