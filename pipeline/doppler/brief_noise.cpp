#include "pipeline/doppler/brief_noise.h"

#include <algorithm>

namespace soleus {
namespace {

// Columns are averaged with a standard deviation of 12 ms: a weak burst fills two or three of them, a strong
// one is smeared over twice the window's length and that average. Blood lasts longer (velocity_course).
constexpr double kNoiseS = 0.050;

void clearForward(ColumnEnvelope& envelope, const DirectionAxis& axis) {
  envelope.forward = false;
  envelope.forwardCmPerS = envelope.forwardVariance = 0;
  envelope.forwardRange = {axis.firstForward, axis.firstForward};
}

void clearReverse(ColumnEnvelope& envelope, const DirectionAxis& axis) {
  envelope.reverse = false;
  envelope.reverseCmPerS = envelope.reverseVariance = 0;
  envelope.reverseRange = {axis.lastReverse + 1, axis.lastReverse + 1};
}

}  // namespace

void takeBackBriefNoise(std::vector<ColumnEnvelope>& envelopes, double secondsPerColumn,
                        const DirectionAxis& axis) {
  struct Way {
    bool ColumnEnvelope::*own;
    bool ColumnEnvelope::*other;
    void (*clear)(ColumnEnvelope&, const DirectionAxis&);
  };
  static constexpr Way kWays[] = {{&ColumnEnvelope::forward, &ColumnEnvelope::reverse, clearForward},
                                  {&ColumnEnvelope::reverse, &ColumnEnvelope::forward, clearReverse}};
  for (const Way& way : kWays) {
    const auto own = [&](const ColumnEnvelope& e) { return e.*way.own; };
    auto end = envelopes.begin();
    while (true) {
      const auto begin = std::find_if(end, envelopes.end(), own);
      end = std::find_if_not(begin, envelopes.end(), own);
      // What comes again as soon as that is one: flow flickers where it is weak.
      while (end != envelopes.end()) {
        const auto again = std::find_if(end, envelopes.end(), own);
        if (again == envelopes.end() || static_cast<double>(again - end) * secondsPerColumn >= kNoiseS) break;
        end = std::find_if_not(again, envelopes.end(), own);
      }
      if (end == envelopes.end()) break;
      // A column stands for the time up to the next on either side.
      if (begin == envelopes.begin() || static_cast<double>(end - begin + 1) * secondsPerColumn >= kNoiseS)
        continue;
      const bool amidFlow = std::all_of(begin - 1, end + 1,
                                        [&](const ColumnEnvelope& e) { return e.*way.other && !e.aliased; });
      if (!amidFlow) continue;
      std::for_each(begin, end, [&](ColumnEnvelope& e) { way.clear(e, axis); });
    }
  }
}

}  // namespace soleus
