#include "plugins/duplextrack/lumen_point.h"

#include <locale>
#include <sstream>

namespace soleus {
namespace {

Error fault(const std::string& what, const std::string& found, const std::string& expected) {
  return {ErrorKind::kBadInput, "lumen point", what, found, expected};
}

}  // namespace

Result<cv::Point2d> parseLumenPoint(const std::string& text) {
  std::istringstream in(text);
  in.imbue(std::locale::classic());
  cv::Point2d point;
  char comma = 0;
  if (!(in >> point.x >> comma >> point.y) || comma != ',' || !(in >> std::ws).eof())
    return fault("is no point", "'" + text + "'", "X,Y in pixels of the video, such as 640,210");
  return point;
}

Result<cv::Point2d> lumenStart(const std::string& text, const std::optional<BmodeCalibration>& bmode) {
  const auto point = parseLumenPoint(text);
  if (!point.ok()) return point.error();
  if (!bmode) return fault("needs a B-mode picture", "a calibration without one", "a bmode section");
  const Region& region = bmode->region;
  const cv::Rect2d picture(region.x, region.y, region.width, region.height);
  if (!picture.contains(point.value())) {
    std::ostringstream expected;
    expected << "X from " << region.x << " to " << region.x + region.width << ", Y from " << region.y
             << " to " << region.y + region.height;
    return fault("lies outside of the B-mode picture", "'" + text + "'", expected.str());
  }
  return point.value() - picture.tl();
}

}  // namespace soleus
