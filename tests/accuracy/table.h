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

/// Mean and standard deviation (of the population the sample stands for) of what is finite; NaN where too few
/// are.
struct Spread {
  double mean = 0;
  double sd = 0;
};
Spread spreadOf(const std::vector<ContractionScore>& scores, double ContractionScore::*value);

/// Half the width of the limits of agreement (Bland and Altman, Lancet 1986): 95 % of differences lie within.
inline double limitOfAgreement(double sd) {
  return 1.96 * sd;
}

/// Source and codec.
std::string sourceOf(const Row& row);

/// For a terminal.
void printTable(std::ostream& out, const std::vector<Row>& rows);
/// One line per contraction.
void writeCsv(std::ostream& out, const std::vector<Row>& rows);

}  // namespace soleus::accuracy
