/// Strong-typed time: int64 nanoseconds that cannot be mixed up between clocks.
#pragma once

#include <cmath>
#include <compare>
#include <cstdint>

namespace soleus {

/// A span of time in nanoseconds, on any clock.
struct Span {
  std::int64_t ns = 0;
  auto operator<=>(const Span&) const = default;
  [[nodiscard]] constexpr double seconds() const { return static_cast<double>(ns) * 1e-9; }
  [[nodiscard]] static Span fromSeconds(double s) { return {std::llround(s * 1e9)}; }
};

/// A moment in nanoseconds on the clock that Tag names. Moments of different clocks don't mix.
template <class Tag>
struct Moment {
  std::int64_t ns = 0;
  auto operator<=>(const Moment&) const = default;
  [[nodiscard]] constexpr double seconds() const { return static_cast<double>(ns) * 1e-9; }
  [[nodiscard]] static Moment fromSeconds(double s) { return {std::llround(s * 1e9)}; }
  friend constexpr Span operator-(Moment a, Moment b) { return {a.ns - b.ns}; }
  friend constexpr Moment operator+(Moment a, Span d) { return {a.ns + d.ns}; }
  friend constexpr Moment operator-(Moment a, Span d) { return {a.ns - d.ns}; }
};

using DeviceTime = Moment<struct DeviceClock>;    ///< as the source stamped it
using ArrivalTime = Moment<struct ArrivalClock>;  ///< monotonic clock of this machine on arrival
using SessionTime = Moment<struct SessionClock>;  ///< 0 = the first sample of the session

}  // namespace soleus
