#include "tools/soleus/session_csv.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>
#include <vector>

namespace soleus {
namespace {

/// Text as a field: in quotes where it has to be.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

/// Whole numbers as such, values of single precision as the shortest number that reads back as the same,
/// others (times, measures of contractions) to a billionth; nothing for a missing one.
std::string number(double value) {
  constexpr double kExactlyWhole = 9007199254740992.0;  // 2^53
  constexpr int kDecimals = 9;
  if (!std::isfinite(value)) return {};
  std::array<char, 64> digits{};
  const auto single = static_cast<float>(value);
  char* const end = digits.data() + digits.size();
  if (value == std::trunc(value) && std::abs(value) < kExactlyWhole)
    return {digits.data(), std::to_chars(digits.data(), end, static_cast<std::int64_t>(value)).ptr};
  if (static_cast<double>(single) == value)
    return {digits.data(), std::to_chars(digits.data(), end, single).ptr};
  const auto fixed = std::to_chars(digits.data(), end, value, std::chars_format::fixed, kDecimals);
  if (fixed.ec != std::errc()) return {digits.data(), std::to_chars(digits.data(), end, value).ptr};
  std::string text(digits.data(), fixed.ptr);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

/// The unit as it stands in names: "cm s-1" is cm_s, "mL min-1" ml_min.
std::string suffixOf(const std::string& units) {
  static constexpr std::pair<const char*, const char*> kKnown[] = {
      {"cm s-1", "cm_s"}, {"mL min-1", "ml_min"}, {"mL", "ml"}, {"dB", "db"}, {"1", ""}, {"1e-6", "ppm"}};
  for (const auto& [unit, suffix] : kKnown) {
    if (units == unit) return suffix;
  }
  std::string suffix;
  for (const char c : units) suffix += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return suffix;
}

std::string headerOf(const std::string& name, const std::string& units) {
  const std::string suffix = suffixOf(units);
  return suffix.empty() || name.ends_with("_" + suffix) ? name : name + "_" + suffix;
}

std::vector<std::string> wordsOf(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

/// Each uncertainty behind its measure: peak_velocity_uncertainty_cm_s behind peak_velocity_cm_s.
std::vector<std::string> withUncertaintiesBeside(const std::vector<std::string>& names) {
  const std::string mark = "_uncertainty";
  std::vector<std::string> ordered;
  for (const std::string& name : names) {
    std::string measure = name;
    const std::size_t at = name.find(mark);
    if (at != std::string::npos) measure.erase(at, mark.size());
    const auto place = std::ranges::find(ordered, measure);
    ordered.insert(place == ordered.end() ? place : place + 1, name);
  }
  return ordered;
}

/// A column of a table as the fields of its rows.
struct CsvColumn {
  std::string header;
  std::vector<std::string> fields;
};

class Tables {
 public:
  Tables(const SessionReader& session, std::string folder)
      : session_(session), folder_(std::move(folder)), dictionary_("file,column,units,meaning\n") {}

  /// The table that `group` is; `scale`: the column that goes first.
  Status write(const std::string& group, const std::string& scale, const std::string& file) {
    if (!session_.has(group + "/" + scale)) return Done{};
    std::vector<std::string> names = withUncertaintiesBeside(session_.membersAsMade(group));
    std::erase_if(names, [&](const std::string& name) { return isNoColumn(group, name) || name == scale; });
    names.insert(names.begin(), scale);
    std::vector<CsvColumn> columns;
    for (const std::string& name : names) {
      auto column = read(group + "/" + name, name);
      if (!column.ok()) return column.error();
      columns.push_back(std::move(column).value());
      if (columns.back().fields.size() != columns.front().fields.size()) {
        return Error{ErrorKind::kBadInput, group + "/" + name, "a column of another length than its table",
                     std::to_string(columns.back().fields.size()),
                     std::to_string(columns.front().fields.size())};
      }
      const std::string path = group + "/" + name;
      dictionary_ += file + ',' + columns.back().header + ',' + field(session_.textAttribute(path, "units")) +
                     ',' + field(meaningOf(path)) + '\n';
    }
    std::string text;
    const auto addRow = [&](auto&& fieldOf) {
      for (std::size_t c = 0; c < columns.size(); ++c) text += (c == 0 ? "" : ",") + fieldOf(columns[c]);
      text += '\n';
    };
    addRow([](const CsvColumn& column) { return column.header; });
    for (std::size_t row = 0; row < columns.front().fields.size(); ++row)
      addRow([row](const CsvColumn& column) { return column.fields[row]; });
    return put(file, text);
  }

  Status put(const std::string& file, const std::string& text) {
    std::ofstream out(folder_ + "/" + file, std::ios::binary);
    out << text;
    out.close();
    if (!out) return Error{ErrorKind::kStorage, folder_ + "/" + file, "cannot be written", {}, {}};
    return Done{};
  }

  [[nodiscard]] const std::string& dictionary() const { return dictionary_; }

 private:
  /// Groups below, widths of texts, and of the spectrum its picture and axis.
  [[nodiscard]] bool isNoColumn(const std::string& group, const std::string& name) const {
    const bool ofSpectrum = group == "/doppler" && (name == "spectrum" || name == "velocity");
    return ofSpectrum || name.ends_with("_length") || !session_.members(group + "/" + name).empty();
  }

  Result<CsvColumn> read(const std::string& path, const std::string& name) {
    CsvColumn column{headerOf(name, session_.textAttribute(path, "units")), {}};
    if (name == "label" || name == "cause") {
      const auto texts = session_.texts(path);
      if (!texts.ok()) return texts.error();
      for (const std::string& text : texts.value()) column.fields.push_back(field(text));
      return column;
    }
    const auto values = session_.column(path);
    if (!values.ok()) return values.error();
    const std::vector<std::string> flags = wordsOf(session_.textAttribute(path, "flag_meanings"));
    const auto attributes = session_.attributeNames(path);
    const bool areBits = std::ranges::find(attributes, "flag_masks") != attributes.end();
    for (const double value : values.value())
      column.fields.push_back(flags.empty() ? number(value) : flagWords(flags, areBits, value));
    return column;
  }

  [[nodiscard]] std::string meaningOf(const std::string& path) const {
    const std::string flags = session_.textAttribute(path, "flag_meanings");
    const std::string meaning = session_.textAttribute(path, "long_name");
    return flags.empty() ? meaning : meaning + "; words: " + flags + "; empty: none of them";
  }

  static std::string flagWords(const std::vector<std::string>& flags, bool areBits, double value) {
    const auto code = static_cast<std::uint64_t>(value);
    if (!areBits) return code < flags.size() ? flags[code] : number(value);
    std::string words;
    for (std::size_t bit = 0; bit < flags.size(); ++bit) {
      if ((code >> bit & 1U) != 0) words += (words.empty() ? "" : " ") + flags[bit];
    }
    return words;
  }

  const SessionReader& session_;
  const std::string folder_;
  std::string dictionary_;
};

/// Who, when, which limb: the texts of the root that are one line.
std::string rootText(const SessionReader& session) {
  std::string text = "name,value\n";
  for (const std::string& name : session.attributeNames("/")) {
    const std::string value = session.textAttribute("/", name);
    if (name == "calibration" || name == "configuration") continue;
    text +=
        field(name) + ',' + field(value.empty() ? number(session.numberAttribute("/", name)) : value) + '\n';
  }
  return text;
}

}  // namespace

Status writeCsvTables(const SessionReader& session, const std::string& folder) {
  Tables tables(session, folder);
  struct Table {
    std::string group, scale, file;
  };
  std::vector<Table> all = {{"/doppler", "time", "doppler.csv"},
                            {"/vessel", "time", "vessel.csv"},
                            {"/flow", "time", "flow.csv"},
                            {"/contractions", "contraction", "contractions.csv"},
                            {"/events", "time", "events.csv"}};
  for (const std::string& name : session.members("/signals"))
    all.push_back({"/signals/" + name, "time", "signal_" + name + ".csv"});
  for (const std::string& name : session.members("/streams")) {
    const std::string group = "/streams/" + name;
    all.push_back({group, "sequence", "stream_" + name + ".csv"});
    all.push_back({group + "/gaps", "start_s", "stream_" + name + "_gaps.csv"});
    all.push_back({group + "/clock", "session_time_s", "stream_" + name + "_clock.csv"});
  }
  for (const Table& table : all) {
    if (const Status written = tables.write(table.group, table.scale, table.file); !written.ok())
      return written;
  }
  for (const auto& [file, text] : {std::pair{"columns.csv", tables.dictionary()},
                                   {"session.csv", rootText(session)},
                                   {"calibration.yaml", session.textAttribute("/", "calibration")},
                                   {"configuration.yaml", session.textAttribute("/", "configuration")}}) {
    if (const Status written = tables.put(file, text); !written.ok()) return written;
  }
  return Done{};
}

}  // namespace soleus
