#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "pipeline/vessel/flow.h"

namespace soleus {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

VesselSample sampleAt(double timeS, float areaMm2) {
  return {SessionTime::fromSeconds(timeS), 0.0F, areaMm2, 1.0F};
}

SessionTime at(double timeS) {
  return SessionTime::fromSeconds(timeS);
}

TEST(FlowMeter, ConvertsUnits) {
  FlowMeter flow;
  flow.push(sampleAt(1.0, 50.0F));
  // 10 cm/s through 0.5 cm2 is 5 cm3/s, 300 mL a minute.
  EXPECT_FLOAT_EQ(flow.volumeFlowMlPerMin(10.0F, at(1.0)), 300.0F);
  EXPECT_FLOAT_EQ(flow.volumeFlowMlPerMin(-10.0F, at(1.0)), -300.0F);
}

TEST(FlowMeter, InterpolatesBetweenTheNeighbours) {
  FlowMeter flow;
  flow.push(sampleAt(1.0, 40.0F));
  flow.push(sampleAt(1.1, 20.0F));
  EXPECT_NEAR(flow.areaMm2At(at(1.025)), 35.0, 1e-6);
  EXPECT_NEAR(flow.areaMm2At(at(1.1)), 20.0, 1e-6);
}

TEST(FlowMeter, TakesAnAreaFromOneSideUpToItsLimit) {
  FlowMeter flow;
  flow.push(sampleAt(1.0, 40.0F));
  EXPECT_NEAR(flow.areaMm2At(at(1.19)), 40.0, 1e-6);
  EXPECT_NEAR(flow.areaMm2At(at(0.81)), 40.0, 1e-6);
  EXPECT_TRUE(std::isnan(flow.areaMm2At(at(1.21))));
  EXPECT_TRUE(std::isnan(flow.areaMm2At(at(0.79))));
  EXPECT_TRUE(std::isnan(flow.volumeFlowMlPerMin(10.0F, at(2.0))));
}

TEST(FlowMeter, DoesNotBridgeAnUnseenLumen) {
  FlowMeter flow;
  flow.push(sampleAt(1.0, 40.0F));
  for (double t = 1.03; t < 2.0; t += 0.03) flow.push(sampleAt(t, kNan));
  flow.push(sampleAt(2.0, 20.0F));
  EXPECT_TRUE(std::isnan(flow.areaMm2At(at(1.5))));
  EXPECT_NEAR(flow.areaMm2At(at(1.9)), 20.0, 1e-6);
}

TEST(FlowMeter, KnowsNothingWithoutSamplesOrVelocity) {
  FlowMeter flow;
  EXPECT_TRUE(std::isnan(flow.volumeFlowMlPerMin(10.0F, at(0.0))));
  flow.push(sampleAt(0.0, 40.0F));
  EXPECT_TRUE(std::isnan(flow.volumeFlowMlPerMin(kNan, at(0.0))));
}

TEST(FlowMeter, IgnoresSamplesThatStepBack) {
  FlowMeter flow;
  flow.push(sampleAt(1.0, 40.0F));
  flow.push(sampleAt(0.95, 10.0F));
  flow.push(sampleAt(1.0, 10.0F));
  EXPECT_NEAR(flow.areaMm2At(at(0.96)), 40.0, 1e-6);
}

}  // namespace
}  // namespace soleus
