#include "pipeline/doppler/band_end.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>
#include <utility>

namespace soleus {
namespace {

// Averages the speckle of a band to some 20 %, and is shorter than the pauses between bursts.
constexpr double kPieceS = 0.25;
constexpr std::size_t kPieces = 40;
constexpr std::size_t kFewestPieces = 8;

// Of each side of the axis.
constexpr int kBands = 64;
constexpr int kFirstBand = kBands / 8;

// The noise floor is looked for in the quietest quarter of the axis: what is empty of it has to reach there.
constexpr int kLastBand = kBands - 3 * kBands / 16;

// Flow is seldom in a quarter of all pieces at once with more than this over the noise, hiss beyond a filter
// is mostly 40 dB down.
constexpr double kEmpty = 0.0316;  // -15 dB

// Noise just below the end is what it always is; of pieces of pure noise the quietest lies 10 % below.
constexpr double kSteady = 0.5;

// All but bursts, and all but the clicks of a probe.
constexpr double kQuiet = 0.25;
constexpr double kLoud = 0.95;

// Digital silence, as the strip has it: a mute, padding.
constexpr double kSilence = 1e-12;

/// Bands that a filter may take to fall, beyond the last of its band.
int fall(int end) {
  return std::max(2, end / 4);
}

double mean(std::span<const float> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

BandEnd::BandEnd(const SignalWindow& window, double binHz, double columnS)
    : window_(window),
      binHz_(binHz),
      columnsOfPiece_(std::max(1, static_cast<int>(std::lround(kPieceS / columnS)))),
      sum_(static_cast<std::size_t>(window.rowsAbove + 1 + window.rowsBelow)),
      found_(window.rowsAbove < kBands) {}

std::optional<double> BandEnd::push(std::span<const float> power) {
  if (found_) return std::nullopt;
  std::transform(power.begin(), power.end(), sum_.begin(), sum_.begin(), std::plus());
  if (++columns_ < columnsOfPiece_) return std::nullopt;
  for (float& value : sum_) value /= static_cast<float>(columns_);
  if (mean(sum_) > kSilence) pieces_.push_back(sum_);
  std::fill(sum_.begin(), sum_.end(), 0.0F);
  columns_ = 0;
  if (pieces_.size() < kPieces) return std::nullopt;
  const std::optional<double> end = judge();
  found_ = end.has_value();
  pieces_.clear();
  return end;
}

std::optional<double> BandEnd::finish() {
  const std::optional<double> end = pieces_.size() < kFewestPieces ? std::nullopt : judge();
  *this = BandEnd(window_, binHz_, kPieceS / columnsOfPiece_);
  return end;
}

int BandEnd::bin(int band) const {
  return 1 + band * (window_.rowsAbove - 1) / kBands;
}

int BandEnd::row(int bin, int side) const {
  return window_.rowsAbove - (side == 0 ? bin : -bin);
}

std::vector<float> BandEnd::quantile(double share) const {
  std::vector<float> result(sum_.size());
  std::vector<float> values(pieces_.size());
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  for (std::size_t r = 0; r < result.size(); ++r) {
    for (std::size_t p = 0; p < pieces_.size(); ++p) values[p] = pieces_[p][r];
    std::nth_element(values.begin(), values.begin() + at, values.end());
    result[r] = values[static_cast<std::size_t>(at)];
  }
  return result;
}

/// Whether these bands hold about the same in their quietest piece as in the quiet ones.
bool BandEnd::isSteady(int bandBegin, int bandEnd, int side) const {
  std::vector<double> powers;
  for (const auto& piece : pieces_) {
    double sum = 0;
    for (int b = bin(bandBegin); b < bin(bandEnd); ++b) sum += piece[static_cast<std::size_t>(row(b, side))];
    powers.push_back(sum);
  }
  std::sort(powers.begin(), powers.end());
  const auto quiet = static_cast<std::size_t>(kQuiet * static_cast<double>(powers.size() - 1));
  return powers.front() > kSteady * powers[quiet];
}

std::optional<double> BandEnd::judge() const {
  const std::vector<float> quiet = quantile(kQuiet);
  const std::vector<float> loud = quantile(kLoud);
  const int sides = window_.rowsBelow > 0 ? 2 : 1;
  const auto level = [&](const std::vector<float>& rows, int band, int side) {
    double sum = 0;
    for (int b = bin(band); b < bin(band + 1); ++b) sum += rows[static_cast<std::size_t>(row(b, side))];
    return sum / (bin(band + 1) - bin(band));
  };

  double emptiest = kEmpty;
  int end = 0;
  for (int k = kFirstBand; k + fall(k) <= kLastBand; ++k) {
    double share = 0;
    for (int side = 0; side < sides; ++side) {
      double below = level(quiet, k / 2, side);
      double beyond = 0;
      for (int band = k / 2; band < k; ++band) below = std::min(below, level(quiet, band, side));
      for (int band = k + fall(k); band < kBands; ++band) beyond = std::max(beyond, level(loud, band, side));
      share = std::max(share, below > 0 ? beyond / below : 1.0);
    }
    // The highest of the ends that are equally good: nothing of the band is cut off.
    if (share <= emptiest) {
      emptiest = share;
      end = k;
    }
  }
  for (int side = 0; side < sides; ++side) {
    if (end == 0 || !isSteady(end / 2, end, side)) return std::nullopt;
  }

  // A band with a hard end has half its power there.
  double half = 0;
  for (int band = end / 2; band < end; ++band) half += 0.5 * level(quiet, band, 0) / (end - end / 2);
  int last = bin(end + fall(end));
  while (last > bin(end / 2) && quiet[static_cast<std::size_t>(row(last, 0))] < half) --last;
  return last * binHz_;
}

}  // namespace soleus
