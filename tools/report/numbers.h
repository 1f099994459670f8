/// Numbers of columns with missing values, as JSON: null where there is nothing to tell.
#pragma once

#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

namespace soleus {

/// The value, or null if it isn't finite.
inline nlohmann::json orNull(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

/// part / whole; null of nothing.
inline nlohmann::json fraction(std::size_t part, std::size_t whole) {
  return whole == 0 ? nlohmann::json(nullptr)
                    : nlohmann::json(static_cast<double>(part) / static_cast<double>(whole));
}

/// sum / weight; null of nothing.
inline nlohmann::json average(double sum, double weight) {
  return weight > 0 ? nlohmann::json(sum / weight) : nlohmann::json(nullptr);
}

/// Mean of the finite values; null if there is none.
inline nlohmann::json meanOf(std::span<const double> values) {
  double sum = 0;
  double count = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    sum += value;
    ++count;
  }
  return average(sum, count);
}

/// Lowest and highest of the finite values; NaN if there is none.
inline std::pair<double, double> extremesOf(std::span<const double> values) {
  std::pair<double, double> extremes{std::nan(""), std::nan("")};
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    extremes = {std::fmin(extremes.first, value), std::fmax(extremes.second, value)};
  }
  return extremes;
}

}  // namespace soleus
