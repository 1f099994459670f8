#include "tools/soleus/lab_config.h"

#include <filesystem>
#include <iomanip>
#include <optional>
#include <set>
#include <sstream>

#include "calibration/profile/strict_yaml.h"
#include "pipeline/core/subject_code.h"
#include "plugins/sessionsink/session_recorder.h"
#include "tools/soleus/signal_file.h"

namespace soleus {
namespace {

namespace fs = std::filesystem;
using Kind = VideoSource::Kind;

constexpr const char* kSchema = "soleus.lab/1";

/// Names beside the configuration, so that a folder of set-ups can be moved as a whole.
std::string besideConfig(const fs::path& config, const std::string& name) {
  return (config.parent_path() / name).lexically_normal().string();
}

std::string fileName(const std::string& path) {
  return fs::path(path).filename().string();
}

/// A YAML text in single quotes.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
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

/// Both lines or neither: a delay is measured, not assumed.
std::optional<CaptureDelay> readDelay(YamlMap& map) {
  constexpr double kMostS = 10;
  const auto delayS = map.optionalNumber("delay_s", {-kMostS, kMostS});
  const auto uncertaintyS = map.optionalNumber("delay_uncertainty_s", {0, kMostS});
  if (!delayS && !uncertaintyS) return std::nullopt;
  if (!delayS || !uncertaintyS) {
    const std::string missing = delayS ? "delay_uncertainty_s" : "delay_s";
    map.fault(delayS ? "delay_s" : "delay_uncertainty_s", "half of a measured delay", "no '" + missing + "'",
              "both, as 'soleus calibrate --delay' prints them");
    return std::nullopt;
  }
  return CaptureDelay{*delayS, *uncertaintyS};
}

/// The same as YAML, with what comes before each line.
std::string delayYaml(const std::optional<CaptureDelay>& delay, const std::string& indent) {
  std::ostringstream out;
  if (delay)
    out << std::setprecision(15) << indent << "delay_s: " << delay->delayS << "\n"
        << indent << "delay_uncertainty_s: " << delay->uncertaintyS << "\n";
  return out.str();
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
  source.delay = readDelay(map);
  return source;
}

TrackerSettings readTracker(std::optional<YamlMap> map) {
  TrackerSettings tracker;
  if (!map) return tracker;
  tracker.estimator = map->textOr("estimator", tracker.estimator);
  tracker.threads = map->integerOr("threads", tracker.threads, {0, 64});
  tracker.framesInFlight = map->integerOr("frames_in_flight", tracker.framesInFlight, {1, 64});
  if (map->has("overload")) {
    tracker.overload =
        map->choice<Overload>("overload", {{"block", Overload::kBlock}, {"drop", Overload::kDrop}});
  }
  return tracker;
}

/// A name below /signals or /streams: readers in other languages make variables of it.
std::string readName(YamlMap& map, const std::string& key) {
  const std::string name = map.text(key);
  const bool letters =
      std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
  if (name.empty() || !letters || std::isdigit(static_cast<unsigned char>(name.front())) != 0)
    map.fault(key, "not a name", "'" + name + "'", "letters, digits and _, no digit first");
  return name;
}

SignalInput readSignals(YamlMap map) {
  SignalInput input;
  input.source.stream = readName(map, "name");
  for (const char* taken : {kVideoStream, kMeasurementStream}) {
    if (input.source.stream == taken)
      map.fault("name", "a name that is taken", "'" + input.source.stream + "'", "another");
  }
  map.choice<int>("source", {{"udp", 0}});
  input.address = map.textOr("address", input.address);
  input.port = map.integer("port", {1, 65535});
  input.source.token = map.textOr("token", "");
  if (!isLoopback(input.address) && input.source.token.empty())
    map.fault("address", "anyone on the network could send", "'" + input.address + "' without a token",
              "a 'token' that every line begins with, or 127.0.0.1");
  if (input.source.token.find_first_of(" \t\r\n,") != std::string::npos)
    map.fault("token", "not one word", "'...'", "no space, tab or comma");
  input.source.samplesPerSecond = map.optionalNumber("samples_per_second", {0.01, 1e6});
  input.source.delay = readDelay(map);
  for (YamlMap& channel : map.maps("channels")) {
    SignalChannel read;
    read.name = readName(channel, "name");
    read.units = channel.text("units");
    read.gain = channel.numberOr("gain", 1);
    if (read.gain == 0)
      channel.fault("gain", "nothing would be left", "0", "units for each unit that the board sends");
    input.source.channels.push_back(read);
  }
  if (input.source.channels.empty())
    map.fault("channels", "no channel", "none", "one for each value of a line");
  return input;
}

/// No two have one name or one port.
void checkSignals(YamlMap& root, const std::vector<SignalInput>& inputs) {
  std::set<std::string> seen;
  const auto twice = [&](const std::string& what) {
    if (!seen.insert(what).second) root.fault("signals", "two have the same", what, "one of each");
  };
  for (const SignalInput& input : inputs) {
    twice("name " + input.source.stream);
    twice("port " + std::to_string(input.port));
    for (const SignalChannel& channel : input.source.channels) twice("channel " + channel.name);
  }
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
  for (YamlMap& signal : root.maps("signals")) job.signals.push_back(readSignals(signal));
  checkSignals(root, job.signals);
  if (!job.signals.empty() && (job.source.kind == Kind::kFile || !job.source.live))
    root.fault("signals", "a recorded video has no common time with them", "a video source that is not live",
               "v4l2, rtsp or a live phantom; for a file 'soleus analyse --signal'");
  job.notes = readNotes(root.optionalMap("session"));
  job.tracker = readTracker(root.optionalMap("measure"));
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
      out << "  source: phantom\n  scenario: " << quoted(fileName(source.location))
          << "\n  seed: " << source.seed << "\n  live: " << (source.live ? "true" : "false") << "\n";
      break;
    case Kind::kFile:
      out << "  source: file\n  path: " << quoted(fileName(source.location)) << "\n";
      break;
    case Kind::kV4l2:
      out << "  source: v4l2\n  device: " << quoted(source.location) << "\n  width_px: " << source.width
          << "\n  height_px: " << source.height << "\n  frames_per_second: " << source.framesPerSecond
          << "\n";
      break;
    case Kind::kRtsp:
      out << "  source: rtsp\n  url: " << quoted(shownLocation(source))
          << "\n  latency_ms: " << source.latencyMs << "\n";
      break;
  }
  out << delayYaml(source.delay, "  ");
  if (!job.signals.empty()) out << "signals:\n";
  for (const SignalInput& input : job.signals) {
    out << "  - name: " << input.source.stream << "\n    source: udp\n    address: " << quoted(input.address)
        << "\n    port: " << input.port << "\n";
    if (input.source.samplesPerSecond)
      out << "    samples_per_second: " << *input.source.samplesPerSecond << "\n";
    out << delayYaml(input.source.delay, "    ") << "    channels:\n";
    for (const SignalChannel& c : input.source.channels)
      out << "      - {name: " << c.name << ", units: " << quoted(c.units) << ", gain: " << c.gain << "}\n";
  }
  if (!job.tracker.calibrationPath.empty()) {
    out << "calibration: " << quoted(fileName(job.tracker.calibrationPath)) << "\n";
  }
  out << "session: {title: " << quoted(job.notes.title) << ", subject: " << quoted(job.notes.subject)
      << ", limb: " << quoted(job.notes.limb) << ", condition: " << quoted(job.notes.condition) << "}\n"
      << "measure: {estimator: " << job.tracker.estimator << ", threads: " << job.tracker.threads
      << ", frames_in_flight: " << job.tracker.framesInFlight
      << ", overload: " << (job.tracker.overload == Overload::kDrop ? "drop" : "block") << "}\n";
  if (durationS > 0) out << "# recorded for at most " << durationS << " s\n";
  return out.str();
}

}  // namespace soleus
