#include <png.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "calibration/profile/profile.h"
#include "tools/soleus/calibrate.h"
#include "tools/soleus/commands.h"
#include "tools/soleus/console.h"
#include "tools/soleus/input_file.h"
#include "tools/soleus/output_file.h"
#include "tools/soleus/verify_speed.h"

namespace soleus {
namespace {

struct Arguments {
  CalibrateOptions options;
  std::string output;
  std::string towardHeart;
  std::string display;
  std::string regionCoordinates;
  std::string verify;  // profile to test, or empty
  std::optional<double> knownSpeedCmPerS;
  double knownSpeedUncertaintyCmPerS = 0;
  std::string quantity = "peak";
  bool force = false;
};

/// A file beside the profile: the same name with another ending.
std::string beside(const std::string& profilePath, const std::string& ending) {
  const auto slash = profilePath.find_last_of('/');
  const auto dot = profilePath.find_last_of('.');
  const bool hasEnding = dot != std::string::npos && (slash == std::string::npos || dot > slash + 1);
  return (hasEnding ? profilePath.substr(0, dot) : profilePath) + ending;
}

Result<std::pair<int, int>> sizeOf(const std::string& text) {
  int width = 0;
  int height = 0;
  int read = 0;
  if (std::sscanf(text.c_str(), "%5dx%5d%n", &width, &height, &read) != 2 || width < 2 || height < 2 ||
      read != static_cast<int>(text.size()))
    return Error{ErrorKind::kUsage, "--region-coordinates", "is no size", "'" + text + "'", "WIDTHxHEIGHT"};
  return std::pair{width, height};
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
  if (!args.knownSpeedCmPerS)
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

Status calibrate(Arguments args) {
  if (args.output.empty())
    return Error{ErrorKind::kUsage, "-o", "no profile to write is named", "nothing", "-o PROFILE.yaml"};
  if (const Status usable = checkInput(args.options.input); !usable.ok()) return usable.error();
  if (!args.towardHeart.empty())
    args.options.towardHeart = args.towardHeart == "up" ? Side::kUp : Side::kDown;
  if (!args.display.empty())
    args.options.display = args.display == "scroll" ? Display::kScroll : Display::kSweep;
  if (!args.regionCoordinates.empty()) {
    auto size = sizeOf(args.regionCoordinates);
    if (!size.ok()) return size.error();
    args.options.regionCoordinates = size.value();
  }
  auto profile = OutputFile::reserve(args.output, args.force, {args.options.input});
  if (!profile.ok()) return profile.error();
  auto picture =
      OutputFile::reserve(beside(args.output, ".png"), args.force, {args.options.input, args.output});
  if (!picture.ok()) return picture.error();
  const auto found =
      isDicom(args.options.input) ? calibrateDicom(args.options) : calibrateScreen(args.options);
  if (!found.ok()) return found.error();
  for (const std::string& note : found.value().notes)
    std::fprintf(stderr, "soleus: %s: %s\n", args.options.input.c_str(), note.c_str());
  std::ofstream out(profile.value()->temporaryPath());
  out << profileYaml(found.value().profile);
  out.close();
  if (!out || !writePng(picture.value()->temporaryPath(), found.value().check))
    return Error{ErrorKind::kStorage, args.output, "cannot be written", "", ""};
  return keepAll({profile.value().get(), picture.value().get()});
}

}  // namespace

void addCalibrate(CLI::App& app, int& exitCode) {
  auto args = std::make_shared<Arguments>();
  auto* command = app.add_subcommand(
      "calibrate", "Find the calibration in a recording, with a picture by which to check it");
  command->footer("Example:\n  soleus calibrate calf.mkv -o calf.calibration.yaml --toward-heart up");
  command->add_option("INPUT", args->options.input, "video file or DICOM file")->required();
  command->add_option("-o,--output", args->output,
                      "profile to write (.yaml); its picture goes beside it (.png)");
  command->add_option("--toward-heart", args->towardHeart, "the side on which flow toward the heart is drawn")
      ->check(CLI::IsMember({"up", "down"}));
  command->add_option("--angle", args->options.angleDegrees, "angle between beam and vessel in degrees")
      ->check(CLI::Range(0.0, 89.0));
  command->add_option("--baseline-row", args->options.baselineRow, "continuous row of zero velocity");
  command->add_option("--velocity-range", args->options.velocityRangeCmPerS,
                      "cm/s from the lowest to the highest row of the spectrum");
  command->add_option("--display", args->display, "how the strip of the spectrum moves")
      ->check(CLI::IsMember({"scroll", "sweep"}));
  command
      ->add_option("--transmit-frequency", args->options.transmitFrequencyHz,
                   "DICOM: Hz that were transmitted, where the spectrum shows frequencies")
      ->check(CLI::Range(1e5, 1e8));
  command
      ->add_option("--wall-filter", args->options.wallFilterHz, "corner of the scanner's wall filter in Hz")
      ->check(CLI::Range(0.0, 1e5));
  command
      ->add_option("--dynamic-range", args->options.dynamicRangeDb,
                   "dB from black to white of the spectrum, as the scanner shows it")
      ->check(CLI::Range(1.0, 200.0));
  command
      ->add_option("--region", args->options.regions,
                   "DICOM: number of a region to measure, where the file describes several; repeatable")
      ->check(CLI::PositiveNumber)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--region-coordinates", args->regionCoordinates,
                      "DICOM: WIDTHxHEIGHT of the picture that the regions' numbers refer to");
  auto* verified =
      command->add_option("--verify", args->verify,
                          "profile to test instead: INPUT shows a string or flow phantom of known speed. "
                          "Writes the correction and its "
                          "uncertainty beside the profile (.verification.yaml), which stays as it is");
  command
      ->add_option("--known-speed", args->knownSpeedCmPerS, "its speed in cm/s, negative away from the heart")
      ->needs(verified);
  command
      ->add_option("--known-speed-uncertainty", args->knownSpeedUncertaintyCmPerS,
                   "standard uncertainty of that, cm/s")
      ->check(CLI::NonNegativeNumber)
      ->needs(verified);
  command
      ->add_option("--quantity", args->quantity,
                   "what has the known speed: peak (a string, the fastest flow) or mean (of the flow)")
      ->check(CLI::IsMember({"peak", "mean"}))
      ->capture_default_str()
      ->needs(verified);
  command->add_flag("--force", args->force, "overwrite the outputs if they exist");
  command->callback([args, &exitCode] {
    const Status status = args->verify.empty() ? calibrate(*args) : verify(*args);
    exitCode = status.ok() ? 0 : report(status.error());
  });
}

}  // namespace soleus
