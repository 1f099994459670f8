#include "calibration/phantom/print_fault.h"

namespace soleus {
namespace {

cv::Rect rectOf(const Region& r) {
  return {r.x, r.y, r.width, r.height};
}

}  // namespace

std::string printFault(const std::vector<ScreenMark>& marks, const CalibrationProfile& profile) {
  const cv::Rect screen(0, 0, profile.screenWidth, profile.screenHeight);
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const ScreenMark& mark = marks[i];
    // A clear pixel belongs round everything, and letters reach a quarter below the base line.
    const int below = mark.text.empty() ? 0 : mark.box.height / 4 + 1;
    const int around = mark.text.empty() ? 0 : 1;
    const cv::Rect ink(mark.box.x - around, mark.box.y - around, mark.box.width + 2 * around,
                       mark.box.height + around + below);
    if ((ink & screen) != ink) return "'" + mark.text + "' runs off the screen";
    for (const Region& region : {profile.doppler->region, profile.bmode->region})
      if (!(ink & rectOf(region)).empty()) return "'" + mark.text + "' enters a measured region";
    if (mark.text.empty()) continue;
    // Texts that belong to different things stand half a digit apart.
    const int apart = mark.box.height * 2 / 5;
    const cv::Rect room(ink.x - apart, ink.y, ink.width + 2 * apart, ink.height + mark.box.height / 8);
    for (std::size_t j = 0; j < marks.size(); ++j) {
      const cv::Rect& taken = marks[j].text.empty() ? ink : room;
      if (j != i && !(taken & marks[j].box).empty())
        return "'" + mark.text + "' over '" + marks[j].text + "'";
    }
  }
  return "";
}

}  // namespace soleus
