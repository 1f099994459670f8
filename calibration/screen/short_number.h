/// Numbers in sentences.
#pragma once

#include <sstream>
#include <string>

namespace soleus {

/// With four figures.
inline std::string shortNumber(double value) {
  std::ostringstream text;
  text.precision(4);
  text << value;
  return text.str();
}

}  // namespace soleus
