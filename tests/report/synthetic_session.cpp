#include "tests/report/synthetic_session.h"

#include <memory>

#include "pipeline/core/measurement.h"

namespace soleus {
namespace {

constexpr int kRows = 288;
constexpr double kStepS = 0.00381;
constexpr double kCmPerSPerRow = 0.428;
constexpr double kLowestCmPerS = -40.0;

double meanVelocityAt(double timeS) {
  const double rest = 6.0 + 2.5 * std::sin(2 * CV_PI * timeS / 4.2);
  const double sinceOnsetS = std::fmod(timeS, 6.0) - 2.0;
  const double peak = std::fmod(timeS, 18.0) >= 12.0 ? 48.0 : 36.0;
  if (sinceOnsetS >= 0 && sinceOnsetS < 0.7) return rest + peak * std::sin(CV_PI * sinceOnsetS / 0.7);
  if (sinceOnsetS >= 0.75 && sinceOnsetS < 1.4) return -9.0 * std::sin(CV_PI * (sinceOnsetS - 0.75) / 0.65);
  return rest;
}

/// Speckle made once and shifted from row to row, so that an hour of it costs little.
cv::Mat speckle() {
  cv::Mat noise(2048, kRows, CV_8UC1);
  cv::RNG random(7);
  random.fill(noise, cv::RNG::NORMAL, 0, 30);
  return noise;
}

cv::Mat greyColumn(const cv::Mat& noise, std::size_t i, double meanCmPerS) {
  const double edge = 1.8 * meanCmPerS;
  const int zeroRow = static_cast<int>(-kLowestCmPerS / kCmPerSPerRow);
  const int edgeRow = static_cast<int>((edge - kLowestCmPerS) / kCmPerSPerRow);
  cv::Mat grey = noise.row(static_cast<int>((i * 977) % 2048)).clone();
  cv::Range band(std::clamp(std::min(zeroRow, edgeRow), 0, kRows - 1),
                 std::clamp(std::max(zeroRow, edgeRow), 1, kRows));
  if (!band.empty()) cv::add(grey.colRange(band), 130, grey.colRange(band));
  return grey;
}

}  // namespace

SyntheticSession calfRaises(double durationS) {
  SyntheticSession session;
  auto& c = session.columns;
  for (double t = kStepS / 2; t < durationS; t += kStepS) {
    if (t > 20.0 && t < 20.8) continue;
    const double mean = meanVelocityAt(t);
    const bool faint = std::fmod(t, 11.0) > 10.6;
    const double limit = kLowestCmPerS + kRows * kCmPerSPerRow;
    const bool aliased = 1.8 * mean > limit;
    unsigned flags = 0;
    if (faint) flags |= kLowSnr;
    if (aliased) flags |= kAliased;
    if (!c["/doppler/time"].empty() && t - c["/doppler/time"].back() > 3 * kStepS) flags |= kGapBefore;
    c["/doppler/time"].push_back(t);
    c["/doppler/peak_velocity_forward"].push_back(faint ? std::nan("") : std::clamp(1.8 * mean, 0.0, limit));
    c["/doppler/peak_velocity_reverse"].push_back(faint ? std::nan("") : std::min(1.8 * mean, 0.0));
    c["/doppler/mean_velocity"].push_back(faint ? std::nan("") : mean);
    c["/doppler/snr"].push_back(faint ? 2.0 : 16.0 + 3.0 * std::sin(t));
    c["/doppler/quality"].push_back(flags);
    c["/flow/volume_flow"].push_back(faint ? std::nan("") : mean * 0.6 * CV_PI * 7.7 * 7.7 / 4);
  }
  c["/flow/time"] = c["/doppler/time"];
  for (int row = 0; row < kRows; ++row)
    c["/doppler/velocity"].push_back(kLowestCmPerS + (row + 0.5) * kCmPerSPerRow);
  for (double t = 0; t < durationS; t += 0.04) {
    c["/vessel/time"].push_back(t);
    c["/vessel/diameter"].push_back(7.7 - 0.02 * std::max(0.0, meanVelocityAt(t)));
    c["/vessel/area"].push_back(CV_PI * 7.7 * 7.7 / 4);
  }
  const auto noise = std::make_shared<cv::Mat>(speckle());
  const std::vector<double> timeS = c["/doppler/time"];
  session.spectrumRow = [noise, timeS](std::size_t i) {
    return greyColumn(*noise, i, meanVelocityAt(timeS[i]));
  };
  c["/events/time"] = {2.0, 8.0, 20.0};
  c["/events/kind"] = {0, 0, 3};
  session.labels["/events/label"] = {"heel raise", "heel raise <2> & more",
                                     "the source delivered no frames for 0.8 s"};
  session.numberAttributes["/streams/video"] = {
      {"received", 1500}, {"written", 1480}, {"dropped_overload", 20}, {"dropped_source", 0}};
  c["/streams/video/gaps/start_s"] = {20.0};
  c["/streams/video/gaps/end_s"] = {20.8};
  c["/streams/video/gaps/count"] = {20};
  session.labels["/streams/video/gaps/cause"] = {"overload"};
  session.textAttributes["/"] = {
      {"schema", "soleus.session/1"},
      {"title", "Calf raises, synthetic"},
      {"software", "soleus 0.1.0"},
      {"created_utc", "2024-05-17T09:30:00Z"},
      {"session_id", "0a1b2c3d-0000-4000-8000-000000000001"},
      {"status", "complete"},
      {"subject", "P-007"},
      {"limb", "left leg"},
      {"condition", "standing calf raises"},
      {"calibration", "schema: soleus.calibration/1\ndoppler:\n  angle_degrees: 60\n"},
      {"configuration", "# angle < 90 & > 0\nmeasure: {envelope: mtcm}\n"}};
  return session;
}

void addSignal(SyntheticSession& session, const std::string& name, const std::string& units, double fromS,
               double toS, double hz) {
  const std::string path = "/signals/" + name;
  session.numberAttributes[path]["sampling_rate"] = hz;
  session.textAttributes[path + "/value"]["units"] = units;
  auto& timeS = session.columns[path + "/time"];
  auto& value = session.columns[path + "/value"];
  for (double t = fromS; t < toS; t += 1 / hz) {
    timeS.push_back(t);
    value.push_back(std::sin(100 * t));
  }
}

}  // namespace soleus
