/// The one checked layer over HDF5's C API: handles that close themselves, calls that are checked once.
/// Inside this folder a failed call throws Failure, because a file takes some hundred calls to lay out and
/// each may fail; attempt() turns it into an Error at the folder's edge, and nothing else leaves it.
#pragma once

#include <hdf5.h>

#include <new>
#include <string>
#include <type_traits>
#include <utility>

#include "pipeline/core/result.h"

namespace soleus::h5 {

/// A failed HDF5 call: what was tried, and the reason from HDF5's error stack.
struct Failure {
  std::string what;
  std::string reason;
};

/// Readies the library for the calling thread: no printing of errors, and no closing of files when the
/// process exits (that would undo the promise of abandoned files). Cheap; first thing in every public call.
void prepare();

/// Innermost reason on this thread's error stack, the operating system's words if it has any. Clears the
/// stack.
std::string takeErrorText();

/// Throws Failure if `code` is negative, as HDF5 says "failed"; otherwise gives it back.
template <class Code>
Code check(Code code, const char* what, const std::string& object = {}) {
  if (code < 0) throw Failure{object.empty() ? what : std::string(what) + " " + object, takeErrorText()};
  return code;
}

/// Owns one HDF5 identifier.
class Handle {
 public:
  using Closer = herr_t (*)(hid_t);

  Handle() = default;
  /// Takes over `id`; throws Failure if it is negative.
  Handle(hid_t id, Closer closer, const char* what, const std::string& object = {})
      : id_(check(id, what, object)), closer_(closer) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), closer_(other.closer_) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(closer_, other.closer_);
    return *this;
  }
  ~Handle() {
    if (id_ >= 0) closer_(id_);
  }

  [[nodiscard]] hid_t id() const { return id_; }
  /// Closes now, checked.
  void close(const char* what) {
    if (id_ >= 0) check(closer_(std::exchange(id_, -1)), what);
  }
  /// Forgets the identifier without closing it: see SessionWriter on storage errors.
  void abandon() { id_ = -1; }

 private:
  hid_t id_ = -1;
  Closer closer_ = nullptr;
};

/// Runs `body` and turns a Failure into an Error of `kind` about `where`.
template <class Body>
auto attempt(ErrorKind kind, const std::string& where, Body&& body) {
  using Value = std::invoke_result_t<Body>;
  using Kept = std::conditional_t<std::is_void_v<Value>, Done, Value>;
  prepare();
  try {
    if constexpr (std::is_void_v<Value>) {
      body();
      return Result<Kept>(Done{});
    } else {
      return Result<Kept>(body());
    }
  } catch (const Failure& failure) {
    return Result<Kept>(Error{kind, where, failure.what, failure.reason, {}});
  } catch (const std::bad_alloc&) {
    return Result<Kept>(Error{kind, where, "not enough memory", {}, {}});
  }
}

}  // namespace soleus::h5
