#include "pipeline/dataset/verify_times.h"

#include <algorithm>

#include "pipeline/dataset/h5_read.h"

namespace soleus {

namespace {

constexpr const char* kDopplerTime = "/doppler/time";
constexpr const char* kFlowTime = "/flow/time";

/// Median step of /doppler/time, which gaps don't stretch; 0 without columns.
double columnStepS(Examination& examination) {
  double stepS = 0;
  examination.examine(kDopplerTime, [&] {
    const auto times = readColumn(examination, kDopplerTime);
    if (!times || times->size() < 2) return;
    std::vector<double> steps;
    for (std::size_t i = 1; i < times->size(); ++i) {
      const double step = (*times)[i] - (*times)[i - 1];
      if (step > 0) steps.push_back(step);  // another is reported as not increasing, as is NaN
    }
    if (steps.empty()) return;
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::ranges::nth_element(steps, middle);
    stepS = *middle;
  });
  return stepS;
}

/// `unitS`: seconds of one unit of the column.
void checkBeginning(Examination& examination, const std::string& path, double unitS, double slackS) {
  examination.examine(path, [&] {
    const auto times = readColumn(examination, path);
    if (!times) return;
    for (std::size_t i = 0; i < times->size(); ++i) {
      const double timeS = (*times)[i] * unitS;
      if (!(timeS < -slackS)) continue;
      return examination.add(path, "is " + numberText(timeS) + " s" + atEntry(i) +
                                       ", expected none before 0, the session's first sample");
    }
  });
}

}  // namespace

void checkSessionClock(Examination& examination) {
  // The first column may be drawn while the first frame is on its way.
  const double slackS = columnStepS(examination);
  for (const char* path : {kDopplerTime, "/vessel/time", kFlowTime, "/events/time"}) {
    checkBeginning(examination, path, 1, slackS);
  }
  for (const std::string& name : h5::members(examination.file(), "/signals")) {
    checkBeginning(examination, "/signals/" + name + "/time", 1, slackS);
  }
  for (const std::string& name : h5::members(examination.file(), "/streams")) {
    const std::string group = "/streams/" + name;
    checkBeginning(examination, group + "/session_time_ns", 1e-9, slackS);
    checkBeginning(examination, group + "/gaps/start_s", 1, slackS);
  }
}

void checkFlowTimes(Examination& examination) {
  examination.examine(kFlowTime, [&] {
    const auto flow = readColumn(examination, kFlowTime);
    const auto doppler = readColumn(examination, kDopplerTime);
    if (!flow || !doppler) return;
    if (flow->size() != doppler->size()) {
      return examination.add(kFlowTime, "has " + std::to_string(flow->size()) + " entries, expected " +
                                            std::to_string(doppler->size()) + " as in " + kDopplerTime);
    }
    const auto [mine, theirs] = std::ranges::mismatch(*flow, *doppler);
    if (mine == flow->end()) return;
    examination.add(kFlowTime, "is " + numberText(*mine) +
                                   atEntry(static_cast<std::size_t>(mine - flow->begin())) + ", expected " +
                                   numberText(*theirs) + " as in " + kDopplerTime);
  });
}

void checkNotBackwards(Examination& examination, const std::string& path) {
  examination.examine(path, [&] {
    const auto values = readColumn(examination, path);
    if (!values) return;
    for (std::size_t i = 1; i < values->size(); ++i) {
      if (!((*values)[i] < (*values)[i - 1])) continue;
      return examination.add(path, "steps back" + atEntry(i) + ": " + numberText((*values)[i]) + " after " +
                                       numberText((*values)[i - 1]));
    }
  });
}

}  // namespace soleus
