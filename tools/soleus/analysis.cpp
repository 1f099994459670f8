#include "tools/soleus/analysis.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <future>
#include <iomanip>
#include <memory>
#include <optional>
#include <sstream>
#include <thread>

#include "calibration/dicom/dicom_file.h"
#include "calibration/dicom/profile_match.h"
#include "calibration/profile/profile.h"
#include "pipeline/core/subject_code.h"
#include "pipeline/dataset/add_to_session.h"
#include "pipeline/dataset/iq_reader.h"
#include "pipeline/dataset/session_reader.h"
#include "plugins/duplextrack/lumen_point.h"
#include "tools/soleus/input_file.h"
#include "tools/soleus/measure_sound.h"
#include "tools/soleus/noise_look.h"
#include "tools/soleus/output_file.h"
#include "tools/soleus/profile_fit.h"
#include "tools/soleus/session_contractions.h"

namespace soleus {
namespace {

// A single picture passes the decoders as a video of one frame; nothing can be timed in it.
constexpr std::uint64_t kFewestFrames = 2;

// Nobody waits for a single frame of a file: half of the frames in flight go to the measuring threads while
// the others are being measured.
constexpr int kFramesAtOnce = 4;

/// A frame's measuring costs a third of its decoding: with a thread on every core the two would only take the
/// cores from each other.
int measuringThreads(int asked) {
  return asked > 0 ? asked : std::max(1, static_cast<int>(std::thread::hardware_concurrency() / 2));
}

/// What a reviewer needs to do the same again. The input is known by its digest: a file's name is often the
/// patient's.
/// With the digests of the files that signals come from.
Result<std::string> signalsYaml(const std::vector<SignalRequest>& signals) {
  std::ostringstream out;
  if (!signals.empty()) out << "signals:\n";
  for (const SignalRequest& signal : signals) {
    const auto file = identifyInput(signal.file);
    if (!file.ok()) return file.error();
    out << "  - {name: " << signal.name << ", channel: '" << signal.channel
        << "', offset_s: " << std::setprecision(15) << signal.offsetS << ", bytes: " << file.value().bytes
        << ", sha256: " << file.value().sha256 << "}\n";
  }
  return out.str();
}

std::string measureYaml(const TrackerSettings& tracker) {
  return "{estimator: " + tracker.estimator +
         (tracker.lumenPoint.empty() ? "" : ", lumen_point: '" + tracker.lumenPoint + "'") + "}";
}

std::string configurationYaml(const InputFile& input, const TrackerSettings& tracker,
                              const std::optional<ProtocolInForce>& protocol) {
  std::ostringstream out;
  out << "schema: soleus.analysis/1\n"
      << "input: {bytes: " << input.bytes << ", sha256: " << input.sha256 << "}\n"
      << "measure: " << measureYaml(tracker) << "\n";
  if (protocol) out << protocolYaml(*protocol);
  return out.str();
}

Error noVideo(const std::string& path, const std::string& found) {
  return {ErrorKind::kBadInput, path, "holds no video", found, "a video stream"};
}

std::string profileName(const AnalysisJob& asked) {
  return asked.tracker.calibrationPath.empty() ? "the calibration found in " + asked.input
                                               : asked.tracker.calibrationPath;
}

/// A DICOM file says itself how its spectrum is scaled: a profile of another one is refused.
Status fitsDicom(const AnalysisJob& asked, const CalibrationProfile& profile) {
  const auto file = DicomFile::open(asked.input);
  if (!file.ok()) return file.error();
  return matchProfile(file.value()->description(), profile, profileName(asked));
}

Error noCalibration(const std::string& why) {
  return {ErrorKind::kUsage, "--calibration", why, "none", "--calibration PROFILE.yaml"};
}

Status checkLumenPoint(const std::string& text, const CalibrationProfile& profile, bool listen) {
  if (text.empty()) return Done{};
  const auto start = lumenStart(text, listen ? std::nullopt : profile.bmode);
  if (start.ok()) return Done{};
  Error error = start.error();
  error.kind = ErrorKind::kUsage;
  error.where = "--lumen-point";
  return error;
}

/// The profile named, or what the recording itself shows.
Result<CalibrationProfile> profileFor(const AnalysisJob& asked) {
  const std::string& path = asked.tracker.calibrationPath;
  if (!path.empty()) {
    if (const Status usable = checkInput(path); !usable.ok()) return usable.error();
    return loadProfile(path);
  }
  if (isHdf5(asked.input)) return noCalibration("I/Q shows no calibration");
  CalibrateOptions search = asked.search;
  search.input = asked.input;
  auto found = findCalibration(search);
  if (!found.ok()) return found.error();
  for (const std::string& note : found.value().notes)
    std::fprintf(stderr, "soleus: %s: %s\n", asked.input.c_str(), note.c_str());
  CalibrationProfile profile = std::move(found).value().profile;
  profile.yaml = profileYaml(profile);
  return profile;
}

Result<std::vector<SignalRecording>> readSignals(const std::vector<SignalRequest>& requests) {
  std::vector<SignalRecording> signals;
  for (const SignalRequest& request : requests) {
    auto signal = readSignalFile(request);
    if (!signal.ok()) return signal.error();
    signals.push_back(std::move(signal).value());
  }
  return signals;
}

Result<std::optional<ProtocolInForce>> readProtocol(const AnalysisJob& asked) {
  using Read = std::optional<ProtocolInForce>;
  if (asked.protocol.empty()) return Read{};
  auto protocol = loadProtocol(asked.protocol, "");
  if (!protocol.ok()) return protocol.error();
  return Read{ProtocolInForce{std::move(protocol).value(), asked.protocolStartS}};
}

/// The protocol's title is what sessions are told apart by (soleus compare), where nobody says it better.
SessionNotes notesOf(const AnalysisJob& asked, const std::optional<ProtocolInForce>& protocol) {
  SessionNotes notes = asked.notes;
  if (protocol && notes.condition.empty()) notes.condition = protocol->protocol.title;
  return notes;
}

/// What is added to a session once it is measured.
struct Beside {
  std::vector<SignalRecording> signals;
  std::optional<ProtocolInForce> protocol;
};

Status addCues(const std::optional<ProtocolInForce>& protocol, double endS, OutputFile& output) {
  if (!protocol) return Done{};
  if (endOfProtocolS(*protocol) < 0 || protocol->startS > endS) {
    std::ostringstream found;
    found << "it lasts from " << protocol->startS << " to " << endOfProtocolS(*protocol) << " s";
    std::ostringstream expected;
    expected << "'--protocol-start' so that it lies within the recording's " << endS << " s";
    return Error{ErrorKind::kBadInput, "protocol " + protocol->protocol.name,
                 "has nothing in common with the recording", found.str(), expected.str()};
  }
  std::vector<Event> cues = cueEvents(*protocol);
  std::erase_if(cues, [&](const Event& cue) { return cue.time.seconds() > endS; });
  if (const Status added = addEvents(output.temporaryPath(), cues); !added.ok())
    return output.named(added.error());
  return Done{};
}

/// The session is closed again: what is added to it afterwards needs it for itself.
Result<std::vector<double>> dopplerTimes(const std::string& path) {
  const auto session = SessionReader::open(path);
  if (!session.ok()) return session.error();
  return session.value()->column("/doppler/time");
}

/// `endS`: of the recording.
Status keepWith(const Beside& beside, double endS, OutputFile& output) {
  for (const SignalRecording& signal : beside.signals) {
    if (signal.timeS.front() <= endS) continue;
    std::ostringstream found;
    found << "its first sample at " << signal.timeS.front() << " s";
    std::ostringstream expected;
    expected << "samples within the recording's " << endS << " s: another offset, or times in seconds";
    return Error{ErrorKind::kBadInput, signal.source, "begins after the recording's end", found.str(),
                 expected.str()};
  }
  if (const Status added = addSignals(output.temporaryPath(), beside.signals); !added.ok())
    return output.named(added.error());
  if (const Status added = addCues(beside.protocol, endS, output); !added.ok()) return added;
  if (const Status found = addContractionsOf(output.temporaryPath()); !found.ok())
    return output.named(found.error());
  return output.keep();
}

/// `iq`: of the input if that is HDF5, else nullptr.
Status analyseSound(const AnalysisJob& asked, const InputFile& input, const IqReader* iq,
                    const Beside& beside, OutputFile& output) {
  SoundJob job;
  job.path = asked.input;
  job.iq = iq;
  job.spectrum.calibrationPath = asked.tracker.calibrationPath;
  job.spectrum.estimator = asked.tracker.estimator;
  job.spectrum.windowMs = asked.windowMs;
  job.spectrum.maxVelocityCmPerS = asked.maxVelocityCmPerS;
  job.spectrum.threads = asked.tracker.threads;
  job.notes = notesOf(asked, beside.protocol);
  if (beside.protocol) job.protocolName = beside.protocol->protocol.name;
  const auto kept = signalsYaml(asked.signals);
  if (!kept.ok()) return kept.error();
  job.configuration = configurationYaml(input, asked.tracker, beside.protocol) + kept.value();
  job.sessionPath = output.temporaryPath();
  job.run.what = "measuring";
  job.run.sourceName = asked.input;
  job.run.medium = "sound";
  job.run.sourceFault = ErrorKind::kBadInput;
  job.run.wholeFile = true;
  const auto end = measureSound(job);
  if (!end.ok()) return output.named(end.error());
  if (end.value().interrupted)
    return Error{ErrorKind::kUsage, asked.output, "was interrupted; nothing is kept", "", ""};
  const auto times = dopplerTimes(output.temporaryPath());
  if (!times.ok()) return output.named(times.error());
  if (times.value().empty()) {
    return Error{ErrorKind::kBadInput, asked.input, "is too short to measure", "not one column",
                 "at least one window ('--window-ms', and no less than 32 samples)"};
  }
  return keepWith(beside, times.value().back(), output);
}

}  // namespace

Status analyse(const AnalysisJob& asked) {
  if (const Status code = checkSubjectCode(asked.notes.subject, "--subject"); !code.ok()) return code.error();
  if (asked.from == "audio" && asked.tracker.calibrationPath.empty())
    return noCalibration("sound shows no calibration");
  if (const Status usable = checkInput(asked.input); !usable.ok()) return usable.error();
  // Beside the first look at the file: the session needs its digest only with the first result.
  const auto identified = std::async(std::launch::async, identifyInput, asked.input).share();
  // Before anything is decoded: a wrong profile is the most common fault and the quickest to name.
  const auto profile = profileFor(asked);
  if (!profile.ok()) return profile.error();
  if (isDicom(asked.input) && !asked.tracker.calibrationPath.empty()) {
    if (const Status fits = fitsDicom(asked, profile.value()); !fits.ok()) return fits;
  }
  std::unique_ptr<IqReader> iq;
  if (isHdf5(asked.input)) {
    auto reader = IqReader::open(asked.input);
    if (!reader.ok()) return reader.error();
    if (asked.from == "video") return noVideo(asked.input, "I/Q samples");
    iq = std::move(reader).value();
  }
  auto signals = readSignals(asked.signals);
  if (!signals.ok()) return signals.error();
  auto protocol = readProtocol(asked);
  if (!protocol.ok()) return protocol.error();
  const Beside beside{std::move(signals).value(), std::move(protocol).value()};
  auto output = OutputFile::reserve(asked.output, asked.force, {asked.input, asked.tracker.calibrationPath});
  if (!output.ok()) return output.error();
  const bool seen = profile.value().doppler || profile.value().bmode;
  const bool listen = iq || (asked.from.empty() ? !seen : asked.from == "audio");
  if (listen && !profile.value().audio) {
    return Error{ErrorKind::kBadInput, profileName(asked), "says nothing of sound", "no audio section",
                 iq ? "one" : "one, or '--from video'"};
  }
  if (iq && profile.value().audio->channels != AudioCalibration::Channels::kQuadrature) {
    return Error{ErrorKind::kBadInput, profileName(asked) + ", audio.channels", "the profile is not for I/Q",
                 "another kind of sound", "quadrature"};
  }
  if (!listen && !seen) {
    return Error{ErrorKind::kBadInput, profileName(asked), "says nothing of a screen",
                 "no doppler and no bmode section", "one of them, or '--from audio'"};
  }
  if (const Status usable = checkLumenPoint(asked.tracker.lumenPoint, profile.value(), listen); !usable.ok())
    return usable;
  if (listen) {
    const auto input = identified.get();
    if (!input.ok()) return input.error();
    return analyseSound(asked, input.value(), iq.get(), beside, *output.value());
  }

  MeasureJob job;
  job.source.kind = VideoSource::Kind::kFile;
  job.source.location = asked.input;
  job.tracker = asked.tracker;
  job.tracker.calibrationPath.clear();
  job.tracker.calibrationText = profile.value().yaml;
  job.tracker.framesAtOnce = kFramesAtOnce;
  job.tracker.threads = measuringThreads(asked.tracker.threads);
  job.notes = notesOf(asked, beside.protocol);
  if (beside.protocol) job.protocol = beside.protocol->protocol;
  job.configuration = [&]() -> Result<std::string> {
    const auto input = identified.get();
    if (!input.ok()) return input.error();
    const auto kept = signalsYaml(asked.signals);
    if (!kept.ok()) return kept.error();
    return configurationYaml(input.value(), asked.tracker, beside.protocol) + kept.value();
  };
  job.sessionPath = output.value()->temporaryPath();
  job.followed = false;  // nobody knows its name yet
  job.run.what = "measuring";
  job.run.sourceName = asked.input;
  job.run.sourceFault = ErrorKind::kBadInput;
  job.run.wholeFile = true;
  const auto named = [&](Error error) {
    // A file that cannot be read to its end says so better than a decoder.
    if (const auto& input = identified.get(); !input.ok()) return input.error();
    error = output.value()->named(std::move(error));
    // What an element finds wrong with a picture does not name the file that the picture came from; a source
    // of our own does.
    if (error.kind == ErrorKind::kBadInput && error.where.empty() && !error.what.starts_with(asked.input))
      error.where = asked.input;
    // The elements know the profile as their calibration, the user as a file.
    constexpr const char* kProfile = "calibration, ";
    if (error.what.starts_with(kProfile))
      error.what = profileName(asked) + ", " + error.what.substr(std::strlen(kProfile));
    return error;
  };
  const auto inForce = withDynamicRange(profile.value(), job);
  if (!inForce.ok()) return named(inForce.error());
  job.tracker.calibrationText = inForce.value().yaml;
  job.overwrite = true;
  const auto end = measure(job);
  if (!end.ok()) return named(end.error());
  const RunEnd& run = end.value();
  if (run.interrupted) {
    return Error{ErrorKind::kUsage, asked.output, "was interrupted; nothing is kept", "", ""};
  }
  if (run.frames < kFewestFrames) {
    return noVideo(asked.input, run.frames == 0 ? "no frame" : "a single picture");
  }
  if (const auto& doppler = profile.value().doppler) {
    const Status fits =
        checkProfileFit(output.value()->temporaryPath(), *doppler, run.lastedS, profileName(asked));
    if (!fits.ok()) return output.value()->named(fits.error());
  }
  return keepWith(beside, run.lastedS, *output.value());
}

}  // namespace soleus
