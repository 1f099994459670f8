/// Time stamps of encoded frames by their number.
#pragma once

#include <gst/gst.h>

namespace soleus {

/// Gives frame n that leaves `encoder` the time n * denominator / numerator seconds. For encoders that
/// neither reorder nor drop frames: gst-libav 1.22's avenc_mpeg4 stamps every frame with the largest time
/// there is.
void stampByNumber(GstElement* encoder, int rateNumerator, int rateDenominator);

}  // namespace soleus
