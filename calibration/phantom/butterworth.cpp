#include "calibration/phantom/butterworth.h"

#include <cmath>
#include <numbers>

namespace soleus {

Butterworth Butterworth::make(double cornerHz, double rateHz, double side) {
  Butterworth filter;
  const double w = 2.0 * std::numbers::pi * cornerHz / rateHz;
  for (std::size_t i = 0; i < filter.sections_.size(); ++i) {
    // Pole pairs of a sixth-order Butterworth lie at odd multiples of 15 degrees from the real axis.
    const double q = 0.5 / std::cos((2.0 * static_cast<double>(i) + 1.0) * std::numbers::pi / 12.0);
    const double alpha = std::sin(w) / (2.0 * q);
    const double a0 = 1.0 + alpha;
    Section& s = filter.sections_[i];
    s.b0 = (1.0 + side * std::cos(w)) / 2.0 / a0;
    s.b1 = -side * 2.0 * s.b0;
    s.b2 = s.b0;
    s.a1 = -2.0 * std::cos(w) / a0;
    s.a2 = (1.0 - alpha) / a0;
  }
  return filter;
}

Butterworth Butterworth::highPass(double cornerHz, double rateHz) {
  return make(cornerHz, rateHz, 1.0);
}
Butterworth Butterworth::lowPass(double cornerHz, double rateHz) {
  return make(cornerHz, rateHz, -1.0);
}

std::complex<double> Butterworth::operator()(std::complex<double> x) {
  for (Section& s : sections_) {
    const std::complex<double> y = s.b0 * x + s.s1;
    s.s1 = s.b1 * x - s.a1 * y + s.s2;
    s.s2 = s.b2 * x - s.a2 * y;
    x = y;
  }
  return x;
}

}  // namespace soleus
