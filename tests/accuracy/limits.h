/// What the program promises of its accuracy from 10 dB of signal to noise up.
#pragma once

#include "tests/accuracy/accuracy_case.h"

namespace soleus::accuracy {

/// Largest absolute values; errors of contractions as in ContractionScore.
struct Limits {
  double peakBiasPercent = 0;
  double peakSdPercent = 0;
  double vtiPercent = 0;   ///< of the mean over recordings
  double meanPercent = 0;  ///< likewise
  double lagMs = 0;        ///< likewise
  double refluxMs = 0;     ///< likewise
};

/// By the source: a screen's pixels, codec and frames cost accuracy.
Limits limitsOf(Source source);

}  // namespace soleus::accuracy
