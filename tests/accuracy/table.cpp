#include "tests/accuracy/table.h"

#include <cmath>
#include <iomanip>
#include <limits>

namespace soleus::accuracy {
namespace {

void cell(std::ostream& out, Spread spread) {
  out << std::setw(8) << std::showpos << spread.mean << std::noshowpos << " ±" << std::setw(5) << spread.sd;
}

void agreementCell(std::ostream& out, Spread spread) {
  const double wide = limitOfAgreement(spread.sd);
  out << std::showpos << std::setw(8) << spread.mean - wide << " .." << std::setw(7) << spread.mean + wide
      << std::noshowpos;
}

}  // namespace

std::string sourceOf(const Row& row) {
  return std::string(nameOf(row.kind.source)) + (row.kind.codec == "none" ? "" : "/" + row.kind.codec);
}

Spread spreadOf(const std::vector<ContractionScore>& scores, double ContractionScore::*value) {
  double count = 0;
  double sum = 0;
  double squares = 0;
  for (const ContractionScore& s : scores) {
    if (!std::isfinite(s.*value)) continue;
    ++count;
    sum += s.*value;
    squares += s.*value * (s.*value);
  }
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  const double mean = count > 0 ? sum / count : kUnknown;
  const double variance = count > 1 ? (squares - count * mean * mean) / (count - 1) : kUnknown;
  return {mean, std::sqrt(variance < 0 ? 0 : variance)};
}

void printTable(std::ostream& out, const std::vector<Row>& rows) {
  out << std::left << std::setw(20) << "estimator" << std::setw(16) << "source" << std::right
      << "  vm  n SNR     peak %         agreement          VTI %         agreement         mean %    "
         "   at rest %          lag ms        reflux ms     column SD % lost %\n"
      << std::fixed << std::setprecision(2);
  for (const Row& row : rows) {
    out << std::left << std::setw(20) << row.estimator << std::setw(16) << sourceOf(row) << std::right
        << std::setprecision(0) << std::setw(4) << row.kind.peakCmPerS << std::setw(3) << row.kind.exponent
        << std::setw(4) << row.kind.snrDb << std::setprecision(2);
    cell(out, spreadOf(row.scores, &ContractionScore::peakPercent));
    agreementCell(out, spreadOf(row.scores, &ContractionScore::peakPercent));
    cell(out, spreadOf(row.scores, &ContractionScore::vtiPercent));
    agreementCell(out, spreadOf(row.scores, &ContractionScore::vtiPercent));
    cell(out, spreadOf(row.scores, &ContractionScore::meanPercent));
    cell(out, spreadOf(row.scores, &ContractionScore::restPercent));
    cell(out, spreadOf(row.scores, &ContractionScore::lagMs));
    cell(out, spreadOf(row.scores, &ContractionScore::refluxMs));
    out << std::setw(10) << spreadOf(row.scores, &ContractionScore::columnSdPercent).mean << std::setw(9)
        << 100 * spreadOf(row.scores, &ContractionScore::missingShare).mean << "\n";
  }
}

void writeCsv(std::ostream& out, const std::vector<Row>& rows) {
  out << "estimator,source,codec,peak_cm_s,profile_exponent,snr_db,peak_error_percent,vti_error_percent,"
         "mean_error_percent,rest_mean_error_percent,lag_ms,column_sd_percent,reflux_duration_error_ms,"
         "missing_share\n";
  for (const Row& row : rows) {
    for (const ContractionScore& s : row.scores) {
      out << row.estimator << ',' << nameOf(row.kind.source) << ',' << row.kind.codec << ','
          << row.kind.peakCmPerS << ',' << row.kind.exponent << ',' << row.kind.snrDb << ',' << s.peakPercent
          << ',' << s.vtiPercent << ',' << s.meanPercent << ',' << s.restPercent << ',' << s.lagMs << ','
          << s.columnSdPercent << ',' << s.refluxMs << ',' << s.missingShare << '\n';
    }
  }
}

}  // namespace soleus::accuracy
