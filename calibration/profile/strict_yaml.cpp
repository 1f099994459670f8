#include "calibration/profile/strict_yaml.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <fstream>
#include <numeric>
#include <set>
#include <sstream>
#include <utility>

namespace soleus {

struct YamlMap::Node {
  YAML::Node yaml;
  std::string path;  // "doppler.region", empty at the top
  std::set<std::string> asked;
};

struct YamlDocument::State {
  std::string name;
  std::string text;
  std::optional<Error> first;
  std::shared_ptr<YamlMap::Node> root;
  std::deque<std::shared_ptr<YamlMap::Node>> maps;  // every mapping handed out, to find keys nobody asked for

  void report(const YAML::Node& at, const std::string& path, const std::string& what,
              const std::string& found, const std::string& expected) {
    if (first) return;
    std::string where = name;
    if (at.IsDefined() && at.Mark().line >= 0) where += ":" + std::to_string(at.Mark().line + 1);
    if (!path.empty()) where += ", " + path;
    first = Error{ErrorKind::kBadInput, where, what, found, expected};
  }
};

namespace {

std::string joined(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

std::string shown(const YAML::Node& node) {
  // A whole file may be one scalar: its first words are enough to recognise it.
  constexpr std::size_t kLongest = 40;
  if (node.IsScalar() && node.Scalar().size() > kLongest)
    return "'" + node.Scalar().substr(0, kLongest) + "...'";
  if (node.IsScalar()) return "'" + node.Scalar() + "'";
  if (node.IsMap()) return "a mapping";
  if (node.IsSequence()) return "a list";
  return "nothing";
}

std::string shown(double value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

std::string shown(Range range, bool whole) {
  const std::string kind = whole ? "a whole number" : "a number";
  const bool low = std::isfinite(range.min);
  const bool high = std::isfinite(range.max);
  if (low && high) return kind + " from " + shown(range.min) + " to " + shown(range.max);
  if (low) return kind + " of at least " + shown(range.min);
  if (high) return kind + " of at most " + shown(range.max);
  return kind;
}

/// Letters to insert, delete or replace to turn one word into the other (Levenshtein, Sov. Phys. Dokl. 1966).
std::size_t editDistance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

/// The key of `map` that is probably meant by the missing `key`, quoted; empty if none looks like it.
std::string misspelt(const YAML::Node& map, const std::string& key) {
  if (!map.IsMap()) return {};
  for (const auto& entry : map) {
    const std::string other = entry.first.IsScalar() ? entry.first.Scalar() : "";
    if (!other.empty() && editDistance(other, key) <= key.size() / 4 + 1) return "'" + other + "'";
  }
  return {};
}

}  // namespace

std::string yamlQuoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

Result<YamlDocument> YamlDocument::load(const std::string& path) {
  std::ifstream file(path);
  std::stringstream content;
  if (file) content << file.rdbuf();
  if (!file || !content.good()) {
    return Error{ErrorKind::kBadInput, path, "cannot be read", "no readable file", "a YAML file"};
  }
  return parse(content.str(), path);
}

Result<YamlDocument> YamlDocument::parse(const std::string& text, const std::string& name) {
  auto state = std::make_shared<State>();
  state->name = name;
  state->text = text;
  try {
    const YAML::Node yaml = YAML::Load(text);
    if (!yaml.IsMap())
      return Error{ErrorKind::kBadInput, name, "is not a mapping of keys", shown(yaml), "'key: value' lines"};
    state->root = std::make_shared<YamlMap::Node>(YamlMap::Node{yaml, "", {}});
  } catch (const YAML::Exception& e) {
    return Error{ErrorKind::kBadInput, name + ":" + std::to_string(e.mark.line + 1), "is not valid YAML",
                 e.msg, ""};
  }
  state->maps.push_back(state->root);
  return YamlDocument(state);
}

YamlMap YamlDocument::root() const {
  return {state_, state_->root};
}
const std::string& YamlDocument::text() const {
  return state_->text;
}

Status YamlDocument::status() const {
  if (state_->first) return *state_->first;
  for (const auto& map : state_->maps) {
    std::set<std::string> seen;
    for (const auto& entry : map->yaml) {
      const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "(not a word)";
      if (!map->asked.contains(key)) {
        std::string known;
        for (const auto& name : map->asked) known += (known.empty() ? "" : ", ") + name;
        state_->report(entry.first, joined(map->path, key), "unknown key", "'" + key + "'",
                       "one of " + known);
      } else if (!seen.insert(key).second) {
        state_->report(entry.first, joined(map->path, key), "key given twice", "'" + key + "'", "it once");
      }
      if (state_->first) return *state_->first;
    }
  }
  return Done{};
}

YamlMap::YamlMap(std::shared_ptr<YamlDocument::State> state, std::shared_ptr<Node> node)
    : state_(std::move(state)), node_(std::move(node)) {}

std::shared_ptr<YamlMap::Node> YamlMap::find(const std::string& key, bool required) {
  node_->asked.insert(key);
  const YAML::Node& map = node_->yaml;  // const: the mutable operator[] would insert the key
  if (map.IsMap()) {
    const YAML::Node value = map[key];
    if (value.IsDefined()) return std::make_shared<Node>(Node{value, joined(node_->path, key), {}});
  }
  if (required)
    state_->report(map, joined(node_->path, key), "missing key", misspelt(map, key), "'" + key + ": ...'");
  return nullptr;
}

bool YamlMap::has(const std::string& key) const {
  const YAML::Node& map = node_->yaml;
  return map.IsMap() && map[key].IsDefined();
}

std::optional<double> YamlMap::numberAt(const std::string& key, Range range, bool required, bool whole) {
  const auto node = find(key, required);
  if (!node) return std::nullopt;
  double value = 0;
  if (!node->yaml.IsScalar() || !YAML::convert<double>::decode(node->yaml, value) || !std::isfinite(value) ||
      (whole && (value != std::floor(value) || std::abs(value) > 2e9))) {
    state_->report(node->yaml, node->path, "not " + std::string(whole ? "a whole number" : "a number"),
                   shown(node->yaml), shown(range, whole));
    return std::nullopt;
  }
  if (value < range.min || value > range.max) {
    state_->report(node->yaml, node->path, "out of range", shown(value), shown(range, whole));
    return std::nullopt;
  }
  return value;
}

double YamlMap::number(const std::string& key, Range range) {
  return numberAt(key, range, true, false).value_or(1.0);
}
std::optional<double> YamlMap::optionalNumber(const std::string& key, Range range) {
  return numberAt(key, range, false, false);
}
double YamlMap::numberOr(const std::string& key, double fallback, Range range) {
  return numberAt(key, range, false, false).value_or(fallback);
}
int YamlMap::integer(const std::string& key, Range range) {
  return static_cast<int>(numberAt(key, range, true, true).value_or(1.0));
}
int YamlMap::integerOr(const std::string& key, int fallback, Range range) {
  return static_cast<int>(numberAt(key, range, false, true).value_or(fallback));
}

bool YamlMap::boolean(const std::string& key) {
  const auto node = find(key, true);
  bool value = false;
  if (node && (!node->yaml.IsScalar() || !YAML::convert<bool>::decode(node->yaml, value))) {
    state_->report(node->yaml, node->path, "not true or false", shown(node->yaml), "true or false");
  }
  return value;
}

bool YamlMap::booleanOr(const std::string& key, bool fallback) {
  if (!has(key)) {
    node_->asked.insert(key);
    return fallback;
  }
  return boolean(key);
}

std::string YamlMap::text(const std::string& key) {
  const auto node = find(key, true);
  if (!node) return {};
  if (!node->yaml.IsScalar()) {
    state_->report(node->yaml, node->path, "not a text", shown(node->yaml), "one line of text");
    return {};
  }
  return node->yaml.Scalar();
}

std::string YamlMap::textOr(const std::string& key, const std::string& fallback) {
  if (!has(key)) {
    node_->asked.insert(key);
    return fallback;
  }
  return text(key);
}

int YamlMap::choiceIndex(const std::string& key, const std::vector<std::string>& allowed) {
  const auto node = find(key, true);
  if (!node) return 0;
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    if (node->yaml.IsScalar() && node->yaml.Scalar() == allowed[i]) return static_cast<int>(i);
  }
  std::string list;
  for (const auto& name : allowed) list += (list.empty() ? "" : " | ") + name;
  state_->report(node->yaml, node->path, "not one of the known words", shown(node->yaml), list);
  return 0;
}

YamlMap YamlMap::map(const std::string& key) {
  auto node = find(key, true);
  if (!node) return {state_, std::make_shared<Node>(Node{YAML::Node(), joined(node_->path, key), {}})};
  if (!node->yaml.IsMap()) {
    state_->report(node->yaml, node->path, "not a mapping", shown(node->yaml),
                   "'key: value' entries below it");
  }
  state_->maps.push_back(node);
  return {state_, node};
}

std::optional<YamlMap> YamlMap::optionalMap(const std::string& key) {
  if (has(key)) return map(key);
  node_->asked.insert(key);
  return std::nullopt;
}

std::vector<YamlMap> YamlMap::maps(const std::string& key) {
  std::vector<YamlMap> result;
  const auto node = find(key, false);
  if (!node) return result;
  if (!node->yaml.IsSequence()) {
    state_->report(node->yaml, node->path, "not a list", shown(node->yaml),
                   "a list of '- key: value' entries");
    return result;
  }
  for (std::size_t i = 0; i < node->yaml.size(); ++i) {
    auto item = std::make_shared<Node>(Node{node->yaml[i], node->path + "[" + std::to_string(i) + "]", {}});
    if (!item->yaml.IsMap())
      state_->report(item->yaml, item->path, "not a mapping", shown(item->yaml), "'key: value' entries");
    state_->maps.push_back(item);
    result.push_back(YamlMap(state_, item));
  }
  return result;
}

std::vector<std::string> YamlMap::texts(const std::string& key) {
  std::vector<std::string> result;
  const auto node = find(key, false);
  if (!node) return result;
  if (!node->yaml.IsSequence() || node->yaml.size() == 0) {
    state_->report(node->yaml, node->path, "not a list", shown(node->yaml), "a list of texts: [a, b]");
    return result;
  }
  for (const auto& item : node->yaml) {
    if (item.IsScalar() && !item.Scalar().empty())
      result.push_back(item.Scalar());
    else
      state_->report(item, node->path, "not a text", shown(item), "one line of text");
  }
  return result;
}

void YamlMap::ignore(const std::string& key) {
  node_->asked.insert(key);
}

void YamlMap::ignoreRest() {
  for (const auto& entry : node_->yaml) {
    if (entry.first.IsScalar()) ignore(entry.first.Scalar());
  }
}

void YamlMap::fault(const std::string& key, const std::string& what, const std::string& found,
                    const std::string& expected) {
  const auto node = find(key, false);
  state_->report(node ? node->yaml : node_->yaml, joined(node_->path, key), what, found, expected);
}

}  // namespace soleus
