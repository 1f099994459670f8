/// How large and how small what is measured may be.
#pragma once

namespace soleus {

/// The largest width and height of a screen, a region, or what stands for one.
inline constexpr int kMostExtentPx = 16384;

/// The narrowest strip of a spectrum: 64 columns that two pictures of it have in common, 8 at its edge that
/// may not be complete, and 8 to move by.
inline constexpr int kLeastStripPx = 80;

}  // namespace soleus
