#include "tests/accuracy/limits.h"

namespace soleus::accuracy {

Limits limitsOf(Source source) {
  // Published methods reach a bias of 0.3 % and an SD of 1.5 % on a phantom with the spectrum itself at hand
  // (Vilkomerson, Ricci and Tortoli 2011): hardly worse is asked for here.
  if (!isScreen(source)) return {1.0, 2.0, 2.0, 3.0, 5.0, 20};
  // Half a frame of a video of 30 frames a second is 16.7 ms; reflux has two ends.
  return {2.0, 3.0, 3.0, 5.0, 16.7, 40};
}

}  // namespace soleus::accuracy
