/// When a muscle begins to act, by its EMG or its force.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "pipeline/contraction/find_contractions.h"
#include "pipeline/core/contraction.h"

namespace soleus {

/// A signal of the muscle beside the flow, on the session clock.
struct MuscleSignal {
  OnsetSource source = OnsetSource::kEmg;  ///< kEmg or kForce
  std::vector<double> timeS;               ///< strictly increasing
  std::vector<double> value;               ///< as long; in any unit
};

/// The activity that a signal shows, made ready for its onsets. Of an EMG, from 200 samples a second on:
/// high-pass at 20 Hz (SENIAM's band), forward and backward so that nothing is delayed; the Teager-Kaiser
/// energy x(n)^2 - x(n-1) x(n+1) of that, which tells a burst from noise of equal amplitude (Solnik et al.,
/// Acta Bioeng Biomech 2008); its mean over 25 ms. Of a force: itself. Immutable.
class MuscleActivity {
 public:
  explicit MuscleActivity(const MuscleSignal& signal);

  /// The onset that belongs to a flow that begins at `flowOnsetS`: the first moment from 0.7 s before it to
  /// 0.2 s after it from which on the activity stays above rest for 30 ms. Rest: up to 3 s that end 0.7 s
  /// before the flow, but from `notBeforeS` on, of which there must be half a second, without what is uneven.
  /// Nothing if there is no rest or no onset.
  [[nodiscard]] std::optional<double> onsetS(double flowOnsetS, double notBeforeS) const;
  [[nodiscard]] OnsetSource source() const { return source_; }
  /// Both of one length; empty of an EMG that is sampled too slowly.
  [[nodiscard]] const std::vector<double>& timeS() const { return timeS_; }
  [[nodiscard]] const std::vector<double>& level() const { return activity_; }

 private:
  [[nodiscard]] std::size_t sharpened(std::size_t onset, double threshold) const;

  OnsetSource source_;
  std::vector<double> timeS_;
  std::vector<double> energy_;  // of an EMG
  std::vector<double> activity_;
};

/// Gives each row the onset that the first of `activities` shows for it (onset_s and onset_source); what none
/// shows keeps that of its flow.
void timeByMuscle(std::vector<FoundContraction>& rows, const std::vector<MuscleActivity>& activities);

}  // namespace soleus
