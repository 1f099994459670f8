#include <png.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "calibration/profile/profile.h"
#include "tools/soleus/calibrate.h"
#include "tools/soleus/calibrate_options.h"
#include "tools/soleus/commands.h"
#include "tools/soleus/console.h"
#include "tools/soleus/delay_job.h"
#include "tools/soleus/input_file.h"
#include "tools/soleus/output_file.h"
#include "tools/soleus/verify_speed.h"

namespace soleus {
namespace {

struct Arguments {
  CalibrateOptions options;
  std::string output;
  std::string verify;  // profile to test, or empty
  std::optional<double> knownSpeedCmPerS;
  double knownSpeedUncertaintyCmPerS = 0;
  std::string quantity = "peak";
  bool delay = false;
  std::string against;
  double withinS = DelayJob().withinS;
  bool force = false;
  bool json = false;
};

/// A file beside the profile: the same name with another ending.
std::string beside(const std::string& profilePath, const std::string& ending) {
  const auto slash = profilePath.find_last_of('/');
  const auto dot = profilePath.find_last_of('.');
  const bool hasEnding = dot != std::string::npos && (slash == std::string::npos || dot > slash + 1);
  return (hasEnding ? profilePath.substr(0, dot) : profilePath) + ending;
}

bool writePng(const std::string& path, const cv::Mat& bgr) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(bgr.cols);
  image.height = static_cast<png_uint_32>(bgr.rows);
  image.format = PNG_FORMAT_BGR;
  return png_image_write_to_file(&image, path.c_str(), 0, bgr.ptr(), static_cast<png_int_32>(bgr.step),
                                 nullptr) != 0;
}

/// `--verify`: the profile against a phantom of known speed.
Status verify(const Arguments& args) {
  if (const Status usable = checkInput(args.options.input); !usable.ok()) return usable.error();
  if (!args.knownSpeedCmPerS || !std::isfinite(*args.knownSpeedCmPerS) || *args.knownSpeedCmPerS == 0 ||
      !std::isfinite(args.knownSpeedUncertaintyCmPerS))
    return Error{ErrorKind::kUsage, "--verify", "needs the phantom's speed", "none",
                 "--known-speed CM_PER_S"};
  SpeedJob job;
  job.input = args.options.input;
  job.profilePath = args.verify;
  job.output = args.output.empty() ? beside(args.verify, ".verification.yaml") : args.output;
  job.known = {*args.knownSpeedCmPerS, args.knownSpeedUncertaintyCmPerS};
  job.mean = args.quantity == "mean";
  job.force = args.force;
  const auto found = verifySpeed(job);
  if (!found.ok()) return found.error();
  const SpeedCheck& check = found.value();
  std::printf(
      "known %.2f +- %.2f cm/s, measured %.2f +- %.2f cm/s: true velocities are %.4f +- %.4f times those "
      "measured%s\n%s\n",
      check.known.cmPerS, check.known.uncertaintyCmPerS, check.measured.cmPerS,
      check.measured.uncertaintyCmPerS, check.factor, check.factorUncertainty,
      check.differs() ? "" : ", which does not differ from 1", job.output.c_str());
  return Done{};
}

Status calibrate(const Arguments& args) {
  if (args.output.empty())
    return Error{ErrorKind::kUsage, "-o", "no profile to write is named", "nothing", "-o PROFILE.yaml"};
  if (const Status usable = checkInput(args.options.input); !usable.ok()) return usable.error();
  auto profile = OutputFile::reserve(args.output, args.force, {args.options.input});
  if (!profile.ok()) return profile.error();
  const std::string picturePath = beside(args.output, ".png");
  if (picturePath == args.output)
    return Error{ErrorKind::kUsage, "-o", "its picture would have the same name", args.output,
                 "-o PROFILE.yaml"};
  auto picture = OutputFile::reserve(picturePath, args.force, {args.options.input, args.output});
  if (!picture.ok()) return picture.error();
  const auto found = findCalibration(args.options);
  if (!found.ok()) return found.error();
  for (const std::string& note : found.value().notes)
    std::fprintf(stderr, "soleus: %s: %s\n", args.options.input.c_str(), note.c_str());
  const std::string yaml = profileYaml(found.value().profile);
  // What a person supplied may contradict what was found.
  if (const auto usable = parseProfile(yaml, args.output); !usable.ok()) return usable.error();
  std::ofstream out(profile.value()->temporaryPath());
  out << yaml;
  out.close();
  if (!out || !writePng(picture.value()->temporaryPath(), found.value().check))
    return Error{ErrorKind::kStorage, args.output, "cannot be written", "", ""};
  return keepAll({profile.value().get(), picture.value().get()});
}

Status measureDelay(const Arguments& args) {
  if (args.against.empty())
    return Error{ErrorKind::kUsage, "--delay", "needs what it is measured against", "nothing",
                 "--against FILE[#CHANNEL]"};
  return measureDelayOfFiles({args.options.input, args.against, args.withinS, args.options.region,
                              args.output, args.force, args.json});
}

void addDelayOptions(CLI::App& command, Arguments& args, CLI::Option* verified) {
  auto* delay =
      command
          .add_flag(
              "--delay", args.delay,
              "measure instead how much later INPUT shows sync events than --against does: flashes in a "
              "video, taps or clicks in sound, pulses in a signal (FILE[#CHANNEL] of .csv, .edf, .bdf, .xdf "
              "or a session)")
          ->excludes(verified);
  command.add_option("--against", args.against, "FILE[#CHANNEL], of any of these kinds")->needs(delay);
  command
      .add_option("--within", args.withinS,
                  "seconds, either way, within which the delay is looked for; more than half the time "
                  "between events that come evenly is ambiguous")
      ->check(CLI::Range(0.01, 86400.0))
      ->capture_default_str()
      ->needs(delay);
  command.add_flag("--json", args.json, "print the delay as JSON")->needs(delay);
}

}  // namespace

