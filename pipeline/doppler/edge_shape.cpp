#include "pipeline/doppler/edge_shape.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

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
        // Blood at t inside the edge lies t + distance from here; the window reaches no further than this.
        const int steps = static_cast<int>(distance / kStep);
        double sum = 0;
        for (int k = std::max(0, -reach - steps); k < std::min(bandSteps, reach - steps); ++k) {
          // The middle of a step lies between two samples of the window.
          const auto index = static_cast<std::size_t>(steps + k + reach);
          sum += mass[static_cast<std::size_t>(k)] * (window[index] + window[index + 1]) / 2;
        }
        table.push_back(static_cast<float>(sum));
      }
    }
  }
}

float EdgeShape::continuousPlace(double distance) {
  const double place = (distance + kInside) * kPerResolution;
  constexpr double kLast = kPoints - 1.001;
  return static_cast<float>(place < 0.0 ? 0.0 : place > kLast ? kLast : place);
}

EdgeShape::Place EdgeShape::placeOf(double distance) {
  const float place = continuousPlace(distance);
  const auto index = static_cast<std::size_t>(place);
  return {index, place - static_cast<float>(index)};
}

float EdgeShape::begun(double distance) const {
  const std::vector<float>& end = tables_[0][1];
  const Place at = placeOf(distance);
  return 1 - (end[at.index] + at.share * (end[at.index + 1] - end[at.index])) / end.front();
}

EdgeShape::Band::Band(int profileOfIt, double resolutionsOfIt)
    : profile(profileOfIt),
      resolutions(resolutionsOfIt),
      atZero(std::pow(resolutions, 2.0 / kExponents[static_cast<std::size_t>(profile)] - 1.0)) {}

void EdgeShape::sample(const Band& band, int broadening, double first, double step, std::size_t count,
                       float* power, float* slope) const {
  const auto b = static_cast<std::size_t>(broadening);
  const std::vector<float>& law = tables_[static_cast<std::size_t>(band.profile)][b];
  // Places first, which the compiler works out several at a time, then what stands there.
  constexpr std::size_t kAtOnce = 64;
  std::array<std::int32_t, kAtOnce> index;
  std::array<float, kAtOnce> share;
  for (std::size_t begin = 0; begin < count; begin += kAtOnce) {
    const std::size_t size = std::min(kAtOnce, count - begin);
    const auto offset = static_cast<std::int32_t>(begin);
    for (std::int32_t i = 0; i < static_cast<std::int32_t>(size); ++i) {
      const float place = continuousPlace(first + static_cast<double>(offset + i) * step);
      index[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(place);
      share[static_cast<std::size_t>(i)] = place - static_cast<float>(static_cast<std::int32_t>(place));
    }
    for (std::size_t i = 0; i < size; ++i) {
      const float* at = law.data() + index[i];
      const float rise = at[1] - at[0];
      power[begin + i] = at[0] + share[i] * rise;
      slope[begin + i] = rise * kPerResolution;
    }
  }
  // What the endless law puts beyond zero velocity, where it hardly changes any more within a window.
  const std::vector<float>& end = tables_[0][b];
  const auto atZero = static_cast<float>(band.atZero);
  for (std::size_t i = 0; i < count; ++i) {
    const double beyondZero = first + static_cast<double>(i) * step + band.resolutions;
    if (beyondZero >= kOutside) break;
    const Place at = placeOf(beyondZero);
    const float beyond = end[at.index] + at.share * (end[at.index + 1] - end[at.index]);
    power[i] = std::max(0.0F, power[i] - atZero * beyond);
  }
}

}  // namespace soleus
