#include "tools/soleus/output_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "pipeline/dataset/place_file.h"
#include "pipeline/dataset/write_lock.h"

namespace soleus {
namespace fs = std::filesystem;
namespace {

void replaceAll(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

Error existsAlready(const std::string& path) {
  return {ErrorKind::kBadInput, path, "exists already and is not overwritten without --force", "", ""};
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
  // A link that leads nowhere is there, too.
  if (!force && fs::exists(fs::symlink_status(file, ignored))) return existsAlready(path);
  if (isBeingWritten(path))
    return Error{ErrorKind::kBadInput, path, "another recording is writing this file", "", ""};
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
  return std::unique_ptr<OutputFile>(new OutputFile(path, temporary.string(), force));
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
  const int fault = placeFile(temporary_, path_, force_);
  if (fault == EEXIST && !force_) return existsAlready(path_);
  if (fault != 0) return Error{ErrorKind::kStorage, path_, "cannot be written", std::strerror(fault), ""};
  kept_ = true;
  return Done{};
}

void OutputFile::takeBack() {
  // What a forced output has replaced is gone; without either there would be less than before.
  if (!force_) kept_ = std::rename(path_.c_str(), temporary_.c_str()) != 0;
}

Status keepAll(const std::vector<OutputFile*>& files) {
  for (auto file = files.begin(); file != files.end(); ++file) {
    const Status status = (*file)->keep();
    if (status.ok()) continue;
    while (file != files.begin()) (*--file)->takeBack();
    return status;
  }
  return Done{};
}

}  // namespace soleus
