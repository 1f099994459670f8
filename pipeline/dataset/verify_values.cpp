#include "pipeline/dataset/verify_values.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include "pipeline/dataset/h5_attribute.h"
#include "pipeline/dataset/h5_read.h"

namespace soleus {

namespace {

/// Earliest and latest time of what was measured; nothing if nothing has times.
std::optional<std::pair<double, double>> sessionSpan(const Examination& examination) {
  double first = std::numeric_limits<double>::infinity();
  double last = -first;
  const auto widen = [&](const std::string& path, double unitS) {
    for (const double time : readColumn(examination, path).value_or(std::vector<double>{})) {
      if (!std::isfinite(time)) continue;
      first = std::min(first, time * unitS);
      last = std::max(last, time * unitS);
    }
  };
  widen("/doppler/time", 1);
  widen("/vessel/time", 1);
  for (const std::string& name : h5::members(examination.file(), "/signals")) {
    widen("/signals/" + name + "/time", 1);
  }
  for (const std::string& name : h5::members(examination.file(), "/streams")) {
    widen("/streams/" + name + "/session_time_ns", 1e-9);
  }
  if (first > last) return std::nullopt;
  return std::pair{first, last};
}

/// The attributes `received`, `written` and `dropped_CAUSE` of a stream.
std::map<std::string, double> readTotals(const Examination& examination, const std::string& group) {
  std::map<std::string, double> totals;
  const h5::Handle object(H5Oopen(examination.file(), group.c_str(), H5P_DEFAULT), H5Oclose, "cannot open",
                          group);
  for (const std::string& name : h5::attributeNames(object.id())) {
    if (name != "received" && name != "written" && !name.starts_with("dropped_")) continue;
    const auto values = h5::readNumbers(object.id(), name.c_str());
    if (values && values->size() == 1) totals[name] = values->front();
  }
  return totals;
}

void checkBalance(Examination& examination, const std::string& group,
                  const std::map<std::string, double>& totals) {
  for (const char* name : {"received", "written"}) {
    if (totals.contains(name)) continue;
    return examination.add(group, "attribute '" + std::string(name) + "' is missing or not a number");
  }
  double dropped = 0;
  for (const auto& [name, count] : totals) {
    if (count < 0) {
      examination.add(group, "attribute '" + name + "' is " + numberText(count) + ", expected a count");
    }
    if (name.starts_with("dropped_")) dropped += count;
  }
  if (totals.at("received") != totals.at("written") + dropped) {
    examination.add(group, "does not balance: received " + numberText(totals.at("received")) + ", written " +
                               numberText(totals.at("written")) + " + dropped " + numberText(dropped));
  }
  const auto entries = readColumn(examination, group + "/sequence");
  if (entries && totals.at("written") != static_cast<double>(entries->size())) {
    examination.add(group, "attribute 'written' is " + numberText(totals.at("written")) + ", expected " +
                               std::to_string(entries->size()) + " as in " + group + "/sequence");
  }
}

void checkGaps(Examination& examination, const std::string& group,
               const std::map<std::string, double>& totals) {
  const std::string gaps = group + "/gaps";
  const auto start = readColumn(examination, gaps + "/start_s");
  const auto end = readColumn(examination, gaps + "/end_s");
  const auto count = readColumn(examination, gaps + "/count");
  if (!start || !end || !count || !h5::exists(examination.file(), gaps + "/cause")) return;
  const auto cause = h5::Dataset(examination.file(), gaps + "/cause").texts();
  const std::size_t rows = std::min({start->size(), end->size(), count->size(), cause.size()});
  std::map<std::string, double> missing;
  for (std::size_t i = 0; i < rows; ++i) {
    if (!((*start)[i] <= (*end)[i])) {
      examination.add(gaps, "ends before it starts" + atEntry(i) + ": " + numberText((*start)[i]) + " s to " +
                                numberText((*end)[i]) + " s");
    }
    if (!((*count)[i] > 0)) {
      examination.add(gaps + "/count", "is " + numberText((*count)[i]) + atEntry(i) + ", expected above 0");
    }
    if (cause[i].empty()) examination.add(gaps + "/cause", "is empty" + atEntry(i));
    missing["dropped_" + cause[i]] += (*count)[i];
  }
  // A gap may also tell of what the source never delivered, which no total counts.
  for (const auto& [name, sum] : missing) {
    if (!totals.contains(name) || sum <= totals.at(name)) continue;
    examination.add(gaps, "list " + numberText(sum) + " losses, more than " + numberText(totals.at(name)) +
                              " in '" + name + "' of " + group);
  }
}

}  // namespace

void checkIncreasing(Examination& examination, const std::string& path) {
  examination.examine(path, [&] {
    const auto values = readColumn(examination, path);
    if (!values) return;
    for (std::size_t i = 0; i < values->size(); ++i) {
      if (!std::isfinite((*values)[i])) return examination.add(path, "is not finite" + atEntry(i));
      if (i == 0 || (*values)[i] > (*values)[i - 1]) continue;
      return examination.add(path, "does not increase" + atEntry(i) + ": " + numberText((*values)[i]) +
                                       " after " + numberText((*values)[i - 1]));
    }
  });
}

void checkRange(Examination& examination, const std::string& path, double low, double high) {
  examination.examine(path, [&] {
    const auto values = readColumn(examination, path);
    if (!values) return;
    for (std::size_t i = 0; i < values->size(); ++i) {
      const double value = (*values)[i];
      if (std::isnan(value) || (value >= low && value <= high)) continue;
      return examination.add(path, "is " + numberText(value) + atEntry(i) + ", expected " + numberText(low) +
                                       " to " + numberText(high));
    }
  });
}

void checkFinite(Examination& examination, const std::string& path) {
  examination.examine(path, [&] {
    const auto values = readColumn(examination, path);
    if (!values) return;
    const auto found = std::ranges::find_if(*values, [](double value) { return std::isinf(value); });
    if (found == values->end()) return;
    examination.add(path, "is infinite" + atEntry(static_cast<std::size_t>(found - values->begin())) +
                              ", expected a number or NaN");
  });
}

void checkLumen(Examination& examination) {
  // More than the rounding of float32, less than any confusion of units or of radius and diameter makes.
  constexpr double kShare = 0.01;
  examination.examine("/vessel/area", [&] {
    const auto diameter = readColumn(examination, "/vessel/diameter");
    const auto area = readColumn(examination, "/vessel/area");
    if (!diameter || !area) return;
    for (std::size_t i = 0; i < std::min(diameter->size(), area->size()); ++i) {
      const double circle = std::numbers::pi / 4.0 * (*diameter)[i] * (*diameter)[i];
      // A longitudinal view gives a diameter alone.
      if (!std::isfinite(circle) || !std::isfinite((*area)[i])) continue;
      if (std::abs((*area)[i] - circle) <= kShare * circle) continue;
      return examination.add("/vessel/area", "is " + numberText((*area)[i]) + " mm2" + atEntry(i) +
                                                 ", expected " + numberText(circle) +
                                                 " mm2, the circle of /vessel/diameter");
    }
  });
}

void checkContractions(Examination& examination) {
  // A contraction that the end of the recording cuts may be known to end a little after it.
  constexpr double kSlackS = 1.0;
  examination.examine("/contractions", [&] {
    const auto span = sessionSpan(examination);
    std::vector<double> before;
    std::string beforeName;
    for (const char* name : {"onset_s", "flow_onset_s", "peak_s", "end_s"}) {
      const std::string path = std::string("/contractions/") + name;
      if (span) checkRange(examination, path, span->first - kSlackS, span->second + kSlackS);
      const auto times = readColumn(examination, path);
      // onset_s may come from another signal, on either side of the flow's onset.
      if (!times || path.ends_with("/onset_s")) continue;
      for (std::size_t i = 0; i < std::min(before.size(), times->size()); ++i) {
        if (!(before[i] > (*times)[i])) continue;
        examination.add(path, "is before " + beforeName + atEntry(i) + ": " + numberText((*times)[i]) +
                                  " s and " + numberText(before[i]) + " s");
      }
      before = *times;
      beforeName = name;
    }
  });
}

void checkStream(Examination& examination, const std::string& group) {
  checkIncreasing(examination, group + "/sequence");
  examination.examine(group, [&] {
    const auto totals = readTotals(examination, group);
    checkBalance(examination, group, totals);
    checkGaps(examination, group, totals);
  });
}

}  // namespace soleus
