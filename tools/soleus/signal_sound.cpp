#include "tools/soleus/signal_sound.h"

#include <charconv>

#include "tools/soleus/sound_file.h"

namespace soleus {

Result<SignalRecording> readSoundSignal(const SignalRequest& request) {
  const std::string& text = request.channel;
  std::size_t channel = 1;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), channel);
  const bool number = fault == std::errc{} && end == text.data() + text.size() && channel > 0;
  SignalRecording signal;
  signal.units = "1";
  std::size_t channels = 0;
  const auto take = [&](const SoundSamples& samples) {
    channels = static_cast<std::size_t>(samples.channels);
    signal.samplesPerSecond = samples.rateHz;
    if (channel > channels) return;
    for (std::size_t n = 0; n < samples.count; ++n) {
      signal.timeS.push_back(static_cast<double>(signal.timeS.size()) / samples.rateHz);
      signal.value.push_back(samples.values[n * channels + channel - 1]);
    }
  };
  if (const Status read = readSound(request.file, take); !read.ok()) return read.error();
  if (text.empty() ? channels > 1 : !number || channel > channels) {
    return Error{ErrorKind::kBadInput, request.file,
                 text.empty() ? "which channel is not clear" : "has no such channel",
                 text.empty() ? std::to_string(channels) + " channels" : "no '" + text + "'",
                 "FILE#CHANNEL with a number from 1 to " + std::to_string(channels)};
  }
  return signal;
}

}  // namespace soleus
