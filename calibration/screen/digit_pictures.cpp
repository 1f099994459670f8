#include "calibration/screen/digit_pictures.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/core.hpp>
#include <set>
#include <utility>

namespace soleus {
namespace {

// A cell with the blur about it, as shares of advance and height.
constexpr double kCellReach = 0.95;
constexpr double kCellHalfHeight = 0.75;
// Holds pictures at black where nothing is known of them, more so beyond their cell.
constexpr double kHold = 0.05;
constexpr int kMostSteps = 80;
constexpr double kSolved = 1e-4;
// Places are measured to 0.3 pixels: tried in steps.
constexpr int kPlaceSteps = 2;
constexpr double kPlaceStepPx = 0.15;
// Print of one screen is equally bright within this.
constexpr double kLeastGain = 0.9;
constexpr double kMostGain = 1.1;

/// Keys' cubic convolution.
float cubic(double x) {
  x = std::abs(x);
  if (x < 1) return static_cast<float>((1.5 * x - 2.5) * x * x + 1);
  if (x < 2) return static_cast<float>(((-0.5 * x + 2.5) * x - 4) * x + 2);
  return 0;
}

/// Weights of a glyph's rows or columns, `half` to either side, in each of `count` pixels of a picture.
cv::Mat weights(int count, double middle, double scale, int half) {
  cv::Mat w(count, 2 * half + 1, CV_32F);
  for (int i = 0; i < count; ++i) {
    for (int j = -half; j <= half; ++j) w.at<float>(i, j + half) = cubic((i - middle) / scale - j);
  }
  return w;
}

/// A character's place in one number: drawn there is `rows` * picture * `columns` transposed.
struct Term {
  std::size_t number = 0;
  std::size_t unknown = 0;
  cv::Mat rows, columns;
};

/// All unknown pictures, for the method of conjugate gradients.
using Pictures = std::vector<cv::Mat>;

double dot(const Pictures& a, const Pictures& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i].dot(b[i]);
  return sum;
}

Pictures gathered(const std::vector<Term>& terms, const Pictures& numbers, std::size_t unknowns,
                  cv::Size cell) {
  Pictures sum;
  for (std::size_t i = 0; i < unknowns; ++i) sum.push_back(cv::Mat::zeros(cell, CV_32F));
  for (const Term& t : terms) sum[t.unknown] += t.rows.t() * numbers[t.number] * t.columns;
  return sum;
}

Pictures spread(const std::vector<Term>& terms, const Pictures& pictures, const Pictures& like) {
  Pictures sum;
  for (const cv::Mat& picture : like) sum.push_back(cv::Mat::zeros(picture.size(), CV_32F));
  for (const Term& t : terms) sum[t.number] += t.rows * pictures[t.unknown] * t.columns.t();
  return sum;
}

}  // namespace

DigitPictures::DigitPictures(const std::vector<PlacedNumber>& numbers, const DigitMetrics& metrics)
    : halfWidth_(static_cast<int>(std::ceil(kCellReach * metrics.advance))),
      halfHeight_(static_cast<int>(std::ceil(kCellHalfHeight * metrics.height))),
      advance_(metrics.advance) {
  const cv::Size cell(2 * halfWidth_ + 1, 2 * halfHeight_ + 1);
  std::string characters;
  std::vector<Term> terms;
  Pictures seen;
  for (std::size_t n = 0; n < numbers.size(); ++n) {
    const PlacedNumber& number = numbers[n];
    seen.push_back(number.picture);
    std::set<char> its;
    for (const PlacedGlyph& glyph : number.glyphs) its.insert(glyph.character);
    for (const char c : its) ++shown_[c];
    for (const PlacedGlyph& glyph : number.glyphs) {
      auto which = characters.find(glyph.character);
      if (which == std::string::npos) {
        which = characters.size();
        characters += glyph.character;
      }
      terms.push_back({n, which, weights(number.picture.rows, glyph.y, number.scaleY, halfHeight_),
                       weights(number.picture.cols, glyph.x, number.scaleX, halfWidth_)});
    }
  }
  cv::Mat hold(cell, CV_32F);
  for (int x = -halfWidth_; x <= halfWidth_; ++x) {
    const double beyond = std::max(0.0, std::abs(x) - advance_ / 2);
    hold.col(x + halfWidth_).setTo(kHold * (1 + beyond * beyond));
  }
  // (A'A + hold) x = A'b
  const std::size_t unknowns = characters.size();
  Pictures solution;
  for (std::size_t i = 0; i < unknowns; ++i) solution.push_back(cv::Mat::zeros(cell, CV_32F));
  Pictures residual = gathered(terms, seen, unknowns, cell);
  Pictures direction;
  for (const cv::Mat& r : residual) direction.push_back(r.clone());
  double left = dot(residual, residual);
  const double first = left;
  for (int step = 0; step < kMostSteps && left > kSolved * kSolved * first; ++step) {
    Pictures through = gathered(terms, spread(terms, direction, seen), unknowns, cell);
    for (std::size_t i = 0; i < unknowns; ++i) through[i] += hold.mul(direction[i]);
    const double length = left / dot(direction, through);
    for (std::size_t i = 0; i < unknowns; ++i) {
      solution[i] += length * direction[i];
      residual[i] -= length * through[i];
    }
    const double now = dot(residual, residual);
    for (std::size_t i = 0; i < unknowns; ++i) direction[i] = residual[i] + now / left * direction[i];
    left = now;
  }
  for (std::size_t i = 0; i < unknowns; ++i) pictures_[characters[i]] = solution[i];
  derive();
}

