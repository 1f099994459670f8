#include "tools/soleus/recorded_contractions.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "pipeline/dataset/session_reader.h"
#include "tools/soleus/output_file.h"
#include "tools/soleus/session_contractions.h"

namespace soleus {
namespace fs = std::filesystem;
namespace {

// 13 kB of columns a second.
constexpr double kLongestS = 4 * 3600;

/// Whether it has ended, with velocities, and is not too long.
Result<bool> canBeSearched(const std::string& path) {
  // A source that never began leaves none.
  if (std::error_code ignored; !fs::exists(path, ignored)) return false;
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

}  // namespace

Status addContractionsOfRecording(const std::string& path) {
  const auto searchable = canBeSearched(path);
  if (!searchable.ok()) return searchable.error();
  if (!searchable.value()) return Done{};
  std::error_code fault;
  const std::string file = fs::canonical(path, fault).string();
  const auto output = OutputFile::reserve(file, true, {});
  if (!output.ok()) return output.error();
  const std::string& copy = output.value()->temporaryPath();
  if (!fs::copy_file(file, copy, fault))
    return Error{ErrorKind::kStorage, path, "cannot be copied", fault.message(), {}};
  if (const Status found = addContractionsOf(copy); !found.ok()) return output.value()->named(found.error());
  if (!flushed(copy))
    return Error{ErrorKind::kStorage, path, "its copy cannot be brought to the disk", {}, {}};
  return output.value()->keep();
}

}  // namespace soleus
