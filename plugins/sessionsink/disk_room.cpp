#include "plugins/sessionsink/disk_room.h"

#include <cstdio>
#include <filesystem>
#include <system_error>

namespace soleus {
namespace {

// More than the new chunks of all tables at once and the totals at the end.
constexpr std::uintmax_t kEndingBytes = 1 << 20;

std::string megabytes(std::uintmax_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f MB free", static_cast<double>(bytes) * 1e-6);
  return text;
}

}  // namespace

std::optional<Error> DiskRoom::shortage() {
  namespace fs = std::filesystem;
  std::error_code unknown;
  const fs::path folder = fs::path(path_).parent_path();
  const fs::space_info space = fs::space(folder.empty() ? "." : folder, unknown);
  if (unknown) return std::nullopt;
  // By whomever: an archive grows faster than the session.
  const std::uintmax_t taken = lastFree_ > space.available ? lastFree_ - space.available : 0;
  lastFree_ = space.available;
  const std::uintmax_t needed = kEndingBytes + taken;
  if (space.available >= needed) return std::nullopt;
  return Error{ErrorKind::kStorage, path_, "the disk is full", megabytes(space.available),
               "at least " + megabytes(needed)};
}

}  // namespace soleus
