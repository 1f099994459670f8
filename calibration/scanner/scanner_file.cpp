#include "calibration/scanner/scanner_file.h"

#include <cctype>
#include <set>
#include <utility>

#include "calibration/profile/strict_yaml.h"
#include "pipeline/core/extents.h"

namespace soleus {
namespace {

constexpr const char* kSchema = "soleus.scanner/1";

struct Unit {
  const char* name;
  double factor;
};

/// A setting's key and its units; the first is meant where a screen prints none.
struct SettingKey {
  Setting setting;
  const char* key;
  std::vector<Unit> units;
};

const std::vector<SettingKey>& settingKeys() {
  static const std::vector<SettingKey> kKeys = {
      {Setting::kAngle, "angle", {{"°", 1}, {"deg", 1}}},
      {Setting::kPrf, "prf", {{"Hz", 1}, {"kHz", 1e3}}},
      {Setting::kWallFilter, "wall_filter", {{"Hz", 1}, {"kHz", 1e3}}},
      {Setting::kTransmitFrequency, "transmit_frequency", {{"MHz", 1e6}}},
      {Setting::kDynamicRange, "dynamic_range", {{"dB", 1}}},
      {Setting::kDepth, "depth", {{"cm", 1}, {"mm", 0.1}}},
  };
  return kKeys;
}

/// The sources that a file lists, and which of them its facts have named.
class Sources {
 public:
  explicit Sources(YamlMap root) : root_(std::move(root)) {
    for (YamlMap& map : root_.maps("sources")) {
      FactSource source;
      source.name = map.text("name");
      source.seen = map.has("seen");
      source.what = map.text(source.seen ? "seen" : "document");
      if (source.seen && map.has("document"))
        map.fault("document", "a source of two kinds", "seen and document", "one of them");
      if (!sources_.emplace(source.name, source).second)
        map.fault("name", "source given twice", "'" + source.name + "'", "a name of its own");
    }
  }

  /// The source that the fact's key `from` names.
  FactSource of(YamlMap& fact) {
    const std::string name = fact.text("from");
    named_.insert(name);
    const auto found = sources_.find(name);
    if (found != sources_.end()) return found->second;
    std::string known;
    for (const auto& [other, source] : sources_) known += (known.empty() ? "" : " | ") + other;
    fact.fault("from", "not a source of this file", "'" + name + "'", known.empty() ? "sources" : known);
    return {};
  }

  /// A source without a fact is a fact forgotten, or a name misspelt.
  void refuseUnnamed() {
    for (const auto& [name, source] : sources_) {
      if (!named_.contains(name))
        root_.fault("sources", "a source that no fact names", "'" + name + "'", "'from: " + name + "'");
    }
  }

