/// The counted contractions of a session laid over each other: what one of them looks like, and how they
/// differ.
#pragma once

#include <nlohmann/json.hpp>

#include "pipeline/core/result.h"
#include "pipeline/dataset/session_reader.h"

namespace soleus {

/// Peak velocity (cm/s, positive toward the heart) about the onsets of the flow, over the contractions that
/// count, at each 20 ms where at least half of them (two or more) were measured: {contractions, time_s (0:
/// the onset), mean, low, high (the mean less and plus a standard deviation between contractions)}. From 1 s
/// before the onset to the shortest step from one contraction to the next, at most 8 s. Null of fewer than
/// two. Aliased columns are left out. Errors (kBadInput): a dataset that cannot be read.
Result<nlohmann::json> averageContraction(const SessionReader& session);

}  // namespace soleus
