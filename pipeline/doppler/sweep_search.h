/// Finding a sweep among scattered changes: a straight line through points of column and time.
#pragma once

#include <optional>
#include <vector>

namespace soleus {

/// A change seen in a frame, not yet explained.
struct ChangePoint {
  double xPx = 0;
  double timeS = 0;
  int frame = 0;  ///< counts frames; several points may share one
};

/// The front passes column x at startS + x / pxPerS.
struct SweepLine {
  double startS = 0;
  double pxPerS = 0;
  double firstS = 0;  ///< first and last point on the line
  double lastS = 0;
  std::vector<ChangePoint> points;  ///< the points on it, one a frame, in order of time
  [[nodiscard]] double timeS(double xPx) const { return startS + xPx / pxPerS; }
};

/// The line that most frames support: random sample consensus (Fischler and Bolles, Commun ACM 1981), but
/// over a fixed choice of pairs instead of a random one, so that the same points give the same line. `points`
/// in order of time. Nothing if too few frames lie on any line, or if it is too short to give a speed.
std::optional<SweepLine> findSweepLine(const std::vector<ChangePoint>& points, int widthPx);

/// A line parallel to another, one sweep later (`lap` 1) or earlier (-1).
struct SweepLap {
  int lap = 0;
  double periodS = 0;
  std::vector<ChangePoint> points;  ///< one a frame, in order of time
};

/// The lap before or after the line through startS with speed pxPerS, among `points`. A front with an erased
/// gap ahead of it draws two parallel lines; `latest` says to take the later one, written columns, and not
/// the earlier. `anyLength`: also laps that differ from the region's width by more than regions are misdrawn;
/// they are more likely the end of a gap while the front itself is invisible. Nothing if too few frames
/// support a line, or if a later lap is so young that the second line could still be missing.
std::optional<SweepLap> findSweepLap(const std::vector<ChangePoint>& points, double startS, double pxPerS,
                                     int widthPx, bool latest, bool anyLength);

}  // namespace soleus
