#include "calibration/dicom/dicom_module.h"

#include <dlfcn.h>

#include <filesystem>
#include <system_error>

namespace soleus {
namespace {

/// In lib/ beside the bin/ that the program lies in. A run path would do, but for sanitizers: they call
/// dlopen in our stead, and then it is their own run path that counts.
std::filesystem::path modulePath() {
  std::error_code fault;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", fault);
  return program.parent_path().parent_path() / "lib" / kDicomModuleFile;
}

const DicomModule* load(std::string& fault) {
  void* library = dlopen(modulePath().c_str(), RTLD_NOW | RTLD_LOCAL);
  void* symbol = library == nullptr ? nullptr : dlsym(library, kDicomModuleSymbol);
  if (symbol == nullptr) fault = dlerror();
  return static_cast<const DicomModule*>(symbol);
}

}  // namespace

Result<const DicomModule*> dicomModule(const std::string& file) {
  static std::string fault;
  static const DicomModule* const module = load(fault);
  if (module == nullptr)
    return Error{ErrorKind::kBadInput, file, "needs the part of Soleus that knows DICOM, which is missing",
                 fault, ""};
  return module;
}

}  // namespace soleus
