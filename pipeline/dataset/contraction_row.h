/// A row of /contractions, and what is known of its errors.
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

/// Its uncertainties, in a table of kContractionUncertaintyTable. Throws h5::Failure.
inline void appendUncertainty(AppendTable& table, const ContractionUncertainty& u) {
  table.append(u.flowOnsetS, u.baselineVelocityCmPerS, u.peakVelocityCmPerS, u.meanVelocityCmPerS, u.vtiCm,
               u.augmentationRatio, u.augmentationCmPerS, u.ejectedVolumeMl, u.excessVolumeMl,
               u.refluxDurationS, u.refluxPeakCmPerS, u.refluxVolumeMl, u.refillTimeS);
}

}  // namespace soleus
