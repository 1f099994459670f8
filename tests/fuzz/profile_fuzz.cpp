// The reader of calibration profiles on any text. What it takes, it must be able to write and read again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "calibration/profile/profile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto profile = soleus::parseProfile(text, "input.yaml");
  if (profile.ok() && !soleus::parseProfile(soleus::profileYaml(profile.value()), "again").ok()) std::abort();
  return 0;
}
