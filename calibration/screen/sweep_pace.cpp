#include "calibration/screen/sweep_pace.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace soleus {
namespace {

// Of a frame's strongest change, and in grey, what a column must change by: noise and codecs change all a
// little.
constexpr double kChangeShare = 0.2;
constexpr double kLeastGrey = 1.5;
// A frame in which more of the columns change was drawn anew, not swept.
constexpr double kMostChanged = 0.15;
constexpr std::size_t kLeastChanges = 100;
// Of the strip, what the bar has to have gone over.
constexpr double kLeastSpan = 0.5;
// How far from the pace that is known, in steps of.
constexpr double kReachShare = 0.04;
constexpr double kStepShare = 4e-4;
constexpr double kFineShare = 2e-5;
constexpr int kParts = 8;
constexpr int kNone = -1;
// Of a strip, how far two laps are apart at least, and of the fullest moment what a lap gathers in one.
constexpr double kLapShare = 0.6;
constexpr double kLeastLap = 0.2;
constexpr int kLeastOfLap = 10;
// Till the lines settle to this share of the pace.
constexpr int kRounds = 10;
constexpr double kSettled = 2e-6;
// Standard errors to be told, and of a redrawing what the time of a change is off on the whole way.
constexpr double kErrors = 3;
constexpr double kFrameShare = 1.0 / 6;

}  // namespace

void SweepPace::LineSums::add(const Change& change) {
  ++count;
  columns += change.column;
  timesS += change.timeS;
  products += 1.0 * change.column * change.timeS;
  squares += 1.0 * change.column * change.column;
}

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

double SweepPace::redrawS() const {
  std::vector<double> apartS;
  for (std::size_t i = 1; i < changes_.size(); ++i) {
    if (changes_[i].timeS > changes_[i - 1].timeS)
      apartS.push_back(changes_[i].timeS - changes_[i - 1].timeS);
  }
  if (apartS.empty()) return (beforeS_ - firstS_) / steps_;
  const auto middle = apartS.begin() + static_cast<std::ptrdiff_t>(apartS.size() / 2);
  std::nth_element(apartS.begin(), middle, apartS.end());
  return std::max(*middle, (beforeS_ - firstS_) / steps_);
}

std::pair<std::size_t, std::size_t> SweepPace::part(int number) const {
  const auto begin = [&](int n) { return changes_.size() * static_cast<std::size_t>(n) / kParts; };
  return number == kNone ? std::pair{changes_.size(), changes_.size()}
                         : std::pair{begin(number), begin(number + 1)};
}

SweepPace::Moments SweepPace::moments(double secondsPerPixel, int without) const {
  Moments found;
  found.eachS = redrawS() / 2;
  found.firstS = changes_.front().timeS - before_.cols * secondsPerPixel - 2 * found.eachS;
  std::vector<float> counts(
      static_cast<std::size_t>((changes_.back().timeS - found.firstS) / found.eachS) + 4, 0);
  const auto [from, to] = part(without);
  for (std::size_t n = 0; n < changes_.size(); ++n) {
    if (n >= from && n < to) continue;
    const Change& change = changes_[n];
    const double at = (change.timeS - change.column * secondsPerPixel - found.firstS) / found.eachS;
    const auto i = static_cast<std::size_t>(at);
    const auto share = static_cast<float>(at - static_cast<double>(i));
    counts[i] += 1 - share;
    counts[i + 1] += share;
  }
  // Over three moments: a frame's time is known to two.
  found.changes.resize(counts.size());
  for (std::size_t i = 1; i + 1 < counts.size(); ++i)
    found.changes[i] = counts[i - 1] + 2.0 * counts[i] + counts[i + 1];
  return found;
}

double SweepPace::sharpest(double secondsPerPixel) const {
  double best = secondsPerPixel;
  for (const double step : {kStepShare, kFineShare}) {
    const double reach = step == kStepShare ? kReachShare : 2 * kStepShare;
    const double middle = best;
    double most = -1;
    for (double share = -reach; share <= reach; share += step) {
      const std::vector<double> counts = moments(middle * (1 + share), kNone).changes;
      const double sharp = std::inner_product(counts.begin(), counts.end(), counts.begin(), 0.0);
      if (sharp <= most) continue;
      most = sharp;
      best = middle * (1 + share);
    }
  }
  return best;
}

