#include "pipeline/clock/passage_model.h"

#include <algorithm>
#include <cmath>

#include "pipeline/clock/passage_consensus.h"

namespace soleus {
namespace {

// Below this a slope is guesswork: half a second of 24 frames/s.
constexpr std::size_t kFirstFitPoints = 12;
// Outliers in a row that make a step: more than any marker or glitch of a codec lasts, about 0.3 s of video.
constexpr std::size_t kStepPoints = 8;
// A fit costs some 20 us; between fits the model moves far less than a column.
constexpr int kPushesPerFit = 4;
constexpr int kIterations = 4;
// Tukey's constant for 95 % efficiency on normal errors.
constexpr double kTukeyScales = 4.685;
// Whole-pixel positions have an error of this size at least (uniform over one column: 1/sqrt(12)).
constexpr double kLeastScaleColumns = 0.29;
// MAD to standard deviation of normal errors.
constexpr double kMadToSd = 1.4826;

// Neighbouring observations that err together: a scanner's display was seen to run ahead and lag by 2 px for
// about 0.4 s of video.
constexpr double kTogether = 12;
// Beyond three gates an observation says nothing any more about the model it is compared with.
constexpr double kMostExtrapolation = 3;

double medianOf(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

using Row = std::array<double, 4>;  // three coefficients and the right-hand side

/// Gaussian elimination with pivoting of an n x n system, n <= 3; false if it is singular.
bool solve(std::array<Row, 3>& m, int n, std::array<double, 3>& x) {
  for (int c = 0; c < n; ++c) {
    int pivot = c;
    for (int r = c + 1; r < n; ++r) {
      if (std::abs(m[r][c]) > std::abs(m[pivot][c])) pivot = r;
    }
    // Relative to sums of squared columns: an exact zero after cancellation.
    if (std::abs(m[pivot][c]) < 1e-9) return false;
    std::swap(m[c], m[pivot]);
    for (int r = c + 1; r < n; ++r) {
      const double f = m[r][c] / m[c][c];
      for (int k = c; k < n; ++k) m[r][k] -= f * m[c][k];
      m[r][3] -= f * m[c][3];
    }
  }
  for (int r = n - 1; r >= 0; --r) {
    double sum = m[r][3];
    for (int k = r + 1; k < n; ++k) sum -= m[r][k] * x[k];
    x[r] = sum / m[r][r];
  }
  return true;
}

}  // namespace

PassageModel::PassageModel(std::size_t windowPoints, double gateColumns, double gateS)
    : windowPoints_(windowPoints), gateColumns_(gateColumns), gateS_(gateS) {}

PassageModel::Verdict PassageModel::push(const Passage& passage) {
  const double gateS = std::max(gateColumns_ * secondsPerColumn_, gateS_);
  if (known_ && std::abs(residualS(passage)) > gateS * extrapolation(passage.timeS)) {
    outliers_.push_back(passage);
    if (outliers_.size() > kStepPoints) outliers_.erase(outliers_.begin());
    return outliersAgree() ? Verdict::kStep : Verdict::kOutlier;
  }
  outliers_.clear();
  window_.push_back(passage);
  if (window_.size() > windowPoints_) window_.pop_front();
  if (!known_) {
    if (window_.size() >= kFirstFitPoints) start();
    return Verdict::kLearning;
  }
  // Young models move with every point, old ones do not.
  if (++sinceRefined_ >= kPushesPerFit || window_.size() < 4 * kFirstFitPoints) refine();
  return Verdict::kAgrees;
}

bool PassageModel::outliersAgree() const {
  if (outliers_.size() < kStepPoints) return false;
  // Same side of the model all along, and moving on: neither scattered markers nor a picture that stands
  // still.
  const bool late = residualS(outliers_.front()) > 0;
  for (std::size_t i = 1; i < outliers_.size(); ++i) {
    if ((residualS(outliers_[i]) > 0) != late) return false;
    if (outliers_[i].lap == outliers_[i - 1].lap && outliers_[i].position <= outliers_[i - 1].position) {
      return false;
    }
  }
  return true;
}

void PassageModel::restart() {
  const std::vector<Passage> kept = outliers_;
  const double periodS = periodS_;
  reset();
  periodS_ = periodS;
  for (const Passage& passage : kept) push(passage);
}

void PassageModel::reset() {
  window_.clear();
  outliers_.clear();
  known_ = false;
  secondsPerColumn_ = slopeErrorS_ = periodS_ = kUnknown;
  sinceRefined_ = 0;
}

void PassageModel::setPeriodS(double periodS) {
  periodS_ = periodS;
}

double PassageModel::timeS(int lap, double position) const {
  return startS_ + position * secondsPerColumn_ + (lap == 0 ? 0 : lap * periodS_);
}

double PassageModel::position(int lap, double timeS) const {
  return (timeS - startS_ - (lap == 0 ? 0 : lap * periodS_)) / secondsPerColumn_;
}

double PassageModel::secondsPerColumn() const {
  return known_ ? secondsPerColumn_ : kUnknown;
}

double PassageModel::secondsPerColumnErrorShare() const {
  return known_ ? slopeErrorS_ / secondsPerColumn_ : kUnknown;
}

double PassageModel::apartShare() const {
  if (!known_) return kUnknown;
  return std::abs(paceOfMost(window_, secondsPerColumn_).value_or(secondsPerColumn_) / secondsPerColumn_ - 1);
}

double PassageModel::spanS() const {
  return window_.empty() ? 0 : window_.back().timeS - window_.front().timeS;
}

double PassageModel::extrapolation(double timeS) const {
  if (window_.empty() || !(spanS() > 0)) return 1;
  return 1 + std::clamp((timeS - window_.back().timeS) / spanS(), 0.0, kMostExtrapolation - 1);
}

void PassageModel::shift(double columns) {
  for (Passage& passage : window_) passage.position += columns;
  outliers_.clear();
  if (known_) startS_ -= columns * secondsPerColumn_;
}

void PassageModel::expectLapColumns(double columns, double sdColumns) {
  expectedLapColumns_ = columns;
  expectedLapSdColumns_ = sdColumns;
}

double PassageModel::lapErrorColumns() const {
  // Slope error of a regression on uniformly spread positions, sqrt(12) sd / sqrt(n), times the spread
  // itself.
  const double independent = std::max(1.0, static_cast<double>(window_.size()) / kTogether);
  return std::sqrt(12.0) * scaleS_ / secondsPerColumn_ / std::sqrt(independent);
}

void PassageModel::addEarlier(const std::vector<Passage>& passages) {
  window_.insert(window_.begin(), passages.begin(), passages.end());
  refine();
}

double PassageModel::residualS(const Passage& passage) const {
  return passage.timeS - timeS(passage.lap, passage.position);
}

void PassageModel::start() {
  const std::size_t half = window_.size() / 2;
  scratch_.clear();
  for (std::size_t i = 0; i + half < window_.size(); ++i) {
    const Passage& a = window_[i];
    const Passage& b = window_[i + half];
    const double lapS = a.lap == b.lap ? 0 : (b.lap - a.lap) * periodS_;
    if (b.position != a.position) scratch_.push_back((b.timeS - a.timeS - lapS) / (b.position - a.position));
  }
  if (scratch_.empty()) return;
  secondsPerColumn_ = medianOf(scratch_);
  if (!(secondsPerColumn_ > 0)) return;
  startS_ = 0;
  scratch_.clear();
  for (const Passage& p : window_) scratch_.push_back(residualS(p));
  startS_ = medianOf(scratch_);
  known_ = true;
  refine();
}

void PassageModel::refine() {
  sinceRefined_ = 0;
  const bool severalLaps = window_.front().lap != window_.back().lap;
  const int unknowns = severalLaps ? 3 : 2;
  for (int iteration = 0; iteration < kIterations; ++iteration) {
    scratch_.clear();
    for (const Passage& p : window_) scratch_.push_back(std::abs(residualS(p)));
    scaleS_ = std::max(kMadToSd * medianOf(scratch_), kLeastScaleColumns * secondsPerColumn_);
    // Whatever has passed the gate has a say at first: a period told before it was seen may be off by as
    // much.
    const double widthS = iteration == 0 ? std::max(scaleS_, gateS_ / 2) : scaleS_;
    // Corrections to the present parameters, about the newest point, keep the sums small.
    const Passage& origin = window_.back();
    std::array<Row, 3> m{};
    for (const Passage& p : window_) {
      const double residual = residualS(p);
      const double u = residual / (kTukeyScales * widthS);
      if (std::abs(u) >= 1) continue;
      const double w = (1 - u * u) * (1 - u * u);
      const std::array<double, 3> a = {1, p.position - origin.position,
                                       static_cast<double>(p.lap - origin.lap)};
      for (int r = 0; r < unknowns; ++r) {
        for (int c = 0; c < unknowns; ++c) m[r][c] += w * a[r] * a[c];
        m[r][3] += w * a[r] * residual;
      }
    }
    if (severalLaps && expectedLapColumns_ > 0) {
      // One more observation: period - columns * secondsPerColumn = 0, give or take.
      const double sdS = expectedLapSdColumns_ * secondsPerColumn_;
      const double w = kTogether * scaleS_ * scaleS_ / (sdS * sdS);
      const std::array<double, 3> a = {0, -expectedLapColumns_, 1};
      const double residual = expectedLapColumns_ * secondsPerColumn_ - periodS_;
      for (int r = 0; r < 3; ++r) {
        for (int c = 0; c < 3; ++c) m[r][c] += w * a[r] * a[c];
        m[r][3] += w * a[r] * residual;
      }
    }
    std::array<Row, 3> ofSlope = m;
    for (int r = 0; r < 3; ++r) ofSlope[r][3] = r == 1 ? 1 : 0;
    std::array<double, 3> variance{};
    if (solve(ofSlope, unknowns, variance) && variance[1] > 0)
      slopeErrorS_ = scaleS_ * std::sqrt(kTogether * variance[1]);
    std::array<double, 3> d{};
    if (!solve(m, unknowns, d) || !(secondsPerColumn_ + d[1] > 0)) return;
    secondsPerColumn_ += d[1];
    startS_ += d[0] - d[1] * origin.position;
    if (severalLaps) {
      periodS_ += d[2];
      startS_ -= d[2] * origin.lap;
    }
  }
}

}  // namespace soleus
