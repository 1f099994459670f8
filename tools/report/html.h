/// Putting foreign text and bytes into a page so that they stay text and bytes.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace soleus {

/// `text` with & < > " ' replaced by entities: safe in HTML content and in quoted attributes.
std::string escapeHtml(std::string_view text);

/// JSON that may stand inside <script>: no '<', '>' or '&' can end the element or start a comment. Bytes that
/// are not UTF-8 become U+FFFD; NaN becomes null.
std::string scriptJson(const nlohmann::json& value);

/// RFC 4648 base64 with padding.
std::string base64(const std::vector<std::uint8_t>& bytes);

/// Writes `page` with each {{NAME}} replaced by the slot of that name, in one pass: slots are not searched
/// again. A name without a slot is written as it stands.
void fillTemplate(std::ostream& out, std::string_view page,
                  const std::map<std::string, std::string_view, std::less<>>& slots);

}  // namespace soleus
