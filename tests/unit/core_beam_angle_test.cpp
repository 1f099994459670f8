#include <gtest/gtest.h>

#include <cmath>

#include "pipeline/core/beam_angle.h"

namespace soleus {
namespace {

BeamGeometry at(double degrees, double uncertainty) {
  BeamGeometry beam;
  beam.angleDegrees = degrees;
  beam.angleUncertaintyDegrees = uncertainty;
  return beam;
}

TEST(BeamAngle, IsReadTooHighOrTooLow) {
  // A true angle of 65 or 55 degrees read at 60 is -15.5 % or +14.7 %.
  const AngleFactors factors = angleFactors(at(60, 5));
  EXPECT_NEAR(1 / factors.high - 1, -0.155, 0.001);
  EXPECT_NEAR(1 / factors.low - 1, 0.147, 0.001);
}

TEST(BeamAngle, NothingIsFasterThanAlongTheBeamNorTellableAcrossIt) {
  EXPECT_DOUBLE_EQ(angleFactors(at(2, 5)).low, std::cos(2 * std::acos(-1.0) / 180));
  EXPECT_TRUE(std::isinf(angleFactors(at(86, 5)).high));
}

TEST(BeamAngle, ApertureBroadens) {
  BeamGeometry beam = at(60, 5);
  EXPECT_FALSE(broadeningFactor(beam).has_value());
  beam.apertureMm = 10;
  beam.depthMm = 30;
  EXPECT_NEAR(1 / *broadeningFactor(beam), 1.27, 0.005);
}

}  // namespace
}  // namespace soleus
