/// One clock for the recordings of several machines: GStreamer's network clock.
#pragma once

#include <gst/gst.h>

#include <memory>
#include <string>

#include "pipeline/core/result.h"

namespace soleus {

struct NetworkClockSettings {
  enum class Role {
    kNone,
    kProvide,  ///< this machine's monotonic clock, for others to ask
    kFollow,   ///< that of another machine
  };
  Role role = Role::kNone;
  std::string address = "127.0.0.1";  ///< to listen on, or of the machine that provides; in digits
  int port = 0;
};

/// Listens, or follows, for as long as it lives. A provider tells its time to whoever asks and takes in
/// nothing else: its protocol, which is GStreamer's, has no secret.
class NetworkClock {
 public:
  virtual ~NetworkClock() = default;

  /// A follower waits until it is in step with the other clock. Errors (kSource): the port is taken, the
  /// address is none, nobody answers within ten seconds.
  static Result<std::unique_ptr<NetworkClock>> open(const NetworkClockSettings& settings);

  /// To be the pipeline's.
  [[nodiscard]] virtual GstClock* clock() const = 0;
  /// By how much it may be off the provider's, s: half of the quickest answer's way there and back. 0 of the
  /// provider.
  [[nodiscard]] virtual double uncertaintyS() = 0;
};

}  // namespace soleus
