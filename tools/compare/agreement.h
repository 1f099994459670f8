/// How far two measurements of the same subject lie apart.
#pragma once

#include <cstddef>
#include <span>

#include "tools/compare/estimate.h"

namespace soleus {

/// Limits between which 95 % of the differences of two sessions lie: bias -+ 1.96 SD of the differences
/// (Bland and Altman, Lancet 1986;1:307; Stat Methods Med Res 1999;8:135).
struct Agreement {
  std::size_t count = 0;  ///< pairs
  Estimate bias;          ///< mean difference, with Student's interval
  double sd = kNotKnown;  ///< of the differences
  Estimate lower;
  Estimate upper;
};

/// Of the differences (second - first) of at least two subjects, all finite; of fewer, nothing but the count
/// is known. Without intervals where all differences are equal: how they scatter is not known then. The
/// intervals of the limits are the exact ones for normal differences, by the noncentral t distribution
/// (Carkeet, Optom Vis Sci 2015;92:e71): the approximation of 1986 is too narrow for few subjects.
Agreement agreementOf(std::span<const double> differences);

}  // namespace soleus
