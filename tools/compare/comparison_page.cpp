#include "tools/compare/comparison_page.h"

#include <cmath>
#include <string>

#include "tools/compare/bland_altman_plot.h"
#include "tools/compare/comparison_tables.h"
#include "tools/compare/comparison_words.h"
#include "tools/report/html.h"
#include "tools/report/resources.h"

namespace soleus {
namespace {

constexpr const char* kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Soleus: repeated sessions</title>
<style>{{PAGE_CSS}}</style>
<style>
.scroll { overflow-x: auto; }
.compared th { vertical-align: bottom; overflow-wrap: normal; }
.compared td { overflow-wrap: normal; }
.compared td.figure, .compared th.figure { padding-right: 1rem; }
.compared th.figure { white-space: normal; }
.compared .interval { display: block; font-size: .85em; color: var(--soft); }
.compared .unit { font-weight: 400; color: var(--soft); white-space: nowrap; }
.compared td.words { color: var(--soft); }
.compared td.file { white-space: nowrap; }
.compared tr.left-out td { color: var(--soft); font-size: .93em; padding-top: 0; white-space: normal; }
.compared tr.before-left-out td { border-bottom: 0; }
.sessions { font-size: .8rem; }
.sessions tr.case td { border-bottom: 0; padding: .5rem 0 0; font-weight: 600; }
.sessions td, .sessions th { padding-right: .6rem; }
.sessions td.figure, .sessions th.figure { padding-right: .6rem; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 14px 28px; }
figure { margin: 0; break-inside: avoid; }
figure h3 { margin: .6rem 0 .1rem; font-size: 1rem; }
figure svg { width: 100%; height: auto; font: 12px system-ui, "Segoe UI", Roboto, Arial, sans-serif; }
figure svg text { fill: var(--ink); }
figcaption { font-size: .87rem; color: var(--soft); }
dt { font-weight: 600; margin-top: .5rem; }
dd { margin: 0 0 0 1.2rem; max-width: 62rem; }
@media (max-width: 900px) {
  .compared { font-size: .78rem; }
  .compared td.figure, .compared th.figure { padding-right: .5rem; }
  .compared .interval { white-space: normal; }
  .sessions { font-size: .68rem; }
  .sessions td.figure, .sessions th.figure { padding-right: .3rem; }
  .compared td.file { white-space: normal; }
}
@media print {
  .scroll { overflow: visible; }
  .compared { font-size: 9px; }
  .sessions { font-size: 7.5px; }
  .compared td.figure, .compared th.figure { padding-right: 6px; }
  .compared .interval { white-space: normal; }
  .plots { grid-template-columns: 1fr 1fr; }
}
</style>
</head>
<body>
)";

constexpr const char* kReadStudy = R"(
<dt>Bias</dt><dd>Mean of the later session's values less those of the first. If its interval holds 0, no change
from session to session was shown.</dd>
<dt>Limits of agreement</dt><dd>Between them lie about 95 % of the differences of two sessions of one subject: bias
∓ 1.96 standard deviations of the differences (Bland and Altman, Lancet 1986;1:307; Stat Methods Med Res 1999;8:135).
Their intervals are exact for normal differences (Carkeet, Optom Vis Sci 2015;92:e71). If the points open out
to the right, errors grow with the value, and the limits hold for the middle only.</dd>
<dt>ICC(2,1) and ICC(3,1)</dt><dd>Intraclass correlations: the share of the variance that is between subjects, 1 where
sessions agree without error. ICC(2,1), absolute agreement, counts a bias between sessions as error; ICC(3,1),
consistency, does not (Shrout and Fleiss, Psychol Bull 1979;86:420; intervals: McGraw and Wong, Psychol Methods
1996;1:30). Subjects who differ much raise it: it belongs to the group that was measured.</dd>)";

constexpr const char* kReadOne = R"(
<dt>Difference</dt><dd>The later session's mean less that of the first, with a 95 % interval from the scatter of the
contractions in either session (Welch, Biometrika 1947;34:28) and from the measurement's own uncertainty where
the session states it. An interval without 0 says that the two series of contractions differ by more than their
uncertainty. It does not say that the leg has changed: a probe placed anew, another angle and another day move a
session as a whole, and how much only repeated sessions of several subjects can tell. Of so many measures, now and then
one is larger by chance.</dd>
<dt>What one subject cannot tell</dt><dd>The intraclass correlation (ICC) compares how subjects differ with how the sessions
of one subject differ, and limits of agreement describe the differences of many subjects: neither can be told from one.</dd>)";

