/// Stretches of fast flow toward the heart: what may be contractions.
#pragma once

#include <cstddef>
#include <vector>

#include "pipeline/contraction/velocity_course.h"

namespace soleus {

/// Columns of a course.
struct FlowBurst {
  std::size_t first = 0;  ///< clearly faster than a moment ago
  std::size_t peak = 0;   ///< fastest
  std::size_t last = 0;   ///< last that is clearly faster than before the burst
};

/// In order of time. A contraction is told by how fast it comes: velocity over that of a third to two thirds
/// of a second ago. What breath, heart and refilling do to that in the whole trace is its (robust) standard
/// deviation; a burst is three times as fast a rise, held for 50 ms. It lasts until half of that is lost.
std::vector<FlowBurst> findBursts(const VelocityCourse& course);

}  // namespace soleus
