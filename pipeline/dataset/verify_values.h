/// Checks of the values in a session: order, ranges, and the balance of its streams.
#pragma once

#include "pipeline/dataset/verify_layout.h"

namespace soleus {

/// Finite and strictly increasing.
void checkIncreasing(Examination& examination, const std::string& path);

/// Every value within [low, high]; NaN, which stands for "missing", passes.
void checkRange(Examination& examination, const std::string& path, double low, double high);

/// No infinity; NaN, which stands for "missing", passes.
void checkFinite(Examination& examination, const std::string& path);

/// The area of the lumen is that of the circle with its diameter, where both are known.
void checkLumen(Examination& examination);

/// Times of contractions in order and within the session.
void checkContractions(Examination& examination);

/// Received = written + dropped, written = entries, sequence increasing, gaps in line with the losses.
void checkStream(Examination& examination, const std::string& group);

}  // namespace soleus
