#include "calibration/screen/possible_lines.h"

#include <algorithm>
#include <cmath>

namespace soleus {
namespace {

// The room for zero is linear in the slope but for a corner at most readings: as many parts see them all.
constexpr int kParts = 1000;

/// How far the row of zero can move while the line of this slope respects every reading.
double roomForZero(const std::vector<BoundedReading>& readings, double rowsPerUnit) {
  double least = -1e300;
  double most = 1e300;
  for (const BoundedReading& r : readings) {
    const double zero = r.row - rowsPerUnit * r.value;
    least = std::max(least, zero - r.errorPx);
    most = std::min(most, zero + r.errorPx);
  }
  return std::max(0.0, most - least);
}

/// `visit(slope, weight)` for slopes from the least to the most.
template <class Visit>
void visitSlopes(const std::vector<BoundedReading>& readings, const PossibleSlopes& slopes, Visit visit) {
  for (int i = 0; i < kParts; ++i) {
    const double slope = slopes.least + (slopes.most - slopes.least) * (i + 0.5) / kParts;
    visit(slope, roomForZero(readings, slope));
  }
}

}  // namespace

double PossibleSlopes::bound() const {
  return std::max(most - mean, mean - least) / std::abs(mean);
}

std::optional<PossibleSlopes> possibleSlopes(const std::vector<BoundedReading>& readings) {
  PossibleSlopes slopes{0, -1e300, 1e300};
  // Fourier and Motzkin's elimination of the line's zero.
  for (const BoundedReading& a : readings) {
    for (const BoundedReading& b : readings) {
      const double apart = b.value - a.value;
      if (apart <= 0) continue;
      const double error = a.errorPx + b.errorPx;
      slopes.least = std::max(slopes.least, (b.row - a.row - error) / apart);
      slopes.most = std::min(slopes.most, (b.row - a.row + error) / apart);
    }
  }
  if (slopes.least == -1e300 || slopes.least > slopes.most) return std::nullopt;
  double sum = 0;
  double weights = 0;
  visitSlopes(readings, slopes, [&](double slope, double weight) {
    sum += weight * slope;
    weights += weight;
  });
  slopes.mean = weights > 0 ? sum / weights : (slopes.least + slopes.most) / 2;
  return slopes;
}

double doubtOf(const std::vector<BoundedReading>& readings, const PossibleSlopes& slopes, double share) {
  if (slopes.bound() <= share) return 0;
  double off = 0;
  double weights = 0;
  visitSlopes(readings, slopes, [&](double slope, double weight) {
    off += std::abs(slope / slopes.mean - 1) > share ? weight : 0;
    weights += weight;
  });
  return weights > 0 ? off / weights : 1;
}

}  // namespace soleus
