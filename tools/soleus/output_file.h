/// An output that appears whole or not at all.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pipeline/core/result.h"

namespace soleus {

/// Reserves `path` for a file that is written under another name beside it and renamed when it is whole.
/// What was not kept is removed.
class OutputFile {
 public:
  /// The checks of checkOutput() come first.
  static Result<std::unique_ptr<OutputFile>> reserve(const std::string& path, bool force,
                                                     const std::vector<std::string>& inputs);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Where to write meanwhile: in the same folder, with the same ending.
  [[nodiscard]] const std::string& temporaryPath() const { return temporary_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  /// An error of whoever writes the temporary file, with the name that the user knows.
  [[nodiscard]] Error named(Error error) const;
  /// Gives the whole file its name. Errors: kBadInput if something of that name has appeared meanwhile,
  /// unless it was reserved with `force`; kStorage.
  Status keep();

 private:
  friend Status keepAll(const std::vector<OutputFile*>& files);
  OutputFile(std::string path, std::string temporary, bool force)
      : path_(std::move(path)), temporary_(std::move(temporary)), force_(force) {}
  void takeBack();
  const std::string path_;
  const std::string temporary_;
  const bool force_;
  bool kept_ = false;
};

/// Keeps all of the files, or none if one of them cannot be kept. Errors as of keep().
Status keepAll(const std::vector<OutputFile*>& files);

/// Whether `path` can become an output. Errors: kBadInput if it is one of `inputs` (also by another name, and
/// with `force` too), exists and not `force`, or is a session that is being recorded; kStorage if its folder
/// cannot be written.
Status checkOutput(const std::string& path, bool force, const std::vector<std::string>& inputs);

}  // namespace soleus