constexpr const char* kReadErrors = R"(
<dt>SEM</dt><dd>Standard error of measurement: how far one session lies from a subject's mean (1 SD), bias included;
the square root of the mean square within subjects.</dd>
<dt>MDC95</dt><dd>Minimal detectable change, 1.96 · √2 · SEM: two sessions of an unchanged subject differ by more once in
twenty times (Weir, J Strength Cond Res 2005;19:231).</dd>
<dt>CV</dt><dd>Within-subject coefficient of variation: SEM over the mean (Quan and Shih, Biometrics 1996;52:1195).</dd>)";

constexpr const char* kReadValues = R"(
<dt>Values</dt><dd>Each session gives one value per measure: the mean over its contractions that count (quality of at
least 0.5), as in its report; the pump's are of the series as a whole. Sessions of one subject, limb and condition are
repeats, in the order in which they were given. In small print: 95 % confidence intervals. They hold for values
that are about normally distributed; where many are 0, as without reflux, they do not. “–” is not known.</dd>)";

void writeHeader(std::ostream& out, const Comparison& comparison) {
  const bool isOne = comparison.cases.size() == 1;
  out << "<header>\n<p class=\"kicker\">Soleus · repeated sessions</p>\n<h1>"
      << (isOne ? "Do the sessions differ?" : "How well do the measures repeat?") << "</h1>\n<p>"
      << (isOne ? escapeHtml(nameOf(comparison.cases.front())) + ": " : "") << countOf(comparison)
      << "</p>\n<p class=\"note\">Research software: not for diagnosis.</p>\n</header>\n";
  for (const std::string& note : comparison.notes)
    out << "<p class=\"warning\">" << escapeHtml(note) << "</p>\n";
}

void writePlot(std::ostream& out, const Comparison& comparison, std::size_t index, std::size_t session) {
  const Measure& what = kMeasures.at(index);
  const MeasureComparison& measure = comparison.measures[index];
  BlandAltmanPlot plot;
  plot.title = what.name;
  plot.unit = what.unit;
  plot.decimals = what.decimals;
  plot.session = session + 1;
  plot.agreement = measure.agreement[session - 1];
  for (std::size_t i = 0; i < measure.values.size(); ++i) {
    const auto& row = measure.values[i];
    if (row.size() > session && std::isfinite(row[session] - row[0]))
      plot.pairs.push_back({nameOf(comparison.cases[i]), row[0], row[session]});
  }
  out << "<figure>\n<h3>" << what.name;
  if (measure.agreement.size() > 1) out << ", session " << session + 1 << " against session 1";
  out << "</h3>\n";
  drawBlandAltman(out, plot);
  out << "</figure>\n";
}

void writePlots(std::ostream& out, const Comparison& comparison) {
  out << "<section><h2>Bland–Altman plots</h2>\n<p class=\"note\">A point for each subject: how far two "
         "sessions "
         "differ, against their mean. Blue line: bias; dashed: 95 % limits of agreement; the bands are their "
         "95 % confidence intervals, cut off where they reach far beyond the points.</p>\n<div "
         "class=\"plots\">\n";
  for (std::size_t i = 0; i < kMeasures.size(); ++i) {
    const auto& agreement = comparison.measures[i].agreement;
    for (std::size_t j = 0; j < agreement.size(); ++j)
      if (agreement[j].count > 1) writePlot(out, comparison, i, j + 1);
  }
  out << "</div></section>\n";
}

}  // namespace

Status writeComparisonPage(const Comparison& comparison, std::ostream& out) {
  const bool isOne = comparison.cases.size() == 1;
  fillTemplate(out, kHead, {{"PAGE_CSS", resources::page_css}});
  writeHeader(out, comparison);
  out << "<main>\n<section><h2>" << (isOne ? "Differences" : "Agreement and reliability") << "</h2>\n";
  if (isOne)
    writeDifferences(out, comparison);
  else
    writeAgreement(out, comparison);
  out << "</section>\n";
  if (!isOne) writePlots(out, comparison);
  out << "<section><h2>How to read this page</h2>\n<dl>" << (isOne ? kReadOne : kReadStudy)
      << (hasErrors(comparison) ? kReadErrors : "") << kReadValues
      << "</dl></section>\n<section><h2>The sessions</h2>\n";
  writeSessions(out, comparison);
  out << "</section>\n</main>\n<footer><p><strong>Research software, not a medical device: not for diagnosis "
         "or "
         "treatment.</strong> This page is complete in itself and loads nothing from a "
         "network.</p></footer>\n"
         "</body>\n</html>\n";
  out.flush();
  if (!out) return Error{ErrorKind::kStorage, "comparison", "could not be written", "", ""};
  return Done{};
}

}  // namespace soleus
