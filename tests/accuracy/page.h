/// The benchmark's result as one page that needs no network and no script.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "tests/accuracy/table.h"

namespace soleus::accuracy {

/// `recordings`: which seeds were drawn, in words. Charts of the peak and VTI errors against the
/// signal-to-noise ratio for each kind of recording, and the table of all numbers.
void writePage(std::ostream& out, const std::vector<Row>& rows, const std::string& recordings);

}  // namespace soleus::accuracy
