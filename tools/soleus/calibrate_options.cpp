#include "tools/soleus/calibrate_options.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace soleus {
namespace {

std::pair<int, int> sizeOf(const std::string& text) {
  int width = 0;
  int height = 0;
  int read = 0;
  if (std::sscanf(text.c_str(), "%5dx%5d%n", &width, &height, &read) != 2 || width < 2 || height < 2 ||
      read != static_cast<int>(text.size()))
    throw CLI::ValidationError("--dicom-size", "'" + text + "' is not WIDTHxHEIGHT");
  return {width, height};
}

/// CLI11's ranges let "nan" through.
const CLI::Validator& finite() {
  static const CLI::Validator kFinite(
      [](std::string& text) {
        return std::isfinite(std::strtod(text.c_str(), nullptr)) ? std::string()
                                                                 : "'" + text + "' is no number";
      },
      "");
  return kFinite;
}

}  // namespace

std::vector<CLI::Option*> addCalibrateOptions(CLI::App& command, CalibrateOptions& o) {
  std::vector<CLI::Option*> all;
  all.push_back(
      command
          .add_option_function<std::string>(
              "--toward-heart",
              [&o](const std::string& side) { o.towardHeart = side == "up" ? Side::kUp : Side::kDown; },
              "the side on which flow toward the heart is drawn")
          ->check(CLI::IsMember({"up", "down"})));
  all.push_back(command.add_option("--angle", o.angleDegrees, "angle between beam and vessel in degrees")
                    ->check(finite())
                    ->check(CLI::Range(0.0, 89.0)));
  all.push_back(command
                    .add_option_function<std::string>(
                        "--angle-corrected",
                        [&o](const std::string& yes) { o.angleCorrected = yes == "yes"; },
                        "whether the velocity scale is for that angle (yes) or for 0 degrees (no)")
                    ->check(CLI::IsMember({"yes", "no"})));
  all.push_back(command.add_option("--baseline-row", o.baselineRow, "continuous row of zero velocity")
                    ->check(finite()));
  all.push_back(command
                    .add_option("--velocity-range", o.velocityRangeCmPerS,
                                "cm/s from the lowest to the highest row of the spectrum")
                    ->check(finite())
                    ->check(CLI::PositiveNumber));
  all.push_back(command
                    .add_option_function<std::vector<int>>(
                        "--region",
                        [&o](const std::vector<int>& r) {
                          o.region = Region{r[0], r[1], r[2], r[3]};
                        },
                        "video: X,Y,WIDTH,HEIGHT of the spectrum in pixels; with --delay of what flashes")
                    ->delimiter(',')
                    ->expected(4)
                    ->check(CLI::NonNegativeNumber));
  all.push_back(
      command
          .add_option_function<std::string>(
              "--display",
              [&o](const std::string& d) { o.display = d == "scroll" ? Display::kScroll : Display::kSweep; },
              "how the strip of the spectrum moves")
          ->check(CLI::IsMember({"scroll", "sweep"})));
  all.push_back(
      command.add_option("--seconds-per-pixel", o.secondsPerPixel, "time of one column of the spectrum")
          ->check(finite())
          ->check(CLI::PositiveNumber));
  all.push_back(command.add_option("--prf", o.prfHz, "pulse repetition frequency of the spectrum in Hz")
                    ->check(finite())
                    ->check(CLI::Range(1.0, 1e6)));
  all.push_back(command
                    .add_option("--transmit-frequency", o.transmitFrequencyHz,
                                "Hz that were transmitted for the spectrum")
                    ->check(finite())
                    ->check(CLI::Range(1e5, 1e8)));
  all.push_back(
      command.add_option("--wall-filter", o.wallFilterHz, "corner of the scanner's wall filter in Hz")
          ->check(finite())
          ->check(CLI::Range(0.0, 1e5)));
  all.push_back(command
                    .add_option("--dynamic-range", o.dynamicRangeDb,
                                "dB from black to white of the spectrum, as the scanner shows it")
                    ->check(finite())
                    ->check(CLI::Range(1.0, 200.0)));
  all.push_back(
      command.add_option("--scanner", o.scannerPath,
                         "video: what is known of the scanner's make (configs/scanners/*.scanner.yaml); "
                         "without it the make is recognised, if the screen names it"));
  all.push_back(
      command
          .add_option("--dicom-region", o.dicomRegions,
                      "DICOM: number of a region to measure, where the file describes several; repeatable")
          ->check(CLI::PositiveNumber)
          ->expected(1)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll));
  all.push_back(command.add_option_function<std::string>(
      "--dicom-size", [&o](const std::string& text) { o.dicomSize = sizeOf(text); },
      "DICOM: WIDTHxHEIGHT of the picture that the regions' numbers refer to"));
  return all;
}

}  // namespace soleus
