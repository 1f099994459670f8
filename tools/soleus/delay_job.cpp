#include "tools/soleus/delay_job.h"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "calibration/profile/strict_yaml.h"
#include "pipeline/clock/delay_measurement.h"
#include "tools/soleus/console.h"
#include "tools/soleus/input_file.h"
#include "tools/soleus/output_file.h"
#include "tools/soleus/signal_file.h"
#include "tools/soleus/sync_input.h"

namespace soleus {
namespace {

std::string withoutFolder(const std::string& file) {
  return std::filesystem::path(file).filename().string();
}

/// The file without its channel.
std::string fileOf(const std::string& text) {
  SignalRequest request;
  request.file = text;
  takeChannel(request);
  return request.file;
}

/// With so many digits behind the point.
std::string fixed(double value, int digits) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(digits) << value;
  return out.str();
}

nlohmann::json resultsOf(const DelayJob& job, const DelayMeasurement& found) {
  nlohmann::json results = {
      {"input", withoutFolder(job.input)},
      {"against", withoutFolder(job.against)},
      {"delay_s", found.events.delayS},
      {"delay_uncertainty_s", found.events.uncertaintyS},
      {"events",
       {{"matched", found.matched},
        {"unmatched_input", found.unmatchedFirst},
        {"unmatched_against", found.unmatchedSecond},
        {"span_s", found.spanS}}},
      {"correlation",
       {{"delay_s", found.correlation.delayS}, {"delay_uncertainty_s", found.correlation.uncertaintyS}}},
      {"within_s", job.withinS}};
  if (found.otherDelayS) results["other_delay_s"] = *found.otherDelayS;
  if (std::isfinite(found.driftPpm)) results["drift_ppm"] = found.driftPpm;
  return results;
}

/// With the digests of the files it was measured from, as evidence.
Result<std::string> yamlOf(const DelayJob& job, const DelayMeasurement& found) {
  std::ostringstream out;
  out << "schema: soleus.delay/1\n";
  const std::pair<const char*, const std::string&> files[] = {{"input", job.input}, {"against", job.against}};
  for (const auto& [key, text] : files) {
    const auto file = identifyInput(fileOf(text));
    if (!file.ok()) return file.error();
    out << key << ": {name: " << yamlQuoted(withoutFolder(text)) << ", bytes: " << file.value().bytes
        << ", sha256: " << file.value().sha256 << "}\n";
  }
  out << "delay_s: " << fixed(found.events.delayS, 6) << "   # input after against\n"
      << "delay_uncertainty_s: " << fixed(found.events.uncertaintyS, 6)
      << "   # 95 % of the errors are smaller\n"
      << "events: {matched: " << found.matched << ", unmatched_input: " << found.unmatchedFirst
      << ", unmatched_against: " << found.unmatchedSecond << ", span_s: " << fixed(found.spanS, 3) << "}\n"
      << "correlation: {delay_s: " << fixed(found.correlation.delayS, 6)
      << ", delay_uncertainty_s: " << fixed(found.correlation.uncertaintyS, 6) << "}\n"
      << "within_s: " << job.withinS << "\n";
  if (std::isfinite(found.driftPpm)) out << "drift_ppm: " << fixed(found.driftPpm, 2) << "\n";
  return out.str();
}

void print(const DelayJob& job, const DelayMeasurement& found) {
  const std::string input = withoutFolder(job.input);
  const std::string against = withoutFolder(job.against);
  std::printf(
      "%s is %.2f +- %.2f ms %s than %s (95 %%): %zu events matched, %zu and %zu without a partner; "
      "by correlation %.1f +- %.1f ms\n",
      input.c_str(), 1e3 * std::abs(found.events.delayS), 1e3 * found.events.uncertaintyS,
      found.events.delayS < 0 ? "earlier" : "later", against.c_str(), found.matched, found.unmatchedFirst,
      found.unmatchedSecond, 1e3 * found.correlation.delayS, 1e3 * found.correlation.uncertaintyS);
  if (found.otherDelayS)
    std::printf("the events come evenly: were a delay of %.1f ms possible, it would fit as well\n",
                1e3 * *found.otherDelayS);
  std::printf("in a lab set-up, for the source of %s%s:\n  delay_s: %.6f\n  delay_uncertainty_s: %.6f\n",
              input.c_str(),
              fileOf(job.input).ends_with(".h5") ? ", added to the delay_s that it was recorded with" : "",
              found.events.delayS, found.events.uncertaintyS);
  std::printf("to analyse %s with %s beside it: --signal NAME=%s@%.6f\n", input.c_str(), against.c_str(),
              job.against.c_str(), found.events.delayS);
}

}  // namespace

Status measureDelayOfFiles(const DelayJob& job) {
  std::unique_ptr<OutputFile> output;
  if (!job.output.empty()) {
    auto reserved = OutputFile::reserve(job.output, job.force, {fileOf(job.input), fileOf(job.against)});
    if (!reserved.ok()) return reserved.error();
    output = std::move(reserved).value();
  }
  const auto input = readSyncEvents(job.input, job.region);
  if (!input.ok()) return input.error();
  const auto against = readSyncEvents(job.against, job.region);
  if (!against.ok()) return against.error();
  const auto found = measureDelay(input.value(), against.value(), job.withinS);
  if (!found.ok()) return found.error();
  if (output) {
    const auto yaml = yamlOf(job, found.value());
    if (!yaml.ok()) return yaml.error();
    std::ofstream file(output->temporaryPath());
    file << yaml.value();
    file.close();
    if (!file) return Error{ErrorKind::kStorage, job.output, "cannot be written", "", ""};
    if (const Status kept = output->keep(); !kept.ok()) return kept.error();
  }
  if (std::isfinite(found.value().driftPpm))
    std::fprintf(
        stderr,
        "soleus: %s: its clock is %+.1f ppm fast against that of %s; the delay is that of the middle "
        "of the events\n",
        job.input.c_str(), found.value().driftPpm, job.against.c_str());
  if (job.json) {
    printJson(resultsOf(job, found.value()));
  } else {
    print(job, found.value());
  }
  return Done{};
}

}  // namespace soleus
