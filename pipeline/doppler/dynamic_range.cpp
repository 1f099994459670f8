#include "pipeline/doppler/dynamic_range.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <opencv2/core.hpp>
#include <opencv2/core/optim.hpp>
#include <vector>

namespace soleus {
namespace {

constexpr int kGreys = 256;
using Histogram = std::array<double, kGreys>;
constexpr double kNeperPerDb = std::numbers::ln10 / 10.0;

// Half a second of a usual display: the mean of a row of noise then varies by a few grey steps, and flow that
// passes through it stands out.
constexpr int kTileColumns = 128;

// The quietest tiles hold nothing but noise. Their spread from the first tenth to the third shows how far the
// means of noise scatter: 0.76 of a standard deviation, so that the limit lies some 3 above the middle.
constexpr double kQuiet = 0.1;
constexpr double kTypical = 0.3;
constexpr double kSpreads = 2.2;

// Below it a coder's blur mixes the map's black with the noise above it.
constexpr int kDarkGrey = 8;
// Of the noise, the darkest part, where a coder leaves the deep troughs of speckle out, is only counted.
constexpr double kUntrusted = 0.2;
// Noise of which more is black says too little; a level within so much of white is cut off on the other side.
constexpr double kMostBlack = 0.6;
constexpr double kMostWhite = 0.001;
// Largest difference of the distributions that coding and rounding cause (up to 0.02 on phantoms at a
// constant rate factor of 28). Flow and text differ by more.
constexpr double kMostDifference = 0.03;
// A scanner averages whole spectra: up to here, single ones and a coder's smoothing.
constexpr double kSingleLook = 1.5;
// Ranges that scanners offer lie within 20 to 100 dB.
constexpr double kLeastDb = 15;
constexpr double kMostDb = 120;

Histogram noiseHistogram(const cv::Mat& grey) {
  struct Tile {
    int first;
    int row;
    double mean;
  };
  std::vector<Tile> tiles;
  for (int first = 0; first + kTileColumns <= grey.rows; first += kTileColumns) {
    cv::Mat mean;
    cv::reduce(grey.rowRange(first, first + kTileColumns), mean, 0, cv::REDUCE_AVG, CV_32F);
    for (int row = 0; row < mean.cols; ++row) tiles.push_back({first, row, mean.at<float>(row)});
  }
  Histogram histogram{};
  if (tiles.empty()) return histogram;
  std::sort(tiles.begin(), tiles.end(), [](const Tile& a, const Tile& b) { return a.mean < b.mean; });
  const auto meanAt = [&](double share) {
    return tiles[static_cast<std::size_t>(share * static_cast<double>(tiles.size()))].mean;
  };
  const double most = meanAt(kQuiet) + kSpreads * (meanAt(kTypical) - meanAt(kQuiet));
  for (const Tile& tile : tiles) {
    if (tile.mean > most) break;
    for (int i = 0; i < kTileColumns; ++i) ++histogram[grey.at<std::uint8_t>(tile.first + i, tile.row)];
  }
  return histogram;
}

/// How grey values of gamma-distributed power are distributed.
struct SpeckleModel {
  double neperPerGrey;
  double looks;
  double level;  // grey value of the mean power

  [[nodiscard]] double density(double grey) const {
    const double x = (grey - level) * neperPerGrey;
    return neperPerGrey * std::exp(looks * (x - std::exp(x)) + looks * std::log(looks) - std::lgamma(looks));
  }
};

/// Fits the model to the grey values from `dark` on; what lies below is only counted.
class SpeckleFit : public cv::MinProblemSolver::Function {
 public:
  SpeckleFit(const Histogram& histogram, int dark, std::optional<double> looks)
      : histogram_(histogram), dark_(dark), looks_(looks) {
    for (const double n : histogram) total_ += n;
  }
  [[nodiscard]] int getDims() const override { return looks_ ? 2 : 3; }

  /// `x`: logarithm of neper per grey, level in hundreds, logarithm of the looks.
  [[nodiscard]] SpeckleModel model(const double* x) const {
    return {std::exp(x[0]), looks_ ? *looks_ : std::exp(x[2]), 100.0 * x[1]};
  }

  /// Minus the mean log-likelihood.
  double calc(const double* x) const override {
    constexpr double kLeast = 1e-12;  // keeps the logarithm finite
    const SpeckleModel m = model(x);
    double bright = 0;
    double sum = 0;
    for (int g = dark_; g < kGreys; ++g) {
      const double p = m.density(g);
      bright += p;
      sum += histogram_[static_cast<std::size_t>(g)] * std::log(p + kLeast);
    }
    return -(sum + below() * std::log(std::max(1.0 - bright, 0.0) + kLeast)) / total_;
  }

  /// The largest difference of the cumulative distributions.
  [[nodiscard]] double difference(const SpeckleModel& m) const {
    double above = 0;
    double worst = 0;
    double counted = 0;
    for (int g = kGreys - 1; g >= dark_; --g) {
      above += m.density(g);
      counted += histogram_[static_cast<std::size_t>(g)] / total_;
      worst = std::max(worst, std::abs(above - counted));
    }
    return worst;
  }

 private:
  [[nodiscard]] double below() const {
    double n = 0;
    for (int g = 0; g < dark_; ++g) n += histogram_[static_cast<std::size_t>(g)];
    return n;
  }

  const Histogram& histogram_;
  const int dark_;
  const std::optional<double> looks_;
  double total_ = 0;
};

/// The most likely model; with `looks` given, of so many.
SpeckleModel fit(const Histogram& histogram, int dark, double level, std::optional<double> looks) {
  const auto problem = cv::makePtr<SpeckleFit>(histogram, dark, looks);
  cv::Mat_<double> best(1, problem->getDims());
  best(0) = std::log(50.0 / 255.0 * kNeperPerDb);
  best(1) = level / 100.0;
  cv::Mat_<double> step(1, best.cols);
  step(0) = 0.3;
  step(1) = 0.2;
  if (!looks) {
    best(2) = 0.3;
    step(2) = 0.5;
  }
  const auto solver = cv::DownhillSolver::create(
      problem, step, cv::TermCriteria(cv::TermCriteria::COUNT + cv::TermCriteria::EPS, 2000, 1e-9));
  solver->minimize(best);
  return problem->model(best.ptr<double>());
}

}  // namespace

std::optional<DynamicRangeEstimate> estimateDynamicRange(const cv::Mat& grey) {
  const Histogram histogram = noiseHistogram(grey);
  double total = 0;
  double sum = 0;
  for (int g = 0; g < kGreys; ++g) {
    total += histogram[static_cast<std::size_t>(g)];
    sum += g * histogram[static_cast<std::size_t>(g)];
  }
  if (total == 0 || histogram.back() > kMostWhite * total) return std::nullopt;
  double below = 0;
  int dark = 0;
  while (dark < kDarkGrey || below < kUntrusted * total) below += histogram[static_cast<std::size_t>(dark++)];
  if (below > kMostBlack * total) return std::nullopt;

  SpeckleModel model = fit(histogram, dark, sum / total, std::nullopt);
  if (model.looks < kSingleLook) model = fit(histogram, dark, sum / total, 1.0);
  const double db = 255.0 * model.neperPerGrey / kNeperPerDb;
  if (SpeckleFit(histogram, dark, 1.0).difference(model) > kMostDifference) return std::nullopt;
  if (!(db >= kLeastDb && db <= kMostDb)) return std::nullopt;
  return DynamicRangeEstimate{db, model.looks};
}

}  // namespace soleus
