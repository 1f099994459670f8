#include "pipeline/doppler/edge_shape.h"

#include <algorithm>
#include <cmath>

#include "pipeline/doppler/spectral_window.h"

namespace soleus {
namespace {

// Integration step in resolutions: 1/64 of the main lobe's half width.
constexpr double kStep = 1.0 / 32.0;
/// The Hann window's response convolved with a Gaussian: samples at k * kStep, k = -reach ... reach; their
/// sum times kStep is 1.
std::vector<double> kernel(double resolution, double sd) {
  const int reach = static_cast<int>(kHannReach / kStep);
  std::vector<double> samples(static_cast<std::size_t>(2 * reach) + 1);
  double sum = 0;
  for (int k = -reach; k <= reach; ++k) {
    double value = 0;
    if (sd <= 0) {
      value = hannPower(k * kStep / resolution);
    } else {
      for (double z = -4; z <= 4; z += 0.125)
        value += std::exp(-0.5 * z * z) * hannPower((k * kStep - z * sd) / resolution);
    }
    samples[static_cast<std::size_t>(k + reach)] = value;
    sum += value;
  }
  for (double& sample : samples) sample /= sum * kStep;
  return samples;
}

}  // namespace

const EdgeShape& EdgeShape::table() {
  static const EdgeShape kTable;
  return kTable;
}

EdgeShape::EdgeShape() {
  const int reach = static_cast<int>(kHannReach / kStep);
  const int bandSteps = static_cast<int>((kInside + 2 * kHannReach) / kStep);
  for (int b = 0; b < kBroadenings; ++b) {
    const std::vector<double> window =
        kernel(kResolutions[static_cast<std::size_t>(b)], kBroadeningSd[static_cast<std::size_t>(b)]);
    for (int p = 0; p < kProfiles; ++p) {
      const double power = 2.0 / kExponents[static_cast<std::size_t>(p)];
      // Mass of each step of t^(2/n - 1), exactly: the law is singular at the edge.
      std::vector<double> mass;
      for (int k = 0; k < bandSteps; ++k) {
        mass.push_back((std::pow((k + 1) * kStep, power) - std::pow(k * kStep, power)) / power);
      }
      std::vector<float>& table = tables_[static_cast<std::size_t>(p)][static_cast<std::size_t>(b)];
      for (int i = 0; i < kPoints; ++i) {
        const double distance = static_cast<double>(i) / kPerResolution - kInside;
        // Blood at t inside the edge lies t + distance from here.
        double sum = 0;
        for (int k = 0; k < bandSteps; ++k) {
          const double at = (distance + (k + 0.5) * kStep) / kStep;
          const int index = static_cast<int>(std::lround(at)) + reach;
          if (index >= 0 && index <= 2 * reach)
            sum += mass[static_cast<std::size_t>(k)] * window[static_cast<std::size_t>(index)];
        }
        table.push_back(static_cast<float>(sum));
      }
    }
  }
}

EdgeShape::Value EdgeShape::endless(int profile, int broadening, double distance) const {
  const std::vector<float>& table =
      tables_[static_cast<std::size_t>(profile)][static_cast<std::size_t>(broadening)];
  const double place = std::clamp((distance + kInside) * kPerResolution, 0.0, kPoints - 1.001);
  const auto i = static_cast<std::size_t>(place);
  const double share = place - static_cast<double>(i);
  const double step = table[i + 1] - table[i];
  return {table[i] + share * step, step * kPerResolution};
}

EdgeShape::Band::Band(int profileOfIt, double resolutionsOfIt)
    : profile(profileOfIt),
      resolutions(resolutionsOfIt),
      atZero(std::pow(resolutions, 2.0 / kExponents[static_cast<std::size_t>(profile)] - 1.0)) {}

EdgeShape::Value EdgeShape::at(const Band& band, int broadening, double distance) const {
  Value value = endless(band.profile, broadening, distance);
  const double beyondZero = distance + band.resolutions;
  if (beyondZero < kOutside) {
    // What the endless law puts beyond zero velocity, where it hardly changes any more within a window.
    value.power = std::max(0.0, value.power - band.atZero * endless(0, broadening, beyondZero).power);
  }
  return value;
}

}  // namespace soleus
