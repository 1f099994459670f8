#include <opencv2/imgproc.hpp>
#include <utility>

#include "calibration/dicom/dicom_file.h"
#include "calibration/dicom/region_profile.h"
#include "tools/soleus/calibrate.h"
#include "tools/soleus/check_picture.h"

namespace soleus {

Result<Calibration> calibrateDicom(const CalibrateOptions& options) {
  auto file = DicomFile::open(options.input);
  if (!file.ok()) return file.error();
  const DicomDescription& dicom = file.value()->description();
  RegionOptions supplied;
  supplied.towardHeart = options.towardHeart;
  supplied.angleDegrees = options.angleDegrees;
  supplied.angleCorrected = options.angleCorrected;
  supplied.baselineRow = options.baselineRow;
  supplied.velocityRangeCmPerS = options.velocityRangeCmPerS;
  supplied.prfHz = options.prfHz;
  supplied.transmitFrequencyHz = options.transmitFrequencyHz;
  supplied.wallFilterHz = options.wallFilterHz;
  supplied.dynamicRangeDb = options.dynamicRangeDb;
  supplied.display = options.display;
  supplied.regions = options.dicomRegions;
  if (options.dicomSize) {
    supplied.coordinates = RegionOptions::Size{options.dicomSize->first, options.dicomSize->second};
  }
  auto found = profileOfRegions(dicom, supplied, options.input);
  if (!found.ok()) return found.error();
  Calibration calibration{std::move(found.value().profile), {}, std::move(found.value().notes)};
  // In the middle of a clip a sweep has filled its strip.
  cv::Mat rgb;
  if (const Status read = file.value()->readFrame(dicom.frames / 2, rgb); !read.ok()) return read.error();
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  calibration.check = checkPicture(bgr, calibration.profile, {}, calibration.notes);
  return calibration;
}

}  // namespace soleus
