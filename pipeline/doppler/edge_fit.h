/// Maximum likelihood of where a spectrum ends.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "pipeline/doppler/edge_shape.h"

namespace soleus {

/// An averaged spectrum around a supposed edge.
struct EdgeSpectrum {
  std::vector<float> power;   ///< evenly spaced, from inside to outside
  std::vector<float> behind;  ///< mean power besides the noise of what stands behind the edge; or empty
  double first = 0;           ///< distance of power[0] from the supposed edge, in resolutions (< 0: inside)
  double step = 0;            ///< from one value to the next, in resolutions
  double band = 0;            ///< from zero velocity to the supposed edge, in resolutions
  double wallFilter = 0;      ///< corner of the wall filter, in resolutions from zero velocity; 0 without
  double noise = 0;           ///< mean noise power, > 0
  double looks = 1;           ///< independent speckle samples in each value
};

/// A number for each kind of edge: profile and broadening of EdgeShape.
using KindCosts = std::array<std::array<double, EdgeShape::kBroadenings>, EdgeShape::kProfiles>;

/// Where the edge lies if it is of this kind, and how well that agrees.
struct EdgeKind {
  KindCosts cost{};     ///< -log likelihood, up to a constant
  KindCosts offset{};   ///< of the edge from where it was supposed to be, in resolutions
  double variance = 0;  ///< of the offset given the kind, in resolutions squared
};

/// Which kinds are tried: a middling one, enough to get near the edge, or all of them.
enum class EdgeSearch { kQuick, kAllKinds };

/// Offset of the edge from where it was supposed to be, for each kind of edge, by Fisher scoring of the
/// Whittle likelihood (Whittle, Ark Mat 1953: the values of a periodogram are exponential around the
/// spectrum), with edge and level unknown. Nothing where the spectrum does not stand out.
std::optional<EdgeKind> fitEdge(const EdgeSpectrum& spectrum, EdgeSearch search);

struct EdgeOffset {
  double offset = 0;     ///< in resolutions
  double meanShare = 0;  ///< mean over maximum velocity of the profile
  double variance = 0;   ///< by speckle and noise, and by not knowing the kind; in resolutions squared
};

/// The offset with the kinds weighted by the likelihood that `likelihoods` (costs) gives them, and by how
/// much broadening flow of this velocity and acceleration has. `band` as in EdgeSpectrum; `chirp` >= 0:
/// change of the edge within the window's length, in resolutions.
EdgeOffset offsetOf(const EdgeKind& kind, const KindCosts& likelihoods, double band, double chirp);

}  // namespace soleus
