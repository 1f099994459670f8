#include "tools/soleus/noise_look.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <opencv2/core.hpp>
#include <vector>

#include "calibration/profile/profile.h"
#include "pipeline/core/velocity_axis.h"
#include "pipeline/dataset/session_reader.h"
#include "pipeline/doppler/dynamic_range.h"

namespace soleus {
namespace {

constexpr double kLookS = 20;

// Around velocity zero the wall filter darkens the noise: some 70 Hz on either side, at a usual pulse
// repetition frequency this share of the axis; and a line is drawn there.
constexpr double kDarkenedShare = 0.04;

// Of the columns, those in which a row of the strip is the mean of its neighbours, rounded up.
constexpr double kLeastFilled = 0.9;
// Of the mean, and of columns that were read between two others.
constexpr int kRoundingGrey = 3;

/// Whether every second row from `first` on was filled in from its neighbours, as frames woven of fields are:
/// those rows have no speckle of their own. `grey`: a row for each column.
bool isFilled(const cv::Mat& grey, int first) {
  int filled = 0;
  int seen = 0;
  for (int column = 0; column < grey.rows; ++column) {
    const auto* row = grey.ptr<std::uint8_t>(column);
    for (int i = first == 0 ? 2 : first; i + 1 < grey.cols; i += 2) {
      ++seen;
      filled += std::abs(2 * row[i] - row[i - 1] - row[i + 1]) <= kRoundingGrey ? 1 : 0;
    }
  }
  return seen > 0 && filled >= kLeastFilled * seen;
}

/// Without rows that were filled in.
cv::Mat seenRows(const cv::Mat& grey) {
  for (const int first : {0, 1}) {
    if (!isFilled(grey, first)) continue;
    cv::Mat seen(grey.rows, (grey.cols + first) / 2, CV_8UC1);
    for (int i = 0; i < seen.cols; ++i) grey.col(2 * i + 1 - first).copyTo(seen.col(i));
    return seen;
  }
  return grey;
}

/// Grey values of the rows where noise has its full power: CV_8U, a row for each column of the strip.
Result<cv::Mat> noiseGrey(const std::string& session, const DopplerCalibration& doppler) {
  const auto reader = SessionReader::open(session);
  if (!reader.ok()) return reader.error();
  const auto times = reader.value()->column("/doppler/time");
  if (!times.ok()) return times.error();
  if (times.value().empty()) return cv::Mat();
  const auto spectrum = reader.value()->spectrumRows(0, times.value().size());
  if (!spectrum.ok()) return spectrum.error();
  const auto axis = velocityAxisCmPerS(doppler);
  const double hiddenCmPerS = kDarkenedShare * velocityStepCmPerS(doppler) * doppler.region.height;
  std::vector<cv::Mat> parts;
  int first = 0;
  for (int i = 0; i <= spectrum.value().cols; ++i) {
    const bool full = i < spectrum.value().cols && std::abs(axis[static_cast<std::size_t>(i)]) > hiddenCmPerS;
    if (full) continue;
    if (i > first) parts.push_back(seenRows(spectrum.value().colRange(first, i)));
    first = i + 1;
  }
  cv::Mat grey;
  cv::hconcat(parts, grey);
  return grey;
}

}  // namespace

Result<CalibrationProfile> withDynamicRange(const CalibrationProfile& profile, const MeasureJob& job) {
  if (!profile.doppler || profile.doppler->dynamicRangeDb) return profile;
  MeasureJob look = job;
  look.overwrite = true;
  look.configuration = []() -> Result<std::string> { return std::string(); };  // nobody keeps this session
  look.run.what = "looking at the noise";
  look.run.durationS = kLookS;
  look.run.wholeFile = false;
  const auto end = measure(look);
  if (!end.ok()) return end.error();
  if (end.value().interrupted)
    return Error{ErrorKind::kUsage, look.sessionPath, "was interrupted; nothing is kept", "", ""};
  const auto grey = noiseGrey(look.sessionPath, *profile.doppler);
  if (!grey.ok()) return grey.error();
  const auto estimate = estimateDynamicRange(grey.value());
  if (!estimate) return profile;
  CalibrationProfile known = profile;
  // No nearer than it is known: a profile of so many decimals would be believed.
  known.doppler->dynamicRangeDb = std::round(estimate->db);
  known.doppler->dynamicRangeEstimated = true;
  known.yaml = profileYaml(known);
  return known;
}

}  // namespace soleus
