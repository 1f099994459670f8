/// Letters that text recognition takes for each other.
#pragma once

#include <string>

namespace soleus {

/// Signs that no screen of a scanner prints, as the letters they are misread from: "§2 H2" is "S2 H2".
std::string withoutOddSigns(std::string text);

/// By how much a word as read differs from one that may stand there, capitals or not: 1 for each letter that
/// is missing, too many or another (Levenshtein), 0.3 for one that looks like it.
double misreadDistance(const std::string& seen, const std::string& meant);

}  // namespace soleus
