#include "tools/protocol/protocol.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iomanip>
#include <set>
#include <sstream>

namespace soleus {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSchema = "soleus.protocol/1";
constexpr const char* kStartKey = "protocol_start_s";

// A baseline takes three breaths, of 4 s each in quiet breathing (pipeline/contraction).
constexpr double kLeastRestS = 12;
// Contractions in an even rhythm faster than 46 a minute are taken for a pulse (pipeline/contraction).
constexpr double kLeastIntervalS = 1.5;
// An hour: what is longer is a slip of units.
constexpr double kLongestS = 3600;
constexpr double kMostCues = 1000;
// Of a cue, to be read at a glance; the longest label of an event has room for it.
constexpr int kLongestCue = 60;

std::string readText(YamlMap& map, const char* key) {
  std::string text = map.text(key);
  if (text.empty()) map.fault(key, "is empty", "no word", "a sentence for a person");
  return text;
}

CueRow readCues(YamlMap map) {
  CueRow cues;
  cues.text = readText(map, "text");
  const auto beginsLetter = [](unsigned char byte) { return (byte & 0xC0U) != 0x80U; };  // of UTF-8
  if (const auto letters = std::ranges::count_if(cues.text, beginsLetter); letters > kLongestCue)
    map.fault("text", "too long to be read at a glance", std::to_string(letters) + " letters",
              "at most " + std::to_string(kLongestCue));
  cues.count = map.integer("count", {1, kMostCues});
  cues.intervalS = map.number("interval_s", {kLeastIntervalS, kLongestS});
  cues.holdS = map.number("hold_s", {0, kLongestS});
  if (cues.holdS >= cues.intervalS)
    map.fault("hold_s", "leaves no time to let go before the next cue", "a hold as long as the interval",
              "less than interval_s");
  return cues;
}

Protocol readProtocol(YamlMap map) {
  Protocol protocol;
  if (const std::string schema = map.text("schema"); schema != kSchema)
    map.fault("schema", "not a protocol of this version", "'" + schema + "'", kSchema);
  protocol.name = map.text("name");
  const auto inName = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  if (protocol.name.empty() || !std::ranges::all_of(protocol.name, inName))
    map.fault("name", "not a name", "'" + protocol.name + "'", "letters, digits and _");
  protocol.title = readText(map, "title");
  protocol.posture = readText(map, "posture");
  protocol.instruction = readText(map, "instruction");
  protocol.muscle = readText(map, "muscle");
  protocol.expected =
      map.choice<Expected>("expects", {{"contraction", Expected::kContraction}, {"rest", Expected::kRest}});
  protocol.restBeforeS = map.number("rest_before_s", {kLeastRestS, kLongestS});
  if (const auto cues = map.optionalMap("cues"))
    protocol.cues = readCues(*cues);
  else if (protocol.expected == Expected::kContraction)
    map.fault("cues", "nothing asks for the contractions", "no cues", "cues, or 'expects: rest'");
  protocol.restAfterS = map.number("rest_after_s", {0, kLongestS});
  return protocol;
}

double lastCueS(const Protocol& protocol) {
  const double rowS = protocol.cues ? (protocol.cues->count - 1) * protocol.cues->intervalS : 0;
  return protocol.restBeforeS + rowS;
}

/// The protocols that come with the program, for a message.
std::string knownNames() {
  std::set<std::string> names;
  std::error_code absent;
  for (const auto& file : fs::directory_iterator(SOLEUS_PROTOCOLS, absent)) {
    if (file.path().extension() == ".yaml") names.insert(file.path().stem().string());
  }
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

}  // namespace

Result<Protocol> parseProtocol(const std::string& text, const std::string& source) {
  const auto document = YamlDocument::parse(text, source);
  if (!document.ok()) return document.error();
  Protocol protocol = readProtocol(document.value().root());
  if (const Status status = document.value().status(); !status.ok()) return status.error();
  return protocol;
}

Result<Protocol> loadProtocol(const std::string& asked, const std::string& folder) {
  const bool bare = !asked.empty() && fs::path(asked).filename() == asked && !asked.ends_with(".yaml");
  const fs::path path =
      bare ? fs::path(SOLEUS_PROTOCOLS) / (asked + ".yaml") : (fs::path(folder) / asked).lexically_normal();
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored))
    return Error{ErrorKind::kBadInput, path.string(), "no such protocol", "'" + asked + "'",
                 "a file, or one of " + knownNames()};
  const auto document = YamlDocument::load(path.string());
  if (!document.ok()) return document.error();
  return parseProtocol(document.value().text(), path.string());
}

std::string protocolYaml(const ProtocolInForce& inForce) {
  const Protocol& protocol = inForce.protocol;
  std::ostringstream out;
  out << std::setprecision(15) << "protocol:\n  schema: " << kSchema
      << "\n  name: " << yamlQuoted(protocol.name) << "\n  title: " << yamlQuoted(protocol.title)
      << "\n  posture: " << yamlQuoted(protocol.posture)
      << "\n  instruction: " << yamlQuoted(protocol.instruction)
      << "\n  muscle: " << yamlQuoted(protocol.muscle) << "\n  expects: " << expectedName(protocol.expected)
      << "\n  rest_before_s: " << protocol.restBeforeS << "\n";
  if (const auto& cues = protocol.cues)
    out << "  cues: {text: " << yamlQuoted(cues->text) << ", count: " << cues->count
        << ", interval_s: " << cues->intervalS << ", hold_s: " << cues->holdS << "}\n";
  out << "  rest_after_s: " << protocol.restAfterS << "\n" << kStartKey << ": " << inForce.startS << "\n";
  return out.str();
}

Result<std::optional<ProtocolInForce>> protocolOfConfiguration(const std::string& yaml) {
  using Found = std::optional<ProtocolInForce>;
  if (yaml.empty()) return Found{};
  const auto document = YamlDocument::parse(yaml, "configuration");
  if (!document.ok()) return document.error();
  YamlMap root = document.value().root();
  root.ignoreRest();
  const auto map = root.optionalMap("protocol");
  if (!map) return Found{};
  ProtocolInForce found{readProtocol(*map), root.numberOr(kStartKey, 0)};
  if (const Status status = document.value().status(); !status.ok()) return status.error();
  return Found{std::move(found)};
}

std::vector<Event> cueEvents(const ProtocolInForce& inForce) {
  std::vector<Event> events;
  const auto& cues = inForce.protocol.cues;
  for (int i = 0; cues && i < cues->count; ++i) {
    const double timeS = inForce.startS + inForce.protocol.restBeforeS + i * cues->intervalS;
    if (timeS < 0) continue;
    events.push_back({SessionTime::fromSeconds(timeS), EventKind::kCue,
                      std::to_string(i + 1) + " of " + std::to_string(cues->count) + ": " + cues->text});
  }
  return events;
}

double endOfProtocolS(const ProtocolInForce& inForce) {
  return inForce.startS + lastCueS(inForce.protocol) + inForce.protocol.restAfterS;
}

const char* expectedName(Expected expected) {
  return expected == Expected::kRest ? "rest" : "contraction";
}

}  // namespace soleus
