#include "tools/soleus/network_clock.h"

#include <gst/net/net.h>

#include <limits>
#include <optional>

#include "tools/soleus/gst_pointers.h"

namespace soleus {
namespace {

constexpr GstClockTime kAnswerLimit = 10 * GST_SECOND;

std::string whereOf(const NetworkClockSettings& settings) {
  return settings.address + ":" + std::to_string(settings.port);
}

class Provider final : public NetworkClock {
 public:
  Provider(GstClock* clock, GstNetTimeProvider* provider) : clock_(clock), provider_(provider) {}
  [[nodiscard]] GstClock* clock() const override { return clock_.get(); }
  [[nodiscard]] double uncertaintyS() override { return 0; }

 private:
  GstPtr<GstClock> clock_;
  GstPtr<GstNetTimeProvider> provider_;
};

class Follower final : public NetworkClock {
 public:
  Follower(GstClock* clock, GstBus* statistics) : clock_(clock), statistics_(statistics) {}
  [[nodiscard]] GstClock* clock() const override { return clock_.get(); }

  [[nodiscard]] double uncertaintyS() override {
    while (const GstPtr<GstMessage> message{gst_bus_pop(statistics_.get())}) {
      guint64 roundTripNs = 0;
      const GstStructure* structure = gst_message_get_structure(message.get());
      if (structure != nullptr && gst_structure_get_uint64(structure, "rtt", &roundTripNs) && roundTripNs > 0)
        quickestNs_ = std::min(quickestNs_.value_or(roundTripNs), roundTripNs);
    }
    return quickestNs_ ? static_cast<double>(*quickestNs_) * 0.5e-9
                       : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  GstPtr<GstClock> clock_;
  GstPtr<GstBus> statistics_;
  std::optional<guint64> quickestNs_;
};

Result<std::unique_ptr<NetworkClock>> provide(const NetworkClockSettings& settings) {
  GstPtr<GstClock> clock(gst_system_clock_obtain());
  GstNetTimeProvider* provider =
      gst_net_time_provider_new(clock.get(), settings.address.c_str(), settings.port);
  if (provider == nullptr)
    return Error{ErrorKind::kSource,
                 "clock",
                 "cannot listen on " + whereOf(settings),
                 {},
                 "an address of this machine and a free port"};
  return std::unique_ptr<NetworkClock>(std::make_unique<Provider>(clock.release(), provider));
}

Result<std::unique_ptr<NetworkClock>> follow(const NetworkClockSettings& settings) {
  GstPtr<GstClock> clock(gst_net_client_clock_new("network", settings.address.c_str(), settings.port, 0));
  GstPtr<GstBus> statistics(gst_bus_new());
  g_object_set(clock.get(), "bus", statistics.get(), nullptr);
  if (!gst_clock_wait_for_sync(clock.get(), kAnswerLimit))
    return Error{ErrorKind::kSource, "clock", "nobody tells the time at " + whereOf(settings),
                 "no answer for 10 s", "a recording there with 'clock: {provide: ...}'"};
  return std::unique_ptr<NetworkClock>(std::make_unique<Follower>(clock.release(), statistics.release()));
}

}  // namespace

Result<std::unique_ptr<NetworkClock>> NetworkClock::open(const NetworkClockSettings& settings) {
  return settings.role == NetworkClockSettings::Role::kProvide ? provide(settings) : follow(settings);
}

}  // namespace soleus
