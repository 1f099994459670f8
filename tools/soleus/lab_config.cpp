#include "tools/soleus/lab_config.h"

#include <charconv>
#include <filesystem>
#include <iomanip>
#include <sstream>

#include "calibration/profile/strict_yaml.h"
#include "pipeline/core/subject_code.h"
#include "plugins/duplextrack/lumen_point.h"
#include "tools/soleus/lab_delay.h"
#include "tools/soleus/lab_signals.h"

namespace soleus {
namespace {

namespace fs = std::filesystem;
using Kind = VideoSource::Kind;
using Codec = ArchiveSettings::Codec;

constexpr const char* kSchema = "soleus.lab/1";

/// Names beside the configuration, so that a folder of set-ups can be moved as a whole.
std::string besideConfig(const fs::path& config, const std::string& name) {
  return (config.parent_path() / name).lexically_normal().string();
}

std::string fileName(const std::string& path) {
  return fs::path(path).filename().string();
}

/// Resolves the file that `key` names and says at once, with its line, if it isn't there.
std::string readFile(YamlMap map, const std::string& key, const fs::path& config) {
  const std::string name = map.text(key);
  const std::string path = besideConfig(config, name);
  std::error_code ignored;
  if (!name.empty() && !fs::exists(path, ignored)) {
    map.fault(key, "no such file", "'" + name + "' is not beside " + config.filename().string(),
              "a path relative to this file");
  }
  return path;
}

VideoSource readSource(YamlMap map, const fs::path& config) {
  VideoSource source;
  source.kind = map.choice<Kind>(
      "source",
      {{"phantom", Kind::kPhantom}, {"file", Kind::kFile}, {"v4l2", Kind::kV4l2}, {"rtsp", Kind::kRtsp}});
  switch (source.kind) {
    case Kind::kPhantom:
      source.location = readFile(map, "scenario", config);
      source.seed = static_cast<std::uint64_t>(map.integerOr("seed", 1, {0, 2e9}));
      source.live = map.booleanOr("live", true);
      break;
    case Kind::kFile:
      source.location = readFile(map, "path", config);
      break;
    case Kind::kV4l2:
      source.location = map.text("device");
      source.width = map.integerOr("width_px", 0, {0, 16384});
      source.height = map.integerOr("height_px", 0, {0, 16384});
      source.framesPerSecond = map.integerOr("frames_per_second", 0, {0, 240});
      break;
    case Kind::kRtsp:
      source.location = map.text("url");
      if (!source.location.starts_with("rtsp://") && !source.location.starts_with("rtsps://")) {
        map.fault("url", "not an RTSP address", "'" + source.location + "'", "rtsp://HOST/PATH");
      }
      source.latencyMs = map.integerOr("latency_ms", 200, {0, 10000});
      break;
  }
  if (source.kind == Kind::kV4l2 || source.kind == Kind::kRtsp)
    source.reconnectS = map.numberOr("reconnect_s", source.reconnectS, {0, 86400});
  source.delay = readDelay(map);
  return source;
}

void readTracker(std::optional<YamlMap> map, TrackerSettings& tracker) {
  if (!map) return;
  tracker.estimator = map->textOr("estimator", tracker.estimator);
  tracker.lumenPoint = map->textOr("lumen_point", "");
  if (!tracker.lumenPoint.empty()) {
    if (const auto point = parseLumenPoint(tracker.lumenPoint); !point.ok())
      map->fault("lumen_point", point.error().what, point.error().found, point.error().expected);
  }
  tracker.threads = map->integerOr("threads", tracker.threads, {0, 64});
  tracker.framesInFlight = map->integerOr("frames_in_flight", tracker.framesInFlight, {1, 64});
  if (map->has("overload")) {
    tracker.overload =
        map->choice<Overload>("overload", {{"block", Overload::kBlock}, {"drop", Overload::kDrop}});
  }
}

ArchiveSettings readArchive(std::optional<YamlMap> map) {
  ArchiveSettings archive;
  if (!map) return archive;
  archive.codec =
      map->choice<Codec>("codec", {{"none", Codec::kNone}, {"ffv1", Codec::kFfv1}, {"h264", Codec::kH264}});
  archive.keepScreen = map->booleanOr("keep_screen", false);
  return archive;
}

/// `clock: {provide: PORT}`, `{provide: ADDRESS:PORT}` or `{follow: ADDRESS:PORT}`.
NetworkClockSettings readClock(std::optional<YamlMap> map) {
  using Role = NetworkClockSettings::Role;
  NetworkClockSettings clock;
  if (!map) return clock;
  if (map->has("follow") && map->has("provide"))
    map->fault("provide", "a clock is provided or followed", "both", "one of them");
  const char* key = map->has("follow") ? "follow" : "provide";
  clock.role = map->has("follow") ? Role::kFollow : Role::kProvide;
  const std::string text = map->text(key);
  const auto colon = text.rfind(':');
  const std::string port = colon == std::string::npos ? text : text.substr(colon + 1);
  if (colon != std::string::npos) clock.address = text.substr(0, colon);
  const auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), clock.port);
  const bool number =
      fault == std::errc() && end == port.data() + port.size() && clock.port > 0 && clock.port < 65536;
  if (!number || clock.address.empty() || (clock.role == Role::kFollow && colon == std::string::npos))
    map->fault(key, "no address of a clock", "'" + text + "'", "ADDRESS:PORT");
  return clock;
}

