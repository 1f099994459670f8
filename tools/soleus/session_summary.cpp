#include "tools/soleus/session_summary.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "tools/report/summary.h"
#include "tools/soleus/console.h"

namespace soleus {
namespace {

using nlohmann::json;

void line(const char* label, const std::string& value) {
  std::printf("  %-34s %s\n", label, value.c_str());
}

std::string number(const json& part, const char* key, const char* unit, int decimals, double factor = 1) {
  const auto found = part.find(key);
  if (found == part.end() || !found->is_number()) return "not measured";
  char text[64];
  std::snprintf(text, sizeof text, "%.*f %s", decimals, found->get<double>() * factor, unit);
  return text;
}

std::string numberAt(const json& part, const char* key, const char* timeKey) {
  const std::string value = number(part, key, "cm/s", 1);
  return value == "not measured" ? value : value + " at " + number(part, timeKey, "s", 2);
}

void printTable(const std::string& path, const json& summary) {
  std::printf("%s (%s)\n", path.c_str(), summary.value("status", "").c_str());
  if (const auto part = summary.find("doppler"); part != summary.end()) {
    line("spectrum covered", number(*part, "covered_s", "s", 2));
    line("mean velocity (TAMEAN)", number(*part, "tamean_cm_per_s", "cm/s", 2));
    line("peak velocity toward the heart", numberAt(*part, "peak_forward_cm_per_s", "peak_forward_time_s"));
    line("peak velocity away from the heart",
         numberAt(*part, "peak_reverse_cm_per_s", "peak_reverse_time_s"));
    line("columns usable", number(*part, "usable_fraction", "%", 1, 100));
    line("signal to noise (median)", number(*part, "snr_median_db", "dB", 1));
  }
  if (const auto part = summary.find("vessel"); part != summary.end()) {
    line("vein diameter (mean)", number(*part, "diameter_mean_mm", "mm", 2));
  }
  if (const auto part = summary.find("flow"); part != summary.end()) {
    line("volume flow (mean)", number(*part, "mean_ml_per_min", "mL/min", 0));
  }
  const json streams = summary.value("streams", json::array());
  for (const auto& stream : streams) {
    std::string text = std::to_string(stream.value("received", 0LL)) + " received, " +
                       std::to_string(stream.value("written", 0LL)) + " kept";
    const json dropped = stream.value("dropped", json::object());
    for (const auto& [cause, count] : dropped.items()) {
      const auto lost = static_cast<long long>(count.get<double>());
      if (lost > 0) text += ", " + std::to_string(lost) + " lost (" + cause + ")";
    }
    line(("frames, " + stream.value("name", "")).c_str(), text);
  }
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
    std::printf("%s\n", result.dump(2).c_str());
  } else {
    printTable(path, summary.value());
  }
  return 0;
}

}  // namespace soleus
