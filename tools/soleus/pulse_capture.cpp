#include "tools/soleus/pulse_capture.h"

#include <pulse/pulseaudio.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "plugins/common/element_error.h"

namespace soleus {
namespace {

// A block every 10 ms tells the clock model enough and costs little; the server keeps two seconds in which
// this program does something else.
constexpr pa_usec_t kBlockUs = 10'000;
constexpr pa_usec_t kKeptUs = 2'000'000;
constexpr const char* kPreferred = "@DEFAULT_SOURCE@";

struct Free {
  void operator()(pa_threaded_mainloop* loop) const {
    pa_threaded_mainloop_stop(loop);
    pa_threaded_mainloop_free(loop);
  }
  void operator()(pa_context* context) const {
    pa_context_disconnect(context);
    pa_context_unref(context);
  }
  void operator()(pa_stream* stream) const { pa_stream_unref(stream); }
  void operator()(pa_operation* operation) const { pa_operation_unref(operation); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

class Capture final : public SignalCapture {
 public:
  Capture(const SignalInput& input, GstElement* target)
      : where_("signals " + input.source.stream),
        device_(input.device.empty() ? kPreferred : input.device),
        spec_{PA_SAMPLE_FLOAT32NE,
              static_cast<std::uint32_t>(std::lround(input.source.samplesPerSecond.value())),
              static_cast<std::uint8_t>(input.source.channels.size())},
        target_(target),
        loop_(pa_threaded_mainloop_new()) {}
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  ~Capture() override {
    // No callback runs any more before what they use goes.
    pa_threaded_mainloop_lock(loop_.get());
    quiet_ = true;
    stream_.reset();
    context_.reset();
    pa_threaded_mainloop_unlock(loop_.get());
  }

  Status start() {
    pa_threaded_mainloop_start(loop_.get());
    pa_threaded_mainloop_lock(loop_.get());
    Status status = connect();
    if (status.ok()) status = checkInputs();
    if (status.ok()) status = record();
    started_ = status.ok();
    pa_threaded_mainloop_unlock(loop_.get());
    return status;
  }

 private:
  static Capture& self(void* data) { return *static_cast<Capture*>(data); }
  void wake() { pa_threaded_mainloop_signal(loop_.get(), 0); }
  [[nodiscard]] Error fault(const std::string& what, const std::string& expected) const {
    return {ErrorKind::kSource, where_, what, pa_strerror(pa_context_errno(context_.get())), expected};
  }

  Status connect() {
    context_.reset(pa_context_new(pa_threaded_mainloop_get_api(loop_.get()), "soleus"));
    pa_context_set_state_callback(
        context_.get(), [](pa_context*, void* data) { self(data).wake(); }, this);
    pa_context_connect(context_.get(), nullptr, PA_CONTEXT_NOFLAGS, nullptr);
    while (PA_CONTEXT_IS_GOOD(pa_context_get_state(context_.get()))) {
      if (pa_context_get_state(context_.get()) == PA_CONTEXT_READY) return Done{};
      pa_threaded_mainloop_wait(loop_.get());
    }
    return fault("the sound server cannot be reached", "a running PulseAudio or PipeWire");
  }

  /// An input that is not there would be recorded as silence.
  Status checkInputs() {
    inputs_ = 0;
    const Owned<pa_operation> asked(pa_context_get_source_info_by_name(
        context_.get(), device_.c_str(),
        [](pa_context*, const pa_source_info* info, int, void* data) {
          if (info != nullptr) {
            self(data).inputs_ = info->sample_spec.channels;
            self(data).untouched_ = info->mute == 0 && pa_cvolume_is_norm(&info->volume) != 0;
          }
          self(data).wake();
        },
        this));
    while (asked && pa_operation_get_state(asked.get()) == PA_OPERATION_RUNNING)
      pa_threaded_mainloop_wait(loop_.get());
    if (inputs_ == 0)
      return Error{ErrorKind::kSource, where_, "no such audio interface", "'" + device_ + "'",
                   "a name that 'pactl list short sources' lists"};
    if (inputs_ < spec_.channels)
      return Error{ErrorKind::kSource, where_, "the audio interface has too few inputs",
                   std::to_string(inputs_), std::to_string(spec_.channels) + ", one for each channel"};
    if (!untouched_)
      return Error{
          ErrorKind::kSource, where_, "the sound server changes the level of " + device_,
          "a volume that is not 100 %, or mute",
          "'pactl set-source-volume " + device_ + " 100%' and 'pactl set-source-mute " + device_ + " 0'"};
    return Done{};
  }

  Status record() {
    pa_channel_map anyPlace;
    pa_channel_map_init_extend(&anyPlace, spec_.channels, PA_CHANNEL_MAP_AUX);
    stream_.reset(pa_stream_new(context_.get(), where_.c_str(), &spec_, &anyPlace));
    if (!stream_) return fault("the audio interface cannot be recorded", "");
    pa_stream_set_state_callback(
        stream_.get(), [](pa_stream*, void* data) { self(data).changed(); }, this);
    pa_stream_set_read_callback(
        stream_.get(), [](pa_stream*, std::size_t, void* data) { self(data).read(); }, this);
    pa_buffer_attr sizes{};
    sizes.maxlength = static_cast<std::uint32_t>(pa_usec_to_bytes(kKeptUs, &spec_));
    sizes.fragsize = static_cast<std::uint32_t>(pa_usec_to_bytes(kBlockUs, &spec_));
    sizes.tlength = sizes.prebuf = sizes.minreq = static_cast<std::uint32_t>(-1);
    const auto flags = static_cast<pa_stream_flags_t>(PA_STREAM_ADJUST_LATENCY | PA_STREAM_DONT_MOVE |
                                                      PA_STREAM_NO_REMAP_CHANNELS);
    if (pa_stream_connect_record(stream_.get(), device_.c_str(), &sizes, flags) < 0)
      return fault("the audio interface cannot be recorded", "");
    while (PA_STREAM_IS_GOOD(pa_stream_get_state(stream_.get()))) {
      if (pa_stream_get_state(stream_.get()) == PA_STREAM_READY) return Done{};
      pa_threaded_mainloop_wait(loop_.get());
    }
    return fault("the audio interface cannot be recorded", "one that nobody else holds");
  }

  void changed() {
    wake();
    if (!started_ || quiet_ || PA_STREAM_IS_GOOD(pa_stream_get_state(stream_.get()))) return;
    quiet_ = true;
    postError(target_, fault("the audio interface is gone", "one that stays to the end"));
  }

  void read() {
    const std::size_t frameBytes = pa_frame_size(&spec_);
    while (pa_stream_readable_size(stream_.get()) > 0) {
      const void* data = nullptr;
      std::size_t bytes = 0;
      if (pa_stream_peek(stream_.get(), &data, &bytes) < 0 || bytes == 0) return;
      if (data != nullptr) pushArrived(target_, data, bytes, counted_);  // else the server lost as much
      counted_ += bytes / frameBytes;
      pa_stream_drop(stream_.get());
    }
  }

  const std::string where_;
  const std::string device_;
  const pa_sample_spec spec_;
  GstElement* const target_;
  Owned<pa_threaded_mainloop> loop_;
  Owned<pa_context> context_;
  Owned<pa_stream> stream_;
  bool untouched_ = false;  // samples are passed on as the interface gives them
  int inputs_ = 0;          // under the loop's lock, as all below
  bool started_ = false;
  bool quiet_ = false;         // nothing more is said
  std::uint64_t counted_ = 0;  // samples so far, lost ones too
};

}  // namespace

Result<std::unique_ptr<SignalCapture>> openPulse(const SignalInput& input, GstElement* target) {
  auto capture = std::make_unique<Capture>(input, target);
  if (const Status started = capture->start(); !started.ok()) return started.error();
  return std::unique_ptr<SignalCapture>(std::move(capture));
}

}  // namespace soleus
