#include "calibration/screen/text_places.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace soleus {
namespace {

// Letters on screens of 480 to 1080 lines: 6 to 30 pixels.
constexpr int kLeastHeightPx = 5;
constexpr double kMostHeightShare = 1.0 / 26;
// A letter or two that run into each other, or a number.
constexpr double kMostWidthOverHeight = 8;
// Between the digits on either side of a decimal point, against their height.
constexpr double kDottedGap = 1.3;
// Ink that is read: a grey letter, thinned by its edges.
constexpr double kInkGrey = 40;
// Ink of a line however faint, and how much higher than a letter it is.
constexpr double kLineGrey = 20;
constexpr int kLineOverLetter = 2;

constexpr int kStandsGrey = 24;

int mostHeightPx(const cv::Mat& screen) {
  return std::max(16, static_cast<int>(kMostHeightShare * screen.rows));
}

/// Lines higher or wider than letters of at most this height: frames, pieces of which would look like letters
/// where a faint one is broken.
cv::Mat longLines(const cv::Mat& ink, int mostHeight) {
  const cv::Mat mask = ink > kLineGrey;
  cv::Mat upright, level;
  cv::morphologyEx(mask, upright, cv::MORPH_OPEN, cv::Mat::ones(kLineOverLetter * mostHeight, 1, CV_8U));
  cv::morphologyEx(mask, level, cv::MORPH_OPEN,
                   cv::Mat::ones(1, static_cast<int>(kMostWidthOverHeight * mostHeight), CV_8U));
  return upright | level;
}

}  // namespace

cv::Mat standingInk(const ScreenPicture& picture, const std::vector<cv::Rect>& moving) {
  cv::Mat still = picture.mean.clone();
  for (const cv::Rect& box : moving) {
    still(box).setTo(0);
    // An edge that was found some pixels too far out must not cut the numbers beside it.
    for (const int x : {box.x, box.x + box.width - kEdgePx}) {
      const cv::Rect edge = cv::Rect(x, box.y, kEdgePx, box.height) & box;
      picture.mean(edge).copyTo(still(edge), picture.range(edge) <= kStandsGrey);
    }
  }
  // What a window as large as a letter would wipe out is thinner than it: strokes, not areas.
  const int window = mostHeightPx(still) | 1;
  cv::Mat ground;
  cv::morphologyEx(still, ground, cv::MORPH_OPEN, cv::Mat::ones(window, window, CV_8U));
  cv::Mat ink = still - ground;
  return ink;
}

std::vector<cv::Rect> letterBoxes(const cv::Mat& ink) {
  const int most = mostHeightPx(ink);
  cv::Mat labels, stats, centroids;
  const cv::Mat mask = (ink > kInkGrey) & ~longLines(ink, most);
  const int count = cv::connectedComponentsWithStats(mask, labels, stats, centroids, 8);
  std::vector<cv::Rect> boxes;
  for (int i = 1; i < count; ++i) {
    const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                       stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    if (box.height > most || box.width > kMostWidthOverHeight * most) continue;
    boxes.push_back(box);
  }
  return boxes;
}

std::vector<cv::Rect> lettersBeside(const std::vector<cv::Rect>& letters,
                                    const std::vector<cv::Rect>& taken) {
  std::vector<cv::Rect> free;
  for (const cv::Rect& letter : letters) {
    const auto touches = [&](const cv::Rect& box) { return (box & letter).area() > 0; };
    if (std::none_of(taken.begin(), taken.end(), touches)) free.push_back(letter);
  }
  return free;
}

cv::Rect withRoom(const cv::Rect& box, int roomPx, cv::Size screen) {
  return cv::Rect(box.x - roomPx, box.y - roomPx, box.width + 2 * roomPx, box.height + 2 * roomPx) &
         cv::Rect({}, screen);
}

std::vector<cv::Rect> joinedBoxes(std::vector<cv::Rect> letters, double gap) {
  // Tall ones found lines; a dot between two of them lets them stand further apart.
  std::sort(letters.begin(), letters.end(), [](const cv::Rect& a, const cv::Rect& b) { return a.x < b.x; });
  std::vector<cv::Rect> lines;
  for (const cv::Rect& letter : letters) {
    if (letter.height >= kLeastHeightPx) lines.push_back(letter);
  }
  std::vector<cv::Rect> dots;
  for (const cv::Rect& letter : letters) {
    if (letter.height < kLeastHeightPx && letter.width <= letter.height + 2) dots.push_back(letter);
  }
  const auto dotted = [&dots](const cv::Rect& a, const cv::Rect& b) {
    const int from = std::min(a.x + a.width, b.x + b.width) - 1;
    const int to = std::max(a.x, b.x) + 1;
    const int foot = std::max(a.y + a.height, b.y + b.height);
    return std::any_of(dots.begin(), dots.end(), [&](const cv::Rect& d) {
      return d.x >= from && d.x + d.width <= to && std::abs(d.y + d.height - foot) <= 2;
    });
  };
  const auto joins = [&](const cv::Rect& a, const cv::Rect& b) {
    const int tall = std::max(a.height, b.height);
    const int apart = std::max(a.x, b.x) - std::min(a.x + a.width, b.x + b.width);
    const int common = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
    // A degree sign is small, and as high up as its neighbours.
    const int small = std::min(a.height, b.height);
    return (common > tall / 2 || (2 * small >= kLeastHeightPx && common >= small)) &&
           (apart <= gap * tall || (apart <= kDottedGap * tall && dotted(a, b)));
  };
  for (bool again = true; again;) {
    again = false;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      for (std::size_t j = i + 1; j < lines.size();) {
        if (!joins(lines[i], lines[j])) {
          ++j;
          continue;
        }
        lines[i] |= lines[j];
        lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(j));
        again = true;
      }
    }
  }
  std::sort(lines.begin(), lines.end(), [](const cv::Rect& a, const cv::Rect& b) { return a.y < b.y; });
  return lines;
}

}  // namespace soleus
