#include <gtest/gtest.h>

#include <cmath>

#include "pipeline/core/measurement.h"
#include "tests/report/synthetic_session.h"
#include "tools/report/average_contraction.h"

namespace soleus {
namespace {

using nlohmann::json;

// Columns of 5 ms over 30 s; four bursts of half a second, the k-th as high as `heights`, that begin between
// two columns.
constexpr double kColumnS = 0.005;
constexpr double kOnsetsS[] = {3.1, 9.104, 15.107, 21.103};

SyntheticSession bursts(const std::vector<double>& heightsCmPerS, const std::vector<double>& quality) {
  SyntheticSession session;
  auto& c = session.columns;
  for (double timeS = 0; timeS < 30; timeS += kColumnS) {
    double velocity = 5;
    for (std::size_t k = 0; k < heightsCmPerS.size(); ++k) {
      const double into = (timeS - kOnsetsS[k]) / 0.5;
      if (into > 0 && into < 1) velocity += heightsCmPerS[k] * std::sin(into * 3.14159265);
    }
    c["/doppler/time"].push_back(timeS);
    c["/doppler/peak_velocity"].push_back(velocity);
    c["/doppler/quality"].push_back(0);
  }
  c["/contractions/flow_onset_s"].assign(kOnsetsS, kOnsetsS + heightsCmPerS.size());
  c["/contractions/quality"] = quality;
  return session;
}

double at(const json& average, const char* what, double timeS) {
  for (std::size_t i = 0; i < average["time_s"].size(); ++i) {
    if (std::abs(average["time_s"][i].get<double>() - timeS) > 0.0101) continue;
    return average[what][i].is_null() ? std::nan("") : average[what][i].get<double>();
  }
  return std::nan("");
}

TEST(AverageContraction, IsTheMeanAndSpreadOfThoseThatCount) {
  const json average = averageContraction(bursts({50, 60, 70, 500}, {1, 1, 1, 0.2})).value();
  EXPECT_EQ(average["contractions"], 3);
  EXPECT_NEAR(at(average, "mean", 0.25), 65, 1);
  EXPECT_NEAR(at(average, "low", 0.25), 55, 1);
  EXPECT_NEAR(at(average, "high", 0.25), 75, 1);
  EXPECT_NEAR(at(average, "mean", -0.5), 5, 0.01);
  EXPECT_NEAR(at(average, "high", -0.5), 5, 0.02);
  EXPECT_NEAR(average["time_s"].front(), -1, 0.02);
  EXPECT_NEAR(average["time_s"].back(), 5.99, 0.03) << "six seconds until the next";
}

TEST(AverageContraction, LeavesOutWhatIsAliasedAndWhatMostLack) {
  SyntheticSession session = bursts({50, 60, 70}, {1, 1, 1});
  const auto set = [&](std::size_t contraction, double fromS, double toS, double velocity, double flags) {
    for (std::size_t i = 0; i < session.columns["/doppler/time"].size(); ++i) {
      const double intoS = session.columns["/doppler/time"][i] - kOnsetsS[contraction];
      if (intoS < fromS || intoS > toS) continue;
      session.columns["/doppler/peak_velocity"][i] = velocity;
      session.columns["/doppler/quality"][i] = flags;
    }
  };
  set(2, 0.1, 0.4, -80, kAliased);
  set(0, 2, 3, std::nan(""), kLowSnr);
  set(1, 2.5, 3, std::nan(""), kLowSnr);
  const json average = averageContraction(session).value();
  EXPECT_NEAR(at(average, "mean", 0.25), 60, 1) << "of 55 and 65";
  EXPECT_NEAR(at(average, "mean", 2.25), 5, 0.01) << "two of three";
  EXPECT_TRUE(std::isnan(at(average, "mean", 2.75))) << "one of three";
}

TEST(AverageContraction, EndsWithTheNextBurstAlsoBehindOneWithoutFlow) {
  SyntheticSession session = bursts({50, 60, 70}, {1, 1, 1});
  session.columns["/contractions/flow_onset_s"] = {kOnsetsS[0], std::nan(""), kOnsetsS[1], kOnsetsS[2]};
  session.columns["/contractions/quality"] = {1, 0.3, 1, 1};
  EXPECT_NEAR(averageContraction(session).value()["time_s"].back(), 5.99, 0.03);
}

TEST(AverageContraction, IsNoneOfOne) {
  EXPECT_TRUE(averageContraction(bursts({50, 60}, {1, 0.3})).value().is_null());
  EXPECT_TRUE(averageContraction(SyntheticSession()).value().is_null());
}

}  // namespace
}  // namespace soleus