void addCalibrate(CLI::App& app, int& exitCode) {
  auto args = std::make_shared<Arguments>();
  auto* command = app.add_subcommand(
      "calibrate", "Find the calibration in a recording, with a picture by which to check it");
  command->footer(
      "Examples:\n  soleus calibrate calf.mkv -o calf.calibration.yaml --toward-heart up\n"
      "  soleus calibrate --delay flashes.mkv --against board.csv#sync -o grabber.delay.yaml");
  command
      ->add_option("INPUT", args->options.input,
                   "video file or DICOM file; with --delay also sound or a signal")
      ->required();
  command->add_option(
      "-o,--output", args->output,
      "profile to write (.yaml); its picture goes beside it (.png). With --delay what was measured");
  const auto supplied = addCalibrateOptions(*command, args->options);
  auto* verified =
      command->add_option("--verify", args->verify,
                          "profile to test instead: INPUT shows a string or flow phantom of known speed. "
                          "Writes the correction and its "
                          "uncertainty beside the profile (.verification.yaml), which stays as it is");
  command
      ->add_option("--known-speed", args->knownSpeedCmPerS, "its speed in cm/s, negative away from the heart")
      ->check(CLI::Range(-2000.0, 2000.0))
      ->needs(verified);
  command
      ->add_option("--known-speed-uncertainty", args->knownSpeedUncertaintyCmPerS,
                   "standard uncertainty of that, cm/s")
      ->check(CLI::Range(0.0, 2000.0))
      ->needs(verified);
  // The profile says it all.
  for (CLI::Option* option : supplied) option->excludes(verified);
  command
      ->add_option("--quantity", args->quantity,
                   "what has the known speed: peak (a string, the fastest flow) or mean (of the flow)")
      ->check(CLI::IsMember({"peak", "mean"}))
      ->capture_default_str()
      ->needs(verified);
  addDelayOptions(*command, *args, verified);
  command->add_flag("--force", args->force, "overwrite the outputs if they exist");
  command->callback([args, &exitCode] {
    const Status status = args->delay            ? measureDelay(*args)
                          : args->verify.empty() ? calibrate(*args)
                                                 : verify(*args);
    exitCode = status.ok() ? 0 : report(status.error());
  });
}

}  // namespace soleus
