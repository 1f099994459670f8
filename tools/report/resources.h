/// Files of this folder and of Dygraphs as they stood at build time (see embed.cmake).
#pragma once

#include <string_view>

namespace soleus::resources {

extern const std::string_view page_html;       // NOLINT(readability-identifier-naming): named after the file
extern const std::string_view page_css;        // NOLINT(readability-identifier-naming)
extern const std::string_view page_paint_js;   // NOLINT(readability-identifier-naming)
extern const std::string_view page_charts_js;  // NOLINT(readability-identifier-naming)
extern const std::string_view page_js;         // NOLINT(readability-identifier-naming)
extern const std::string_view dygraphs_js;     // NOLINT(readability-identifier-naming)
extern const std::string_view dygraphs_css;    // NOLINT(readability-identifier-naming)
extern const std::string_view dygraphs_sync_js;  // NOLINT(readability-identifier-naming)

}  // namespace soleus::resources
