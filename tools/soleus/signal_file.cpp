#include "tools/soleus/signal_file.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <iomanip>
#include <limits>
#include <map>
#include <optional>
#include <sstream>

#include "tools/soleus/input_file.h"
#include "tools/soleus/signal_csv.h"
#include "tools/soleus/signal_edf.h"
#include "tools/soleus/signal_sound.h"
#include "tools/soleus/signal_xdf.h"

namespace soleus {
namespace {

namespace fs = std::filesystem;

// A table's times are rounded; more unevenness than that is unevenness.
constexpr double kUneven = 0.01;

std::optional<double> numberOf(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

double rateOf(const std::vector<double>& timeS) {
  if (timeS.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  const double intervalS = (timeS.back() - timeS.front()) / static_cast<double>(timeS.size() - 1);
  for (std::size_t n = 1; n < timeS.size(); ++n) {
    if (std::abs(timeS[n] - timeS[n - 1] - intervalS) > kUneven * intervalS)
      return std::numeric_limits<double>::quiet_NaN();
  }
  return 1 / intervalS;
}

}  // namespace

bool isSignalName(const std::string& name) {
  const auto letter = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !name.empty() && std::all_of(name.begin(), name.end(), letter) &&
         std::isdigit(static_cast<unsigned char>(name.front())) == 0;
}

void takeChannel(SignalRequest& request) {
  if (const std::size_t hash = request.file.rfind('#');
      hash != std::string::npos && hash > 0 && !fs::exists(request.file)) {
    request.channel = request.file.substr(hash + 1);
    request.file.erase(hash);
  }
}

Result<SignalRequest> parseSignalRequest(const std::string& text) {
  SignalRequest request;
  const std::size_t equals = text.find('=');
  request.name = text.substr(0, equals);
  if (equals == std::string::npos || !isSignalName(request.name) || equals + 1 == text.size()) {
    return Error{ErrorKind::kUsage, "--signal", "not a signal", "'" + text + "'",
                 "NAME=FILE[#CHANNEL][@OFFSET_S], NAME of letters, digits and _"};
  }
  request.file = text.substr(equals + 1);
  // A file's own name may have both signs: they count only with what has to follow them.
  if (const std::size_t at = request.file.rfind('@'); at != std::string::npos) {
    const std::string behind = request.file.substr(at + 1);
    if (const auto offset = numberOf(behind)) {
      request.offsetS = *offset;
      request.file.erase(at);
    } else if (behind.find_first_of("0123456789") == (behind.starts_with('-') ? 1 : 0) &&
               !fs::exists(request.file)) {
      return Error{ErrorKind::kUsage, "--signal", "the offset is not a number", "'" + behind + "'",
                   "seconds with a decimal point, such as @-1.5"};
    }
  }
  takeChannel(request);
  return request;
}

Result<SignalRecording> readSignalFile(const SignalRequest& request) {
  if (const Status usable = checkInput(request.file); !usable.ok()) return usable.error();
  std::string kind = fs::path(request.file).extension().string();
  std::transform(kind.begin(), kind.end(), kind.begin(), [](unsigned char c) { return std::tolower(c); });
  using Reader = Result<SignalRecording> (*)(const SignalRequest&);
  static const std::map<std::string, Reader> kReaders{{".csv", readCsvSignal},    {".edf", readEdfSignal},
                                                      {".bdf", readEdfSignal},    {".wav", readSoundSignal},
                                                      {".flac", readSoundSignal}, {".xdf", readXdfSignal}};
  const auto reader = kReaders.find(kind);
  if (reader == kReaders.end()) {
    return Error{ErrorKind::kBadInput, request.file, "no file of signals", "'" + kind + "'",
                 ".csv, .edf, .bdf, .wav, .flac or .xdf"};
  }
  auto read = reader->second(request);
  if (!read.ok()) return read.error();
  SignalRecording signal = std::move(read).value();
  signal.name = request.name;
  signal.source = fs::path(request.file).filename().string();
  if (!request.channel.empty()) signal.source += "#" + request.channel;
  if (request.offsetS != 0) {
    std::ostringstream offset;
    offset << std::setprecision(15) << request.offsetS;
    signal.source += "@" + offset.str();
  }
  if (std::isnan(signal.samplesPerSecond)) signal.samplesPerSecond = rateOf(signal.timeS);
  for (double& timeS : signal.timeS) timeS += request.offsetS;
  const auto first = std::lower_bound(signal.timeS.begin(), signal.timeS.end(), 0.0);
  signal.value.erase(signal.value.begin(), signal.value.begin() + (first - signal.timeS.begin()));
  signal.timeS.erase(signal.timeS.begin(), first);
  if (signal.timeS.empty()) {
    return Error{ErrorKind::kBadInput, request.file, "ends before the session begins",
                 "nothing at or after 0 s", "another offset behind '@'"};
  }
  return signal;
}

}  // namespace soleus
