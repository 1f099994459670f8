#include "pipeline/contraction/answer_cues.h"

#include <algorithm>
#include <cmath>

namespace soleus {
namespace {

constexpr double kLatestS = 3;

struct Pair {
  std::size_t cue;
  std::size_t onset;
  double apartS;
};

}  // namespace

double answerAfterS(double intervalS) {
  return std::min(intervalS / 2, kLatestS);
}

std::vector<std::optional<std::size_t>> answersToCues(std::span<const double> cueS,
                                                      std::span<const double> onsetS, double intervalS) {
  const double afterS = answerAfterS(intervalS);
  std::vector<Pair> pairs;
  for (std::size_t cue = 0; cue < cueS.size(); ++cue) {
    for (std::size_t onset = 0; onset < onsetS.size(); ++onset) {
      const double delayS = onsetS[onset] - cueS[cue];
      if (delayS >= -kAnswerBeforeS && delayS <= afterS) pairs.push_back({cue, onset, std::abs(delayS)});
    }
  }
  // The nearest first: where two cues could claim one contraction, the nearer has it.
  std::ranges::stable_sort(pairs, {}, &Pair::apartS);
  std::vector<std::optional<std::size_t>> answers(cueS.size());
  std::vector<bool> taken(onsetS.size());
  for (const Pair& pair : pairs) {
    if (answers[pair.cue] || taken[pair.onset]) continue;
    answers[pair.cue] = pair.onset;
    taken[pair.onset] = true;
  }
  return answers;
}

}  // namespace soleus
