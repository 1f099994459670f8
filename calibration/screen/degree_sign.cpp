#include "calibration/screen/degree_sign.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>

#include "calibration/screen/text_places.h"

namespace soleus {
namespace {

// All lengths against the height of the figures.
constexpr double kLeastRing = 0.28;
constexpr double kMostRing = 0.62;
constexpr double kRingOff = 0.25;       // of its top from theirs
constexpr double kMostFigureGap = 0.5;  // between figures, and to the ring
constexpr double kUnequal = 0.25;       // of figures in height
constexpr double kTwoFigures = 1.1;     // as wide, two run into each other
constexpr double kLeastSpace = 0.25;    // between theta and its angle
constexpr double kMostSpace = 1.5;
constexpr double kLeastTheta = 0.8;  // in height
constexpr double kMostTheta = 1.4;
constexpr double kMostThetaWidth = 1.1;
constexpr double kAlone = 0.6;  // free before theta, and behind the ring
// A ring as wide as high, to this many pixels or this share; grey in its hole against the brightest of it.
constexpr double kRoundPx = 1.5;
constexpr double kRoundShare = 0.35;
constexpr double kMostHole = 0.8;
// A theta is looked at in this size; its sides against its bars.
constexpr int kThetaPx = 36;
constexpr double kLeastSide = 0.5;
constexpr int kRoomPx = 2;

bool inOneRow(const cv::Rect& a, const cv::Rect& b) {
  const int common = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  return 2 * common > std::min(a.height, b.height);
}

/// The next letter to the left in the row of `letter`; null if there is none.
const cv::Rect* leftOf(const cv::Rect& letter, const std::vector<cv::Rect>& letters) {
  const cv::Rect* next = nullptr;
  for (const cv::Rect& other : letters) {
    if (!inOneRow(other, letter) || other.x + other.width > letter.x + 1 || other.x >= letter.x) continue;
    if (next == nullptr || other.x + other.width > next->x + next->width) next = &other;
  }
  return next;
}

int gapBetween(const cv::Rect& left, const cv::Rect& right) {
  return right.x - (left.x + left.width);
}

bool isFreeBehind(const cv::Rect& ring, const std::vector<cv::Rect>& letters, double roomPx) {
  return std::none_of(letters.begin(), letters.end(), [&](const cv::Rect& other) {
    return other.x > ring.x && inOneRow(other, ring) && gapBetween(ring, other) < roomPx;
  });
}

bool isRing(const cv::Mat& ink, const cv::Rect& box) {
  if (std::abs(box.width - box.height) > std::max(kRoundPx, kRoundShare * box.height) || box.height < 3)
    return false;
  double brightest = 0;
  cv::minMaxLoc(ink(box), nullptr, &brightest);
  const cv::Rect middle(box.x + box.width / 2 - 1, box.y + box.height / 2 - 1, 3, 3);
  double hole = 0;
  cv::minMaxLoc(ink(middle & cv::Rect({}, ink.size())), &hole, nullptr);
  return hole <= kMostHole * brightest;
}

/// Whether a letter is closed round a bar: a theta, or an 8, for which it is taken. Nothing else is that is
/// printed before an angle (S, T, R, L).
bool isTheta(const cv::Mat& ink, const cv::Rect& box) {
  if (box.width < 5 || box.height < 7) return false;
  cv::Mat large;
  cv::resize(ink(box), large, {kThetaPx, kThetaPx}, 0, 0, cv::INTER_AREA);
  const auto mean = [&](int x, int y, int width, int height) {
    return cv::mean(large(cv::Rect(x, y, width, height)))[0];
  };
  // In thirds of its width: the sides all the way down, and between them top, bar and foot round two holes.
  const int third = kThetaPx / 3;
  cv::Mat middle;
  cv::reduce(large.colRange(third, 2 * third), middle, 1, cv::REDUCE_AVG, CV_64F);
  const auto extreme = [&](int from, int to, bool brightest) {
    double least = 0;
    double most = 0;
    cv::minMaxLoc(middle.rowRange(from * kThetaPx / 12, to * kThetaPx / 12), &least, &most);
    return brightest ? most : least;
  };
  const double bars = std::min({extreme(0, 3, true), extreme(4, 8, true), extreme(9, 12, true)});
  const double holes = std::max(extreme(2, 6, false), extreme(6, 10, false));
  const double sides =
      std::min({mean(0, kThetaPx / 5, third, third), mean(2 * third, kThetaPx / 5, third, third),
                mean(0, kThetaPx / 2, third, third), mean(2 * third, kThetaPx / 2, third, third)});
  return holes <= kMostHole * bars && sides >= kLeastSide * bars;
}

/// Where the two figures before a ring stand, if a letter alone comes before them.
std::optional<cv::Rect> figuresBefore(const cv::Mat& ink, const cv::Rect& ring,
                                      const std::vector<cv::Rect>& letters) {
  const cv::Rect* last = leftOf(ring, letters);
  if (last == nullptr) return std::nullopt;
  const double high = last->height;
  if (ring.height < kLeastRing * high || ring.height > kMostRing * high ||
      std::abs(ring.y - last->y) > kRingOff * high || gapBetween(*last, ring) > kMostFigureGap * high ||
      !isFreeBehind(ring, letters, kAlone * high))
    return std::nullopt;
  cv::Rect figures = *last;
  const cv::Rect* before = leftOf(*last, letters);
  if (last->width < kTwoFigures * high) {
    if (before == nullptr || std::abs(before->height - high) > kUnequal * high ||
        gapBetween(*before, *last) > kMostFigureGap * high)
      return std::nullopt;
    figures |= *before;
    before = leftOf(*before, letters);
  }
  if (before == nullptr) return std::nullopt;
  const int space = gapBetween(*before, figures);
  if (space < kLeastSpace * high || space > kMostSpace * high || before->height < kLeastTheta * high ||
      before->height > kMostTheta * high || before->width > kMostThetaWidth * high || !isTheta(ink, *before))
    return std::nullopt;
  const cv::Rect* other = leftOf(*before, letters);
  if (other != nullptr && gapBetween(*other, *before) < kAlone * high) return std::nullopt;
  return figures;
}

bool isAngle(const std::string& text) {
  return text.size() == 2 && text[0] >= '1' && text[0] <= '8' && text[1] >= '0' && text[1] <= '9';
}

}  // namespace

std::vector<TextLine> anglesByRing(const cv::Mat& ink, const std::vector<cv::Rect>& letters,
                                   const TextReader& reader) {
  std::vector<TextLine> angles;
  for (const cv::Rect& ring : letters) {
    if (!isRing(ink, ring)) continue;
    const auto figures = figuresBefore(ink, ring, letters);
    if (!figures) continue;
    TextLine line{*figures, "", 0};
    const cv::Mat room = ink(withRoom(*figures, kRoomPx, ink.size()));
    using Enlarging = TextReader::Enlarging;
    for (const auto enlarging : {Enlarging::kUsual, Enlarging::kLarger, Enlarging::kSharper}) {
      ReadText read = reader.line(room, TextReader::Letters::kDigits, enlarging);
      const bool angle = isAngle(read.text);
      if (angle) read.text += "\xC2\xB0";
      if (angle && line.text.empty()) {
        line.text = read.text;
        line.confidence = read.confidence;
      } else {
        line.again.push_back(std::move(read));
      }
    }
    if (!line.text.empty()) angles.push_back(std::move(line));
  }
  return angles;
}

}  // namespace soleus
