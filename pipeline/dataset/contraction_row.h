/// A row of /contractions.
#pragma once

#include <cstdint>

#include "pipeline/core/contraction.h"
#include "pipeline/dataset/append_dataset.h"

namespace soleus {

/// `number`: counted from 1. Throws h5::Failure.
inline void appendContraction(AppendTable& table, std::int64_t number, const Contraction& c) {
  table.append(number, c.onsetS, c.flowOnsetS, c.peakS, c.endS, c.baselineVelocityCmPerS,
               c.peakVelocityCmPerS, c.meanVelocityCmPerS, c.vtiCm, c.augmentationRatio, c.augmentationCmPerS,
               c.ejectedVolumeMl, c.excessVolumeMl, c.refluxDurationS, c.refluxPeakCmPerS, c.refluxVolumeMl,
               c.refillTimeS, static_cast<std::uint8_t>(c.onsetSource), c.quality);
}

}  // namespace soleus
