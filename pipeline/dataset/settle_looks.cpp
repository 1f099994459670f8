#include "pipeline/dataset/settle_looks.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "pipeline/dataset/append_dataset.h"
#include "pipeline/dataset/h5_read.h"
#include "pipeline/dataset/verify_velocities.h"

namespace soleus {
namespace {

// A look is replaced or taken back within a second; where a sweep is blank, within one of its laps, of
// which the slowest scanners take this long.
constexpr double kLookS = 20;

/// Replaces the rows of a column from `first` on.
template <class Number>
void rewrite(hid_t file, const std::string& path, std::size_t first, const std::vector<double>& values) {
  AppendDataset dataset(file, path);
  dataset.takeBack(values.size() - first);
  for (std::size_t i = first; i < values.size(); ++i) dataset.push(static_cast<Number>(values[i]));
  dataset.flush();
}

}  // namespace

void settleLooks(hid_t file) {
  if (!h5::exists(file, "/doppler/time")) return;
  const auto read = [&](const char* path) { return h5::Dataset(file, path).numbers(); };
  const std::vector<double> timeS = read("/doppler/time");
  if (timeS.empty()) return;
  const auto first =
      static_cast<std::size_t>(std::ranges::lower_bound(timeS, timeS.back() - kLookS) - timeS.begin());
  if (h5::exists(file, "/flow/time")) rewrite<double>(file, "/flow/time", first, timeS);

  constexpr const char* kVelocities[] = {"/doppler/peak_velocity", "/doppler/peak_velocity_forward",
                                         "/doppler/peak_velocity_reverse", "/doppler/mean_velocity"};
  std::vector<std::vector<double>> columns;
  for (const char* path : kVelocities) columns.push_back(read(path));
  const double slackCmPerS =
      h5::exists(file, "/doppler/velocity") ? meanSlackCmPerS(read("/doppler/velocity")) : 0;
  bool changed = false;
  for (std::size_t i = first; i < timeS.size(); ++i) {
    const double peak = columns[0][i];
    const double forward = columns[1][i];
    const double reverse = columns[2][i];
    if (peakIsOfADirection(peak, forward, reverse) &&
        meanIsWithin(columns[3][i], forward, reverse, slackCmPerS))
      continue;
    for (auto& column : columns) column[i] = std::numeric_limits<double>::quiet_NaN();
    changed = true;
  }
  if (!changed) return;
  for (std::size_t k = 0; k < columns.size(); ++k) rewrite<float>(file, kVelocities[k], first, columns[k]);
}

}  // namespace soleus
