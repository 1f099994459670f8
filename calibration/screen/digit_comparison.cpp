#include "calibration/screen/digit_comparison.h"

#include <algorithm>
#include <array>
#include <limits>

#include "calibration/screen/digit_pictures.h"

namespace soleus {
namespace {

// A digit is taken if any other leaves by so much more than it does. Of 10-pixel letters with few others to
// compare with, a 6 was taken for a 5 that was ahead by an eighth: this is twice as much.
constexpr double kClearlyWorse = 1.25;
// One that is this much worse is another digit however few numbers show it. What is nearer has to be shown by
// two: in one alone it may stand at a fraction of a pixel that makes it look otherwise.
constexpr double kFarWorse = 2;
constexpr int kLeastShown = 2;
constexpr int kLeastChecked = 8;
constexpr int kMostDigits = 3;

struct Comparison {
  std::string text;
  std::vector<double> misfit;  // of its digits
  std::vector<double> behind;  // by how many times the next digit fits worse
  bool nearKnown = true;       // whether all that are near are shown by more than one number
};

Comparison compare(const DigitPictures& pictures, const PlacedNumber& number) {
  Comparison c;
  const NumberFit fit(pictures, number);
  c.text = fit.likeliest();
  c.misfit = fit.misfit(c.text).digits;
  std::size_t place = 0;
  for (std::size_t i = 0; i < c.text.size(); ++i) {
    if (c.text[i] == '.') continue;
    double next = std::numeric_limits<double>::infinity();
    for (char other = '0'; other <= '9'; ++other) {
      if (other == c.text[i] || !pictures.has(other)) continue;
      std::string text = c.text;
      text[i] = other;
      const double misfit = fit.misfit(text).digits[place];
      next = std::min(next, misfit);
      if (misfit < kFarWorse * c.misfit[place] && pictures.shownBy(other) < kLeastShown) c.nearKnown = false;
    }
    c.behind.push_back(next / std::max(c.misfit[place], 1e-9));
    ++place;
  }
  return c;
}

/// Whether the screen shows all digits that look like this one.
bool lookalikesKnown(const DigitPictures& pictures, char digit) {
  static const std::array<std::string, 2> kAlike = {"035689", "1247"};
  return std::all_of(kAlike.begin(), kAlike.end(), [&](const std::string& alike) {
    return alike.find(digit) == std::string::npos ||
           std::all_of(alike.begin(), alike.end(), [&](char c) { return pictures.has(c); });
  });
}

/// How digits that are known were read with the others alone.
struct Check {
  int digits = 0;
  int right = 0;
  bool wrong = false;
  double worstRight = 0;
};

void checkOn(const DigitPictures& others, const PlacedNumber& known, Check& check) {
  const Comparison read = compare(others, known);
  std::size_t place = 0;
  for (std::size_t i = 0; i < read.text.size(); ++i) {
    const char truth = known.glyphs[i].character;
    if (truth == '.') continue;
    const bool clear = read.behind[place] >= kClearlyWorse;
    const double misfit = read.misfit[place++];
    // A digit that no other number shows can only be misread: whoever asks leaves it open for that reason.
    if (!others.has(truth)) continue;
    ++check.digits;
    if (!clear) continue;
    check.wrong = check.wrong || read.text[i] != truth;
    ++check.right;
    check.worstRight = std::max(check.worstRight, misfit);
  }
}

}  // namespace

std::optional<std::string> readByComparison(const cv::Mat& ink, const InkEnds& number,
                                            const std::vector<PrintedNumber>& sure) {
  const auto metrics = digitMetrics(sure, number.height());
  if (!metrics) return std::nullopt;
  const int count = digitsAcross(number.width(), *metrics);
  if (count < 1 || count > kMostDigits) return std::nullopt;
  const auto asked = placeDigits(ink, {std::string(static_cast<std::size_t>(count), '8'), number}, *metrics);
  if (!asked) return std::nullopt;
  std::vector<PlacedNumber> known;
  for (const PrintedNumber& s : sure) {
    if (auto placed = placeDigits(ink, s, *metrics)) known.push_back(std::move(*placed));
  }
  // One is left out in turn.
  if (known.size() < 2) return std::nullopt;
  const DigitPictures all(known, *metrics);
  const Comparison read = compare(all, *asked);
  if (!read.nearKnown || (read.text.front() == '0' && count > 1)) return std::nullopt;
  // A 1 at an end is narrower than the number was measured.
  if (read.text.front() == '1' || read.text.back() == '1') return std::nullopt;
  for (std::size_t i = 0; i < read.text.size(); ++i) {
    if (read.behind[i] < kClearlyWorse || !lookalikesKnown(all, read.text[i])) return std::nullopt;
  }
  Check check;
  for (std::size_t k = 0; k < known.size(); ++k) {
    std::vector<PlacedNumber> rest = known;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(k));
    const DigitPictures others(rest, *metrics);
    if (NumberFit(others, *asked).likeliest() != read.text) return std::nullopt;
    checkOn(others, known[k], check);
    if (check.wrong) return std::nullopt;
  }
  if (check.digits < kLeastChecked || 2 * check.right < check.digits) return std::nullopt;
  const double worst = *std::max_element(read.misfit.begin(), read.misfit.end());
  return worst <= check.worstRight ? std::optional(read.text) : std::nullopt;
}

}  // namespace soleus
