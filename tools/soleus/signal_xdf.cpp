#include "tools/soleus/signal_xdf.h"

#include <algorithm>

#include "tools/soleus/xdf_file.h"

namespace soleus {
namespace {

struct Place {
  const XdfStream* stream;
  std::size_t channel;
};

bool isCalled(const Place& place, const std::string& text) {
  const std::string& label = place.stream->channels[place.channel].label;
  const std::string head = place.stream->name + "/";
  return text.empty() || (!label.empty() && (text == label || text == head + label)) ||
         text == head + std::to_string(place.channel + 1) ||
         (place.stream->channels.size() == 1 && text == place.stream->name);
}

/// How to name it.
std::string nameOf(const Place& place) {
  const std::string& label = place.stream->channels[place.channel].label;
  return "'" + place.stream->name + "/" + (label.empty() ? std::to_string(place.channel + 1) : label) + "'";
}

}  // namespace

Result<SignalRecording> readXdfSignal(const SignalRequest& request) {
  const auto streams = readXdf(request.file);
  if (!streams.ok()) return streams.error();
  std::vector<Place> called;
  std::string names;
  double zeroS = 1e300;
  for (const XdfStream& stream : streams.value()) {
    if (!stream.timeS.empty())
      zeroS = std::min(zeroS, *std::min_element(stream.timeS.begin(), stream.timeS.end()));
    for (std::size_t c = 0; c < stream.channels.size(); ++c) {
      names += (names.empty() ? "" : ", ") + nameOf({&stream, c});
      if (isCalled({&stream, c}, request.channel)) called.push_back({&stream, c});
    }
  }
  if (called.size() != 1) {
    const bool none = called.empty();
    return Error{ErrorKind::kBadInput, request.file,
                 none ? "has no such channel" : "which channel is not clear",
                 none ? "no '" + request.channel + "'" : std::to_string(called.size()) + " channels",
                 "FILE#CHANNEL with one of " + (names.empty() ? std::string("none: no numbers") : names)};
  }
  const XdfStream& stream = *called.front().stream;
  const std::size_t channel = called.front().channel;
  SignalRecording signal;
  signal.units = stream.channels[channel].units.empty() ? "1" : stream.channels[channel].units;
  for (std::size_t n = 0; n < stream.timeS.size(); ++n) {
    const double timeS = stream.timeS[n] - zeroS;
    if (!signal.timeS.empty() && timeS <= signal.timeS.back()) {
      return Error{ErrorKind::kBadInput, request.file, "time does not go on",
                   std::to_string(timeS) + " s after " + std::to_string(signal.timeS.back()) + " s",
                   "ascending times"};
    }
    signal.timeS.push_back(timeS);
    signal.value.push_back(stream.value[n * stream.channels.size() + channel]);
  }
  if (signal.timeS.empty())
    return Error{ErrorKind::kBadInput, request.file, "holds no sample", nameOf(called.front()) + " is empty",
                 "samples"};
  return signal;
}

}  // namespace soleus
