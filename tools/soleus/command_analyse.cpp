#include <algorithm>
#include <memory>
#include <optional>
#include <sstream>
#include <thread>

#include "calibration/dicom/dicom_file.h"
#include "calibration/dicom/profile_match.h"
#include "calibration/profile/profile.h"
#include "pipeline/core/subject_code.h"
#include "pipeline/dataset/iq_reader.h"
#include "pipeline/dataset/session_reader.h"
#include "tools/soleus/commands.h"
#include "tools/soleus/console.h"
#include "tools/soleus/input_file.h"
#include "tools/soleus/measure.h"
#include "tools/soleus/measure_sound.h"
#include "tools/soleus/noise_look.h"
#include "tools/soleus/output_file.h"
#include "tools/soleus/session_summary.h"

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

struct Arguments {
  std::string input;
  std::string output;
  std::string from;  // audio, video, or empty: what the profile describes, video first
  double windowMs = SpectrumSettings().windowMs;
  double maxVelocityCmPerS = SpectrumSettings().maxVelocityCmPerS;
  bool force = false;
  bool json = false;
  SessionNotes notes;
  TrackerSettings tracker;
};

/// What a reviewer needs to do the same again. The input is known by its digest: a file's name is often the
/// patient's.
std::string configurationYaml(const InputFile& input, const TrackerSettings& tracker) {
  std::ostringstream out;
  out << "schema: soleus.analysis/1\n"
      << "input: {bytes: " << input.bytes << ", sha256: " << input.sha256 << "}\n"
      << "measure: {estimator: " << tracker.estimator << "}\n";
  return out.str();
}

Error noVideo(const std::string& path, const std::string& found) {
  return {ErrorKind::kBadInput, path, "holds no video", found, "a video stream"};
}

/// A profile with the wrong display, or a region beside the strip, gives next to no columns.
std::optional<Error> nothingTimed(const Arguments& args, const CalibrationProfile& profile,
                                  const std::string& session, const RunEnd& run) {
  constexpr double kLeastShare = 0.01;
  if (!profile.doppler) return std::nullopt;
  const auto reader = SessionReader::open(session);
  if (!reader.ok()) return reader.error();
  const auto times = reader.value()->column("/doppler/time");
  if (!times.ok()) return times.error();
  const double coveredS = static_cast<double>(times.value().size()) * profile.doppler->secondsPerPixel;
  if (coveredS >= kLeastShare * run.lastedS) return std::nullopt;
  const bool scroll = profile.doppler->display == Display::kScroll;
  return Error{ErrorKind::kBadInput, args.tracker.calibrationPath + ", doppler",
               "next to no spectrum could be read from this video",
               scroll ? "a strip that does not scroll" : "a strip that no bar crosses",
               scroll ? "the spectrum alone in 'region', or 'display: sweep'"
                      : "the spectrum alone in 'region', or 'display: scroll'"};
}

/// A DICOM file says itself how its spectrum is scaled: a profile of another one is refused.
Status fitsDicom(const Arguments& args, const CalibrationProfile& profile) {
  const auto file = DicomFile::open(args.input);
  if (!file.ok()) return file.error();
  return matchProfile(file.value()->description(), profile, args.tracker.calibrationPath);
}

/// `iq`: of the input if that is HDF5, else nullptr.
Status analyseSound(const Arguments& args, const InputFile& input, const IqReader* iq, OutputFile& output) {
  SoundJob job;
  job.path = args.input;
  job.iq = iq;
  job.spectrum.calibrationPath = args.tracker.calibrationPath;
  job.spectrum.estimator = args.tracker.estimator;
  job.spectrum.windowMs = args.windowMs;
  job.spectrum.maxVelocityCmPerS = args.maxVelocityCmPerS;
  job.spectrum.threads = args.tracker.threads;
  job.notes = args.notes;
  job.configuration = configurationYaml(input, args.tracker);
  job.sessionPath = output.temporaryPath();
  job.run.what = "measuring";
  job.run.sourceName = args.input;
  job.run.medium = "sound";
  job.run.sourceFault = ErrorKind::kBadInput;
  job.run.wholeFile = true;
  const auto end = measureSound(job);
  if (!end.ok()) return output.named(end.error());
  if (end.value().interrupted)
    return Error{ErrorKind::kUsage, args.output, "was interrupted; nothing is kept", "", ""};
  const auto reader = SessionReader::open(output.temporaryPath());
  if (!reader.ok()) return output.named(reader.error());
  const auto times = reader.value()->column("/doppler/time");
  if (!times.ok()) return output.named(times.error());
  if (times.value().empty()) {
    return Error{ErrorKind::kBadInput, args.input, "is too short to measure", "not one column",
                 "at least one window ('--window-ms', and no less than 32 samples)"};
  }
  return output.keep();
}