/// Its cues are given to a person, who has to be there.
std::optional<Protocol> readNamedProtocol(YamlMap& root, const fs::path& config, const VideoSource& source) {
  if (!root.has("protocol")) return std::nullopt;
  const std::string asked = root.text("protocol");
  if (!isLive(source))
    root.fault("protocol", "nobody can be asked in a video that is not live", "'" + asked + "'",
               "v4l2, rtsp or a live phantom; for a recording 'soleus analyse --protocol'");
  auto protocol = loadProtocol(asked, config.parent_path().string());
  if (protocol.ok()) return std::move(protocol).value();
  const Error& error = protocol.error();
  root.fault("protocol", error.where + ": " + error.what, error.found, error.expected);
  return std::nullopt;
}

SessionNotes readNotes(std::optional<YamlMap> map) {
  SessionNotes notes;
  if (!map) return notes;
  notes.title = map->textOr("title", "");
  notes.subject = map->textOr("subject", "");
  if (const Status code = checkSubjectCode(notes.subject, ""); !code.ok())
    map->fault("subject", code.error().what, code.error().found, code.error().expected);
  notes.limb = map->textOr("limb", "");
  notes.condition = map->textOr("condition", "");
  return notes;
}

}  // namespace

Result<MeasureJob> loadLabConfig(const std::string& path) {
  const auto document = YamlDocument::load(path);
  if (!document.ok()) return document.error();
  YamlMap root = document.value().root();
  MeasureJob job;
  const std::string schema = root.text("schema");
  if (schema != kSchema)
    root.fault("schema", "not a lab set-up of this version", "'" + schema + "'", kSchema);
  job.source = readSource(root.map("video"), path);
  job.signals = readSignalInputs(root);
  if (!job.signals.empty() && !isLive(job.source))
    root.fault("signals", "a recorded video has no common time with them", "a video source that is not live",
               "v4l2, rtsp or a live phantom; for a file 'soleus analyse --signal'");
  job.clock = readClock(root.optionalMap("clock"));
  if (job.clock.role != NetworkClockSettings::Role::kNone && !isLive(job.source))
    root.fault("clock", "a video that is not live has no common time", "a clock", "none");
  job.archive = readArchive(root.optionalMap("archive"));
  if (job.archive.codec != Codec::kNone && job.source.kind == Kind::kFile)
    root.fault("archive", "a recorded video is its own archive", "an archive of a file", "none");
  job.notes = readNotes(root.optionalMap("session"));
  job.protocol = readNamedProtocol(root, path, job.source);
  // Measuring may fall behind, an archive need not: it measures later what was not measured now.
  if (job.archive.codec != Codec::kNone && isLive(job.source)) job.tracker.overload = Overload::kDrop;
  readTracker(root.optionalMap("measure"), job.tracker);
  const bool ownCalibration = job.source.kind == Kind::kPhantom;
  if (!ownCalibration) {
    job.tracker.calibrationPath = readFile(root, "calibration", path);
  } else if (root.has("calibration")) {
    root.fault("calibration", "not used with the phantom", "a calibration",
               "none: the phantom brings its own");
  }
  if (const Status status = document.value().status(); !status.ok()) return status.error();
  return job;
}

std::string labYaml(const MeasureJob& job, double durationS) {
  const VideoSource& source = job.source;
  std::ostringstream out;
  out << std::setprecision(15) << "schema: " << kSchema << "\nvideo:\n";
  switch (source.kind) {
    case Kind::kPhantom:
      out << "  source: phantom\n  scenario: " << yamlQuoted(fileName(source.location))
          << "\n  seed: " << source.seed << "\n  live: " << (source.live ? "true" : "false") << "\n";
      break;
    case Kind::kFile:
      out << "  source: file\n  path: " << yamlQuoted(fileName(source.location)) << "\n";
      break;
    case Kind::kV4l2:
      out << "  source: v4l2\n  device: " << yamlQuoted(source.location) << "\n  width_px: " << source.width
          << "\n  height_px: " << source.height << "\n  frames_per_second: " << source.framesPerSecond
          << "\n  reconnect_s: " << source.reconnectS << "\n";
      break;
    case Kind::kRtsp:
      out << "  source: rtsp\n  url: " << yamlQuoted(shownLocation(source))
          << "\n  latency_ms: " << source.latencyMs << "\n  reconnect_s: " << source.reconnectS << "\n";
      break;
  }
  out << delayYaml(source.delay, "  ");
  out << signalInputsYaml(job.signals);
  if (job.clock.role != NetworkClockSettings::Role::kNone) {
    out << "clock: {" << (job.clock.role == NetworkClockSettings::Role::kFollow ? "follow" : "provide")
        << ": " << yamlQuoted(job.clock.address + ":" + std::to_string(job.clock.port)) << "}\n";
  }
  if (job.archive.codec != Codec::kNone) {
    out << "archive: {codec: " << (job.archive.codec == Codec::kFfv1 ? "ffv1" : "h264")
        << ", keep_screen: " << (job.archive.keepScreen ? "true" : "false") << "}\n";
  }
  if (!job.tracker.calibrationPath.empty()) {
    out << "calibration: " << yamlQuoted(fileName(job.tracker.calibrationPath)) << "\n";
  }
  out << "session: {title: " << yamlQuoted(job.notes.title) << ", subject: " << yamlQuoted(job.notes.subject)
      << ", limb: " << yamlQuoted(job.notes.limb) << ", condition: " << yamlQuoted(job.notes.condition)
      << "}\n";
  if (job.protocol) out << protocolYaml({*job.protocol, 0});
  out << "measure: {estimator: " << job.tracker.estimator;
  if (!job.tracker.lumenPoint.empty()) out << ", lumen_point: " << yamlQuoted(job.tracker.lumenPoint);
  out << ", threads: " << job.tracker.threads << ", frames_in_flight: " << job.tracker.framesInFlight
      << ", overload: " << (job.tracker.overload == Overload::kDrop ? "drop" : "block") << "}\n";
  if (durationS > 0) out << "# recorded for at most " << durationS << " s\n";
  return out.str();
}

}  // namespace soleus
