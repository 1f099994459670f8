/// Mean and scatter of some values.
#pragma once

#include <cmath>
#include <span>

namespace soleus {

struct Level {
  double mean = 0;
  double sd = 0;  ///< standard deviation
};

/// Of one value or more.
inline Level levelOf(std::span<const double> values) {
  const auto count = static_cast<double>(values.size());
  Level level;
  for (const double value : values) level.mean += value / count;
  for (const double value : values) level.sd += (value - level.mean) * (value - level.mean) / count;
  level.sd = std::sqrt(level.sd);
  return level;
}

}  // namespace soleus
