#include "pipeline/doppler/aliasing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace soleus {
namespace {

// Half way (of likelihood) between the noise alone and as much signal on top of it.
constexpr float kNeutral = 1.4F;

// A burst of 0.2 s to 250 cm/s, the fastest there is, rises by this; what a row's jump beyond it costs makes
// up for two rows that are signal without doubt.
constexpr double kMostCmPerS2 = 4000;
constexpr double kJumpPerRow = 2 * kNeutral;

// Some ten independent values of noise, as lie at the ends of the axis, are seldom twice as strong as
// expected.
constexpr double kSignalAtEnds = 2;

// On an axis of 25 cm/s that rise is no limit from one column to the next, and in a few columns speckle may
// join slow flow to the far end. Flow that lies within half the axis for as long before and after has not
// been beyond it for less than this: contractions and beats take 50 ms and more to rise and as long to fall.
constexpr double kBriefestS = 0.05;

/// What a column may show: the faster of its flows goes which way, and beyond the axis or not.
enum Reading { kSlowForward, kSlowReverse, kFastForward, kFastReverse, kReadings };

struct Candidate {
  double score = 0;
  double edge = 0;  ///< rows from zero to the end of the faster flow; < 0: reverse
};

using Candidates = std::array<Candidate, kReadings>;

/// What a band from zero to each row covers: above 0 where that is rather signal. Single strong rows count no
/// more than weak ones that are signal without doubt.
std::vector<double> covered(const cv::Mat& side, int column, double noise) {
  const float* power = side.ptr<float>(column);
  const auto scale = static_cast<float>(1 / noise);
  std::vector<double> sums(static_cast<std::size_t>(side.cols) + 1);
  double sum = 0;
  for (std::size_t i = 1; i < sums.size(); ++i) {
    sums[i] = sum += std::min(power[i - 1] * scale - kNeutral, kNeutral);
  }
  return sums;
}

/// Whether some column has power around the Nyquist velocity, which no faster flow lacks.
bool reachesEnds(const cv::Mat& up, double noise, const DirectionAxis& axis) {
  const int end = axis.size - axis.firstForward;
  const int begin = std::max(0, end - axis.leakageRows);
  const int rows = std::min(up.cols, end + axis.leakageRows) - begin;
  for (int c = 0; c < up.rows; ++c) {
    const float* power = up.ptr<float>(c) + begin;
    if (std::accumulate(power, power + rows, 0.0) > kSignalAtEnds * noise * rows) return true;
  }
  return false;
}

/// The end of the band that covers most, up to `limit`.
std::ptrdiff_t bestEnd(const std::vector<double>& sums, std::ptrdiff_t limit) {
  const auto end = sums.begin() + std::clamp<std::ptrdiff_t>(limit, 0, std::ssize(sums) - 1) + 1;
  return std::max_element(sums.begin(), end) - sums.begin();
}

/// The best that flow along `sums` beyond its own rows covers, with a band of the other direction in the
/// rest.
Candidate fastest(const std::vector<double>& sums, const std::vector<double>& other, int own, int margin) {
  std::vector<double> most = other;  // that a band of the other direction up to each row covers
  for (std::size_t i = 1; i < most.size(); ++i) most[i] = std::max(most[i - 1], most[i]);
  Candidate best{-std::numeric_limits<double>::infinity(), 0};
  for (std::ptrdiff_t end = std::max(1, own - margin); end < std::ssize(sums); ++end) {
    const auto left =
        std::clamp<std::ptrdiff_t>(std::ssize(sums) - 1 - end - margin, 0, std::ssize(other) - 1);
    const double score = sums[static_cast<std::size_t>(end)] + most[static_cast<std::size_t>(left)];
    if (score > best.score) best = {score, static_cast<double>(end)};
  }
  return best;
}

Candidates candidatesOf(const std::vector<double>& up, const std::vector<double>& down,
                        const DirectionAxis& axis) {
  const int ownUp = axis.size - axis.firstForward;
  const int ownDown = axis.lastReverse + 1;
  // A band that ends within the axis ends a window's smear before the axis does.
  const auto forward = bestEnd(up, ownUp - axis.leakageRows);
  const auto reverse = bestEnd(down, ownDown - axis.leakageRows);
  const auto both = [&](std::ptrdiff_t upTo, std::ptrdiff_t downTo) {
    return up[static_cast<std::size_t>(upTo)] + down[static_cast<std::size_t>(downTo)];
  };
  Candidates found;
  found[kSlowForward] = {both(forward, std::min(reverse, bestEnd(down, forward))),
                         static_cast<double>(forward)};
  found[kSlowReverse] = {both(std::min(forward, bestEnd(up, reverse)), reverse),
                         -static_cast<double>(reverse)};
  found[kFastForward] = fastest(up, down, ownUp, axis.leakageRows);
  found[kFastReverse] = fastest(down, up, ownDown, axis.leakageRows);
  found[kFastReverse].edge *= -1;
  return found;
}

/// The best way through all columns (Viterbi's algorithm).
std::vector<std::size_t> bestPath(const std::vector<Candidates>& columns, double steadyRows) {
  std::vector<std::array<std::size_t, kReadings>> from(columns.size());
  std::array<double, kReadings> total{};
  for (std::size_t c = 0; c < columns.size(); ++c) {
    std::array<double, kReadings> next{};
    for (std::size_t to = 0; to < kReadings; ++to) {
      double best = -std::numeric_limits<double>::infinity();
      for (std::size_t before = 0; before < kReadings; ++before) {
        const double jump = c == 0 ? 0 : std::abs(columns[c][to].edge - columns[c - 1][before].edge);
        const double sum = total[before] - kJumpPerRow * std::max(0.0, jump - steadyRows);
        if (sum <= best) continue;
        best = sum;
        from[c][to] = before;
      }
      next[to] = best + columns[c][to].score;
    }
    total = next;
  }
  std::vector<std::size_t> path(columns.size());
  auto reading = static_cast<std::size_t>(std::max_element(total.begin(), total.end()) - total.begin());
  for (std::size_t c = columns.size(); c-- > 0;) {
    path[c] = reading;
    reading = from[c][reading];
  }
  return path;
}

bool isFast(std::size_t reading) {
  return reading == kFastForward || reading == kFastReverse;
}

/// Whether flow lies within half the axis in most of the columns [begin, end).
bool isSlow(const std::vector<Candidates>& columns, const std::vector<std::size_t>& path, std::size_t begin,
            std::size_t end, const DirectionAxis& axis) {
  std::size_t slow = 0;
  for (std::size_t c = begin; c < end; ++c) {
    const double edge = columns[c][path[c]].edge;
    const int own = edge < 0 ? axis.lastReverse + 1 : axis.size - axis.firstForward;
    if (2 * std::abs(edge) < own) ++slow;
  }
  return 2 * slow > end - begin;
}

/// Takes back fast flow that is too brief to be any.
void dropBrief(const std::vector<Candidates>& columns, double secondsPerColumn, const DirectionAxis& axis,
               std::vector<std::size_t>& path) {
  const auto briefest = static_cast<std::size_t>(kBriefestS / secondsPerColumn);
  for (std::size_t begin = 0; begin < path.size(); ++begin) {
    if (!isFast(path[begin])) continue;
    std::size_t end = begin + 1;
    while (end < path.size() && isFast(path[end])) ++end;
    const bool brief = end - begin <= briefest && begin >= briefest && end + briefest <= path.size();
    if (brief && isSlow(columns, path, begin - briefest, begin, axis) &&
        isSlow(columns, path, end, end + briefest, axis)) {
      for (std::size_t c = begin; c < end; ++c)
        path[c] =
            columns[c][kSlowForward].score >= columns[c][kSlowReverse].score ? kSlowForward : kSlowReverse;
    }
    begin = end;
  }
}

}  // namespace

std::vector<FastFlow> fastFlow(const cv::Mat& up, const cv::Mat& down, double noise, double secondsPerColumn,
                               const DirectionAxis& axis) {
  std::vector<FastFlow> flow(static_cast<std::size_t>(up.rows), FastFlow::kNone);
  if (axis.wrapRows == 0 || !reachesEnds(up, noise, axis)) return flow;
  std::vector<Candidates> columns;
  for (int c = 0; c < up.rows; ++c) {
    columns.push_back(candidatesOf(covered(up, c, noise), covered(down, c, noise), axis));
  }
  std::vector<std::size_t> path = bestPath(columns, kMostCmPerS2 * secondsPerColumn / axis.stepCmPerS);
  dropBrief(columns, secondsPerColumn, axis, path);
  for (std::size_t c = 0; c < flow.size(); ++c) {
    if (path[c] == kFastForward) flow[c] = FastFlow::kForward;
    if (path[c] == kFastReverse) flow[c] = FastFlow::kReverse;
  }
  return flow;
}

}  // namespace soleus