 private:
  YamlMap root_;
  std::map<std::string, FactSource> sources_;
  std::set<std::string> named_;
};

SettingWording readWording(YamlMap& map, const SettingKey& key) {
  SettingWording wording;
  wording.words = map.texts("words");
  wording.unit = map.textOr("unit", "");
  wording.factor = key.units.front().factor;
  if (wording.words.empty() && wording.unit.empty())
    map.fault("words", "nothing to know the number by", "no words, no unit",
              "'words: [...]', 'unit: ...', or both");
  if (wording.unit.empty()) return wording;
  std::string known;
  for (const Unit& unit : key.units) {
    if (wording.unit == unit.name) {
      wording.factor = unit.factor;
      return wording;
    }
    known += (known.empty() ? "" : " | ") + std::string(unit.name);
  }
  map.fault("unit", "not a unit of this setting", "'" + wording.unit + "'", known);
  return wording;
}

PrintedPart readPart(YamlMap map, Sources& sources) {
  PrintedPart part;
  if (auto title = map.optionalMap("title")) {
    part.titles = Fact<std::vector<std::string>>{title->texts("words"), sources.of(*title)};
    if (part.titles->value.empty()) title->fault("words", "missing key", "", "'words: [...]'");
  }
  for (const SettingKey& key : settingKeys()) {
    if (auto fact = map.optionalMap(key.key))
      part.settings[key.setting] = {readWording(*fact, key), sources.of(*fact)};
  }
  return part;
}

IdentityRows readIdentityRows(YamlMap& map) {
  IdentityRows rows;
  rows.pictureHeightPx = map.integer("picture_height_px", {2, kMostExtentPx});
  rows.firstRow = map.integer("first_row", {0, kMostExtentPx});
  rows.rows = map.integer("rows", {1, kMostExtentPx});
  if (rows.firstRow + rows.rows > rows.pictureHeightPx) {
    map.fault("rows", "rows outside the picture",
              std::to_string(rows.firstRow) + " to " + std::to_string(rows.firstRow + rows.rows),
              "at most " + std::to_string(rows.pictureHeightPx));
  }
  return rows;
}

ScreenColour readColour(YamlMap& map) {
  ScreenColour colour;
  colour.part = map.choice<ColouredPart>("part", {{"header", ColouredPart::kHeader},
                                                  {"scale", ColouredPart::kScale},
                                                  {"baseline", ColouredPart::kBaseline}});
  const std::string text = map.text("rgb");
  bool good = text.size() == 7 && text[0] == '#';
  for (std::size_t i = 1; good && i < text.size(); ++i)
    good = std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
  if (good)
    colour.rgb = static_cast<unsigned>(std::stoul(text.substr(1), nullptr, 16));
  else
    map.fault("rgb", "not a colour", "'" + text + "'", "\"#rrggbb\", in quotation marks");
  return colour;
}

/// `key: {is: WORD, from: SOURCE}`, if it is there.
template <class T>
std::optional<Fact<T>> readChoice(YamlMap& root, const std::string& key, Sources& sources,
                                  std::initializer_list<std::pair<const char*, T>> names) {
  auto map = root.optionalMap(key);
  if (!map) return std::nullopt;
  return Fact<T>{map->choice<T>("is", names), sources.of(*map)};
}

void readTexts(YamlMap& root, Sources& sources, ScannerProfile& scanner) {
  for (YamlMap& map : root.maps("recognised_by")) {
    scanner.recognisedBy.push_back({map.text("text"), sources.of(map)});
    // Two letters stand on any screen by chance.
    if (scanner.recognisedBy.back().value.size() < 3)
      map.fault("text", "too short to know a make by", "'" + scanner.recognisedBy.back().value + "'",
                "three letters or more");
  }
  const std::pair<const char*, ScreenPart> kParts[] = {{"pulsed_wave", ScreenPart::kPulsedWave},
                                                       {"bmode", ScreenPart::kBmode},
                                                       {"colour", ScreenPart::kColour}};
  for (const auto& [key, part] : kParts) {
    if (auto map = root.optionalMap(key)) scanner.parts[part] = readPart(*map, sources);
  }
}

void readPicture(YamlMap& root, Sources& sources, ScannerProfile& scanner) {
  for (YamlMap& map : root.maps("velocity_units")) {
    scanner.velocityUnits.push_back({map.choice<VelocityUnit>("unit", {{"cm/s", VelocityUnit::kCmPerS},
                                                                       {"m/s", VelocityUnit::kMPerS},
                                                                       {"kHz", VelocityUnit::kKilohertz}}),
                                     sources.of(map)});
  }
  scanner.scaleEdge =
      readChoice<Edge>(root, "scale_side", sources, {{"left", Edge::kLeft}, {"right", Edge::kRight}});
  scanner.settingsEdge =
      readChoice<Edge>(root, "settings_side", sources, {{"left", Edge::kLeft}, {"right", Edge::kRight}});
  scanner.display = readChoice<Display>(root, "display", sources,
                                        {{"scroll", Display::kScroll}, {"sweep", Display::kSweep}});
  if (auto map = root.optionalMap("angle_corrected"))
    scanner.angleCorrected = Fact<bool>{map->boolean("is"), sources.of(*map)};
  for (YamlMap& map : root.maps("colours")) scanner.colours.push_back({readColour(map), sources.of(map)});
  for (YamlMap& map : root.maps("identity_rows"))
    scanner.identityRows.push_back({readIdentityRows(map), sources.of(map)});
}

Result<ScannerProfile> fromDocument(const Result<YamlDocument>& document) {
  if (!document.ok()) return document.error();
  YamlMap root = document.value().root();
  ScannerProfile scanner;
  const std::string schema = root.text("schema");
  if (schema != kSchema)
    root.fault("schema", "not a scanner profile of this version", "'" + schema + "'", kSchema);
  scanner.name = root.text("name");
  Sources sources(root);
  readTexts(root, sources, scanner);
  readPicture(root, sources, scanner);
  sources.refuseUnnamed();
  const Status status = document.value().status();
  if (!status.ok()) return status.error();
  return scanner;
}

}  // namespace

Result<ScannerProfile> loadScanner(const std::string& path) {
  return fromDocument(YamlDocument::load(path));
}

Result<ScannerProfile> parseScanner(const std::string& text, const std::string& name) {
  return fromDocument(YamlDocument::parse(text, name));
}

}  // namespace soleus
