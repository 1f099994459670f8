#include "pipeline/dataset/h5.h"

#include <string_view>

namespace soleus::h5 {

namespace {

herr_t keepInnermost(unsigned /*depth*/, const H5E_error2_t* entry, void* text) {
  if (entry->desc != nullptr) *static_cast<std::string*>(text) = entry->desc;
  return 0;
}

/// The operating system's part of "..., errno = 28, error message = 'No space left on device', ...".
std::string_view systemWords(std::string_view text) {
  constexpr std::string_view kKey = "error message = '";
  const auto key = text.find(kKey);
  if (key == std::string_view::npos) return text;
  const auto begin = key + kKey.size();
  return text.substr(begin, text.find('\'', begin) - begin);
}

}  // namespace

void prepare() {
  static const bool exitHandlerOff = H5dont_atexit() >= 0;
  // Debian's HDF5 is thread-safe and keeps this setting for each thread.
  thread_local const bool quiet = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0;
  static_cast<void>(exitHandlerOff);
  static_cast<void>(quiet);
}

std::string takeErrorText() {
  std::string innermost;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keepInnermost, &innermost);
  H5Eclear2(H5E_DEFAULT);
  return std::string(systemWords(innermost));
}

}  // namespace soleus::h5
