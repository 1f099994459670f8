#include "tools/soleus/recorded_contractions.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "pipeline/dataset/session_reader.h"
#include "pipeline/dataset/write_lock.h"
#include "tools/soleus/session_contractions.h"

namespace soleus {
namespace fs = std::filesystem;
namespace {

// 13 kB of columns a second.
constexpr double kLongestS = 4 * 3600;

/// Whether it has ended, with velocities, and is not too long.
Result<bool> canBeSearched(const std::string& path) {
  const auto session = SessionReader::open(path);
  if (!session.ok()) return session.error();
  const std::string status = session.value()->textAttribute("/", "status");
  if (status != "complete" && status != "interrupted") return false;
  if (!session.value()->has("/doppler/time") || session.value()->has("/contractions/contraction"))
    return false;
  const auto rows = session.value()->column("/streams/measurement/session_time_ns");
  if (!rows.ok() || rows.value().empty()) return false;
  return (rows.value().back() - rows.value().front()) * 1e-9 <= kLongestS;
}

/// To the disk: the original goes when the copy takes its name.
bool flushed(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool done = fsync(file) == 0;
  close(file);
  return done;
}

/// A copy beside the original that is gone at the end, unless it was renamed. OutputFile refuses a file that
/// is claimed, be it by this program.
class Copy {
 public:
  explicit Copy(const fs::path& original)
      : path_((original.parent_path() /
               ("." + original.stem().string() + ".contractions" + original.extension().string()))
                  .string()) {}
  ~Copy() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// What names a file keeps: another recording may have taken the name meanwhile.
bool isSameFile(const std::string& path, const struct stat& before) {
  struct stat now {};
  return stat(path.c_str(), &now) == 0 && now.st_dev == before.st_dev && now.st_ino == before.st_ino;
}

/// Ctrl-C does not leave a copy behind: the search takes seconds, and what was recorded is there.
class WithoutInterrupts {
 public:
  WithoutInterrupts() : interrupt_(std::signal(SIGINT, SIG_IGN)), terminate_(std::signal(SIGTERM, SIG_IGN)) {}
  ~WithoutInterrupts() {
    std::signal(SIGINT, interrupt_);
    std::signal(SIGTERM, terminate_);
  }
  WithoutInterrupts(const WithoutInterrupts&) = delete;
  WithoutInterrupts& operator=(const WithoutInterrupts&) = delete;

 private:
  void (*interrupt_)(int);
  void (*terminate_)(int);
};

}  // namespace

std::string sessionIdOf(const std::string& path) {
  const auto session = SessionReader::open(path);
  return session.ok() ? session.value()->textAttribute("/", "session_id") : "";
}

Status addContractionsOfRecording(const std::string& path, const std::string& earlierId) {
  std::error_code fault;
  // A source that never began leaves no file, or that which was there.
  if (!fs::exists(path, fault) || sessionIdOf(path) == earlierId) return Done{};
  const std::string file = fs::canonical(path, fault).string();
  const WithoutInterrupts quiet;
  // Held until the copy has its name: no other recording begins in this file meanwhile.
  const auto lock = WriteLock::take(file);
  if (!lock.ok()) return lock.error();
  const auto searchable = canBeSearched(file);
  if (!searchable.ok()) return searchable.error();
  if (!searchable.value()) return Done{};
  struct stat recorded {};
  if (stat(file.c_str(), &recorded) != 0)
    return Error{ErrorKind::kStorage, path, "cannot be found again", std::strerror(errno), {}};
  const Copy copy(file);
  if (!fs::copy_file(file, copy.path(), fs::copy_options::overwrite_existing, fault))
    return Error{ErrorKind::kStorage, path, "cannot be copied", fault.message(), {}};
  if (const Status found = addContractionsOf(copy.path()); !found.ok())
    return Error{found.error().kind, path, "no contractions can be added", found.error().sentence(), {}};
  if (!flushed(copy.path()))
    return Error{ErrorKind::kStorage, path, "its copy cannot be brought to the disk", {}, {}};
  if (!isSameFile(file, recorded))
    return Error{ErrorKind::kStorage, path, "has been replaced by another file", {}, {}};
  if (std::rename(copy.path().c_str(), file.c_str()) != 0)
    return Error{ErrorKind::kStorage, path, "cannot be replaced", std::strerror(errno), {}};
  return Done{};
}

}  // namespace soleus
