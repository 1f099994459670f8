/// One region of a DICOM file, turned into its section of a profile.
#pragma once

#include <string>

#include "calibration/dicom/region_geometry.h"
#include "calibration/dicom/region_profile.h"

namespace soleus {

/// One region on its way into the profile. Borrows all it is given for its whole life.
class RegionReading {
 public:
  /// `number`: counted from 1.
  RegionReading(const DicomDescription& dicom, const RegionOptions& options, const std::string& file,
                int number, RegionProfile& result)
      : dicom_(dicom),
        options_(options),
        name_("region " + std::to_string(number)),
        where_(file + ", " + name_),
        region_(dicom.regions[static_cast<std::size_t>(number - 1)]),
        result_(result) {}

  /// Puts the section into the profile and what there is to say into the notes. Errors: of
  /// profileOfRegions().
  Status readBmode();
  Status readDoppler();

 private:
  [[nodiscard]] Error refused(const std::string& what, const std::string& found,
                              const std::string& expected) const {
    return {ErrorKind::kBadInput, where_, what, found, expected};
  }
  void note(const std::string& sentence) { result_.notes.push_back(name_ + ": " + sentence); }

  /// PhysicalDelta per pixel of the picture. Error: missing, 0 or no number.
  [[nodiscard]] Result<double> delta(const std::optional<double>& value, const std::string& name) const;
  Status place();
  Status readTime(DopplerCalibration& doppler) const;
  Status readAngle(DopplerCalibration& doppler);
  Status readTransmitter(DopplerCalibration& doppler);
  void readGrey(DopplerCalibration& doppler);
  Status readVelocity(DopplerCalibration& doppler);
  Status readBaseline(DopplerCalibration& doppler) const;
  Status readSides(DopplerCalibration& doppler) const;

  const DicomDescription& dicom_;
  const RegionOptions& options_;
  const std::string name_;
  const std::string where_;
  const UltrasoundRegion& region_;
  RegionProfile& result_;
  PlacedRegion placed_;
};

}  // namespace soleus
