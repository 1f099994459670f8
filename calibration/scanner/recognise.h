/// Which make a screen is of.
#pragma once

#include <string>
#include <vector>

#include "calibration/scanner/scanner_profile.h"

namespace soleus {

/// The one of `profiles` whose texts stand in `texts`, the lines read from a screen; null if none does, or
/// more than one. A text counts as whole words, in capitals or not, with or without the blanks that a reader
/// puts into words ("XBea m"). A hospital can bear a maker's name: the answer helps reading, it measures
/// nothing. Borrows from `profiles`.
const ScannerProfile* recognise(const std::vector<std::string>& texts,
                                const std::vector<ScannerProfile>& profiles);

}  // namespace soleus
