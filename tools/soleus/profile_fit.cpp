#include "tools/soleus/profile_fit.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "pipeline/core/velocity_axis.h"
#include "pipeline/dataset/session_reader.h"
#include "pipeline/doppler/zero_line.h"

namespace soleus {
namespace {

// Of the recording: with the right profile, all of it is read.
constexpr double kLeastShare = 0.01;
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

Error nothingTimed(Display display, const std::string& profileName) {
  const bool scroll = display == Display::kScroll;
  return {ErrorKind::kBadInput, profileName + ", doppler",
          "next to no spectrum could be read from this video",
          scroll ? "a strip that does not scroll" : "a strip that no bar crosses",
          scroll ? "the spectrum alone in 'region', or 'display: sweep'"
                 : "the spectrum alone in 'region', or 'display: scroll'"};
}

/// Row of the picture that lies `index` along the velocity axis, continuous.
double rowAt(const DopplerCalibration& doppler, double index) {
  const int whole = std::clamp(static_cast<int>(index), 0, doppler.region.height - 1);
  const double within = index - whole;
  return doppler.region.y + rowOfAxisIndex(doppler, whole) +
         (doppler.towardHeart == Side::kUp ? 1 - within : within);
}

}  // namespace

Status checkProfileFit(const std::string& session, const DopplerCalibration& doppler, double lastedS,
                       const std::string& profileName) {
  const auto reader = SessionReader::open(session);
  if (!reader.ok()) return reader.error();
  const auto times = reader.value()->column("/doppler/time");
  if (!times.ok()) return times.error();
  const std::size_t columns = times.value().size();
  if (static_cast<double>(columns) * doppler.secondsPerPixel < kLeastShare * lastedS)
    return nothingTimed(doppler.display, profileName);
  const auto grey = reader.value()->spectrumRows(0, std::min(columns, kColumns));
  if (!grey.ok()) return grey.error();
  const auto line = drawnZeroLine(grey.value());
  if (!line) return Done{};
  const double row = rowAt(doppler, *line);
  if (std::abs(row - doppler.baselineRow) <= kMostApartPx) return Done{};
  return Error{ErrorKind::kBadInput, profileName + ", doppler.baseline_row",
               "the profile does not fit the picture: zero velocity is drawn elsewhere",
               rowText(doppler.baselineRow) + ", and a line along row " + rowText(row),
               "the row of that line"};
}

}  // namespace soleus
