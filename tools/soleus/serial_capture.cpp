#include "tools/soleus/serial_capture.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>
#include <utility>

#include "pipeline/signal/signal_line.h"

namespace soleus {
namespace {

// How long the thread may take to notice that it is to end.
constexpr int kLookMs = 100;
constexpr int kLooksBetweenTries = 10;

/// The speeds that POSIX has names for.
constexpr std::array<std::pair<int, speed_t>, 12> kSpeeds{{{9600, B9600},
                                                           {19200, B19200},
                                                           {38400, B38400},
                                                           {57600, B57600},
                                                           {115200, B115200},
                                                           {230400, B230400},
                                                           {460800, B460800},
                                                           {500000, B500000},
                                                           {921600, B921600},
                                                           {1000000, B1000000},
                                                           {2000000, B2000000},
                                                           {4000000, B4000000}}};

class Port {
 public:
  Port() = default;
  explicit Port(int descriptor) : descriptor_(descriptor) {}
  Port(Port&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Port& operator=(Port&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Port() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] bool open() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

Result<Port> openPort(const SignalInput& input) {
  const std::string where = "signals " + input.source.stream;
  Port port(open(input.device.c_str(), O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (!port.open())
    return Error{ErrorKind::kSource, where, "cannot open " + input.device, std::strerror(errno),
                 "a serial port that you may read"};
  termios settings{};
  if (tcgetattr(port.descriptor(), &settings) != 0)
    return Error{
        ErrorKind::kSource, where, input.device + " is no serial port", {}, "one such as /dev/ttyACM0"};
  cfmakeraw(&settings);
  settings.c_cflag |= CLOCAL | CREAD;
  settings.c_cflag &= ~static_cast<tcflag_t>(CRTSCTS | CSTOPB);
  for (const auto& [baud, speed] : kSpeeds) {
    if (baud == input.baud) cfsetspeed(&settings, speed);
  }
  // It succeeds if anything could be set: what was, is asked.
  termios set{};
  const bool done = tcsetattr(port.descriptor(), TCSANOW, &settings) == 0 &&
                    tcgetattr(port.descriptor(), &set) == 0 && cfgetispeed(&set) == cfgetispeed(&settings);
  if (!done)
    return Error{ErrorKind::kSource,
                 where,
                 input.device + " refuses its speed",
                 std::to_string(input.baud) + " baud",
                 {}};
  return port;
}

class Capture final : public SignalCapture {
 public:
  Capture(SignalInput input, Port port, GstElement* target)
      : input_(std::move(input)), port_(std::move(port)), target_(target), thread_([this] { run(); }) {
    pthread_setname_np(thread_.native_handle(), "serial-port");
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  ~Capture() override {
    ending_ = true;
    thread_.join();
  }

 private:
  void run() {
    for (int looks = 0; !ending_; ++looks) {
      if (!port_.open()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(kLookMs));
        if (looks % kLooksBetweenTries != 0) continue;
        if (auto again = openPort(input_); again.ok()) port_ = std::move(again).value();
        continue;
      }
      pollfd waiting{port_.descriptor(), POLLIN, 0};
      if (poll(&waiting, 1, kLookMs) > 0 && !read()) {
        port_ = Port();
        lines_.clear();
      }
    }
  }

  /// False if the port is gone.
  bool read() {
    std::array<char, 4096> part{};
    const ssize_t got = ::read(port_.descriptor(), part.data(), part.size());
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    if (got == 0) return false;
    lines_.append(part.data(), static_cast<std::size_t>(got));
    const auto end = lines_.rfind('\n');
    // What has no end for so long is no line: the reader is to find that out.
    const std::size_t whole = end != std::string::npos             ? end + 1
                              : lines_.size() > kLongestSignalLine ? lines_.size()
                                                                   : 0;
    if (whole == 0) return true;
    pushArrived(target_, lines_.data(), whole, GST_BUFFER_OFFSET_NONE);
    lines_.erase(0, whole);
    return true;
  }

  const SignalInput input_;
  Port port_;  // the thread's, as lines_
  GstElement* const target_;
  std::string lines_;
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace

bool isSerialSpeed(int baud) {
  return std::any_of(kSpeeds.begin(), kSpeeds.end(),
                     [baud](const auto& known) { return known.first == baud; });
}

Result<std::unique_ptr<SignalCapture>> openSerial(const SignalInput& input, GstElement* target) {
  auto port = openPort(input);
  if (!port.ok()) return port.error();
  return std::unique_ptr<SignalCapture>(std::make_unique<Capture>(input, std::move(port).value(), target));
}

}  // namespace soleus
