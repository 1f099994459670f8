#include "tools/soleus/xdf_file.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <pugixml.hpp>
#include <utility>

namespace soleus {
namespace {

enum class Tag : std::uint16_t { kStreamHeader = 2, kSamples = 3, kClockOffset = 4 };

// More channels, or a faster rate, than any amplifier has: a damaged header.
constexpr int kMostChannels = 4096;
constexpr double kMostPerSecond = 1e6;
// A pause: longer than this and than so many samples (as pyxdf has it).
constexpr double kPauseS = 1;
constexpr double kPauseSamples = 500;

/// Bytes of a file, in order; little endian, as the format is and every machine we run on.
class Bytes {
 public:
  Bytes(const char* data, std::size_t size) : data_(data), left_(size) {}
  [[nodiscard]] std::size_t left() const { return left_; }
  [[nodiscard]] bool good() const { return good_; }
  /// 0 once there are too few.
  template <class T>
  T take() {
    T value{};
    if (!has(sizeof value)) return value;
    std::memcpy(&value, data_, sizeof value);
    skip(sizeof value);
    return value;
  }
  /// A length: the number of its own bytes, then those.
  std::uint64_t takeLength() {
    switch (take<std::uint8_t>()) {
      case 1:
        return take<std::uint8_t>();
      case 4:
        return take<std::uint32_t>();
      case 8:
        return take<std::uint64_t>();
      default:
        good_ = false;
        return 0;
    }
  }
  Bytes takeBytes(std::uint64_t count) {
    if (!has(count)) return {data_, 0};
    Bytes part(data_, count);
    skip(count);
    return part;
  }
  [[nodiscard]] std::string text() const { return {data_, left_}; }

