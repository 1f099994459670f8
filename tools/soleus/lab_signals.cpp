#include "tools/soleus/lab_signals.h"

#include <iomanip>
#include <set>
#include <sstream>

#include "plugins/sessionsink/session_recorder.h"
#include "tools/soleus/lab_delay.h"
#include "tools/soleus/serial_capture.h"
#include "tools/soleus/signal_file.h"

namespace soleus {
namespace {

using Kind = SignalInput::Kind;

// Of sound: what interfaces offer at most.
constexpr double kFastestSound = 192'000;

/// A name below /signals or /streams.
std::string readName(YamlMap& map, const std::string& key) {
  const std::string name = map.text(key);
  if (!isSignalName(name))
    map.fault(key, "not a name", "'" + name + "'", "letters, digits and _, no digit first");
  return name;
}

void readUdp(YamlMap& map, SignalInput& input) {
  input.address = map.textOr("address", input.address);
  input.port = map.integer("port", {1, 65535});
  input.source.token = map.textOr("token", "");
  if (!isLoopback(input.address) && input.source.token.empty())
    map.fault("address", "anyone on the network could send", "'" + input.address + "' without a token",
              "a 'token' that every line begins with, or 127.0.0.1");
  if (input.source.token.find_first_of(" \t\r\n,") != std::string::npos)
    map.fault("token", "not one word", "'...'", "no space, tab or comma");
  input.source.samplesPerSecond = map.optionalNumber("samples_per_second", {0.01, 1e6});
}

void readSerial(YamlMap& map, SignalInput& input) {
  input.device = map.text("device");
  input.baud = map.integerOr("baud", input.baud);
  if (!isSerialSpeed(input.baud))
    map.fault("baud", "a speed that no serial port has", std::to_string(input.baud),
              "9600, 115200, 1000000, ...");
  input.source.samplesPerSecond = map.optionalNumber("samples_per_second", {0.01, 1e6});
}

void readAudioInterface(YamlMap& map, SignalInput& input) {
  input.source.format = SignalFormat::kSamples;
  input.device = map.textOr("device", "");
  input.source.samplesPerSecond = map.integer("samples_per_second", {100, static_cast<int>(kFastestSound)});
}

SignalInput readSignalInput(YamlMap map) {
  SignalInput input;
  input.source.stream = readName(map, "name");
  for (const char* taken : {kVideoStream, kMeasurementStream, kArchiveStream, kClockStream}) {
    if (input.source.stream == taken)
      map.fault("name", "a name that is taken", "'" + input.source.stream + "'", "another");
  }
  input.kind =
      map.choice<Kind>("source", {{"udp", Kind::kUdp}, {"serial", Kind::kSerial}, {"pulse", Kind::kPulse}});
  switch (input.kind) {
    case Kind::kUdp:
      readUdp(map, input);
      break;
    case Kind::kSerial:
      readSerial(map, input);
      break;
    case Kind::kPulse:
      readAudioInterface(map, input);
      break;
  }
  input.source.delay = readDelay(map);
  for (YamlMap& channel : map.maps("channels")) {
    SignalChannel read;
    read.name = readName(channel, "name");
    read.units = channel.text("units");
    read.gain = channel.numberOr("gain", 1);
    if (read.gain == 0)
      channel.fault("gain", "nothing would be left", "0", "units for each unit that the source sends");
    input.source.channels.push_back(read);
  }
  if (input.source.channels.empty())
    map.fault("channels", "no channel", "none",
              "one for each value of a line, or each input of the interface");
  return input;
}

/// No two have one name or one port.
void checkUnique(YamlMap& root, const std::vector<SignalInput>& inputs) {
  std::set<std::string> seen;
  const auto twice = [&](const std::string& what) {
    if (!seen.insert(what).second) root.fault("signals", "two have the same", what, "one of each");
  };
  for (const SignalInput& input : inputs) {
    twice("name " + input.source.stream);
    if (input.kind == Kind::kUdp) twice("port " + std::to_string(input.port));
    for (const SignalChannel& channel : input.source.channels) twice("channel " + channel.name);
  }
}

}  // namespace

std::vector<SignalInput> readSignalInputs(YamlMap& root) {
  std::vector<SignalInput> inputs;
  for (YamlMap& signal : root.maps("signals")) inputs.push_back(readSignalInput(signal));
  checkUnique(root, inputs);
  return inputs;
}

std::string signalInputsYaml(const std::vector<SignalInput>& inputs) {
  std::ostringstream out;
  out << std::setprecision(15);
  if (!inputs.empty()) out << "signals:\n";
  for (const SignalInput& input : inputs) {
    out << "  - name: " << input.source.stream << "\n";
    switch (input.kind) {
      case Kind::kUdp:
        out << "    source: udp\n    address: " << yamlQuoted(input.address) << "\n    port: " << input.port
            << "\n";
        break;
      case Kind::kSerial:
        out << "    source: serial\n    device: " << yamlQuoted(input.device) << "\n    baud: " << input.baud
            << "\n";
        break;
      case Kind::kPulse:
        out << "    source: pulse\n    device: " << yamlQuoted(input.device) << "\n";
        break;
    }
    if (input.source.samplesPerSecond)
      out << "    samples_per_second: " << *input.source.samplesPerSecond << "\n";
    out << delayYaml(input.source.delay, "    ") << "    channels:\n";
    for (const SignalChannel& c : input.source.channels)
      out << "      - {name: " << c.name << ", units: " << yamlQuoted(c.units) << ", gain: " << c.gain
          << "}\n";
  }
  return out.str();
}

}  // namespace soleus
