#include "pipeline/dataset/archive_digest.h"

#include "pipeline/dataset/create_layout.h"
#include "pipeline/dataset/h5.h"
#include "pipeline/dataset/h5_attribute.h"
#include "pipeline/dataset/root_attributes.h"

namespace soleus {

Status writeArchiveDigest(const std::string& path, const std::string& sha256) {
  return h5::attempt(ErrorKind::kStorage, path, [&] {
    const h5::Handle access = fileAccess();
    h5::Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, access.id()), H5Fclose, "cannot open the session");
    h5::writeText(file.id(), kArchiveDigest, sha256);
    file.close("cannot close the session");
  });
}

}  // namespace soleus
