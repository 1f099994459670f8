#include "calibration/dicom/region_geometry.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "calibration/dicom/region_names.h"
#include "pipeline/core/extents.h"

namespace soleus {
namespace {

std::string sizeText(std::int64_t width, std::int64_t height) {
  return std::to_string(width) + " x " + std::to_string(height) + " pixels";
}

/// The smallest whole multiple of the picture that holds the box: what its numbers may refer to.
std::string largerPicture(const UltrasoundRegion::Box& box, const DicomDescription& dicom) {
  const std::int64_t times =
      std::max(box.right / std::max(1, dicom.width), box.bottom / std::max(1, dicom.height)) + 1;
  return sizeText(times * dicom.width, times * dicom.height);
}

}  // namespace

Result<PlacedRegion> placeRegion(const UltrasoundRegion& region, const DicomDescription& dicom,
                                 const RegionOptions& options, const std::string& where) {
  const auto refused = [&](const std::string& what, const std::string& found, const std::string& expected) {
    return Error{ErrorKind::kBadInput, where, what, found, expected};
  };
  if (!region.box) return refused("has no box", "no RegionLocation", "its corners in the picture");
  const UltrasoundRegion::Box& box = *region.box;
  if (box.right <= box.left || box.bottom <= box.top)
    return refused("has an empty box", describeBox(region), "a box with width and height");
  const std::int64_t width = options.coordinates ? options.coordinates->width : dicom.width;
  const std::int64_t height = options.coordinates ? options.coordinates->height : dicom.height;
  if (width * dicom.height != height * dicom.width) {
    return refused("its coordinates have another shape than the picture", sizeText(width, height),
                   "the proportions of " + sizeText(dicom.width, dicom.height));
  }
  if (box.right > width || box.bottom > height) {
    // Which size its numbers refer to cannot be told for sure, and the deltas hang on it as well.
    if (options.coordinates)
      return refused("its box lies outside of these coordinates", describeBox(region),
                     sizeText(width, height));
    return refused("its box is in the coordinates of another picture size",
                   describeBox(region) + " on a picture of " + sizeText(width, height) +
                       ", as of one of at least " + largerPicture(box, dicom),
                   "a box inside the picture, or '--dicom-size WIDTHxHEIGHT' to scale it");
  }
  PlacedRegion placed;
  if (box.right == width || box.bottom == height)
    placed.note = "its box ends one pixel beyond the picture and was cut (" + describeBox(region) + ")";
  placed.scale = static_cast<double>(dicom.width) / static_cast<double>(width);
  placed.topPx = static_cast<double>(box.top) * placed.scale;
  const auto first = [&](std::int64_t edge) {
    return static_cast<int>(std::ceil(static_cast<double>(edge) * placed.scale));
  };
  const auto behind = [&](std::int64_t edge, int most) {
    return std::min(most, static_cast<int>(std::floor(static_cast<double>(edge + 1) * placed.scale)));
  };
  placed.box.x = first(box.left);
  placed.box.y = first(box.top);
  placed.box.width = behind(box.right, dicom.width) - placed.box.x;
  placed.box.height = behind(box.bottom, dicom.height) - placed.box.y;
  if (placed.box.width < 2 || placed.box.height < 2)
    return refused("has next to no extent", sizeText(placed.box.width, placed.box.height),
                   "2 pixels at least");
  if (placed.scale != 1) {
    std::ostringstream note;
    note << (placed.note.empty() ? "" : placed.note + "; ") << "taken in coordinates of "
         << sizeText(width, height) << " and scaled by " << placed.scale;
    placed.note = note.str();
  }
  return placed;
}

}  // namespace soleus
