/// Makes a session readable again that a killed writer left open.
#pragma once

#include <cstddef>
#include <string>

#include "pipeline/core/result.h"

namespace soleus {

/// What a repair kept and what it had to cut.
struct Repair {
  double lastS = 0;         ///< newest time that was kept, on the session clock
  std::size_t rowsCut = 0;  ///< rows that not all columns of their table had
};

/// Mends the file at `path` in place, which must be a copy: takes the writer's marks off, cuts each table to
/// the rows that all of its columns have, counts the streams' totals anew from what is kept and from the
/// listed gaps, sets the status to `repaired` and adds an event at the end of what was kept. All that was
/// flushed stays. What a stream lost without a gap in its list (doubled lines of a board) is not in its
/// totals.
///
/// A damaged file may keep HDF5 busy without end: call it where it can be stopped.
/// Errors: kBadInput if it is no session, or has ended by itself (status `complete`, `interrupted`,
/// `repaired`), or is damaged; kStorage if it cannot be written. The copy is then of no use.
Result<Repair> repairSession(const std::string& path);

}  // namespace soleus
