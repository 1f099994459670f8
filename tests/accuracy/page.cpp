#include "tests/accuracy/page.h"

#include <algorithm>
#include <array>
#include <iomanip>
#include <sstream>

#include "tests/accuracy/limits.h"
#include "tests/accuracy/svg_chart.h"

namespace soleus::accuracy {
namespace {

// Okabe and Ito's colours, which the colour-blind can tell apart, without their yellow.
constexpr std::array<const char*, 7> kColours = {"#000000", "#0072b2", "#d55e00", "#009e73",
                                                 "#cc79a7", "#e69f00", "#56b4e9"};

constexpr const char* kHead = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Accuracy of the velocity trace</title>
<style>
body { font: 14px/1.45 system-ui, sans-serif; color: #222; max-width: 1300px; margin: 2em auto; padding: 0 1em }
svg { font: 12px system-ui, sans-serif } svg text { fill: #222 }
.charts { display: flex; flex-wrap: wrap; gap: 16px }
.key span { display: inline-block; margin-right: 1.2em } .key i { display: inline-block; width: 12px; height: 12px;
  margin-right: .4em }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 12px }
td, th { padding: 2px 6px; text-align: right; border-bottom: 1px solid #e4e4e4; white-space: nowrap } td:first-child, th:first-child { text-align: left }
</style></head><body>
<h1>Accuracy of the velocity trace</h1>
)";

std::vector<std::string> estimatorsOf(const std::vector<Row>& rows) {
  std::vector<std::string> names;
  for (const Row& row : rows) {
    if (std::find(names.begin(), names.end(), row.estimator) == names.end()) names.push_back(row.estimator);
  }
  return names;
}

std::string colourOf(const std::vector<std::string>& names, const std::string& name) {
  const auto index = std::find(names.begin(), names.end(), name) - names.begin();
  return kColours[static_cast<std::size_t>(index) % kColours.size()];
}

/// What the rows of one pair of charts have in common.
std::string groupOf(const Row& row) {
  std::ostringstream text;
  text << sourceOf(row) << ", contractions of " << row.kind.peakCmPerS << " cm/s, profile exponent "
       << row.kind.exponent;
  return text.str();
}

std::vector<ErrorSeries> seriesOf(const std::vector<Row>& rows, const std::string& group,
                                  const std::vector<std::string>& names, double ContractionScore::*value) {
  std::vector<ErrorSeries> series;
  for (const auto& name : names) {
    ErrorSeries s{name, colourOf(names, name), {}};
    for (const Row& row : rows) {
      if (row.estimator != name || groupOf(row) != group) continue;
      s.points.push_back({row.kind.snrDb, spreadOf(row.scores, value)});
    }
    series.push_back(std::move(s));
  }
  return series;
}

void writeCharts(std::ostream& out, const std::vector<Row>& rows, const std::vector<std::string>& names) {
  std::vector<std::string> groups;
  for (const Row& row : rows) {
    const std::string group = groupOf(row);
    if (std::find(groups.begin(), groups.end(), group) != groups.end()) continue;
    groups.push_back(group);
    const Limits limits = limitsOf(row.kind.source);
    out << "<h2>" << group << "</h2>\n<div class=\"charts\">\n";
    drawErrorChart(out, "Peak velocity, error in %",
                   seriesOf(rows, group, names, &ContractionScore::peakPercent), limits.peakBiasPercent);
    drawErrorChart(out, "Velocity-time integral, error in %",
                   seriesOf(rows, group, names, &ContractionScore::vtiPercent), limits.vtiPercent);
    out << "</div>\n";
  }
}

void spreadCells(std::ostream& out, Spread spread) {
  const double wide = limitOfAgreement(spread.sd);
  out << "<td>" << std::showpos << spread.mean << std::noshowpos << " ± " << spread.sd << "</td><td>"
      << std::showpos << spread.mean - wide << " … " << spread.mean + wide << std::noshowpos << "</td>";
}

void plainCell(std::ostream& out, Spread spread) {
  out << "<td>" << std::showpos << spread.mean << std::noshowpos << " ± " << spread.sd << "</td>";
}

void writeNumbers(std::ostream& out, const std::vector<Row>& rows) {
  out << "<h2>All numbers</h2>\n<p>Mean ± standard deviation over contractions; limits of agreement are 1.96 "
         "of "
         "them to either "
         "side.</p>\n<table><tr><th>estimator</th><th>source</th><th>cm/s</th><th>n</th><th>dB</th>"
         "<th>peak %</th><th>agreement %</th><th>VTI %</th><th>agreement %</th><th>mean velocity "
         "%</th><th>at rest %</th><th>lag "
         "ms</th><th>reflux duration ms</th><th>column SD %</th><th>no value %</th></tr>\n";
  for (const Row& row : rows) {
    out << std::defaultfloat << std::setprecision(6) << "<tr><td>" << row.estimator << "</td><td>"
        << sourceOf(row) << "</td><td>" << row.kind.peakCmPerS << "</td><td>" << row.kind.exponent
        << "</td><td>" << row.kind.snrDb << "</td>" << std::fixed << std::setprecision(1);
    spreadCells(out, spreadOf(row.scores, &ContractionScore::peakPercent));
    spreadCells(out, spreadOf(row.scores, &ContractionScore::vtiPercent));
    plainCell(out, spreadOf(row.scores, &ContractionScore::meanPercent));
    plainCell(out, spreadOf(row.scores, &ContractionScore::restPercent));
    plainCell(out, spreadOf(row.scores, &ContractionScore::lagMs));
    plainCell(out, spreadOf(row.scores, &ContractionScore::refluxMs));
    out << "<td>" << spreadOf(row.scores, &ContractionScore::columnSdPercent).mean << "</td><td>"
        << 100 * spreadOf(row.scores, &ContractionScore::missingShare).mean << "</td></tr>\n";
  }
  out << "</table>\n";
}

}  // namespace

void writePage(std::ostream& out, const std::vector<Row>& rows, const std::string& recordings) {
  const auto names = estimatorsOf(rows);
  out << kHead << "<p>Against the digital phantom's truth; " << recordings
      << ". Circle: mean, thick bar: ± 1 SD, thin bar: limits of agreement (± 1.96 SD). Grey: the bias that "
         "is "
         "promised from 10 dB up. Estimators stand beside each other at each signal-to-noise ratio.</p>\n"
      << "<p class=\"key\">";
  for (const auto& name : names) {
    out << "<span><i style=\"background:" << colourOf(names, name) << "\"></i>" << name << "</span>";
  }
  out << "</p>\n";
  writeCharts(out, rows, names);
  writeNumbers(out, rows);
  out << "</body></html>\n";
}

}  // namespace soleus::accuracy
