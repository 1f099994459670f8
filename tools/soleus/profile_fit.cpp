#include "tools/soleus/profile_fit.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "pipeline/core/velocity_axis.h"
#include "pipeline/dataset/session_reader.h"
#include "pipeline/doppler/zero_line.h"

namespace soleus {
namespace {

// Enough to tell a line, and before anybody moves it, as a rule.
constexpr std::size_t kColumns = 1000;
// A line drawn on a whole row, read off a screen by eye, is known to a pixel or two.
constexpr double kMostApartPx = 3;

std::string rowText(double row) {
  std::ostringstream text;
  text.precision(1);
  text << std::fixed << row;
  return text.str();
}

}  // namespace

Status checkBaseline(const std::string& session, const DopplerCalibration& doppler,
                     const std::string& profileName) {
  const auto reader = SessionReader::open(session);
  if (!reader.ok()) return reader.error();
  const auto times = reader.value()->column("/doppler/time");
  if (!times.ok()) return times.error();
  const auto grey = reader.value()->spectrumRows(0, std::min(times.value().size(), kColumns));
  if (!grey.ok()) return grey.error();
  const auto line = drawnZeroLine(grey.value());
  if (!line) return Done{};
  const int index = std::clamp(static_cast<int>(*line), 0, doppler.region.height - 1);
  const double within = *line - index;
  const double row = doppler.region.y + rowOfAxisIndex(doppler, index) +
                     (doppler.towardHeart == Side::kUp ? 1 - within : within);
  if (std::abs(row - doppler.baselineRow) <= kMostApartPx) return Done{};
  return Error{ErrorKind::kBadInput, profileName + ", doppler.baseline_row",
               "the profile does not fit the picture: zero velocity is drawn elsewhere",
               rowText(doppler.baselineRow) + ", and a line along row " + rowText(row),
               "the row of that line"};
}

}  // namespace soleus
