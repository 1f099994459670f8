/// YAML read strictly: every key is asked for with its type and range, and what nobody asked for is an error
/// with its line. The only place that knows yaml-cpp; profiles, scenarios and lab set-ups are read through
/// it.
#pragma once

#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/core/result.h"

namespace soleus {

/// Closed range of a number, in the unit that the key's suffix names.
struct Range {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
};

/// What a person gave as a YAML text in single quotes, to be read again as it was.
std::string yamlQuoted(const std::string& text);

class YamlMap;

/// One YAML file. Keeps the first fault met while its maps are read; read everything, then ask status().
/// Not thread-safe; maps taken from it share its state and may outlive it.
class YamlDocument {
 public:
  /// Parses the file at `path`. Errors: missing, unreadable, not YAML, top level not a mapping.
  static Result<YamlDocument> load(const std::string& path);
  /// Parses `text`; `name` stands for the file in messages.
  static Result<YamlDocument> parse(const std::string& text, const std::string& name);

  [[nodiscard]] YamlMap root() const;
  [[nodiscard]] const std::string& text() const;
  /// The first fault of type, range or missing key, else any key that was never asked for.
  [[nodiscard]] Status status() const;

  struct State;

 private:
  explicit YamlDocument(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

/// One mapping of the document. After a fault the getters return a harmless default and go on.
class YamlMap {
 public:
  double number(const std::string& key, Range range = {});
  std::optional<double> optionalNumber(const std::string& key, Range range = {});
  double numberOr(const std::string& key, double fallback, Range range = {});
  int integer(const std::string& key, Range range = {});
  int integerOr(const std::string& key, int fallback, Range range = {});
  bool boolean(const std::string& key);
  bool booleanOr(const std::string& key, bool fallback);
  std::string text(const std::string& key);
  std::string textOr(const std::string& key, const std::string& fallback);

  /// One of the named values; the message lists all names.
  template <class T>
  T choice(const std::string& key, std::initializer_list<std::pair<const char*, T>> names) {
    std::vector<std::string> allowed;
    for (const auto& [name, value] : names) allowed.emplace_back(name);
    const int index = choiceIndex(key, allowed);
    return (names.begin() + index)->second;
  }

  [[nodiscard]] bool has(const std::string& key) const;
  YamlMap map(const std::string& key);
  std::optional<YamlMap> optionalMap(const std::string& key);
  /// A list of mappings; empty if the key is absent.
  std::vector<YamlMap> maps(const std::string& key);
  /// A list of texts, none of them empty; empty if the key is absent.
  std::vector<std::string> texts(const std::string& key);
  /// Accepts the key with whatever stands below it (free-form, e.g. residuals).
  void ignore(const std::string& key);
  /// The same of every key that it has: of a document of which only a part is of interest.
  void ignoreRest();
  /// Reports a fault of meaning at `key`: a value that is well-formed but cannot be used.
  void fault(const std::string& key, const std::string& what, const std::string& found,
             const std::string& expected);

  struct Node;

 private:
  friend class YamlDocument;
  YamlMap(std::shared_ptr<YamlDocument::State> state, std::shared_ptr<Node> node);
  std::shared_ptr<Node> find(const std::string& key, bool required);
  int choiceIndex(const std::string& key, const std::vector<std::string>& allowed);
  std::optional<double> numberAt(const std::string& key, Range range, bool required, bool whole);

  std::shared_ptr<YamlDocument::State> state_;
  std::shared_ptr<Node> node_;
};

}  // namespace soleus
