/// The video itself, kept beside the session: what a measurement can be repeated from.
#pragma once

#include <gst/gst.h>

#include <string>

#include "pipeline/core/result.h"

namespace soleus {

struct ArchiveSettings {
  enum class Codec {
    kNone,
    kFfv1,  ///< lossless, some 5 MB/s of a 720p screen
    kH264,  ///< nearly so, a tenth of that
  };
  Codec codec = Codec::kNone;
  bool keepScreen = false;  ///< all of it, with what it says of the patient, instead of the measured regions
};

/// Beginning of the names of elements that write an archive: what they suffer is a fault of the storage.
inline constexpr const char* kArchiveElement = "archive-";

/// Where the archive of a session lies: beside it, under its name.
std::string archivePath(const std::string& sessionPath);

/// tee ─► queue ─► tee ─┬─► sessionsink.archive
///                      └─► regionmask ─► encoder ─► Matroska file, stamps to 10 microseconds
/// The queue holds two seconds of video and then lets frames go: the archive is what a machine that is too
/// slow loses first. `calibrationPath`: of the profile that names the regions; empty: the source brings one.
/// `path` is overwritten. Errors: an element is missing.
Status addVideoArchive(GstElement* pipeline, GstElement* tee, GstElement* sink,
                       const ArchiveSettings& settings, bool live, const std::string& calibrationPath,
                       const std::string& path);

/// Digests a whole archive and writes that into the session it belongs to. Errors: it cannot be read, the
/// session cannot be written.
Status sealVideoArchive(const std::string& sessionPath);

}  // namespace soleus
