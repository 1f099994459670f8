#include "tools/soleus/sync_input.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <utility>

#include "pipeline/clock/flash_onsets.h"
#include "pipeline/clock/signal_onsets.h"
#include "pipeline/clock/sound_onsets.h"
#include "pipeline/dataset/session_reader.h"
#include "tools/soleus/input_file.h"
#include "tools/soleus/screen_brightness.h"
#include "tools/soleus/signal_file.h"
#include "tools/soleus/sound_file.h"

namespace soleus {
namespace {

// Energy in bins of this length.
constexpr double kBinS = 0.00025;

std::string endingOf(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return ending;
}

bool isOneOf(const std::string& ending, std::initializer_list<const char*> endings) {
  return std::any_of(endings.begin(), endings.end(), [&](const char* e) { return ending == e; });
}

/// Sums of samples of a few channels, bin by bin.
class Bins {
 public:
  explicit Bins(int onlyChannel) : only_(onlyChannel) {}

  void add(const SoundSamples& samples) {
    channels_ = samples.channels;
    if (only_ > channels_) return;
    const double before = rateHz_;
    rateHz_ = samples.rateHz;
    if (before != rateHz_) perBin_ = static_cast<std::size_t>(std::max(1.0, std::round(kBinS * rateHz_)));
    const auto channels = static_cast<std::size_t>(channels_);
    mean_.resize(channels);
    for (std::size_t n = 0; n < samples.count; ++n) {
      if (inBin_ == 0) sums_.resize(sums_.size() + 2 * used(), 0.0);
      double* bin = &sums_[sums_.size() - 2 * used()];
      for (std::size_t c = 0; c < channels; ++c) {
        if (only_ > 0 && c + 1 != static_cast<std::size_t>(only_)) continue;
        const double value = samples.values[n * channels + c];
        const std::size_t place = only_ > 0 ? 0 : c;
        mean_[place] += value;
        bin[2 * place] += value;
        bin[2 * place + 1] += value * value;
      }
      inBin_ = (inBin_ + 1) % perBin_;
      ++count_;
    }
  }
  [[nodiscard]] int channels() const { return channels_; }
  /// Without the direct part, which some recorders add.
  [[nodiscard]] SoundEnergy energy() const {
    SoundEnergy sound;
    const auto size = static_cast<double>(perBin_);
    sound.binS = size / rateHz_;
    const std::size_t whole = count_ / perBin_;  // the last may be cut short
    for (std::size_t n = 0; n < whole; ++n) {
      double sum = 0;
      for (std::size_t c = 0; c < used(); ++c) {
        const double mean = mean_[c] / static_cast<double>(count_);
        const double* bin = &sums_[2 * (n * used() + c)];
        sum += bin[1] / size - 2 * mean * bin[0] / size + mean * mean;
      }
      sound.energy.push_back(std::max(0.0, sum));
    }
    return sound;
  }

 private:
  [[nodiscard]] std::size_t used() const { return only_ > 0 ? 1 : static_cast<std::size_t>(channels_); }
  int only_;  // from 1; 0: all
  int channels_ = 0;
  double rateHz_ = 0;
  std::size_t perBin_ = 1;
  std::size_t inBin_ = 0;
  std::size_t count_ = 0;
  std::vector<double> mean_;  // sums of each channel
  std::vector<double> sums_;  // in each bin, of each channel: sum, sum of squares
};

Result<SyncSeries> readTaps(const SignalRequest& request, const std::string& name) {
  if (const Status usable = checkInput(request.file); !usable.ok()) return usable.error();
  int channel = 0;
  const std::string& text = request.channel;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), channel);
  if (!text.empty() && (fault != std::errc{} || end != text.data() + text.size() || channel < 1))
    return Error{ErrorKind::kBadInput, request.file, "has no such channel", "'" + text + "'",
                 "the number of a channel, from 1"};
  Bins bins(channel);
  if (const Status read = readSound(request.file, [&](const SoundSamples& s) { bins.add(s); }); !read.ok())
    return read.error();
  if (channel > bins.channels())
    return Error{ErrorKind::kBadInput, request.file, "has no such channel", "'" + text + "'",
                 "a number from 1 to " + std::to_string(bins.channels())};
  return soundOnsets(bins.energy(), name);
}

Result<SyncSeries> readPulses(const SignalRequest& request, const std::string& name) {
  SampledTrace trace;
  if (endingOf(request.file) == ".h5") {
    const auto session = SessionReader::open(request.file);
    if (!session.ok()) return session.error();
    const std::string group = "/signals/" + request.channel;
    if (request.channel.empty() || !session.value()->has(group)) {
      std::string names;
      for (const std::string& member : session.value()->members("/signals")) names += " '" + member + "'";
      return Error{ErrorKind::kBadInput, request.file, "has no such signal", "'" + request.channel + "'",
                   "FILE#NAME with one of its signals:" + (names.empty() ? std::string(" none") : names)};
    }
    auto times = session.value()->column(group + "/time");
    if (!times.ok()) return times.error();
    auto values = session.value()->column(group + "/value");
    if (!values.ok()) return values.error();
    trace = {std::move(times).value(), std::move(values).value()};
  } else {
    auto signal = readSignalFile(request);
    if (!signal.ok()) return signal.error();
    trace.timeS = std::move(signal.value().timeS);
    trace.value.assign(signal.value().value.begin(), signal.value().value.end());
  }
  return signalOnsets(trace, name);
}

}  // namespace

Result<SyncSeries> readSyncEvents(const std::string& file, const std::optional<Region>& region) {
  SignalRequest request;
  request.file = file;
  takeChannel(request);
  const std::string ending = endingOf(request.file);
  if (isOneOf(ending, {".csv", ".edf", ".bdf", ".xdf", ".h5"})) return readPulses(request, file);
  if (isOneOf(ending, {".wav", ".flac", ".ogg", ".mp3", ".m4a"})) return readTaps(request, file);
  if (const Status usable = checkInput(request.file); !usable.ok()) return usable.error();
  if (!request.channel.empty())
    return Error{ErrorKind::kBadInput, request.file, "has no such channel", "'" + request.channel + "'",
                 "no channel: it is taken for a video"};
  const auto brightness = readBrightness(request.file, region);
  if (!brightness.ok()) return brightness.error();
  return flashOnsets(brightness.value(), file);
}

}  // namespace soleus