 private:
  bool has(std::uint64_t count) {
    good_ = good_ && count <= left_;
    return good_;
  }
  void skip(std::size_t count) {
    data_ += count;
    left_ -= count;
  }
  const char* data_;
  std::size_t left_;
  bool good_ = true;
};

/// A stream while it is read.
struct Reading {
  XdfStream stream;
  std::string format;
  std::vector<std::pair<double, double>> offsets;  // of its clock: when, by how much
};

bool readHeader(Bytes& chunk, Reading& reading) {
  pugi::xml_document document;
  const std::string text = chunk.text();
  if (!document.load_buffer(text.data(), text.size())) return false;
  const pugi::xml_node info = document.child("info");
  const int channels = info.child("channel_count").text().as_int();
  XdfStream& stream = reading.stream;
  stream.name = info.child("name").text().as_string();
  stream.samplesPerSecond = info.child("nominal_srate").text().as_double();
  reading.format = info.child("channel_format").text().as_string();
  if (channels < 1 || channels > kMostChannels || !(stream.samplesPerSecond >= 0) ||
      stream.samplesPerSecond > kMostPerSecond)
    return false;
  for (const pugi::xml_node node : info.child("desc").child("channels").children("channel"))
    stream.channels.push_back(
        {node.child("label").text().as_string(), node.child("unit").text().as_string()});
  stream.channels.resize(static_cast<std::size_t>(channels));
  return true;
}

/// One value of this format, false if it is none of numbers.
bool takeValue(Bytes& bytes, const std::string& format, float& value) {
  if (format == "float32") {
    value = bytes.take<float>();
  } else if (format == "double64") {
    value = static_cast<float>(bytes.take<double>());
  } else if (format == "int8") {
    value = static_cast<float>(bytes.take<std::int8_t>());
  } else if (format == "int16") {
    value = static_cast<float>(bytes.take<std::int16_t>());
  } else if (format == "int32") {
    value = static_cast<float>(bytes.take<std::int32_t>());
  } else if (format == "int64") {
    value = static_cast<float>(bytes.take<std::int64_t>());
  } else {
    return false;
  }
  return true;
}

bool readSamples(Bytes& chunk, Reading& reading) {
  XdfStream& stream = reading.stream;
  const std::uint64_t count = chunk.takeLength();
  for (std::uint64_t n = 0; n < count && chunk.good(); ++n) {
    const auto stampBytes = chunk.take<std::uint8_t>();
    if (stampBytes != 0 && stampBytes != 8) return false;
    // Without a stamp of its own a sample follows the one before.
    const double intervalS = stream.samplesPerSecond > 0 ? 1 / stream.samplesPerSecond : 0;
    const double timeS =
        stampBytes == 8 ? chunk.take<double>() : (stream.timeS.empty() ? 0 : stream.timeS.back() + intervalS);
    if (!std::isfinite(timeS)) return false;
    for (std::size_t c = 0; c < stream.channels.size(); ++c) {
      float value = 0;
      if (!takeValue(chunk, reading.format, value)) return false;
      stream.value.push_back(value);
    }
    stream.timeS.push_back(timeS);
  }
  return chunk.good();
}

/// Straight line through points; flat where there is but one time.
struct Line {
  double middleX = 0;
  double level = 0;
  double slope = 0;
  [[nodiscard]] double at(double x) const { return level + slope * (x - middleX); }
};

template <class Point>
Line lineThrough(std::size_t count, const Point& point) {
  Line line;
  for (std::size_t n = 0; n < count; ++n) {
    line.middleX += point(n).first / static_cast<double>(count);
    line.level += point(n).second / static_cast<double>(count);
  }
  double squares = 0;
  double products = 0;
  for (std::size_t n = 0; n < count; ++n) {
    squares += std::pow(point(n).first - line.middleX, 2);
    products += (point(n).first - line.middleX) * (point(n).second - line.level);
  }
  line.slope = squares > 0 ? products / squares : 0;
  return line;
}

/// Onto the clock of the computer that recorded.
void applyOffsets(Reading& reading) {
  if (reading.offsets.empty()) return;
  const Line line = lineThrough(reading.offsets.size(), [&](std::size_t n) { return reading.offsets[n]; });
  for (double& timeS : reading.stream.timeS) timeS += line.at(timeS);
}

/// Stamps jitter by when a computer looked; samples do not.
void evenOut(XdfStream& stream) {
  if (stream.samplesPerSecond <= 0) return;
  const double pauseS = std::max(kPauseS, kPauseSamples / stream.samplesPerSecond);
  std::vector<double>& t = stream.timeS;
  for (std::size_t from = 0; from < t.size();) {
    std::size_t to = from + 1;
    while (to < t.size() && std::abs(t[to] - t[to - 1]) <= pauseS) ++to;
    const Line line =
        lineThrough(to - from, [&](std::size_t n) { return std::pair(static_cast<double>(n), t[from + n]); });
    if (to - from > 1 && line.slope > 0)
      for (std::size_t n = from; n < to; ++n) t[n] = line.at(static_cast<double>(n - from));
    from = to;
  }
}

}  // namespace

Result<std::vector<XdfStream>> readXdf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string all((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  constexpr std::string_view kMagic = "XDF:";
  if (!all.starts_with(kMagic))
    return Error{ErrorKind::kBadInput, path, "cannot be read as XDF", "another beginning", "'XDF:'"};
  Bytes bytes(all.data() + kMagic.size(), all.size() - kMagic.size());
  std::map<std::uint32_t, Reading> readings;
  while (bytes.left() > 0) {
    const std::size_t place = all.size() - bytes.left();
    Bytes chunk = bytes.takeBytes(bytes.takeLength());
    const auto tag = static_cast<Tag>(chunk.take<std::uint16_t>());
    bool good = bytes.good() && chunk.good();
    if (good && (tag == Tag::kStreamHeader || tag == Tag::kSamples || tag == Tag::kClockOffset)) {
      const auto id = chunk.take<std::uint32_t>();
      const bool known = readings.contains(id);
      Reading& reading = readings[id];
      if (tag == Tag::kStreamHeader) {
        good = !known && readHeader(chunk, reading);
      } else if (tag == Tag::kClockOffset) {
        const auto whenS = chunk.take<double>();
        const auto offsetS = chunk.take<double>();
        good = known && chunk.good() && std::isfinite(whenS) && std::isfinite(offsetS);
        reading.offsets.emplace_back(whenS, offsetS);
      } else {
        good = known && (reading.format == "string" || readSamples(chunk, reading));
      }
    }
    if (!good)
      return Error{ErrorKind::kBadInput, path, "is damaged or cut short",
                   "no chunk of the format at byte " + std::to_string(place), "a whole XDF file"};
  }
  std::vector<XdfStream> streams;
  for (auto& [id, reading] : readings) {
    if (reading.format == "string") continue;
    applyOffsets(reading);
    evenOut(reading.stream);
    streams.push_back(std::move(reading.stream));
  }
  return streams;
}

}  // namespace soleus
