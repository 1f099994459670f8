#include "tools/report/report.h"

#include "tools/report/chart_data.h"
#include "tools/report/headlines.h"
#include "tools/report/html.h"
#include "tools/report/measures.h"
#include "tools/report/resources.h"
#include "tools/report/summary.h"

namespace soleus {

Status writeReport(const SessionReader& session, const std::string& sourceName, std::ostream& out) {
  auto summary = reportSummary(session);
  if (!summary.ok()) return summary.error();
  auto data = chartData(session);
  if (!data.ok()) return data.error();

  const std::string title = escapeHtml("Soleus report: " + sourceName);
  summary.value()["source_name"] = sourceName;
  summary.value()["headlines"] = nlohmann::json::array();
  for (const Headline& line : headlines(summary.value()))
    summary.value()["headlines"].push_back({{"name", line.name},
                                            {"value", line.value},
                                            {"unit", line.unit},
                                            {"detail", line.detail},
                                            {"marked", line.marked},
                                            {"quality", line.quality}});
  for (const Measure& measure : kContractionMeasures)
    summary.value()["measures"][measure.key] = {
        {"name", measure.name},
        {"unit", measure.unit},
        {"decimals", measure.decimals},
        {"uncertainty", measure.uncertainty == nullptr ? nlohmann::json(nullptr) : measure.uncertainty}};
  const std::string summaryJson = scriptJson(summary.value());
  const std::string dataJson = scriptJson(data.value());
  data.value().clear();
  fillTemplate(out, resources::page_html,
               {{"TITLE", title},
                {"DYGRAPHS_CSS", resources::dygraphs_css},
                {"PAGE_CSS", resources::page_css},
                {"SUMMARY_JSON", summaryJson},
                {"CHARTS_JSON", dataJson},
                {"DYGRAPHS_JS", resources::dygraphs_js},
                {"DYGRAPHS_SYNC_JS", resources::dygraphs_sync_js},
                {"PAGE_PAINT_JS", resources::page_paint_js},
                {"PAGE_CHARTS_JS", resources::page_charts_js},
                {"PAGE_JS", resources::page_js}});
  out.flush();
  if (!out) return Error{ErrorKind::kStorage, "report", "could not be written", "", ""};
  return Done{};
}

}  // namespace soleus
