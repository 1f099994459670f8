#include "calibration/screen/shape_reader.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace soleus {
namespace {

// Drawn this high: several times what is read by shape.
constexpr double kDrawnScale = 1.6;
// Blur of a small letter, against its height.
constexpr double kBlurShare = 0.09;
// Proportions of fonts differ by this from those drawn.
constexpr double kLeastProportion = 0.72;
constexpr double kMostProportion = 1.3;

cv::Mat draw(const std::string& word, int font, int thickness) {
  int below = 0;
  const cv::Size size = cv::getTextSize(word, font, kDrawnScale, thickness, &below);
  cv::Mat picture = cv::Mat::zeros(size.height + 2 * below + 20, size.width + 40, CV_8U);
  cv::putText(picture, word, {20, size.height + 10}, font, kDrawnScale, 255, thickness);
  const cv::Mat tight = picture(cv::boundingRect(picture));
  cv::Mat wide;
  tight.convertTo(wide, CV_32F);
  return wide;
}

double correlation(const cv::Mat& a, const cv::Mat& b) {
  cv::Scalar meanA, meanB, sdA, sdB;
  cv::meanStdDev(a, meanA, sdA);
  cv::meanStdDev(b, meanB, sdB);
  if (!(sdA[0] > 0) || !(sdB[0] > 0)) return 0;
  const double both = a.dot(b) / static_cast<double>(a.total());
  return (both - meanA[0] * meanB[0]) / (sdA[0] * sdB[0]);
}

/// The drawn word in a picture of this size, `room` from its edges, blurred.
cv::Mat fitted(const cv::Mat& drawn, cv::Size size, cv::Size room) {
  cv::Mat small;
  cv::resize(drawn, small,
             {std::max(1, size.width - 2 * room.width), std::max(1, size.height - 2 * room.height)}, 0, 0,
             cv::INTER_AREA);
  cv::copyMakeBorder(small, small, room.height, size.height - small.rows - room.height, room.width,
                     size.width - small.cols - room.width, cv::BORDER_CONSTANT, 0);
  cv::GaussianBlur(small, small, {0, 0}, std::max(0.6, kBlurShare * size.height), 0, cv::BORDER_CONSTANT);
  return small;
}

}  // namespace

ShapeReader::ShapeReader(const std::vector<std::string>& words) : words_(words) {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    drawn_.push_back({i, draw(words_[i], cv::FONT_HERSHEY_SIMPLEX, 4)});
    drawn_.push_back({i, draw(words_[i], cv::FONT_HERSHEY_DUPLEX, 5)});
  }
}

std::vector<double> ShapeReader::likenesses(const cv::Mat& brightOnDark) const {
  std::vector<double> likeness(words_.size(), -1);
  if (brightOnDark.rows < 4 || brightOnDark.cols < 3) return likeness;
  cv::Mat seen;
  cv::copyMakeBorder(brightOnDark, seen, 2, 2, 2, 2, cv::BORDER_CONSTANT, 0);
  seen.convertTo(seen, CV_32F);
  const double proportion = static_cast<double>(brightOnDark.cols) / brightOnDark.rows;
  for (const Drawn& word : drawn_) {
    const double its = static_cast<double>(word.picture.cols) / word.picture.rows;
    const double ratio = proportion / its;
    // A 1 is but a stroke: blur makes it wide.
    const double most = its < 0.5 ? 2.5 : kMostProportion;
    if (ratio < kLeastProportion || ratio > most) continue;
    // The box was cut where blurred ink fades: the letters themselves end up to two pixels further in.
    double& best = likeness[word.word];
    for (const int roomX : {2, 3}) {
      for (const int roomY : {2, 3})
        best = std::max(best, correlation(seen, fitted(word.picture, seen.size(), {roomX, roomY})));
    }
  }
  return likeness;
}

ShapeMatch ShapeReader::read(const cv::Mat& brightOnDark) const {
  std::vector<double> likeness = likenesses(brightOnDark);
  const auto best = std::max_element(likeness.begin(), likeness.end());
  if (best == likeness.end() || *best < 0) return {};
  ShapeMatch match{words_[static_cast<std::size_t>(best - likeness.begin())], *best, 0};
  *best = -1;
  match.margin = match.likeness - std::max(0.0, *std::max_element(likeness.begin(), likeness.end()));
  return match;
}

std::vector<std::string> ShapeReader::near(const cv::Mat& brightOnDark, double less) const {
  const std::vector<double> likeness = likenesses(brightOnDark);
  std::vector<std::string> near;
  if (likeness.empty()) return near;
  const double least = std::max(0.0, *std::max_element(likeness.begin(), likeness.end()) - less);
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (likeness[i] >= least) near.push_back(words_[i]);
  }
  return near;
}

std::vector<std::string> plainNumbers() {
  std::vector<std::string> numbers;
  for (int i = 0; i < 100; ++i) numbers.push_back(std::to_string(i));
  for (int i = 100; i <= 500; i += 10) numbers.push_back(std::to_string(i));
  for (int i = 0; i < 200; ++i) numbers.push_back(std::to_string(i / 10) + "." + std::to_string(i % 10));
  return numbers;
}

}  // namespace soleus
