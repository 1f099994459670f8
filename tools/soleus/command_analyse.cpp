#include <memory>

#include "tools/soleus/analysis.h"
#include "tools/soleus/calibrate_options.h"
#include "tools/soleus/commands.h"
#include "tools/soleus/console.h"
#include "tools/soleus/session_summary.h"

namespace soleus {

namespace {

// A day: what is longer is a slip of units.
constexpr double kLongestShiftS = 86'400;

Status analyseWith(const std::vector<std::string>& signals, AnalysisJob& job) {
  for (const std::string& text : signals) {
    auto request = parseSignalRequest(text);
    if (!request.ok()) return request.error();
    job.signals.push_back(std::move(request).value());
  }
  return analyse(job);
}

}  // namespace

void addAnalyse(CLI::App& app, int& exitCode) {
  auto args = std::make_shared<AnalysisJob>();
  auto json = std::make_shared<bool>(false);
  auto signals = std::make_shared<std::vector<std::string>>();
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
  auto* calibration =
      command->add_option("--calibration", args->tracker.calibrationPath,
                          "calibration profile (YAML); without it the recording is searched for "
                          "one, as 'calibrate' does it");
  for (CLI::Option* supplied : addCalibrateOptions(*command, args->search)) supplied->excludes(calibration);
  command
      ->add_option("--signal", *signals,
                   "NAME=FILE[#CHANNEL][@OFFSET_S]: EMG, force or ECG of another recorder to keep with it "
                   "(.csv with a header 'time_s,emg (mV)', .edf, .bdf, .xdf, or a channel's number of .wav, "
                   ".flac); a NAME "
                   "with 'emg' or 'force' in it tells when the muscle acts; "
                   "OFFSET_S is added to its times, "
                   "what then lies before 0 is left out; may be given several times")
      ->allow_extra_args(false);
  auto* protocol = command->add_option(
      "--protocol", args->protocol,
      "protocol that the participant followed: a file, or the name of one of configs/protocols/");
  command
      ->add_option("--protocol-start", args->protocolStartS,
                   "when it began, in s of the recording: the beginning of its rest, not its first cue")
      ->check(CLI::Range(-kLongestShiftS, kLongestShiftS))
      ->needs(protocol);
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
      ->add_option("--lumen-point", args->tracker.lumenPoint,
                   "X,Y: near which the vein is looked for, in pixels of the video; without it near the "
                   "middle of the B-mode picture")
      ->check([](const std::string& point) { return point.empty() ? "nothing, expected X,Y" : ""; });
  command
      ->add_option("--threads", args->tracker.threads,
                   "measuring threads; 0 = for video one for every two cores (the decoder needs the rest), "
                   "for sound one for each core")
      ->check(CLI::Range(0, 64))
      ->capture_default_str();
  command->add_option("--title", args->notes.title, "title of the session; no name of a participant");
  command->add_option("--subject", args->notes.subject, "code of the participant, never a name");
  command->add_option("--limb", args->notes.limb, "limb examined: left, right, ...");
  command->add_option("--condition", args->notes.condition,
                      "condition or exercise; no name of a participant");
  command->add_flag("--json", *json, "print the results as JSON");
  command->callback([args, json, signals, &exitCode] {
    const Status status = analyseWith(*signals, *args);
    exitCode = status.ok() ? printSummary(args->output, *json) : report(status.error());
  });
}

}  // namespace soleus
