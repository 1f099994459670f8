/// Names of settings, put right where text recognition misread a letter.
#pragma once

#include <string>

namespace soleus {

/// A line with a misread name at its front as it is meant: "WEF 150 Hz" is "WF 150 Hz", "Fra 7.0 MHz" is
/// "Frq 7.0 MHz". Only where the unit behind the number is one that this setting has, no other name is nearly
/// as near, and the word is no name of anything else that scanners print; any other line as it is.
std::string withNameRight(const std::string& line);

}  // namespace soleus
