/// Whether the disk still has room for a recording, so that it can end while it can be ended.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pipeline/core/result.h"

namespace soleus {

/// Looks before the file is made and once a flush; used by one thread.
class DiskRoom {
 public:
  /// `path`: of the file that grows; it need not exist yet.
  explicit DiskRoom(std::string path) : path_(std::move(path)) {}

  /// The fault (kStorage) if there is less room than ending the file takes and what the disk has lost
  /// since the last look. Nothing if there is room or if it cannot be told.
  std::optional<Error> shortage();

 private:
  std::string path_;
  std::uintmax_t lastFree_ = 0;
};

}  // namespace soleus
