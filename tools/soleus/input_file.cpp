#include "tools/soleus/input_file.h"

#include <glib.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>

namespace soleus {
namespace fs = std::filesystem;

Status checkInput(const std::string& path) {
  std::error_code ignored;
  const auto fault = [&](const std::string& found) {
    return Error{ErrorKind::kBadInput, path, "cannot be read", found, "a file with data"};
  };
  if (!fs::exists(path, ignored)) return fault("no such file");
  if (!fs::is_regular_file(path, ignored)) return fault("a folder or device");
  if (fs::file_size(path, ignored) == 0) return fault("an empty file");
  if (!std::ifstream(path, std::ios::binary)) return fault("a file without permission to read");
  return Done{};
}

Result<InputFile> identifyInput(const std::string& path) {
  if (const Status usable = checkInput(path); !usable.ok()) return usable.error();
  std::ifstream file(path, std::ios::binary);
  const std::unique_ptr<GChecksum, decltype(&g_checksum_free)> digest(g_checksum_new(G_CHECKSUM_SHA256),
                                                                      g_checksum_free);
  InputFile input;
  std::array<char, 1 << 16> block{};
  while (file.read(block.data(), block.size()), file.gcount() > 0) {
    g_checksum_update(digest.get(), reinterpret_cast<const guchar*>(block.data()), file.gcount());
    input.bytes += static_cast<std::uint64_t>(file.gcount());
  }
  input.sha256 = g_checksum_get_string(digest.get());
  return input;
}

}  // namespace soleus
