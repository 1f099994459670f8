/// Scores of many recordings, put together: the benchmark's table and its CSV.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "tests/accuracy/accuracy_case.h"
#include "tests/accuracy/score.h"

namespace soleus::accuracy {

/// The scores that one estimator reached on the seeds of one kind of recording.
struct Row {
  AccuracyCase kind;  ///< its seed says nothing
  std::string estimator;
  std::vector<ContractionScore> scores;
};

/// Mean and standard deviation of what is finite; NaN of nothing.
struct Spread {
  double mean = 0;
  double sd = 0;
};
Spread spreadOf(const std::vector<ContractionScore>& scores, double ContractionScore::*value);

/// For a terminal.
void printTable(std::ostream& out, const std::vector<Row>& rows);
/// One line per contraction.
void writeCsv(std::ostream& out, const std::vector<Row>& rows);

}  // namespace soleus::accuracy
