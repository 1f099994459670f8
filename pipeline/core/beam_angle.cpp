#include "pipeline/core/beam_angle.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace soleus {
namespace {

double cosineOf(double degrees) {
  return std::cos(degrees * std::numbers::pi / 180.0);
}

}  // namespace

AngleFactors angleFactors(const BeamGeometry& beam) {
  const double read = cosineOf(beam.angleDegrees);
  const double least = std::max(0.0, beam.angleDegrees - beam.angleUncertaintyDegrees);
  const double most = beam.angleDegrees + beam.angleUncertaintyDegrees;
  return {read / cosineOf(least),
          most < 90 ? read / cosineOf(most) : std::numeric_limits<double>::infinity()};
}

std::optional<double> broadeningFactor(const BeamGeometry& beam) {
  if (!beam.apertureMm || !beam.depthMm) return std::nullopt;
  const double widest = std::atan(*beam.apertureMm / (2.0 * *beam.depthMm)) * 180.0 / std::numbers::pi;
  // Beyond the beam's own angle the aperture's edge looks along the flow, which no velocity exceeds.
  return cosineOf(beam.angleDegrees) / cosineOf(std::max(0.0, beam.angleDegrees - widest));
}

}  // namespace soleus
