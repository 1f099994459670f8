#include <png.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "calibration/profile/profile.h"
#include "tools/soleus/calibrate.h"
#include "tools/soleus/commands.h"
#include "tools/soleus/console.h"
#include "tools/soleus/input_file.h"
#include "tools/soleus/output_file.h"

namespace soleus {
namespace {

struct Arguments {
  CalibrateOptions options;
  std::string output;
  std::string towardHeart;
  std::string angleCorrected;
  std::string display;
  std::vector<int> region;
  bool force = false;
};

/// DICOM files carry their mark behind a preamble of 128 bytes.
bool isDicom(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  char mark[4] = {};
  return file.seekg(128) && file.read(mark, sizeof mark) && std::string(mark, sizeof mark) == "DICM";
}

/// The picture beside the profile: the same name, ending in .png.
std::string picturePath(const std::string& profilePath) {
  const auto slash = profilePath.find_last_of('/');
  const auto dot = profilePath.find_last_of('.');
  const bool hasEnding = dot != std::string::npos && (slash == std::string::npos || dot > slash + 1);
  return (hasEnding ? profilePath.substr(0, dot) : profilePath) + ".png";
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

Status calibrate(Arguments args) {
  if (const Status usable = checkInput(args.options.input); !usable.ok()) return usable.error();
  if (!args.towardHeart.empty())
    args.options.towardHeart = args.towardHeart == "up" ? Side::kUp : Side::kDown;
  if (!args.angleCorrected.empty()) args.options.angleCorrected = args.angleCorrected == "yes";
  if (!args.display.empty())
    args.options.display = args.display == "scroll" ? Display::kScroll : Display::kSweep;
  if (!args.region.empty())
    args.options.region = Region{args.region[0], args.region[1], args.region[2], args.region[3]};
  auto profile = OutputFile::reserve(args.output, args.force, {args.options.input});
  if (!profile.ok()) return profile.error();
  auto picture = OutputFile::reserve(picturePath(args.output), args.force, {args.options.input, args.output});
  if (!picture.ok()) return picture.error();
  const auto found =
      isDicom(args.options.input) ? calibrateDicom(args.options) : calibrateScreen(args.options);
  if (!found.ok()) return found.error();
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
  command
      ->add_option("-o,--output", args->output, "profile to write (.yaml); its picture goes beside it (.png)")
      ->required();
  command->add_option("--toward-heart", args->towardHeart, "the side on which flow toward the heart is drawn")
      ->check(CLI::IsMember({"up", "down"}));
  command->add_option("--angle", args->options.angleDegrees, "angle between beam and vessel in degrees")
      ->check(CLI::Range(0.0, 89.0));
  command->add_option("--baseline-row", args->options.baselineRow, "continuous row of zero velocity");
  command->add_option("--velocity-range", args->options.velocityRangeCmPerS,
                      "cm/s from the lowest to the highest row of the spectrum");
  command
      ->add_option("--angle-corrected", args->angleCorrected,
                   "whether the velocity scale is for that angle (yes) or for 0 degrees (no)")
      ->check(CLI::IsMember({"yes", "no"}));
  command->add_option("--region", args->region, "X,Y,WIDTH,HEIGHT of the spectrum in pixels")
      ->delimiter(',')
      ->expected(4)
      ->check(CLI::NonNegativeNumber);
  command->add_option("--display", args->display, "how the spectrum moves")
      ->check(CLI::IsMember({"scroll", "sweep"}));
  command
      ->add_option("--seconds-per-pixel", args->options.secondsPerPixel, "time of one column of the spectrum")
      ->check(CLI::PositiveNumber);
  command->add_flag("--force", args->force, "overwrite the outputs if they exist");
  command->callback([args, &exitCode] {
    const Status status = calibrate(*args);
    exitCode = status.ok() ? 0 : report(status.error());
  });
}

}  // namespace soleus
