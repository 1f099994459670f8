#include "calibration/dicom/region_profile.h"

#include "calibration/dicom/region_names.h"
#include "calibration/dicom/region_reading.h"
#include "calibration/profile/profile.h"

namespace soleus {
namespace {

bool isSpectrum(const UltrasoundRegion& region) {
  return region.format == SpatialFormat::kSpectral &&
         (region.data == RegionData::kPw || region.data == RegionData::kCw);
}

bool isBmode(const UltrasoundRegion& region) {
  return region.format == SpatialFormat::k2d && region.data == RegionData::kTissue;
}

/// Places in the list, counted from 1.
struct Chosen {
  std::vector<int> spectra;
  std::vector<int> bmodes;
};

Result<Chosen> choose(const DicomDescription& dicom, const RegionOptions& options, const std::string& file) {
  const std::string list = listRegions(dicom.regions);
  const int count = static_cast<int>(dicom.regions.size());
  std::vector<int> wanted = options.regions;
  if (wanted.empty())
    for (int number = 1; number <= count; ++number) wanted.push_back(number);
  Chosen chosen;
  for (const int number : wanted) {
    const bool exists = number >= 1 && number <= count;
    const UltrasoundRegion region =
        exists ? dicom.regions[static_cast<std::size_t>(number - 1)] : UltrasoundRegion{};
    if (isSpectrum(region)) {
      chosen.spectra.push_back(number);
    } else if (isBmode(region)) {
      chosen.bmodes.push_back(number);
    } else if (!options.regions.empty()) {
      return Error{ErrorKind::kBadInput, file, "has no region " + std::to_string(number) + " to be measured",
                   list, "the number of a PW, CW or B-mode region"};
    }
  }
  if (chosen.spectra.empty() && chosen.bmodes.empty()) {
    return Error{ErrorKind::kBadInput, file, "describes no region that can be measured", list,
                 "a spectral region (PW or CW) or a B-mode region (2D tissue)"};
  }
  if (chosen.spectra.size() > 1 || chosen.bmodes.size() > 1) {
    return Error{ErrorKind::kBadInput, file, "describes several regions of a kind", list,
                 "'--dicom-region NUMBER' for each that is to be measured"};
  }
  return chosen;
}

}  // namespace

Result<RegionProfile> profileOfRegions(const DicomDescription& dicom, const RegionOptions& options,
                                       const std::string& file) {
  const auto chosen = choose(dicom, options, file);
  if (!chosen.ok()) return chosen.error();
  RegionProfile result;
  result.profile.screenWidth = dicom.width;
  result.profile.screenHeight = dicom.height;
  result.profile.provenanceMethod = "dicom";
  const auto reading = [&](int number) { return RegionReading(dicom, options, file, number, result); };
  for (const int number : chosen.value().spectra)
    if (const Status read = reading(number).readDoppler(); !read.ok()) return read.error();
  for (const int number : chosen.value().bmodes)
    if (const Status read = reading(number).readBmode(); !read.ok()) return read.error();
  result.profile.yaml = profileYaml(result.profile);
  return result;
}

}  // namespace soleus
