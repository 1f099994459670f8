/// What the streams of a session and the causes of their losses are called.
#pragma once

namespace soleus {

inline constexpr const char* kVideoStream = "video";
inline constexpr const char* kMeasurementStream = "measurement";
inline constexpr const char* kArchiveStream = "archive";
inline constexpr const char* kClockStream = "network_clock";

/// Why something may be missing: more came than could be taken, the source did not deliver it, its time stamp
/// did not advance, the archive ended before it.
inline constexpr const char* kOverloadCause = "overload";
inline constexpr const char* kSourceCause = "source";
inline constexpr const char* kStampCause = "stamp";
inline constexpr const char* kStorageCause = "storage";
/// Of gaps alone, whose frames nobody received: the source sent nothing.
inline constexpr const char* kSilentCause = "silent";

}  // namespace soleus
