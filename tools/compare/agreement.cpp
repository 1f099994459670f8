#include "tools/compare/agreement.h"

#include <cmath>

#include "tools/compare/quantiles.h"

namespace soleus {
namespace {

// 95 % of a normal distribution lie within so many standard deviations.
constexpr double kNormal = 1.96;

}  // namespace

Agreement agreementOf(std::span<const double> differences) {
  Agreement agreement;
  agreement.count = differences.size();
  if (agreement.count < 2) return agreement;
  const auto count = static_cast<double>(agreement.count);
  double sum = 0;
  for (const double difference : differences) sum += difference;
  const double bias = sum / count;
  double squares = 0;
  for (const double difference : differences) squares += (difference - bias) * (difference - bias);
  const double sd = std::sqrt(squares / (count - 1));
  agreement.sd = sd;
  agreement.bias.value = bias;
  agreement.lower.value = bias - kNormal * sd;
  agreement.upper.value = bias + kNormal * sd;
  if (sd == 0) return agreement;
  const double standardError = sd / std::sqrt(count);
  const double half = studentQuantile(0.975, count - 1) * standardError;
  // sqrt(n) (limit - bias) / SD has this distribution, whatever the true bias and SD are.
  const double shift = kNormal * std::sqrt(count);
  const double near = shiftedStudentQuantile(0.025, count - 1, shift) * standardError;
  const double far = shiftedStudentQuantile(0.975, count - 1, shift) * standardError;
  agreement.bias.low = bias - half;
  agreement.bias.high = bias + half;
  agreement.lower.low = bias - far;
  agreement.lower.high = bias - near;
  agreement.upper.low = bias + near;
  agreement.upper.high = bias + far;
  return agreement;
}

}  // namespace soleus
