// The reader of scanner profiles on any text; what it takes is looked for in the text itself.
#include <cstdint>
#include <string>

#include "calibration/scanner/recognise.h"
#include "calibration/scanner/scanner_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto scanner = soleus::parseScanner(text, "input.yaml");
  if (scanner.ok()) soleus::recognise({text}, {scanner.value()});
  return 0;
}
