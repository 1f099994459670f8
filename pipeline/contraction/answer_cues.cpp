#include "pipeline/contraction/answer_cues.h"

#include <algorithm>
#include <cmath>

namespace soleus {
namespace {

constexpr double kLatestS = 3;

}  // namespace

double answerAfterS(double intervalS) {
  return std::min(intervalS / 2, kLatestS);
}

std::vector<std::optional<std::size_t>> answersToCues(std::span<const double> cueS,
                                                      std::span<const double> onsetS, double intervalS) {
  const double afterS = answerAfterS(intervalS);
  std::vector<std::optional<std::size_t>> answers;
  std::vector<bool> taken(onsetS.size());
  for (const double cue : cueS) {
    std::optional<std::size_t> nearest;
    for (std::size_t i = 0; i < onsetS.size(); ++i) {
      const double delayS = onsetS[i] - cue;
      if (taken[i] || delayS < -kAnswerBeforeS || delayS > afterS) continue;
      if (!nearest || std::abs(delayS) < std::abs(onsetS[*nearest] - cue)) nearest = i;
    }
    if (nearest) taken[*nearest] = true;
    answers.push_back(nearest);
  }
  return answers;
}

}  // namespace soleus
