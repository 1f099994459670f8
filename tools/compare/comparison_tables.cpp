#include "tools/compare/comparison_tables.h"

#include <algorithm>
#include <filesystem>
#include <string>

#include "tools/compare/comparison_words.h"
#include "tools/report/html.h"

namespace soleus {
namespace {

std::string cell(const std::string& text) {
  return "<td class=\"figure\">" + text + "</td>";
}

std::string withInterval(const Estimate& estimate, int decimals) {
  const std::string interval = intervalText(estimate, decimals);
  return numberText(estimate.value, decimals) +
         (interval.empty() ? "" : "<span class=\"interval\">" + interval + "</span>");
}

std::string estimateCell(const Estimate& estimate, int decimals) {
  return cell(withInterval(estimate, decimals));
}

Estimate percent(const Estimate& share) {
  return {100 * share.value, 100 * share.low, 100 * share.high};
}

/// A heading of text, or of figures, which stand at the right.
std::string heading(const std::string& name, bool isFigure = true) {
  return isFigure ? "<th class=\"figure\">" + name + "</th>" : "<th>" + name + "</th>";
}

void beginTable(std::ostream& out, const std::string& classes) {
  out << "<div class=\"scroll\"><table class=\"" << classes << "\">\n<thead><tr>";
}

std::string nameCell(const Measure& what) {
  return std::string("<td>") + what.name + " <span class=\"unit\">" + what.unit + "</span></td>";
}

void errorCells(std::ostream& out, const WithinSubject& within, int decimals) {
  out << estimateCell(within.sem, decimals) << estimateCell(within.mdc95, decimals)
      << estimateCell(percent(within.cv), 1);
}

std::string nameOfFile(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

const char* rowStart(const std::string& leftOut) {
  return leftOut.empty() ? "<tr>" : "<tr class=\"before-left-out\">";
}

std::string joinedText(const std::string& first, const std::string& second) {
  return first + (first.empty() || second.empty() ? "" : " ") + second;
}

/// Which sessions a row compares; where nobody has more than two, nobody asks.
bool namesSessions(const Comparison& comparison) {
  return comparison.mostRepeats > 2;
}

void agreementRows(std::ostream& out, const Comparison& comparison, std::size_t index) {
  const int columns = namesSessions(comparison) ? 11 : 10;
  const Measure& what = kMeasures.at(index);
  const MeasureComparison& measure = comparison.measures[index];
  if (!isMeasured(measure)) {
    out << "<tr>" << nameCell(what) << "<td class=\"words\" colspan=\"" << columns - 1
        << "\">not measured in two sessions of anyone</td></tr>\n";
    return;
  }
  const std::string leftOut = joinedText(measure.leftOut, whyNoIcc(comparison, measure));
  const int d = what.decimals;
  for (std::size_t j = 0; j < measure.agreement.size(); ++j) {
    const Agreement& agreement = measure.agreement[j];
    const bool isLast = j + 1 == measure.agreement.size();
    out << rowStart(isLast ? leftOut : "") << (j == 0 ? nameCell(what) : "<td></td>");
    if (namesSessions(comparison)) out << cell(std::to_string(j + 2) + " − 1");
    out << cell(std::to_string(agreement.count)) << estimateCell(agreement.bias, d)
        << estimateCell(agreement.lower, d) << estimateCell(agreement.upper, d);
    if (j == 0) {
      out << estimateCell(measure.reliability.absolute, 2) << estimateCell(measure.reliability.consistent, 2);
      errorCells(out, measure.within, d);
    } else {
      out << "<td colspan=\"5\"></td>";
    }
    out << "</tr>\n";
  }
  if (!leftOut.empty())
    out << "<tr class=\"left-out\"><td colspan=\"" << columns << "\">" << escapeHtml(leftOut)
        << "</td></tr>\n";
}

std::string meanCell(const SessionMean& mean, int decimals) {
  std::string text = numberText(mean.mean, decimals);
  if (mean.count > 0) {
    text += "<span class=\"interval\">";
    if (mean.count > 1) text += "SD " + numberText(mean.sd, decimals) + ", ";
    text += "n " + std::to_string(mean.count) + "</span>";
  }
  return cell(text);
}

void differenceRows(std::ostream& out, const Comparison& comparison, std::size_t index) {
  const Measure& what = kMeasures.at(index);
  const MeasureComparison& measure = comparison.measures[index];
  const auto& repeats = comparison.cases.front().sessions;
  for (std::size_t j = 0; j < measure.differences.size(); ++j) {
    out << "<tr>" << (j == 0 ? nameCell(what) : "<td></td>");
    if (namesSessions(comparison)) out << cell(std::to_string(j + 2) + " − 1");
    out << meanCell(comparison.sessions[repeats[0]].measures[index], what.decimals)
        << meanCell(comparison.sessions[repeats[j + 1]].measures[index], what.decimals)
        << estimateCell(measure.differences[j], what.decimals) << "<td>" << verdict(measure.differences[j])
        << "</td>";
    if (hasErrors(comparison)) {
      if (j == 0)
        errorCells(out, measure.within, what.decimals);
      else
        out << "<td colspan=\"3\"></td>";
    }
    out << "</tr>\n";
  }
}

constexpr const char* kErrorHeads =
    R"(<th class="figure">SEM</th><th class="figure">MDC95</th><th class="figure">CV, %</th>)";

}  // namespace

void writeAgreement(std::ostream& out, const Comparison& comparison) {
  beginTable(out, "compared");
  out << heading("Measure", false);
  if (namesSessions(comparison)) out << heading("Sessions");
  for (const char* name :
       {"n", "Bias", "Lower limit of agreement", "Upper limit of agreement", "ICC(2,1)", "ICC(3,1)"})
    out << heading(name);
  out << kErrorHeads << "</tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < kMeasures.size(); ++i) agreementRows(out, comparison, i);
  out << R"(</tbody></table></div>
<p class="note">In small print: 95 % confidence intervals. n: subjects behind bias and limits; SEM: standard error of
measurement; MDC95: the smallest change of one subject that is not explained by it; CV: within subjects. Each is
explained below.</p>
)";
}

void writeDifferences(std::ostream& out, const Comparison& comparison) {
  beginTable(out, "compared");
  out << heading("Measure", false);
  if (namesSessions(comparison)) out << heading("Sessions");
  for (const char* name : {"First", "Later", "Difference"}) out << heading(name);
  out << heading("The difference is", false);
  if (hasErrors(comparison)) out << kErrorHeads;
  out << "</tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < kMeasures.size(); ++i) differenceRows(out, comparison, i);
  out << R"(</tbody></table></div>
<p class="note">Below a mean: standard deviation (SD) between its n contractions; below the others: 95 % confidence
intervals. There is no ICC and there are no limits of agreement: they cannot be told from one subject.</p>
)";
}

