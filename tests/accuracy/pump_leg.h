/// Legs whose calf pump is to be measured: each seed another one, healthy or weak, with reflux or without.
#pragma once

#include <cstdint>
#include <vector>

#include "calibration/phantom/scenario.h"
#include "pipeline/core/contraction.h"
#include "tests/accuracy/pump_score.h"

namespace soleus::accuracy {

/// Ten contractions after 12 to 18 s of rest: bursts of 25 to 110 cm/s, 0.5 to 1 s long and 4 to 8 s apart,
/// that tire by up to a third; breathing moves the resting flow of 5 to 12 cm/s by 10 to 60 %; every other
/// leg has 0.2 to 2.5 s of reflux. SNR 5 to 20 dB, the wall 40 to 60 dB above the blood while it moves, up to
/// 15 to 34 Hz; profiles from a parabola to blunt. Throws std::runtime_error if the scenario is refused.
Scenario legOf(std::uint64_t seed);

/// What is measured of it, spectrum by spectrum, and the rows found in that. The lumen is the true one, 30
/// times a second, with a random error of its diameter of 50 um (SD).
std::vector<Found> foundIn(const Scenario& leg, std::uint64_t seed);

/// The rows that are true; the muscle acts 80 ms before the blood moves, as the EMG shows in which onsets are
/// found.
std::vector<Contraction> trueOf(const Scenario& leg, std::uint64_t seed);

}  // namespace soleus::accuracy
