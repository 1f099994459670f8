/// The text that a measuring board sends: a line for each sample.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace soleus {

/// "COUNTER TIME VALUE [VALUE ...]": COUNTER goes up by one from line to line, TIME is the board's own clock
/// in microseconds (below 2^52), each VALUE a number of one channel. Between them stand spaces, tabs or
/// commas. Counter and time may begin anywhere; both may begin anew after 4294967295, as a microcontroller's
/// do.
struct SignalLine {
  std::uint32_t counter = 0;
  std::uint64_t timeUs = 0;
  std::vector<double> values;
};

/// What goes on for longer without an end is no line: 32 channels of 15 digits, and some.
inline constexpr std::size_t kLongestSignalLine = 600;

/// Nothing if the line is anything else than that, with exactly so many values, all of them finite, behind
/// `token` where that is not empty.
std::optional<SignalLine> parseSignalLine(std::string_view line, std::size_t channels,
                                          std::string_view token = {});

}  // namespace soleus
