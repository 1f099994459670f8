#include "calibration/dicom/palette_segments.h"

#include <cmath>

namespace soleus {
namespace {

enum Opcode : std::uint16_t { kDiscrete = 0, kLinear = 1, kIndirect = 2 };

/// Reads segments one after another. Indirect ones repeat earlier ones, which may not be indirect themselves.
class Expansion {
 public:
  Expansion(std::span<const std::uint16_t> words, std::size_t most) : words_(words), most_(most) {}

  /// The segment at `at`, which moves behind it; false where it is damaged.
  bool expand(std::size_t& at, bool mayRepeat) {
    if (words_.size() < at + 2) return false;
    const std::uint16_t opcode = words_[at];
    const std::size_t length = words_[at + 1];
    at += 2;
    if (opcode == kDiscrete) return copy(at, length);
    if (opcode == kLinear) return rise(at, length);
    return opcode == kIndirect && mayRepeat && repeat(at, length);
  }
  [[nodiscard]] const std::vector<std::uint16_t>& table() const { return table_; }

 private:
  [[nodiscard]] bool fits(std::size_t length) const { return length <= most_ - table_.size(); }

  bool copy(std::size_t& at, std::size_t length) {
    if (!fits(length) || words_.size() - at < length) return false;
    for (const std::uint16_t value : words_.subspan(at, length)) table_.push_back(value);
    at += length;
    return true;
  }

  /// From the last colour in even steps to the one named.
  bool rise(std::size_t& at, std::size_t length) {
    if (!fits(length) || at == words_.size() || table_.empty()) return false;
    const double from = table_.back();
    const double step = (words_[at++] - from) / static_cast<double>(length);
    for (std::size_t n = 1; n <= length; ++n)
      table_.push_back(static_cast<std::uint16_t>(std::lround(from + step * static_cast<double>(n))));
    return true;
  }

  bool repeat(std::size_t& at, std::size_t segments) {
    if (words_.size() - at < 2) return false;
    const std::size_t bytes = words_[at] + (static_cast<std::size_t>(words_[at + 1]) << 16);
    at += 2;
    std::size_t from = bytes / sizeof(std::uint16_t);
    for (std::size_t n = 0; n < segments; ++n)
      if (!expand(from, false)) return false;
    return true;
  }

  std::span<const std::uint16_t> words_;
  std::size_t most_;
  std::vector<std::uint16_t> table_;
};

}  // namespace

std::optional<std::vector<std::uint16_t>> expandPalette(std::span<const std::uint16_t> segments,
                                                        std::size_t entries) {
  Expansion expansion(segments, entries);
  std::size_t at = 0;
  while (at < segments.size() && expansion.table().size() < entries)
    if (!expansion.expand(at, true)) return std::nullopt;
  if (expansion.table().size() != entries) return std::nullopt;
  return expansion.table();
}

}  // namespace soleus