Status analyse(const Arguments& args) {
  if (const Status code = checkSubjectCode(args.notes.subject, "--subject"); !code.ok()) return code.error();
  const auto input = identifyInput(args.input);
  if (!input.ok()) return input.error();
  // Before anything is decoded: a wrong profile is the most common fault and the quickest to name.
  if (const Status usable = checkInput(args.tracker.calibrationPath); !usable.ok()) return usable.error();
  const auto profile = loadProfile(args.tracker.calibrationPath);
  if (!profile.ok()) return profile.error();
  if (isDicom(args.input)) {
    if (const Status fits = fitsDicom(args, profile.value()); !fits.ok()) return fits;
  }
  std::unique_ptr<IqReader> iq;
  if (isHdf5(args.input)) {
    auto reader = IqReader::open(args.input);
    if (!reader.ok()) return reader.error();
    if (args.from == "video") return noVideo(args.input, "I/Q samples");
    iq = std::move(reader).value();
  }
  auto output = OutputFile::reserve(args.output, args.force, {args.input, args.tracker.calibrationPath});
  if (!output.ok()) return output.error();
  const bool seen = profile.value().doppler || profile.value().bmode;
  const bool listen = iq || (args.from.empty() ? !seen : args.from == "audio");
  if (listen && !profile.value().audio) {
    return Error{ErrorKind::kBadInput, args.tracker.calibrationPath, "says nothing of sound",
                 "no audio section", iq ? "one" : "one, or '--from video'"};
  }
  if (iq && profile.value().audio->channels != AudioCalibration::Channels::kQuadrature) {
    return Error{ErrorKind::kBadInput, args.tracker.calibrationPath + ", audio.channels",
                 "the profile is not for I/Q", "another kind of sound", "quadrature"};
  }
  if (!listen && !seen) {
    return Error{ErrorKind::kBadInput, args.tracker.calibrationPath, "says nothing of a screen",
                 "no doppler and no bmode section", "one of them, or '--from audio'"};
  }
  if (listen) return analyseSound(args, input.value(), iq.get(), *output.value());

  MeasureJob job;
  job.source.kind = VideoSource::Kind::kFile;
  job.source.location = args.input;
  job.tracker = args.tracker;
  job.tracker.framesAtOnce = kFramesAtOnce;
  job.tracker.threads = measuringThreads(args.tracker.threads);
  job.notes = args.notes;
  job.configuration = configurationYaml(input.value(), args.tracker);
  job.sessionPath = output.value()->temporaryPath();
  job.run.what = "measuring";
  job.run.sourceName = args.input;
  job.run.sourceFault = ErrorKind::kBadInput;
  job.run.wholeFile = true;
  const auto named = [&](Error error) {
    error = output.value()->named(std::move(error));
    // What an element finds wrong with a picture does not name the file that the picture came from; a source
    // of our own does.
    if (error.kind == ErrorKind::kBadInput && error.where.empty() && !error.what.starts_with(args.input))
      error.where = args.input;
    return error;
  };
  const auto inForce = withDynamicRange(profile.value(), job);
  if (!inForce.ok()) return named(inForce.error());
  job.tracker.calibrationPath.clear();
  job.tracker.calibrationText = inForce.value().yaml;
  job.overwrite = true;
  const auto end = measure(job);
  if (!end.ok()) return named(end.error());
  const RunEnd& run = end.value();
  if (run.interrupted) {
    return Error{ErrorKind::kUsage, args.output, "was interrupted; nothing is kept", "", ""};
  }
  if (run.frames < kFewestFrames) {
    return noVideo(args.input, run.frames == 0 ? "no frame" : "a single picture");
  }
  if (auto error = nothingTimed(args, profile.value(), output.value()->temporaryPath(), run)) {
    return output.value()->named(*error);
  }
  return output.value()->keep();
}

}  // namespace

void addAnalyse(CLI::App& app, int& exitCode) {
  auto args = std::make_shared<Arguments>();
  auto* command =
      app.add_subcommand("analyse", "Measure a recording: video, Doppler sound or I/Q in, session file out")
          ->alias("analyze");
  command->footer(
      "Example:\n  soleus simulate calf.mkv\n"
      "  soleus analyse calf.mkv --calibration calf.calibration.yaml -o calf.h5 --subject P01 --limb left");
  command
      ->add_option("INPUT", args->input,
                   "video, DICOM or sound file, or HDF5 with I/Q in /iq or /i and /q and their sampling_rate")
      ->required();
  command->add_option("--calibration", args->tracker.calibrationPath, "calibration profile (YAML)")
      ->required();
  command->add_option("-o,--output", args->output, "session file to write (.h5)")->required();
  command
      ->add_option("--from", args->from,
                   "what to measure, audio or video; without it what the profile describes, video first")
      ->check(CLI::IsMember({"audio", "video"}));
  command
      ->add_option("--window-ms", args->windowMs,
                   "audio: length of the spectrum's Hann window in ms; at least 32 samples")
      ->check(CLI::Range(1.0, 200.0))
      ->capture_default_str();
  command
      ->add_option("--max-velocity", args->maxVelocityCmPerS,
                   "audio: end of the velocity axis in cm/s, if half the sampling rate lies beyond")
      ->check(CLI::Range(10.0, 2000.0))
      ->capture_default_str();
  command->add_flag("--force", args->force, "overwrite the output if it exists");
  command->add_option("--estimator", args->tracker.estimator, "estimator of the peak velocity")
      ->check(CLI::IsMember(estimatorNames()))
      ->capture_default_str();
  command
      ->add_option("--threads", args->tracker.threads,
                   "measuring threads; 0 = for video one for every two cores (the decoder needs the rest), "
                   "for sound one for each core")
      ->check(CLI::Range(0, 64))
      ->capture_default_str();
  command->add_option("--title", args->notes.title, "title of the session");
  command->add_option("--subject", args->notes.subject, "code of the participant, never a name");
  command->add_option("--limb", args->notes.limb, "limb examined: left, right, ...");
  command->add_option("--condition", args->notes.condition, "condition or exercise");
  command->add_flag("--json", args->json, "print the results as JSON");
  command->callback([args, &exitCode] {
    const Status status = analyse(*args);
    exitCode = status.ok() ? printSummary(args->output, args->json) : report(status.error());
  });
}

}  // namespace soleus
