#include "calibration/screen/time_ticks.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "calibration/screen/possible_lines.h"

namespace soleus {
namespace {

// From the edge of the strip outwards, and inwards where that was found too far out.
constexpr int kBeyondPx = 12;
constexpr int kWithinPx = 4;
// The shortest ticks are that many rows high.
constexpr int kTickRows = 3;
// This far beside a tick there is none of its ink.
constexpr int kBesidePx = 3;
// Ink of a tick, row by row.
constexpr double kLeastInk = 30;
constexpr double kLeastPitchPx = 6;
constexpr std::size_t kLeastTicks = 3;
// Of the places on the comb those that hold a tick, of what stands in its rows what is one, and of the strip
// what it reaches along.
constexpr double kLeastShare = 0.8;
constexpr double kLeastReach = 0.5;
// Two ticks rounded to whole columns.
constexpr double kOffPx = 1.0;
constexpr double kWholeColumnPx = 0.5;
// Edges of a strip are found to this, and bars of a frame to that.
constexpr double kAtEndPx = 4;
constexpr double kSamePx = 0.6;
// Round times are at least a fifth apart.
constexpr double kNear = 0.08;

/// A tick that was seen, and which of the comb it is.
struct Tick {
  double column = 0;
  int number = 0;
};

/// Columns at which thin upright bars stand in all of `rows`.
std::vector<double> barsIn(const cv::Mat& rows, int offset) {
  std::vector<double> ink(static_cast<std::size_t>(rows.cols), 0);
  for (int x = kBesidePx; x < rows.cols - kBesidePx; ++x) {
    double least = 255;
    for (int y = 0; y < rows.rows; ++y) {
      const int beside =
          std::max(rows.at<std::uint8_t>(y, x - kBesidePx), rows.at<std::uint8_t>(y, x + kBesidePx));
      least = std::min(least, 1.0 * rows.at<std::uint8_t>(y, x) - beside);
    }
    ink[static_cast<std::size_t>(x)] = std::max(0.0, least);
  }
  std::vector<double> bars;
  for (std::size_t x = 1; x + 1 < ink.size(); ++x) {
    if (ink[x] < kLeastInk || ink[x - 1] > ink[x] || ink[x + 1] >= ink[x]) continue;
    const double mass = ink[x - 1] + ink[x] + ink[x + 1];
    bars.push_back(offset + static_cast<double>(x) + 0.5 + (ink[x + 1] - ink[x - 1]) / mass);
  }
  return bars;
}

/// Without the sides of a frame, which stand beside the strip as well as below it.
std::vector<double> withoutFrame(std::vector<double> bars, const std::vector<double>& besideStrip) {
  std::erase_if(bars, [&](double bar) {
    return std::any_of(besideStrip.begin(), besideStrip.end(),
                       [bar](double side) { return std::abs(side - bar) <= kSamePx; });
  });
  return bars;
}

/// The ticks of the comb that begins with bars `first` and `second`.
std::vector<Tick> combFrom(const std::vector<double>& bars, std::size_t first, std::size_t second) {
  std::vector<Tick> comb{{bars[first], 0}, {bars[second], 1}};
  for (std::size_t i = second + 1; i < bars.size(); ++i) {
    const double pitch = (comb.back().column - comb.front().column) / comb.back().number;
    const int number = static_cast<int>(std::lround((bars[i] - comb.front().column) / pitch));
    const double off = bars[i] - comb.back().column - pitch * (number - comb.back().number);
    if (number > comb.back().number && std::abs(off) <= kOffPx) comb.push_back({bars[i], number});
  }
  return comb;
}

bool isAt(double bar, int column) {
  return std::abs(bar - column - 0.5) <= kAtEndPx;
}

/// Ticks begin at an end of the strip, and there alone the column is not rounded, whichever way others are.
std::optional<TimeTicks> twoTicks(double left, double right, const cv::Rect& strip) {
  const bool fromLeft = isAt(left, strip.x);
  if (fromLeft == isAt(right, strip.x + strip.width)) return std::nullopt;
  const auto reading = [](double bar, double value, bool atEnd) {
    const double error = atEnd ? kWholeColumnPx / 2 : kWholeColumnPx;
    return BoundedReading{std::floor(bar) + error, value, error};
  };
  const auto pitch = possibleSlopes({reading(left, 0, fromLeft), reading(right, 1, !fromLeft)});
  if (!pitch) return std::nullopt;
  return TimeTicks{pitch->mean, pitch->bound(), 2};
}

/// The pitch of a comb. Steps that are all the same whole number of columns may be rounded one by one: then
/// the true one is that to half a column.
std::optional<TimeTicks> pitchOf(const std::vector<Tick>& comb) {
  std::vector<BoundedReading> readings;
  for (const Tick& tick : comb)
    readings.push_back({std::floor(tick.column) + 0.5, 1.0 * tick.number, kWholeColumnPx});
  const auto pitch = possibleSlopes(readings);
  if (!pitch) return std::nullopt;
  const double step = (readings[1].row - readings[0].row) / (readings[1].value - readings[0].value);
  const bool alike = std::all_of(readings.begin(), readings.end(), [&](const BoundedReading& r) {
    return r.row - readings[0].row == step * (r.value - readings[0].value);
  });
  const double oneByOne = alike ? kWholeColumnPx / pitch->mean : 0;
  return TimeTicks{pitch->mean, std::max(pitch->bound(), oneByOne), static_cast<int>(comb.size())};
}

std::optional<TimeTicks> ticksOf(const std::vector<double>& bars, const cv::Rect& strip) {
  const double leastReachPx = kLeastReach * strip.width;
  if (bars.size() == 2 && bars[1] - bars[0] >= leastReachPx) return twoTicks(bars[0], bars[1], strip);
  std::optional<TimeTicks> best;
  for (std::size_t i = 0; i + 1 < bars.size(); ++i) {
    for (std::size_t j = i + 1; j < bars.size(); ++j) {
      if (bars[j] - bars[i] < kLeastPitchPx) continue;
      const std::vector<Tick> comb = combFrom(bars, i, j);
      const auto count = static_cast<double>(comb.size());
      if (comb.size() < kLeastTicks || count < kLeastShare * static_cast<double>(bars.size()) ||
          count < kLeastShare * (comb.back().number + 1) ||
          comb.back().column - comb.front().column < leastReachPx)
        continue;
      if (!isAt(comb.front().column, strip.x) && !isAt(comb.back().column, strip.x + strip.width)) continue;
      const auto ticks = pitchOf(comb);
      if (ticks && (!best || ticks->count > best->count)) best = ticks;
    }
  }
  return best;
}

}  // namespace

std::optional<TimeTicks> findTimeTicks(const cv::Mat& ink, const cv::Rect& strip) {
  const cv::Rect screen({}, ink.size());
  const auto barsAt = [&](int y) -> std::vector<double> {
    const cv::Rect wanted(strip.x - kBesidePx - 1, y, strip.width + 2 * (kBesidePx + 1), kTickRows);
    const cv::Rect rows = wanted & screen;
    return rows.height < kTickRows ? std::vector<double>{} : barsIn(ink(rows), rows.x);
  };
  const std::vector<double> sides = barsAt(strip.y + strip.height / 2);
  std::optional<TimeTicks> best;
  const auto look = [&](int y) {
    const auto ticks = ticksOf(withoutFrame(barsAt(y), sides), strip);
    if (ticks && (!best || ticks->count > best->count)) best = ticks;
  };
  // Below first: above, a picture's own ticks may stand.
  for (int away = -kWithinPx; away < kBeyondPx; ++away) look(strip.y + strip.height + away);
  if (best) return best;
  for (int away = -kWithinPx; away < kBeyondPx; ++away) look(strip.y - away - kTickRows);
  return best;
}

double roundTickS(const TimeTicks& ticks, double secondsPerPixel) {
  const double apartS = ticks.pitchPx * secondsPerPixel;
  if (!(apartS > 0)) return std::nan("");
  const double decade = std::pow(10.0, std::floor(std::log10(apartS)));
  for (const double factor : {1.0, 2.0, 2.5, 4.0, 5.0, 10.0}) {
    if (std::abs(apartS / (factor * decade) - 1) <= kNear) return factor * decade;
  }
  return std::nan("");
}

}  // namespace soleus
