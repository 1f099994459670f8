#include "pipeline/signal/signal_line.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace soleus {
namespace {

constexpr std::string_view kBetween = " \t,\r";
// 142 years; in nanoseconds it still is a number of 63 bits.
constexpr std::uint64_t kMostTimeUs = std::uint64_t{1} << 52;

/// Takes the next word off `line` as a number.
template <class Number>
bool take(std::string_view& line, Number& number) {
  line.remove_prefix(std::min(line.find_first_not_of(kBetween), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(kBetween));
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (word.empty() || error != std::errc{} || end != word.data() + word.size()) return false;
  line.remove_prefix(word.size());
  return true;
}

}  // namespace

std::optional<SignalLine> parseSignalLine(std::string_view line, std::size_t channels,
                                          std::string_view token) {
  if (!token.empty()) {
    if (!line.starts_with(token) || line.find_first_of(kBetween) != token.size()) return std::nullopt;
    line.remove_prefix(token.size());
  }
  SignalLine read;
  read.values.resize(channels);
  if (!take(line, read.counter) || !take(line, read.timeUs) || read.timeUs >= kMostTimeUs)
    return std::nullopt;
  for (double& value : read.values) {
    if (!take(line, value) || !std::isfinite(value)) return std::nullopt;
  }
  if (line.find_first_not_of(kBetween) != std::string_view::npos) return std::nullopt;
  return read;
}

}  // namespace soleus
