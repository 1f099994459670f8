/// I/Q of an HDF5 file as sound, in the scale that the measuring element expects.
#pragma once

#include "pipeline/dataset/iq_reader.h"
#include "tools/soleus/sound_source.h"

namespace soleus {

/// Reads the whole recording once for its level. Its numbers may have any scale (volts, counts of any
/// converter, floats of a simulation), and none of them says what full scale was: its own RMS is brought to a
/// sixteenth of full scale, further down where that would take its peaks for clipping.
/// `reader` is borrowed for as long as blocks are asked for. Errors: of the file; a value that is not a
/// number, by its place; silence.
Result<MadeSound> iqSound(const IqReader& reader, const std::string& path);

}  // namespace soleus
