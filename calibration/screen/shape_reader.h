/// Reading small, blurred text by its shape: which of a few words does it look most like?
#pragma once

#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

namespace soleus {

/// How well the likeliest word fits.
struct ShapeMatch {
  std::string text;
  double likeness = 0;  ///< correlation of the brightness with the drawn word, up to 1
  double margin = 0;    ///< by how much the next word is less alike
};

/// Draws words in plain stroke fonts, as large and as blurred as what is to be read, and correlates. Optical
/// character recognition fails where letters are 10 pixels high and run into each other; with a short list of
/// words to choose from, whole words can still be told. Not thread-safe.
class ShapeReader {
 public:
  explicit ShapeReader(const std::vector<std::string>& words);

  /// `brightOnDark`: CV_8UC1, the word tightly. Words of another proportion are not considered.
  [[nodiscard]] ShapeMatch read(const cv::Mat& brightOnDark) const;

  /// Every word that is at most `less` less like it than the best.
  [[nodiscard]] std::vector<std::string> near(const cv::Mat& brightOnDark, double less) const;

 private:
  [[nodiscard]] std::vector<double> likenesses(const cv::Mat& brightOnDark) const;
  struct Drawn {
    std::size_t word = 0;
    cv::Mat picture;  // CV_32F, tight
  };
  std::vector<std::string> words_;
  std::vector<Drawn> drawn_;
};

/// The numbers that stand on axes and in settings: up to three digits, or with one decimal.
std::vector<std::string> plainNumbers();

}  // namespace soleus
