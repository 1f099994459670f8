#include "tools/soleus/input_file.h"

#include <openssl/evp.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <memory>
#include <sstream>

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
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  bool digested = digest && EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) == 1;
  InputFile input;
  std::array<char, 1 << 16> block{};
  while (file.read(block.data(), block.size()), file.gcount() > 0) {
    const auto count = static_cast<std::size_t>(file.gcount());
    digested = digested && EVP_DigestUpdate(digest.get(), block.data(), count) == 1;
    input.bytes += count;
  }
  // The digest of what came before would pass for that of the file.
  if (file.bad()) {
    return Error{ErrorKind::kBadInput, path, "cannot be read to its end",
                 "a read error after " + std::to_string(input.bytes) + " bytes", "a file with data"};
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned int size = 0;
  digested = digested && EVP_DigestFinal_ex(digest.get(), sum.data(), &size) == 1;
  if (!digested) {
    return Error{ErrorKind::kBadInput, path, "cannot be identified", "no SHA-256 from OpenSSL",
                 "a digest of the file"};
  }
  std::ostringstream text;
  text << std::hex << std::setfill('0');
  for (unsigned int i = 0; i < size; ++i) text << std::setw(2) << static_cast<int>(sum[i]);
  input.sha256 = text.str();
  return input;
}

bool isDicom(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  char mark[4] = {};
  return file.seekg(128) && file.read(mark, sizeof mark) && std::string(mark, sizeof mark) == "DICM";
}

}  // namespace soleus
