/// Which contraction answers which cue.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace soleus {

/// How long before a cue a contraction may begin and still answer it: with an even rhythm a person comes
/// before the cue rather than after it, and the flow's onset is known to some hundredths of a second.
inline constexpr double kAnswerBeforeS = 0.5;

/// How long after it at most: the smaller of half the interval (from there on the next cue is nearer) and
/// 3 s (later nobody answers; what comes then was not asked for).
double answerAfterS(double intervalS);

/// For each of the cues the index of its answer among `onsetS`: the nearest onset from kAnswerBeforeS before
/// the cue to answerAfterS after it. No onset answers two cues; of two that are closer than their interval
/// the first has it. Times in s.
std::vector<std::optional<std::size_t>> answersToCues(std::span<const double> cueS,
                                                      std::span<const double> onsetS, double intervalS);

}  // namespace soleus