/// When each lap began, to a moment: where most gathers, and again what lies a lap apart from that.
std::vector<double> SweepPace::laps(double secondsPerPixel, int without) const {
  Moments left = moments(secondsPerPixel, without);
  const auto apart = static_cast<std::ptrdiff_t>(kLapShare * before_.cols * secondsPerPixel / left.eachS);
  const double most = *std::max_element(left.changes.begin(), left.changes.end());
  std::vector<double> found;
  for (;;) {
    const auto top = std::max_element(left.changes.begin(), left.changes.end());
    if (*top <= kLeastLap * most) return found;
    found.push_back(left.firstS + left.eachS * static_cast<double>(top - left.changes.begin()));
    std::fill(top - std::min(apart, top - left.changes.begin()),
              top + std::min(apart + 1, left.changes.end() - top), 0.0);
  }
}

/// Of the changes within a redrawing of the line of the lap that began at `lapS`.
SweepPace::LineSums SweepPace::lapSums(double secondsPerPixel, double lapS, int without) const {
  const double reachS = redrawS();
  const auto [from, to] = part(without);
  LineSums near;
  // Twice: about the middle of what is near the moment.
  for (int centring = 0; centring < 2; ++centring) {
    near = {};
    for (std::size_t n = 0; n < changes_.size(); ++n) {
      const double restS = changes_[n].timeS - changes_[n].column * secondsPerPixel - lapS;
      if (std::abs(restS) <= reachS && (n < from || n >= to)) near.add(changes_[n]);
    }
    if (near.count > 0) lapS = (near.timesS - secondsPerPixel * near.columns) / near.count;
  }
  return near;
}

/// The slope of those lines by least squares, till it settles; nothing where no lap has enough of them, or
/// where it leaves the reach of `nearSecondsPerPixel`: then they are no laps.
std::optional<double> SweepPace::fitted(double nearSecondsPerPixel, int without) const {
  double pace = nearSecondsPerPixel;
  for (int round = 0; round < kRounds; ++round) {
    double products = 0;
    double squares = 0;
    for (const double lapS : laps(pace, without)) {
      const LineSums near = lapSums(pace, lapS, without);
      if (near.count < kLeastOfLap) continue;
      products += near.products - near.columns * near.timesS / near.count;
      squares += near.squares - near.columns * near.columns / near.count;
    }
    if (!(squares > 0)) return std::nullopt;
    const double before = pace;
    pace = products / squares;
    if (!(std::abs(pace / nearSecondsPerPixel - 1) <= kReachShare)) return std::nullopt;
    if (std::abs(pace / before - 1) < kSettled) break;
  }
  return pace;
}

double SweepPace::explained(double secondsPerPixel) const {
  if (changes_.empty()) return 0;
  double near = 0;
  for (const double lapS : laps(secondsPerPixel, kNone)) near += lapSums(secondsPerPixel, lapS, kNone).count;
  return near / static_cast<double>(changes_.size());
}

std::optional<BoundedPace> SweepPace::near(double nearSecondsPerPixel) const {
  if (changes_.size() < kLeastChanges) return std::nullopt;
  const auto [first, last] = std::minmax_element(
      changes_.begin(), changes_.end(), [](const Change& a, const Change& b) { return a.column < b.column; });
  if (last->column - first->column < kLeastSpan * before_.cols) return std::nullopt;
  const auto all = fitted(sharpest(nearSecondsPerPixel), kNone);
  if (!all || !(std::abs(*all / nearSecondsPerPixel - 1) <= kReachShare)) return std::nullopt;
  double squares = 0;
  for (int number = 0; number < kParts; ++number) {
    // What tells nothing without a part is as unsure as can be.
    const auto rest = fitted(*all, number);
    const double off = rest ? *rest / *all - 1 : kReachShare;
    squares += off * off;
  }
  const double lapS = (last->column - first->column) * *all;
  return BoundedPace{*all, std::hypot(kErrors * std::sqrt((kParts - 1.0) / kParts * squares),
                                      kFrameShare * redrawS() / lapS)};
}

}  // namespace soleus
