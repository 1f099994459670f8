// The promised figures of the lumen, on seeds that nothing was tuned on.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "tests/accuracy/vessel_score.h"

namespace soleus::accuracy {
namespace {

constexpr std::uint64_t kFirstSeed = 1;
constexpr double kLimitMm = 0.05;
constexpr double kLimitAreaPercent = 2.0;

void expectWithin(const ErrorSummary& s, double limitMm) {
  std::printf("%d of %d: bias %+.1f um, SD %.1f um, largest %.1f um\n", s.found, s.cases, 1000 * s.bias,
              1000 * s.sd, 1000 * s.largest);
  EXPECT_LT(std::abs(s.bias), limitMm);
  EXPECT_LT(s.sd, limitMm);
}

class VesselDiameter : public ::testing::TestWithParam<VesselSection> {};

TEST_P(VesselDiameter, IsWithinFiftyMicrometres) {
  const ErrorSummary s = errorsMm(measureDiameters(GetParam(), kFirstSeed, 120, Showing::kPlain));
  EXPECT_EQ(s.found, s.cases);
  expectWithin(s, kLimitMm);
}

TEST_P(VesselDiameter, IsWithinFiftyMicrometresUnderAGate) {
  const ErrorSummary s = errorsMm(measureDiameters(GetParam(), kFirstSeed, 120, Showing::kMarked));
  EXPECT_GE(s.found, 0.95 * s.cases);
  expectWithin(s, kLimitMm);
}

INSTANTIATE_TEST_SUITE_P(Sections, VesselDiameter,
                         ::testing::Values(VesselSection::kAcross, VesselSection::kAlong));

TEST(VesselArea, OfADeformingEllipseIsWithinTwoPercentInEveryFrame) {
  const ErrorSummary s = contractionErrorsPercent(kFirstSeed, 10, Showing::kPlain);
  std::printf("%d of %d frames: bias %+.2f %%, SD %.2f %%, largest %.2f %%\n", s.found, s.cases, s.bias, s.sd,
              s.largest);
  EXPECT_EQ(s.found, s.cases);
  EXPECT_LT(s.largest, kLimitAreaPercent);
}

}  // namespace
}  // namespace soleus::accuracy