void writeSessions(std::ostream& out, const Comparison& comparison) {
  beginTable(out, "compared sessions");
  out << heading("Session", false) << heading("File", false) << heading("Contractions");
  for (std::size_t i = 0; i < kMeasures.size(); ++i) {
    const Measure& what = kMeasures.at(i);
    if (isMeasured(comparison.measures[i]))
      out << heading(std::string(what.name) + " <span class=\"unit\">" + what.unit + "</span>");
  }
  const auto columns = 3 + std::ranges::count_if(comparison.measures, isMeasured);
  out << "</tr></thead>\n<tbody>\n";
  for (const Case& repeated : comparison.cases) {
    out << "<tr class=\"case\"><td colspan=\"" << columns << "\">" << escapeHtml(nameOf(repeated))
        << "</td></tr>\n";
    for (std::size_t j = 0; j < repeated.sessions.size(); ++j) {
      const MeasuredSession& session = comparison.sessions[repeated.sessions[j]];
      out << "<tr><td>" << j + 1 << "</td><td class=\"file\">" << escapeHtml(nameOfFile(session.file))
          << "</td>"
          << cell(std::to_string(session.contractions) +
                  (session.doubtful > 0 ? " (" + std::to_string(session.doubtful) + " doubtful)" : ""));
      for (std::size_t i = 0; i < kMeasures.size(); ++i)
        if (isMeasured(comparison.measures[i]))
          out << cell(numberText(session.measures[i].mean, kMeasures.at(i).decimals));
      out << "</tr>\n";
    }
  }
  out << "</tbody></table></div>\n";
}

}  // namespace soleus
