/// Errors as values: every fallible function of the library returns Result<T>.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace soleus {

/// Who is at fault, which decides the exit code of the program.
enum class ErrorKind {
  kUsage,         ///< wrong command line (exit code 2)
  kBadInput,      ///< a file, line or field that cannot be used (3)
  kSource,        ///< a source failed while recording (4)
  kStorage,       ///< an output could not be created or written (5)
  kVerification,  ///< a session breaks the contract (6)
};

/// What went wrong, as a person needs to hear it. `expected` and `found` may be empty.
struct Error {
  ErrorKind kind = ErrorKind::kBadInput;
  std::string where;     ///< file, and line or field: "lab.yaml:12, source.kind"
  std::string what;      ///< the fault in a few words: "unknown key 'angel_degrees'"
  std::string found;     ///< what stands there
  std::string expected;  ///< what should stand there

  /// One sentence: "WHERE: WHAT (found F; expected E)".
  [[nodiscard]] std::string sentence() const {
    std::string text = where.empty() ? what : where + ": " + what;
    if (found.empty() && expected.empty()) return text;
    text += " (";
    if (!found.empty()) text += "found " + found;
    if (!found.empty() && !expected.empty()) text += "; ";
    if (!expected.empty()) text += "expected " + expected;
    return text + ")";
  }
};

/// A value of T or the Error that prevented it. Access the value only after ok().
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return std::holds_alternative<T>(state_); }
  [[nodiscard]] T& value() & { return std::get<T>(state_); }
  [[nodiscard]] const T& value() const& { return std::get<T>(state_); }
  [[nodiscard]] T&& value() && { return std::get<T>(std::move(state_)); }
  [[nodiscard]] const Error& error() const { return std::get<Error>(state_); }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value.
struct Done {};
using Status = Result<Done>;

}  // namespace soleus
