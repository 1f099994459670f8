/// What the rows found in legs got wrong, against the true ones.
#pragma once

#include <functional>
#include <ostream>
#include <vector>

#include "pipeline/core/contraction.h"

namespace soleus::accuracy {

/// A row that was found, and how well it says that it is known.
struct Found {
  Contraction row;
  ContractionUncertainty uncertainty;
};

/// A true contraction, and what was found for it.
struct Pair {
  Contraction truth;
  Contraction found;
  ContractionUncertainty uncertainty;
};

struct PumpScore {
  int truths = 0;
  int invented = 0;  ///< rows of a quality of at least 0.5 that are nobody's
  std::vector<Pair> pairs;

  /// Adds a leg. A row belongs to a true contraction whose onset lies within 0.3 s of its own and whose
  /// quality is at least 0.5: one that is doubted is not counted as found.
  void add(const std::vector<Contraction>& truths, const std::vector<Found>& found);
};

/// Errors in percent (of the truth) or in ms, median and 95th percentile of their size and their mean; how
/// often reflux beyond either cut-off was told right where it is 0.1 s away from it.
void printPumpTable(std::ostream& out, const PumpScore& score);

/// All columns of both rows of each pair, named true_COLUMN and COLUMN.
void writePumpCsv(std::ostream& out, const PumpScore& score);

}  // namespace soleus::accuracy