/// A 9 that the screen shows nowhere is a 6 upside down, and an 8 is what strokes of both make. Where a
/// typeface draws them otherwise they fit worse, and what depends on them stays open.
void DigitPictures::derive() {
  if (!has('6')) return;
  cv::Mat turned;
  cv::flip(pictures_['6'], turned, -1);
  if (!has('8')) {
    pictures_['8'] = cv::max(pictures_['6'], has('9') ? pictures_['9'] : turned);
    shown_['8'] = shown_['6'];
  }
  if (!has('9')) {
    pictures_['9'] = turned;
    shown_['9'] = shown_['6'];
  }
}

int DigitPictures::shownBy(char character) const {
  const auto shown = shown_.find(character);
  return shown == shown_.end() ? 0 : shown->second;
}

cv::Mat DigitPictures::drawn(char character, const PlacedNumber& number, std::size_t place,
                             cv::Point2d off) const {
  const PlacedGlyph& glyph = number.glyphs[place];
  const cv::Mat rows = weights(number.picture.rows, glyph.y + off.y, number.scaleY, halfHeight_);
  const cv::Mat columns = weights(number.picture.cols, glyph.x + off.x, number.scaleX, halfWidth_);
  return rows * pictures_.at(character) * columns.t();
}

std::string DigitPictures::digits() const {
  std::string digits;
  for (const auto& [character, picture] : pictures_) {
    if (character != '.') digits += character;
  }
  return digits;
}

NumberFit::NumberFit(const DigitPictures& pictures, const PlacedNumber& number)
    : number_(number), digits_(pictures.digits()), advance_(pictures.advance() * number.scaleX) {
  for (int row = -kPlaceSteps; row <= kPlaceSteps; ++row) {
    for (int column = -kPlaceSteps; column <= kPlaceSteps; ++column) {
      const cv::Point2d off(column * kPlaceStepPx, row * kPlaceStepPx);
      auto& places = drawn_.emplace_back(number.glyphs.size());
      for (std::size_t i = 0; i < places.size(); ++i) {
        const std::string all = number.glyphs[i].character == '.' ? "." : digits_;
        for (const char c : all) {
          if (pictures.has(c)) places[i][c] = pictures.drawn(c, number, i, off);
        }
      }
    }
  }
}

DigitMisfit NumberFit::misfit(const std::string& text) const {
  DigitMisfit best;
  best.whole = std::numeric_limits<double>::infinity();
  cv::Mat bestLeft;
  for (const auto& places : drawn_) {
    cv::Mat sum = cv::Mat::zeros(number_.picture.size(), CV_32F);
    for (std::size_t i = 0; i < text.size(); ++i) {
      // A dot that no other number has is not known.
      if (const auto glyph = places[i].find(text[i]); glyph != places[i].end()) sum += glyph->second;
    }
    const double power = sum.dot(sum);
    const double gain = power > 0 ? std::clamp(sum.dot(number_.picture) / power, kLeastGain, kMostGain) : 1.0;
    const cv::Mat left = number_.picture - gain * sum;
    const double whole = std::sqrt(left.dot(left) / static_cast<double>(left.total()));
    if (whole >= best.whole) continue;
    best.whole = whole;
    bestLeft = left;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '.') continue;
    double sum = 0;
    double weight = 0;
    for (int x = 0; x < bestLeft.cols; ++x) {
      const double w = std::clamp(advance_ / 2 + 0.5 - std::abs(x - number_.glyphs[i].x), 0.0, 1.0);
      sum += w * bestLeft.col(x).dot(bestLeft.col(x));
      weight += w * bestLeft.rows;
    }
    best.digits.push_back(std::sqrt(sum / std::max(weight, 1e-9)));
  }
  return best;
}

std::string NumberFit::likeliest() const {
  std::string text;
  for (const PlacedGlyph& glyph : number_.glyphs) text += glyph.character == '.' ? '.' : digits_.front();
  // Neighbours hardly meet: digit by digit, until none changes.
  double least = misfit(text).whole;
  for (bool changed = true; changed;) {
    changed = false;
    for (char& at : text) {
      if (at == '.') continue;
      for (const char digit : digits_) {
        const char before = std::exchange(at, digit);
        const double whole = digit == before ? least : misfit(text).whole;
        changed = changed || whole < least;
        if (whole < least)
          least = whole;
        else
          at = before;
      }
    }
  }
  return text;
}

}  // namespace soleus
