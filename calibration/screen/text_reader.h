/// Optical character recognition of single lines of a screen's text.
#pragma once

#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>

#include "pipeline/core/result.h"

namespace soleus {

/// A line as read.
struct ReadText {
  std::string text;
  double confidence = 0;  ///< 0 to 1, the reader's own
};

/// Tesseract. It is loaded when the first reader is made, not with the program: it and the hundred libraries
/// behind it would cost every command of the program 0.1 s. Not thread-safe.
class TextReader {
 public:
  enum class Letters { kDigits, kAll };
  /// How small letters are made as large as the reader likes them. What is read alike from all is sure.
  enum class Enlarging { kUsual, kLarger, kSharper };
  /// Errors (kSource): Tesseract or its English data is not installed.
  static Result<TextReader> open();

  /// One line of text, bright on dark, as it stands on the screen (CV_8UC1, a pixel or two of room around).
  [[nodiscard]] ReadText line(const cv::Mat& brightOnDark, Letters letters,
                              Enlarging enlarging = Enlarging::kUsual) const;

 private:
  struct Library;
  explicit TextReader(std::shared_ptr<Library> library) : library_(std::move(library)) {}
  std::shared_ptr<Library> library_;
};

}  // namespace soleus
