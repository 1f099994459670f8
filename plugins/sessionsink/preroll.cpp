#include "plugins/sessionsink/preroll.h"

#include <utility>

namespace soleus {

void Preroll::begin(GstElement* element) {
  const std::scoped_lock lock(mutex_);
  pending_ = true;
  gst_element_post_message(element, gst_message_new_async_start(GST_OBJECT(element)));
}

bool Preroll::end(GstElement* element) {
  const std::scoped_lock lock(mutex_);
  if (!std::exchange(pending_, false)) return false;
  GST_OBJECT_LOCK(element);
  const GstState before = GST_STATE(element);
  const GstState asked = GST_STATE_PENDING(element);
  if (asked != GST_STATE_PAUSED && asked != GST_STATE_PLAYING) {  // it is on its way down
    GST_OBJECT_UNLOCK(element);
    return false;
  }
  GST_STATE(element) = asked;
  GST_STATE_NEXT(element) = GST_STATE_PENDING(element) = GST_STATE_VOID_PENDING;
  GST_STATE_RETURN(element) = GST_STATE_CHANGE_SUCCESS;
  GST_OBJECT_UNLOCK(element);

  GstObject* source = GST_OBJECT(element);
  const bool plays = asked == GST_STATE_PLAYING;
  gst_element_post_message(element,
                           gst_message_new_state_changed(source, before, GST_STATE_PAUSED,
                                                         plays ? GST_STATE_PLAYING : GST_STATE_VOID_PENDING));
  gst_element_post_message(element, gst_message_new_async_done(source, GST_CLOCK_TIME_NONE));
  if (plays) {
    gst_element_post_message(
        element,
        gst_message_new_state_changed(source, GST_STATE_PAUSED, GST_STATE_PLAYING, GST_STATE_VOID_PENDING));
  }
  GST_STATE_BROADCAST(element);
  return plays;
}

void Preroll::abandon() {
  const std::scoped_lock lock(mutex_);
  pending_ = false;
}

bool Preroll::pending() {
  const std::scoped_lock lock(mutex_);
  return pending_;
}

}  // namespace soleus
