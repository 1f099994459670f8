#include "tools/soleus/session_summary.h"

#include <cstdio>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tools/report/headlines.h"
#include "tools/report/summary.h"
#include "tools/soleus/console.h"

namespace soleus {
namespace {

using nlohmann::json;

void line(const char* label, const std::string& value) {
  std::printf("  %-34s %s\n", label, value.c_str());
}

/// A headline; below it, broken at words, a detail that is too long for the row.
void row(const Headline& headline) {
  constexpr std::size_t kShort = 50;   // what still fits behind a label and a value on a terminal of 100
  constexpr std::size_t kBroken = 90;  // and what fits below them
  std::string value = headline.value + (headline.unit.empty() ? "" : " " + headline.unit);
  if (headline.detail.size() <= kShort && !headline.detail.empty()) value += ", " + headline.detail;
  line(headline.name.c_str(), value);
  if (headline.detail.size() <= kShort) return;
  std::istringstream words(headline.detail);
  std::string text;
  for (std::string word; words >> word; text += word) {
    if (!text.empty() && text.size() + 1 + word.size() > kBroken) {
      std::printf("      %s\n", text.c_str());
      text.clear();
    }
    if (!text.empty()) text += ' ';
  }
  std::printf("      %s\n", text.c_str());
}

/// What went wrong, or changed what the numbers mean, is not left to be found in the report.
void printEvents(const json& events) {
  const json* first = nullptr;
  int count = 0;
  for (const auto& event : events) {
    const std::string kind = event.value("kind", "");
    if (kind != "calibration" && kind != "gap" && kind != "fault") continue;
    if (count++ == 0) first = &event;
  }
  if (first == nullptr) return;
  std::printf("  %d event%s: see the report. %s: %s\n", count, count == 1 ? "" : "s",
              count == 1 ? "It is" : "The first", first->value("label", "").c_str());
}

/// A count of frames, which a session that others made or changed may lack.
std::string countText(const json& count) {
  if (!count.is_number() || count < 0) return "an unknown number";
  return std::to_string(static_cast<long long>(count.get<double>()));
}

void printTable(const std::string& path, const json& summary) {
  std::printf("%s (%s)\n", path.c_str(), summary.value("status", "").c_str());
  if (const std::string setup = summary.value("setup", ""); !setup.empty())
    std::printf("  %s\n", setup.c_str());
  for (const Headline& headline : headlines(summary)) row(headline);
  for (const auto& signal : summary.value("signals", json::array())) {
    std::ostringstream text;
    if (signal["start_s"].is_number()) {
      text << signal["samples"] << " samples, " << std::fixed << std::setprecision(2)
           << signal["start_s"].get<double>() << " to " << signal["end_s"].get<double>() << " s, "
           << signal.value("units", "");
    } else {
      text << "NOTHING WAS RECORDED";
    }
    line(("signal, " + signal.value("name", "")).c_str(), text.str());
  }
  const json streams = summary.value("streams", json::array());
  for (const auto& stream : streams) {
    std::string text = countText(stream["received"]) + " received, " + countText(stream["written"]) + " kept";
    const json dropped = stream.value("dropped", json::object());
    for (const auto& [cause, count] : dropped.items())
      if (count != 0) text += ", " + countText(count) + " lost (" + cause + ")";
    line((stream.value("unit", "") + ", " + stream.value("name", "")).c_str(), text);
  }
  printEvents(summary.value("events", json::array()));
}

}  // namespace

int printSummary(const std::string& path, bool asJson) {
  const auto session = SessionReader::open(path);
  if (!session.ok()) return report(session.error());
  const auto summary = reportSummary(*session.value());
  if (!summary.ok()) return report(summary.error());
  if (asJson) {
    json result = summary.value();
    result["session"] = path;
    printJson(result);
  } else {
    printTable(path, summary.value());
  }
  return 0;
}

}  // namespace soleus
