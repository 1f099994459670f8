/// The straight line behind the numbers of an axis: which row means what.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace soleus {

/// A number beside an axis. Only its size counts: a minus sign is lost too easily, and the place of zero
/// tells it.
struct ScaleReading {
  double row = 0;       ///< continuous, of its tick, or of the number's middle
  double value = 0;     ///< >= 0, in the axis' unit
  bool rounded = true;  ///< false: the row from which the others were placed, of a sharp line at zero
};

/// What a scale may be off.
inline constexpr double kScaleShare = 0.005;

/// |value| = unitsPerPixel * |row - zeroRow|.
struct ScaleLine {
  double zeroRow = 0;
  double unitsPerPixel = 0;       ///< > 0
  double residualPx = 0;          ///< root mean square of the rows off the line
  double uncertainty = 0;         ///< bound of the error of unitsPerPixel, as a share of it
  std::vector<std::size_t> used;  ///< which readings lie on it, in their order
  double roundedUncertainty = 0;  ///< the same if zero were rounded as the rest
  double doubt = 0;               ///< how probable it is that unitsPerPixel is off by more than kScaleShare
};

/// Rows that a reading may lie off: ticks are drawn on whole rows, numbers around them.
struct ScaleTolerance {
  double rowPx = 1.0;
  bool ticked = true;     ///< the rows are those of ticks; the middles of numbers are less sure
  bool bothSides = true;  ///< the axis runs to both sides of zero; else only down from it (depth)
  /// A line that is one sharp row shows that the screen draws on whole rows, wherever ticks seem to lie.
  bool wholeRows = false;
};

/// A screen draws ticks on whole rows: each true row lies within half a row of the drawn one (a fifth where
/// most rows found are not whole: that screen draws between them). `unitsPerPixel` is the mean of all
/// scales that respect this (possible_lines), `uncertainty` how far the others lie from it. Ticks are placed
/// from the row of zero, which is therefore not rounded itself: where all rows are whole and agree with that,
/// it is taken so. Where they contradict it, a tick may be the row beside its own, and all are less sure by
/// that.
///
/// The line on which most readings lie (random sample consensus, Fischler and Bolles, Commun ACM 1981, over
/// all pairs). Nothing unless at least three of different rows do, and more than lie off it.
std::optional<ScaleLine> fitScaleLine(const std::vector<ScaleReading>& readings,
                                      const ScaleTolerance& tolerance);

}  // namespace soleus
