#include "calibration/dicom/dicom_module.h"

#include <dlfcn.h>

namespace soleus {
namespace {

const DicomModule* load(std::string& fault) {
  void* library = dlopen(kDicomModuleFile, RTLD_NOW | RTLD_LOCAL);
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
