#include "pipeline/doppler/sweep_search.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace soleus {
namespace {

// Sweeps shown by scanners last 1.5 to 12 s; twice that on either side.
constexpr double kFastestSweepS = 0.75;
constexpr double kSlowestSweepS = 25;
// Pairs closer than this give no speed, further apart are rare while the front is blind part of the time.
constexpr double kLeastPairS = 0.25;
constexpr double kMostPairS = 1.5;
// Half a frame's movement and the codec's smear.
constexpr double kTolerancePx = 3;
// Frames on the line, and how long and far it must reach: a marker that hops about makes no such row of
// points.
constexpr std::size_t kLeastFrames = 20;
constexpr double kLeastSpanS = 1;
constexpr double kLeastSpanPx = 20;
// Of the frames that saw anything while the line lasted, the share that saw the line.
constexpr double kLeastShare = 0.5;
// Frames that must agree on a second lap, its speed being known.
constexpr std::size_t kLeastLapFrames = 6;
constexpr double kLeastLapPx = 10;
// By then the columns behind a gap of 20 px have shown themselves for 0.3 s.
constexpr double kSecondLineS = 0.6;
// The region is drawn around the sweep by hand or OCR, usually to 2 %.
constexpr double kUsualLapMisfit = 0.02;
constexpr double kLapMisfit = 0.35;

/// Line through the points within tolerance of (startS, pxPerS), one per frame: the nearest.
SweepLine supporters(const std::vector<ChangePoint>& points, double startS, double pxPerS) {
  SweepLine line{startS, pxPerS, 0, 0, {}};
  double nearest = 0;
  for (const ChangePoint& p : points) {
    const double off = std::abs(p.xPx - (p.timeS - startS) * pxPerS);
    if (off > kTolerancePx) continue;
    if (!line.points.empty() && line.points.back().frame == p.frame) {
      if (off < nearest) line.points.back() = p;
      nearest = std::min(nearest, off);
      continue;
    }
    line.points.push_back(p);
    nearest = off;
  }
  if (!line.points.empty()) {
    line.firstS = line.points.front().timeS;
    line.lastS = line.points.back().timeS;
  }
  return line;
}

SweepLine refined(const std::vector<ChangePoint>& points, SweepLine line) {
  for (int i = 0; i < 3; ++i) {
    const double n = static_cast<double>(line.points.size());
    double meanX = 0;
    double meanT = 0;
    for (const ChangePoint& p : line.points) {
      meanX += p.xPx / n;
      meanT += p.timeS / n;
    }
    double xt = 0;
    double tt = 0;
    for (const ChangePoint& p : line.points) {
      xt += (p.xPx - meanX) * (p.timeS - meanT);
      tt += (p.timeS - meanT) * (p.timeS - meanT);
    }
    if (!(xt > 0) || !(tt > 0)) break;
    SweepLine next = supporters(points, meanT - meanX * tt / xt, xt / tt);
    if (next.points.size() < line.points.size()) break;
    line = std::move(next);
  }
  return line;
}

int framesBetween(const std::vector<ChangePoint>& points, double fromS, double toS) {
  int frames = 0;
  int last = -1;
  for (const ChangePoint& p : points) {
    if (p.timeS < fromS || p.timeS > toS || p.frame == last) continue;
    last = p.frame;
    ++frames;
  }
  return frames;
}

}  // namespace

std::optional<SweepLine> findSweepLine(const std::vector<ChangePoint>& points, int widthPx) {
  SweepLine best;
  // Every third frame starts a pair: a line has many points, one of them is enough.
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].frame % 3 != 0) continue;
    for (std::size_t j = i + 1; j < points.size(); ++j) {
      const double dt = points[j].timeS - points[i].timeS;
      if (dt < kLeastPairS || points[j].frame % 2 != 0) continue;
      if (dt > kMostPairS) break;
      const double pxPerS = (points[j].xPx - points[i].xPx) / dt;
      if (pxPerS < widthPx / kSlowestSweepS || pxPerS > widthPx / kFastestSweepS) continue;
      SweepLine line = supporters(points, points[i].timeS - points[i].xPx / pxPerS, pxPerS);
      if (line.points.size() > best.points.size()) best = std::move(line);
    }
  }
  if (best.points.size() < kLeastFrames) return std::nullopt;
  best = refined(points, std::move(best));
  const double spanPx = best.points.back().xPx - best.points.front().xPx;
  if (best.lastS - best.firstS < kLeastSpanS || spanPx < kLeastSpanPx) return std::nullopt;
  const int seen = framesBetween(points, best.firstS, best.lastS);
  if (static_cast<double>(best.points.size()) < kLeastShare * seen) return std::nullopt;
  return best;
}

std::optional<SweepLap> findSweepLap(const std::vector<ChangePoint>& points, double startS, double pxPerS,
                                     int widthPx, bool latest, bool anyLength) {
  const double lapS = widthPx / pxPerS;
  std::vector<std::pair<double, SweepLine>> candidates;  // with their lags
  std::size_t most = kLeastLapFrames;
  double earliestS = points.empty() ? 0 : points.back().timeS;
  bool later = false;
  for (const ChangePoint& p : points) {
    const double lagS = p.timeS - p.xPx / pxPerS - startS;
    const double off = std::abs(std::abs(lagS) / lapS - 1);
    if (off > (anyLength ? kLapMisfit : kUsualLapMisfit)) continue;
    SweepLine line = supporters(points, startS + lagS, pxPerS);
    if (line.points.size() < kLeastLapFrames) continue;
    // A marker is many points at one place, a lap moves.
    if (line.points.back().xPx - line.points.front().xPx < kLeastLapPx) continue;
    if (lagS > 0) earliestS = std::min(earliestS, line.firstS);
    later = later || lagS > 0;
    most = std::max(most, line.points.size());
    candidates.emplace_back(lagS, std::move(line));
  }
  if (later && points.back().timeS - earliestS < kSecondLineS) return std::nullopt;
  const SweepLine* chosen = nullptr;
  double chosenLagS = 0;
  for (const auto& [lagS, line] : candidates) {
    if (2 * line.points.size() < most) continue;
    if (chosen != nullptr && (lagS > chosenLagS) != latest) continue;
    chosen = &line;
    chosenLagS = lagS;
  }
  if (chosen == nullptr) return std::nullopt;
  // The choice went to the rim of a line: back to its middle.
  SweepLine line = *chosen;
  for (int i = 0; i < 3; ++i) {
    std::vector<double> lags;
    for (const ChangePoint& p : line.points) lags.push_back(p.timeS - p.xPx / pxPerS - startS);
    const auto middle = lags.begin() + static_cast<std::ptrdiff_t>(lags.size() / 2);
    std::nth_element(lags.begin(), middle, lags.end());
    chosenLagS = *middle;
    line = supporters(points, startS + chosenLagS, pxPerS);
  }
  return SweepLap{chosenLagS > 0 ? 1 : -1, std::abs(chosenLagS), std::move(line.points)};
}

}  // namespace soleus
