/// Which datasets of a session file grow together.
#pragma once

#include <string>
#include <vector>

#include "pipeline/dataset/h5.h"

namespace soleus {

/// Datasets that have a row each for one moment or one entry: the columns of a table and of the tables that
/// share its rows.
struct SessionRows {
  std::vector<std::string> columns;     ///< absolute paths
  std::vector<std::string> increasing;  ///< of these: each row above the one before
  std::vector<std::string> notBack;     ///< of these: no row below the one before
  std::vector<std::string> positive;    ///< of these: every row above 0
  std::vector<std::string> finite;      ///< of these: no row without a number
  std::string timeS;                    ///< of these: times in seconds on the session clock; may be empty
};

/// All of them in the file; volume flow goes with the spectral columns that it comes from, signals go with
/// their stream. Throws h5::Failure.
std::vector<SessionRows> sessionRows(hid_t file);

}  // namespace soleus
