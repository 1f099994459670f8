/// What a kill leaves of velocities that were a first look.
#pragma once

#include <hdf5.h>

namespace soleus {

/// The last rows of /doppler and /flow are written anew while they are a first look, one dataset after the
/// other: a writer that was killed leaves rows whose columns are of two moments. Of the last 20 s, gives
/// the volume flow the times of the velocities, and makes NaN what contradicts itself: a peak that is of
/// neither direction, a mean beyond the envelopes. All tables must have rows of one number. Throws
/// h5::Failure.
void settleLooks(hid_t file);

}  // namespace soleus
