/// Gives a finished file its name.
#pragma once

#include <string>

namespace soleus {

/// Renames `from` to `to`, in place of a file of that name if `replace`. 0, or the system's error number:
/// EEXIST if there is one and not `replace`. In one step, but on network file systems that cannot do that
/// without replacing.
int placeFile(const std::string& from, const std::string& to, bool replace);

}  // namespace soleus
