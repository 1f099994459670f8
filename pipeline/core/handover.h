/// Tells ThreadSanitizer in which order TBB and GStreamer run things, since it cannot look into libraries
/// that are not built with it.
#pragma once

#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#endif

namespace soleus {

/// What this thread did so far comes before the takeOver() of the same object that the library orders after
/// it. Says nothing in an ordinary build.
inline void handOver([[maybe_unused]] const void* object) {
#ifdef __SANITIZE_THREAD__
  __tsan_release(const_cast<void*>(object));
#endif
}

inline void takeOver([[maybe_unused]] const void* object) {
#ifdef __SANITIZE_THREAD__
  __tsan_acquire(const_cast<void*>(object));
#endif
}

}  // namespace soleus
