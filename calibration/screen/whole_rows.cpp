#include "calibration/screen/whole_rows.h"

#include <algorithm>
#include <cmath>

namespace soleus {
namespace {

// Of rounding in the numbers themselves, in rows.
constexpr double kExactRows = 1e-3;

}  // namespace

std::optional<BoundedScale> scaleOfWholeRows(double rangeCmPerS, const BoundedScale& byAxis,
                                             const FoundRows& rows) {
  const double height = rangeCmPerS / byAxis.cmPerSPerPixel;
  const int least = std::max(rows.height - rows.fewer,
                             static_cast<int>(std::ceil(height * (1 - byAxis.uncertainty) - kExactRows)));
  const int most = std::min(rows.height + rows.more,
                            static_cast<int>(std::floor(height * (1 + byAxis.uncertainty) + kExactRows)));
  if (least > most) return std::nullopt;
  const double middle = (least + most) / 2.0;
  return BoundedScale{rangeCmPerS / middle, (most - least) / 2.0 / middle};
}

}  // namespace soleus
