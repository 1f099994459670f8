#include "calibration/screen/strip_extent.h"

#include <algorithm>
#include <cmath>

#include "calibration/screen/baseline_line.h"
#include "calibration/screen/noise_extent.h"
#include "calibration/screen/panel_edges.h"
#include "calibration/screen/strip_well.h"

namespace soleus {
namespace {

// Edges found by speckle that fills the strip and by faint noise are the same within this.
constexpr int kSameEdgePx = 3;
// The ends of the line at zero and of what moves about it: a codec's block apart at most.
constexpr int kLineEndPx = 8;
// By how many rows a strip within a frame may be lower or higher: a pixel at either end, and its smear.
constexpr int kFrameOffPx = 3;
// How much the pace of a strip and of a patch of it differ at most, and how much of the narrower's width two
// have in common that stand in the same columns.
constexpr double kSamePace = 0.15;
constexpr double kSameColumns = 0.9;

/// Whether two boxes stand in the same columns.
bool sameColumns(const cv::Rect& a, const cv::Rect& b) {
  const int common = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  return common >= kSameColumns * std::min(a.width, b.width);
}

/// Whether a region moves as the strip does: a patch of its noise that was found apart, small or in its
/// columns. A strip of something else that runs there at the same pace (an ECG) is no noise, and the search
/// for that ends before it.
bool isPatchOf(const WatchedRegion& strip, const WatchedRegion& other) {
  return other.pace && other.pace->display == strip.pace->display &&
         std::abs(other.pace->secondsPerPixel / strip.pace->secondsPerPixel - 1) <= kSamePace &&
         (2 * other.region.box.width < strip.region.box.width ||
          sameColumns(strip.region.box, other.region.box));
}

/// Where a strip may reach without meeting another region: up and down first, then to the sides. Patches of
/// its own noise do not bound it, where that is asked for.
cv::Rect roomOf(const WatchedRegion& strip, const std::vector<WatchedRegion>& regions, cv::Size screen,
                bool beyondPatches) {
  const cv::Rect& own = strip.region.box;
  int left = 0;
  int top = 0;
  int right = screen.width;
  int bottom = screen.height;
  for (const WatchedRegion& other : regions) {
    if (other.region.box == own || (beyondPatches && isPatchOf(strip, other))) continue;
    const cv::Rect& o = other.region.box;
    if (o.y + o.height <= own.y) {
      top = std::max(top, o.y + o.height);
    } else if (o.y >= own.y + own.height) {
      bottom = std::min(bottom, o.y);
    } else if (o.x + o.width <= own.x) {
      left = std::max(left, o.x + o.width);
    } else if (o.x >= own.x + own.width) {
      right = std::min(right, o.x);
    }
  }
  return {left, top, right - left, bottom - top};
}

/// `noise` within the ends of the line at zero, where the core ends there as well: print beside the strip
/// flickers as faint noise does.
cv::Rect withinLine(cv::Rect noise, const cv::Rect& core, const std::optional<BaselineLine>& line) {
  const auto near = [](int a, int b) { return std::abs(a - b) <= kLineEndPx; };
  if (!line || !near(line->leftPx, core.x) || !near(line->rightPx, core.x + core.width)) return noise;
  const int left = std::max(noise.x, line->leftPx);
  noise.width = std::min(noise.x + noise.width, line->rightPx) - left;
  noise.x = left;
  return noise;
}

/// The strip as far as its noise moves, however faint.
MovingRegion withNoise(const ScreenPicture& picture, const WatchedRegion& watched,
                       const std::vector<WatchedRegion>& regions) {
  const MovingRegion& strip = watched.region;
  const cv::Rect room = roomOf(watched, regions, picture.range.size(), true);
  auto noise = noiseExtent(picture, strip.box, room);
  if (noise) noise->box = withinLine(noise->box, strip.box, findBaselineLine(picture, strip.box));
  const auto same = [](int a, int b) { return std::abs(a - b) <= kSameEdgePx; };
  if (noise && strip.filledTop && strip.filledBottom && same(noise->box.y, strip.box.y) &&
      same(noise->box.y + noise->box.height, strip.box.y + strip.box.height))
    return strip;
  MovingRegion found =
      noise ? MovingRegion{noise->box, true, true, noise->fewerRows, noise->moreRows} : strip;
  if (const auto rows = rowsWithinPanel(picture, found.box, room)) {
    found = {{found.box.x, rows->start, found.box.width, rows->size()}, true, true};
    return found;
  }
  if (noise) return found;
  // A frame may hold something else besides, an ECG that runs at the strip's pace.
  const cv::Rect alone = roomOf(watched, regions, picture.range.size(), false);
  if (const auto well = stripWell(picture.mean, strip.box, alone)) {
    const int off = well->toThePixel ? 0 : kFrameOffPx;
    found = {well->box, true, true, off, off};
  }
  return found;
}

}  // namespace

std::vector<WatchedRegion> withWholeStrip(const ScreenPicture& picture, std::vector<WatchedRegion> regions) {
  const auto strip =
      std::find_if(regions.begin(), regions.end(), [](const WatchedRegion& r) { return r.pace.has_value(); });
  if (strip == regions.end()) return regions;
  strip->region = withNoise(picture, *strip, regions);
  const cv::Rect whole = strip->region.box;
  std::erase_if(regions, [&](const WatchedRegion& other) {
    const cv::Rect& box = other.region.box;
    return box != whole && 2 * (box & whole).area() > box.area();
  });
  return regions;
}

}  // namespace soleus
