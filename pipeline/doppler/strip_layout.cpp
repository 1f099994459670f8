#include "pipeline/doppler/strip_layout.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <opencv2/core.hpp>

#include "pipeline/doppler/pixel_sums.h"

namespace soleus {
namespace {

// A frame brings some 1 % of new columns, which move a row's mean by a grey level at most.
constexpr double kJumpGrey = 2;
// What a moved or stretched spectrum may leave of the jump; one that is merely another leaves all of it.
constexpr double kExplained = 0.5;
// A strip that shows flow or noise, and what a restart may leave of it: the zero line.
constexpr double kSomethingGrey = 4;
constexpr double kClearedShare = 0.4;
// The last of a burst may leave a black strip from one frame to the next: less than this of what there was,
// which is remembered for some seconds.
constexpr double kStillThere = 0.5;
constexpr double kForget = 0.99;
// A drawn line over the rows two away: even dim ones, after H.264.
constexpr float kLineGrey = 12;
// Smaller changes of scale are no step that a scanner offers.
constexpr double kLeastLogScale = 0.08;
constexpr double kMostLogScale = 1.1;
constexpr double kLogScaleStep = 0.02;

/// The row that stands out by itself, -1 for none.
int lineRow(const std::vector<float>& means) {
  int best = -1;
  float most = kLineGrey;
  for (std::size_t r = 2; r + 2 < means.size(); ++r) {
    const float over = means[r] - std::max(means[r - 2], means[r + 2]);
    if (over > most) {
      most = over;
      best = static_cast<int>(r);
    }
  }
  return best;
}

/// Whether there is anything that could move: a blank strip fits wherever it is moved.
bool hasContent(const std::vector<float>& means, int line) {
  double sum = 0;
  double squares = 0;
  int rows = 0;
  for (int r = 0; r < static_cast<int>(means.size()); ++r) {
    if (line >= 0 && std::abs(r - line) <= 2) continue;
    const double m = means[static_cast<std::size_t>(r)];
    sum += m;
    squares += m * m;
    ++rows;
  }
  return squares / rows - sum / rows * sum / rows > kJumpGrey * kJumpGrey;
}

/// RMS of now(r) - before(map(r)) over the rows that come from inside the strip and hold no line; infinite
/// where they are fewer than half.
template <class Map>
double residual(const std::vector<float>& before, const std::vector<float>& now, int line, const Map& map) {
  double sum = 0;
  int rows = 0;
  const int last = static_cast<int>(before.size()) - 1;
  for (int r = 0; r <= last; ++r) {
    const double from = map(r);
    if (from < 0 || from > last || (line >= 0 && std::abs(r - line) <= 2)) continue;
    const auto low = static_cast<std::size_t>(from);
    const std::size_t high = std::min(low + 1, before.size() - 1);
    const double f = from - static_cast<double>(low);
    const double d = now[static_cast<std::size_t>(r)] - (before[low] * (1 - f) + before[high] * f);
    sum += d * d;
    ++rows;
  }
  return 2 * rows < last ? std::numeric_limits<double>::infinity() : std::sqrt(sum / rows);
}

}  // namespace

std::optional<LayoutChange> StripLayout::push(const cv::Mat& strip) {
  std::swap(before_, now_);
  now_.resize(static_cast<std::size_t>(strip.rows));
  for (int r = 0; r < strip.rows; ++r) {
    now_[static_cast<std::size_t>(r)] =
        static_cast<float>(sumOf(strip.ptr<std::uint8_t>(r), strip.cols)) / static_cast<float>(strip.cols);
  }
  cleared_ = false;
  if (before_.size() != now_.size()) return std::nullopt;
  const double brightBefore = std::accumulate(before_.begin(), before_.end(), 0.0);
  const double bright = std::accumulate(now_.begin(), now_.end(), 0.0);
  const auto rows = static_cast<double>(now_.size());
  usual_ = std::max(brightBefore, kForget * usual_);
  cleared_ = brightBefore > kSomethingGrey * rows && brightBefore > kStillThere * usual_ &&
             bright < kClearedShare * brightBefore;
  if (cleared_) return std::nullopt;
  const double all = residual(before_, now_, -1, [](int r) { return static_cast<double>(r); });
  if (all < kJumpGrey) return std::nullopt;
  const int lineBefore = lineRow(before_);
  const int line = lineRow(now_);
  const double unmoved = residual(before_, now_, line, [](int r) { return static_cast<double>(r); });
  if (line >= 0 && lineBefore >= 0 && line != lineBefore) {
    const int down = line - lineBefore;
    const double moved = residual(before_, now_, line, [&](int r) { return static_cast<double>(r - down); });
    zeroRow_ += down;
    return LayoutChange{lineBefore, down, 1, moved < unmoved};
  }
  if (!hasContent(before_, lineBefore) || !hasContent(now_, line)) return std::nullopt;
  LayoutChange found;
  found.fromRow = lineBefore;
  double best = kExplained * unmoved;
  const double zero = line >= 0 ? line : zeroRow_;
  for (double log = -kMostLogScale; log <= kMostLogScale; log += kLogScaleStep) {
    if (std::abs(log) < kLeastLogScale) continue;
    const double scale = std::exp(log);
    const double left = residual(before_, now_, line, [&](int r) { return zero + (r - zero) * scale; });
    if (left >= best) continue;
    best = left;
    found.scale = scale;
  }
  if (line < 0 && lineBefore < 0) {
    const int height = static_cast<int>(now_.size());
    const int most = height / 2 - 1;
    for (int down = -most; down <= most; ++down) {
      if (down == 0) continue;
      const double left = residual(before_, now_, -1, [&](int r) {
        return static_cast<double>((r - down + height) % height);  // all rows: none may hide beyond an edge
      });
      if (left >= best) continue;
      best = left;
      found.scale = 1;
      found.downRows = down;
    }
  }
  if (found.downRows == 0 && found.scale == 1) return std::nullopt;
  zeroRow_ += found.downRows;
  return found;
}

}  // namespace soleus
