/// Extremes of a velocity trace that lasted: two columns of noise are no peak.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace soleus {

/// How long a velocity has to be held to count as a peak. Neighbouring columns share their samples, so that a
/// burst of noise lasts 10 to 20 ms; a contraction lasts 0.3 s and more, and a half sine of 0.3 s stays
/// within 0.6 % of its top for the middle half of 40 ms.
inline constexpr double kPeakHoldS = 0.04;

/// A velocity and the middle of the columns that held it.
struct HeldPeak {
  double cmPerS = 0;
  double timeS = 0;
};

/// Odd number of columns that last about kPeakHoldS; at least 3, so that one column alone never counts.
std::size_t heldColumns(double stepS);

/// The farthest value in the direction `sign` (+1 or -1) of the running median over heldColumns(). Missing
/// values (NaN) count as 0 in the median: what is held has to be there in more than half of the columns. No
/// window reaches across a gap in time or over an end. cmPerS is 0 where nothing goes that way; nullopt if no
/// window is measured in more than half of its columns.
std::optional<HeldPeak> heldPeak(std::span<const double> timeS, std::span<const double> values, double sign);

/// Whether `marked` (one for each time) holds in more than half of some heldColumns() neighbours.
bool lasts(std::span<const double> timeS, const std::vector<bool>& marked);

/// The longest unbroken run of `marked` columns in seconds, each column counting a step; a column of
/// `startsAnew` begins a new run. 0 if there is none.
double longestRunS(std::span<const double> timeS, const std::vector<bool>& marked,
                   const std::vector<bool>& startsAnew);

}  // namespace soleus
