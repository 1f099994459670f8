#include "tools/soleus/video_archive.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "pipeline/dataset/archive_digest.h"
#include "pipeline/dataset/place_file.h"
#include "pipeline/dataset/write_lock.h"
#include "tools/soleus/input_file.h"

namespace soleus {
namespace {

constexpr guint64 kWaitingTime = 2 * GST_SECOND;
// Matroska counts in units that a cluster has 32767 of: of ten microseconds, a third of a second.
constexpr gint64 kStampUnitNs = 10'000;
constexpr gint64 kClusterNs = 300'000'000;
// A picture in a second stands for itself, so that one can be jumped to.
constexpr int kKeyFrames = 30;
// Constant quality: the grey of speckle is off by a few values.
constexpr int kH264Quantizer = 18;

using Codec = ArchiveSettings::Codec;
namespace fs = std::filesystem;

std::string growingName(const fs::path& path) {
  return (path.parent_path() / ("." + path.filename().string() + ".part" + std::to_string(getpid())))
      .string();
}

}  // namespace

std::string archivePath(const std::string& sessionPath) {
  return std::filesystem::path(sessionPath).replace_extension(".mkv").string();
}

Status addVideoArchive(GstElement* pipeline, GstElement* tee, GstElement* sink,
                       const ArchiveSettings& settings, bool live, const std::string& calibrationPath,
                       const std::string& path) {
  const char* encoder = settings.codec == Codec::kFfv1 ? "avenc_ffv1" : "x264enc";
  std::vector<GstElement*> chain;
  const std::vector<const char*> factories{
      "queue",       "tee",     settings.keepScreen ? "identity" : "regionmask", "videoconvert", encoder,
      "matroskamux", "filesink"};
  for (const char* factory : factories) {
    GstElement* element = gst_element_factory_make(factory, (std::string(kArchiveElement) + factory).c_str());
    if (element == nullptr) {
      return Error{ErrorKind::kSource, "GStreamer", "an element is missing",
                   std::string("no '") + factory + "'", "the plugins that the set-up installs"};
    }
    gst_bin_add(GST_BIN(pipeline), element);
    chain.push_back(element);
  }
  GstElement* const queue = chain[0];
  GstElement* const fork = chain[1];
  GstElement* const mask = chain[2];
  GstElement* const encode = chain[4];
  GstElement* const file = chain[6];
  if (live) gst_util_set_object_arg(G_OBJECT(queue), "leaky", "upstream");
  g_object_set(queue, "max-size-time", kWaitingTime, "max-size-bytes", 0U, "max-size-buffers", 0U, nullptr);
  if (!settings.keepScreen) g_object_set(mask, "calibration", calibrationPath.c_str(), nullptr);
  if (settings.codec == Codec::kH264) {
    gst_util_set_object_arg(G_OBJECT(encode), "speed-preset", "ultrafast");
    gst_util_set_object_arg(G_OBJECT(encode), "pass", "quant");
    // Frames come out as they went in, none is held back: a kill costs no more than the last cluster.
    gst_util_set_object_arg(G_OBJECT(encode), "tune", "zerolatency");
    g_object_set(encode, "quantizer", kH264Quantizer, "key-int-max", kKeyFrames, nullptr);
  }
  g_object_set(chain[5], "timecodescale", kStampUnitNs, "max-cluster-duration", kClusterNs,
               "min-cluster-duration", kClusterNs, nullptr);
  // The measuring is not to wait for the archive's first frame.
  g_object_set(file, "location", path.c_str(), "async", FALSE, nullptr);
  gst_element_link_pads(tee, "src_1", queue, "sink");
  gst_element_link(queue, fork);
  gst_element_link_pads(fork, "src_0", sink, "archive");
  gst_element_link_pads(fork, "src_1", mask, "sink");
  for (std::size_t n = 2; n + 1 < chain.size(); ++n) gst_element_link(chain[n], chain[n + 1]);
  return Done{};
}

GrowingArchive::GrowingArchive(std::string sessionPath, bool overwrite)
    : session_(std::move(sessionPath)), growing_(growingName(archivePath(session_))), overwrite_(overwrite) {}

GrowingArchive::~GrowingArchive() {
  std::error_code ignored;
  if (!placed_) fs::remove(growing_, ignored);
}

std::string GrowingArchive::fileName() const {
  return fs::path(archivePath(session_)).filename().string();
}

Status GrowingArchive::place() {
  if (isBeingWritten(session_))
    return Error{ErrorKind::kBadInput, session_, "another recording is writing this file", {}, {}};
  const std::string path = archivePath(session_);
  const int fault = placeFile(growing_, path, overwrite_);
  if (fault == EEXIST)
    return Error{ErrorKind::kBadInput, path, "exists already and is not overwritten without --force", {}, {}};
  if (fault != 0) return Error{ErrorKind::kStorage, path, "cannot be written", std::strerror(fault), {}};
  placed_ = true;
  return Done{};
}

Status GrowingArchive::finish(bool kept) {
  if (!placed_) return Done{};
  std::error_code ignored;
  const std::string path = archivePath(session_);
  if (!fs::exists(session_, ignored)) fs::remove(path, ignored);
  if (!kept) return Done{};
  const auto archive = identifyInput(path);
  if (!archive.ok())
    return Error{ErrorKind::kStorage, archive.error().where, archive.error().what, archive.error().found, {}};
  return writeArchiveDigest(session_, archive.value().sha256);
}

}  // namespace soleus
