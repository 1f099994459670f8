/// A file in which sync events are looked for: flashes in a video, taps in sound, pulses in a signal.
#pragma once

#include <optional>
#include <string>

#include "pipeline/clock/sync_series.h"
#include "pipeline/core/calibration.h"
#include "pipeline/core/result.h"

namespace soleus {

/// `file` is FILE[#CHANNEL]: a signal (.csv, .edf, .bdf, .xdf, or a session, .h5, with the signal's name as
/// channel), sound (.wav, .flac, .ogg, .mp3, .m4a; all channels together unless one is named by its number),
/// else a video, where `region` says which part of the screen flashes. Times are the file's own: of sound and
/// video from the first sample or frame, of a session its clock. Errors (kBadInput): not readable, no such
/// channel.
Result<SyncSeries> readSyncEvents(const std::string& file, const std::optional<Region>& region);

}  // namespace soleus
