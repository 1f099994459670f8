/// A number with its error bar.
#pragma once

#include <limits>

namespace soleus {

inline constexpr double kNotKnown = std::numeric_limits<double>::quiet_NaN();

/// A value and the two ends of its 95 % confidence interval, in the value's unit; NaN where the data do not
/// tell.
struct Estimate {
  double value = kNotKnown;
  double low = kNotKnown;
  double high = kNotKnown;
};

}  // namespace soleus
