/// The few numbers that a person reads first, in words that cannot be misread: tiles of the page, rows of the
/// terminal's table.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace soleus {

/// One number. Texts are UTF-8 with plain hyphens as minus signs.
struct Headline {
  std::string name;
  std::string value;     ///< "62.5", "4.52 to 6.31", "not known", ...
  std::string unit;      ///< empty beside a value in words
  std::string detail;    ///< when, over what, or why not; may be empty
  bool marked = false;   ///< not to be taken without its detail
  bool quality = false;  ///< the verdict on the recording, `value` its level (see recording_quality.h)
};

/// The headlines of a summary (see summary.h); parts that the session doesn't hold are left out.
std::vector<Headline> headlines(const nlohmann::json& summary);

}  // namespace soleus
