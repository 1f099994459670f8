/// One observation of a position that moves.
#pragma once

namespace soleus {

/// The position was `position` columns into lap `lap` at `timeS`.
struct Passage {
  int lap = 0;          ///< sweep number; always 0 for a scrolling strip
  double position = 0;  ///< columns
  double timeS = 0;     ///< seconds, any origin
};

}  // namespace soleus
