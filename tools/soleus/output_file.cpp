#include "tools/soleus/output_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace soleus {
namespace fs = std::filesystem;
namespace {

void replaceAll(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

Status checkOutput(const std::string& path, bool force, const std::vector<std::string>& inputs) {
  std::error_code ignored;
  const fs::path file(path);
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  if (!fs::is_directory(folder, ignored)) {
    return Error{ErrorKind::kStorage, path, "cannot be written", "no folder " + folder.string(),
                 "a folder that exists"};
  }
  if (fs::is_directory(file, ignored)) {
    return Error{ErrorKind::kStorage, path, "cannot be written", "a folder of that name",
                 "the name of a file"};
  }
  for (const std::string& input : inputs) {
    if (fs::equivalent(file, input, ignored)) {
      return Error{ErrorKind::kBadInput, path, "is also an input and is not overwritten", "", ""};
    }
  }
  if (fs::exists(file, ignored) && !force) {
    return Error{ErrorKind::kBadInput, path, "exists already and is not overwritten without --force", "", ""};
  }
  if (access(folder.c_str(), W_OK) != 0) {
    return Error{ErrorKind::kStorage, path, "cannot be written", std::strerror(errno),
                 "a folder you may write to"};
  }
  return Done{};
}

Result<std::unique_ptr<OutputFile>> OutputFile::reserve(const std::string& path, bool force,
                                                        const std::vector<std::string>& inputs) {
  const Status usable = checkOutput(path, force, inputs);
  if (!usable.ok()) return usable.error();
  const fs::path file(path);
  // The ending stays last, since some writers choose the format by it; the process number keeps two runs
  // apart.
  const fs::path temporary = file.parent_path() / ("." + file.stem().string() + ".part" +
                                                   std::to_string(getpid()) + file.extension().string());
  return std::unique_ptr<OutputFile>(new OutputFile(path, temporary.string()));
}

OutputFile::~OutputFile() {
  std::error_code ignored;
  if (!kept_) fs::remove(temporary_, ignored);
}

Error OutputFile::named(Error error) const {
  replaceAll(error.where, temporary_, path_);
  replaceAll(error.what, temporary_, path_);
  return error;
}

Status OutputFile::keep() {
  std::error_code error;
  fs::rename(temporary_, path_, error);
  if (error) return Error{ErrorKind::kStorage, path_, "cannot be written", error.message(), ""};
  kept_ = true;
  return Done{};
}

}  // namespace soleus
