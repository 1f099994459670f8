/// What every sign and every number of a session depends on, in one line.
#pragma once

#include <string>

namespace soleus {

/// For example "Toward the heart: up on the screen · angle 60° (scale already corrected) · scale -24 to 128
/// cm/s · 0.1465 mm per pixel", from the text of a calibration profile; UTF-8. Empty if the text cannot be
/// read as a profile.
std::string setupLine(const std::string& calibrationYaml);

}  // namespace soleus
