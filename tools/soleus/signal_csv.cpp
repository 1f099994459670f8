#include "tools/soleus/signal_csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <string_view>

namespace soleus {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\"";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string_view> cellsOf(std::string_view line) {
  std::vector<std::string_view> cells;
  for (;;) {
    const std::size_t comma = line.find(',');
    cells.push_back(trimmed(line.substr(0, comma)));
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

bool numberFrom(std::string_view text, double& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && std::isfinite(number);
}

/// "emg (mV)" is "emg" in mV.
std::pair<std::string_view, std::string_view> nameAndUnits(std::string_view cell) {
  const std::size_t open = cell.find_last_of("([");
  if (open == std::string_view::npos || cell.back() != (cell[open] == '(' ? ')' : ']')) return {cell, "1"};
  return {trimmed(cell.substr(0, open)), trimmed(cell.substr(open + 1, cell.size() - open - 2))};
}

/// The column that is asked for, by name or by number; 0 if there is none.
std::size_t columnOf(const std::vector<std::string_view>& header, const std::string& channel) {
  if (channel.empty()) return header.size() == 2 ? 1 : 0;
  for (std::size_t n = 1; n < header.size(); ++n) {
    if (nameAndUnits(header[n]).first == channel || std::to_string(n) == channel) return n;
  }
  return 0;
}

}  // namespace

Result<SignalRecording> readCsvSignal(const SignalRequest& request) {
  std::ifstream in(request.file);
  std::string line;
  std::getline(in, line);
  if (line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);  // as spreadsheets begin a text
  const auto header = cellsOf(line);
  if (header.size() < 2 || header[0] != "time_s") {
    return Error{ErrorKind::kBadInput, request.file + ", line 1", "not the header of a signal",
                 "'" + line.substr(0, 60) + "'",
                 "time_s,NAME: times in seconds, commas between columns, points in numbers"};
  }
  const std::size_t column = columnOf(header, request.channel);
  if (column == 0) {
    return Error{ErrorKind::kBadInput, request.file + ", line 1",
                 request.channel.empty() ? "which channel is not clear" : "has no such channel",
                 request.channel.empty() ? std::to_string(header.size() - 1) + " channels"
                                         : "no '" + request.channel + "'",
                 "FILE#CHANNEL with one of '" + line.substr(line.find(',') + 1, 60) + "'"};
  }
  SignalRecording signal;
  signal.units = nameAndUnits(header[column]).second;
  for (int number = 2; std::getline(in, line); ++number) {
    if (trimmed(line).empty()) continue;
    const std::string where = request.file + ", line " + std::to_string(number);
    const auto cells = cellsOf(line);
    double timeS = 0;
    double value = std::numeric_limits<double>::quiet_NaN();
    if (cells.size() != header.size() || !numberFrom(cells[0], timeS) ||
        (!cells[column].empty() && !numberFrom(cells[column], value))) {
      return Error{ErrorKind::kBadInput, where, "not a sample", "'" + line.substr(0, 60) + "'",
                   std::to_string(header.size()) + " numbers with commas between them"};
    }
    if (!signal.timeS.empty() && timeS <= signal.timeS.back()) {
      return Error{ErrorKind::kBadInput, where, "time does not go on",
                   std::to_string(timeS) + " s after " + std::to_string(signal.timeS.back()) + " s",
                   "ascending times"};
    }
    if (std::abs(value) > std::numeric_limits<float>::max())
      return Error{ErrorKind::kBadInput, where, "a value is too large", std::string(cells[column]),
                   "below 3e38"};
    signal.timeS.push_back(timeS);
    signal.value.push_back(static_cast<float>(value));
  }
  if (signal.timeS.empty())
    return Error{ErrorKind::kBadInput, request.file, "holds no sample", "a header alone", "lines of numbers"};
  return signal;
}

}  // namespace soleus
