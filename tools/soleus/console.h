/// How the program talks to a person: exit codes, one-sentence errors, progress.
#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "pipeline/core/result.h"

namespace soleus {

/// The public exit code of an error: 2 usage, 3 bad input, 4 source, 5 storage, 6 verification.
int exitCodeOf(ErrorKind kind);

/// Prints "soleus: SENTENCE" on standard error and gives the exit code.
int report(const Error& error);

/// Prints results on standard output. Bytes that are not UTF-8, as a file's name may hold, become U+FFFD.
void printJson(const nlohmann::json& results);

/// A line for a person on standard error, above that of the progress; on a terminal with its bell where
/// `ring`.
void say(const std::string& line, bool ring);

/// A line on standard error that is rewritten in place; silent where standard error is not a terminal.
class Progress {
 public:
  Progress();
  ~Progress();  ///< ends the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  /// `doneS` and `totalS` are seconds of recording; totalS <= 0 where the length is unknown.
  void show(const std::string& what, double doneS, double totalS);

 private:
  const bool terminal_;
  bool shown_ = false;
  const std::chrono::steady_clock::time_point start_;
};

}  // namespace soleus
