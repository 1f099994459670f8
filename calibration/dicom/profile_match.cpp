#include "calibration/dicom/profile_match.h"

#include <cmath>
#include <optional>
#include <sstream>

#include "calibration/dicom/region_profile.h"
#include "pipeline/core/velocity_axis.h"

namespace soleus {
namespace {

constexpr double kSameScale = 0.01;
constexpr double kSameRowPx = 1;
// A person who draws the region may take the frame around it along.
constexpr int kFramePx = 2;

/// A number of the profile and the file's own.
struct Comparison {
  const char* what;
  double profile;
  double file;
  double tolerance;
};

std::optional<Error> differs(const Comparison& c, const std::string& where) {
  if (std::abs(c.profile - c.file) <= c.tolerance) return std::nullopt;
  std::ostringstream found;
  found << c.what << " " << c.profile;
  std::ostringstream expected;
  expected << c.file << ", as the file says";
  return Error{ErrorKind::kBadInput, where, "does not fit this DICOM file", found.str(), expected.str()};
}

std::optional<Error> outside(const Region& profile, const Region& file, const std::string& where) {
  const bool inside = profile.x >= file.x - kFramePx && profile.y >= file.y - kFramePx &&
                      profile.x + profile.width <= file.x + file.width + kFramePx &&
                      profile.y + profile.height <= file.y + file.height + kFramePx;
  if (inside) return std::nullopt;
  const auto text = [](const Region& r) {
    std::ostringstream out;
    out << "x " << r.x << " to " << r.x + r.width << ", y " << r.y << " to " << r.y + r.height;
    return out.str();
  };
  return Error{ErrorKind::kBadInput, where, "does not fit this DICOM file", "region " + text(profile),
               "inside " + text(file)};
}

std::optional<Error> compare(const CalibrationProfile& profile, const CalibrationProfile& file,
                             const std::string& path) {
  if (profile.doppler && file.doppler) {
    const DopplerCalibration& own = *profile.doppler;
    const DopplerCalibration& said = *file.doppler;
    const std::string where = path + ", doppler";
    if (auto error = outside(own.region, said.region, where)) return error;
    const double step = velocityStepCmPerS(said);
    for (const Comparison& c :
         {Comparison{"cm/s per pixel", velocityStepCmPerS(own), step, kSameScale * step},
          Comparison{"seconds per pixel", own.secondsPerPixel, said.secondsPerPixel,
                     kSameScale * said.secondsPerPixel},
          Comparison{"baseline row", own.baselineRow, said.baselineRow, kSameRowPx}})
      if (auto error = differs(c, where)) return error;
  }
  if (profile.bmode && file.bmode) {
    const std::string where = path + ", bmode";
    if (auto error = outside(profile.bmode->region, file.bmode->region, where)) return error;
    return differs({"mm per pixel", profile.bmode->mmPerPixel, file.bmode->mmPerPixel,
                    kSameScale * file.bmode->mmPerPixel},
                   where);
  }
  return std::nullopt;
}

/// What follows from one region, where the profile supplies what the file does not say.
std::optional<CalibrationProfile> followsFrom(const DicomDescription& dicom, int number,
                                              const CalibrationProfile& profile) {
  RegionOptions options;
  options.regions = {number};
  const UltrasoundRegion& region = dicom.regions[static_cast<std::size_t>(number - 1)];
  if (profile.doppler) {
    options.towardHeart = profile.doppler->towardHeart;
    options.display = profile.doppler->display;
    options.transmitFrequencyHz = profile.doppler->transmitFrequencyHz;
    if (region.correctionAngleDegrees.value_or(0) == 0) options.angleDegrees = profile.doppler->angleDegrees;
  }
  auto said = profileOfRegions(dicom, options, "");
  if (!said.ok()) return std::nullopt;
  return std::move(said).value().profile;
}

}  // namespace

Status matchProfile(const DicomDescription& dicom, const CalibrationProfile& profile,
                    const std::string& profilePath) {
  // Of each kind, the first disagreement, and whether something agreed.
  std::optional<Error> faults[2];
  bool agreed[2] = {};
  for (int number = 1; number <= static_cast<int>(dicom.regions.size()); ++number) {
    const auto said = followsFrom(dicom, number, profile);
    if (!said || !(said->doppler ? profile.doppler.has_value() : profile.bmode.has_value())) continue;
    const int kind = said->doppler ? 0 : 1;
    auto error = compare(profile, *said, profilePath);
    agreed[kind] = agreed[kind] || !error;
    if (!faults[kind]) faults[kind] = error;
  }
  for (const int kind : {0, 1})
    if (faults[kind] && !agreed[kind]) return *faults[kind];
  return Done{};
}

}  // namespace soleus
