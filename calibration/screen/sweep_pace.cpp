#include "calibration/screen/sweep_pace.h"

#include <algorithm>
#include <cmath>

namespace soleus {
namespace {

// Of a frame's strongest change, and in grey, what a column must change by: noise and codecs change all a
// little.
constexpr double kChangeShare = 0.4;
constexpr double kLeastGrey = 1.5;
// A frame in which more of the columns change was drawn anew, not swept.
constexpr double kMostChanged = 0.15;
constexpr std::size_t kLeastChanges = 100;
// How far from the pace that is known, in steps of.
constexpr double kReachShare = 0.04;
constexpr double kStepShare = 4e-4;
constexpr double kFineShare = 2e-5;
constexpr int kParts = 8;
constexpr int kNone = -1;
// Standard errors to be told, and of a frame what the time of a change is off on the whole way.
constexpr double kErrors = 3;
constexpr double kFrameShare = 1.0 / 6;

}  // namespace

void SweepPace::push(const cv::Mat& strip, double timeS) {
  if (!before_.empty() && before_.size() == strip.size() && timeS > beforeS_) {
    ++steps_;
    cv::Mat difference;
    cv::absdiff(strip, before_, difference);
    cv::Mat sums;
    cv::reduce(difference, sums, 0, cv::REDUCE_AVG, CV_32F);
    double most = 0;
    cv::minMaxLoc(sums, nullptr, &most);
    const double least = std::max(kLeastGrey, kChangeShare * most);
    std::vector<Change> found;
    for (int x = 0; x < sums.cols; ++x) {
      if (sums.at<float>(x) >= least) found.push_back({x + 0.5F, static_cast<float>(timeS)});
    }
    if (static_cast<double>(found.size()) <= kMostChanged * sums.cols)
      changes_.insert(changes_.end(), found.begin(), found.end());
  }
  if (before_.empty()) firstS_ = timeS;
  strip.copyTo(before_);
  beforeS_ = timeS;
}

double SweepPace::frameS() const {
  return (beforeS_ - firstS_) / steps_;
}

int SweepPace::partOf(const Change& change) const {
  const double firstS = changes_.front().timeS;
  const double lastS = changes_.back().timeS;
  return std::min(kParts - 1,
                  static_cast<int>(kParts * (change.timeS - firstS) / std::max(1e-9, lastS - firstS)));
}

/// How much what is left of the times gathers: the sum of the squares of how many lie in each moment.
double SweepPace::sharpness(double secondsPerPixel, int without) const {
  const double momentS = frameS() / 2;
  const double firstS = changes_.front().timeS - before_.cols * secondsPerPixel - 2 * momentS;
  std::vector<float> moments(static_cast<std::size_t>((changes_.back().timeS - firstS) / momentS) + 4, 0);
  for (const Change& change : changes_) {
    if (without != kNone && partOf(change) == without) continue;
    const double at = (change.timeS - change.column * secondsPerPixel - firstS) / momentS;
    const auto i = static_cast<std::size_t>(at);
    const auto share = static_cast<float>(at - static_cast<double>(i));
    moments[i] += 1 - share;
    moments[i + 1] += share;
  }
  double sum = 0;
  // Over three moments: a frame's time is known to two.
  for (std::size_t i = 1; i + 1 < moments.size(); ++i) {
    const double near = moments[i - 1] + 2.0 * moments[i] + moments[i + 1];
    sum += near * near;
  }
  return sum;
}

double SweepPace::sharpest(double secondsPerPixel, int without) const {
  double best = secondsPerPixel;
  for (const double step : {kStepShare, kFineShare}) {
    const double reach = step == kStepShare ? kReachShare : 2 * kStepShare;
    const double middle = best;
    double most = -1;
    for (double share = -reach; share <= reach; share += step) {
      const double sharp = sharpness(middle * (1 + share), without);
      if (sharp <= most) continue;
      most = sharp;
      best = middle * (1 + share);
    }
  }
  return best;
}

std::optional<BoundedPace> SweepPace::near(double nearSecondsPerPixel) const {
  if (changes_.size() < kLeastChanges) return std::nullopt;
  BoundedPace pace{sharpest(nearSecondsPerPixel, kNone), 0};
  double squares = 0;
  for (int part = 0; part < kParts; ++part) {
    const double off = sharpest(nearSecondsPerPixel, part) / pace.secondsPerPixel - 1;
    squares += off * off;
  }
  const auto [first, last] = std::minmax_element(
      changes_.begin(), changes_.end(), [](const Change& a, const Change& b) { return a.column < b.column; });
  const double lapS = (last->column - first->column) * pace.secondsPerPixel;
  if (!(lapS > 0)) return std::nullopt;
  pace.uncertainty =
      std::hypot(kErrors * std::sqrt((kParts - 1.0) / kParts * squares), kFrameShare * frameS() / lapS);
  return pace;
}

}  // namespace soleus
