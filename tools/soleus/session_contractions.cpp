#include "tools/soleus/session_contractions.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "pipeline/contraction/find_contractions.h"
#include "pipeline/dataset/add_to_session.h"
#include "pipeline/dataset/session_reader.h"

namespace soleus {
namespace {

/// What the wall filter hides: the fastest blood that a column without a velocity may hold. 0 if unknown.
double hiddenCmPerS(const std::vector<double>& peaks, const std::vector<double>& hidden) {
  double most = 0;
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    if (std::isnan(peaks[i]) && !std::isnan(hidden[i])) most = std::max(most, hidden[i]);
  }
  return most;
}

/// What contractions are found in.
struct Measured {
  VelocityTrace trace;
  double hiddenCmPerS = 0;
};

Result<Measured> measuredIn(const std::string& path) {
  const auto session = SessionReader::open(path);
  if (!session.ok()) return session.error();
  Measured measured;
  VelocityTrace& trace = measured.trace;
  std::vector<double> quality;
  std::vector<double> hidden;
  for (const auto& [name, column] :
       {std::pair{"/doppler/time", &trace.timeS}, std::pair{"/doppler/peak_velocity", &trace.peakCmPerS},
        std::pair{"/doppler/mean_velocity", &trace.meanCmPerS}, std::pair{"/doppler/quality", &quality},
        std::pair{"/doppler/mean_velocity_hidden", &hidden},
        std::pair{"/flow/volume_flow", &trace.flowMlPerMin}}) {
    if (!session.value()->has(name)) continue;
    auto values = session.value()->column(name);
    if (!values.ok()) return values.error();
    *column = std::move(values).value();
  }
  for (const auto* column : {&trace.peakCmPerS, &trace.meanCmPerS, &quality}) {
    if (column->size() == trace.timeS.size()) continue;
    return Error{ErrorKind::kBadInput, path, "the columns of /doppler differ in length",
                 std::to_string(column->size()) + " values", std::to_string(trace.timeS.size())};
  }
  if (hidden.size() != trace.timeS.size()) hidden.clear();
  if (trace.flowMlPerMin.size() != trace.timeS.size()) trace.flowMlPerMin.clear();
  for (const double flags : quality) trace.quality.push_back(static_cast<std::uint8_t>(flags));
  measured.hiddenCmPerS = hiddenCmPerS(trace.peakCmPerS, hidden);
  return measured;
}

}  // namespace

Status addContractionsOf(const std::string& path) {
  const auto measured = measuredIn(path);
  if (!measured.ok()) return measured.error();
  if (measured.value().trace.timeS.empty()) return Done{};
  return addContractions(path, findContractions(measured.value().trace, measured.value().hiddenCmPerS));
}

}  // namespace soleus
