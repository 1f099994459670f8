/// The video itself, kept beside the session: what a measurement can be repeated from.
#pragma once

#include <gst/gst.h>

#include <atomic>
#include <string>

#include "pipeline/core/result.h"

namespace soleus {

struct ArchiveSettings {
  enum class Codec {
    kNone,
    kFfv1,  ///< lossless, some 5 MB/s of a 720p screen
    kH264,  ///< nearly so, 0.5 to 2 MB/s
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

/// An archive that grows under another name until its session is about to begin: a recording that never
/// begins, or is refused since another one writes that session, leaves what is there as it was.
class GrowingArchive {
 public:
  GrowingArchive(std::string sessionPath, bool overwrite);
  ~GrowingArchive();  ///< removes what was not placed
  GrowingArchive(const GrowingArchive&) = delete;
  GrowingArchive& operator=(const GrowingArchive&) = delete;

  /// Where to write it.
  [[nodiscard]] const std::string& growingPath() const { return growing_; }
  /// Without folders, as the session names it.
  [[nodiscard]] std::string fileName() const;
  /// Gives it its name. Errors: kBadInput if another recording writes the session, or if a file of the
  /// archive's name is there and not to be overwritten; kStorage.
  Status place();
  /// Of a session that was `kept`: digests the whole archive and writes that into it. Where no session came
  /// to be, the archive is removed. Errors: it cannot be read, the session cannot be written.
  Status finish(bool kept);

 private:
  const std::string session_;
  const std::string growing_;
  const bool overwrite_;
  std::atomic<bool> placed_ = false;  // on a streaming thread
};

}  // namespace soleus
