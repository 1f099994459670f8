/// The transfer syntaxes that can be decoded.
#pragma once

namespace soleus {

/// Makes DCMTK's decoders known (RLE, JPEG, JPEG-LS), silences its own messages, and says whether its data
/// dictionary was found: without it, nothing in a file has a name. Call before anything else of DCMTK; any
/// thread, any number of times.
bool prepareDcmtk();

}  // namespace soleus
