#include "calibration/screen/text_reader.h"

#include <dlfcn.h>
#include <tesseract/capi.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <opencv2/imgproc.hpp>

#include "calibration/screen/misread_letters.h"

namespace soleus {
namespace {

constexpr const char* kLibrary = "libtesseract.so.5";
// Tesseract is at its best with capitals 30 to 40 pixels high.
constexpr double kHeightPx = 40;
constexpr double kLargerPx = 64;
// Blur that sharpening undoes, against the height of the line.
constexpr double kSharpenedShare = 0.1;
constexpr int kMarginPx = 16;

/// Dark on white, as high as the reader likes it, contrast stretched.
cv::Mat prepared(const cv::Mat& brightOnDark, TextReader::Enlarging enlarging) {
  const bool larger = enlarging == TextReader::Enlarging::kLarger;
  const double zoom = std::max(1.0, (larger ? kLargerPx : kHeightPx) / brightOnDark.rows);
  cv::Mat large;
  cv::resize(brightOnDark, large, {}, zoom, zoom, larger ? cv::INTER_LANCZOS4 : cv::INTER_CUBIC);
  if (enlarging == TextReader::Enlarging::kSharper) {
    cv::Mat blurred;
    cv::GaussianBlur(large, blurred, {0, 0}, kSharpenedShare * large.rows);
    cv::addWeighted(large, 2, blurred, -1, 0, large);
  }
  cv::normalize(large, large, 0, 255, cv::NORM_MINMAX);
  large = 255 - large;
  cv::copyMakeBorder(large, large, kMarginPx, kMarginPx, kMarginPx, kMarginPx, cv::BORDER_CONSTANT, 255);
  return large;
}

/// All that a reading depends on.
std::string keyOf(const cv::Mat& picture, TextReader::Letters letters, TextReader::Enlarging enlarging) {
  std::string key = std::to_string(picture.cols) + (letters == TextReader::Letters::kDigits ? "d" : "a") +
                    std::to_string(static_cast<int>(enlarging)) + ":";
  for (int y = 0; y < picture.rows; ++y)
    key.append(picture.ptr<char>(y), static_cast<std::size_t>(picture.cols));
  return key;
}

}  // namespace

struct TextReader::Library {
  void* handle = nullptr;
  TessBaseAPI* api = nullptr;
  decltype(&TessBaseAPISetVariable) setVariable = nullptr;
  decltype(&TessBaseAPISetPageSegMode) setMode = nullptr;
  decltype(&TessBaseAPISetImage) setImage = nullptr;
  decltype(&TessBaseAPISetSourceResolution) setResolution = nullptr;
  decltype(&TessBaseAPIGetUTF8Text) text = nullptr;
  decltype(&TessBaseAPIMeanTextConf) confidence = nullptr;
  decltype(&TessDeleteText) deleteText = nullptr;
  decltype(&TessBaseAPIDelete) deleteApi = nullptr;
  // The same picture is read once, though several who look for different things ask for it.
  std::map<std::string, ReadText> known;

  Library() = default;
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  // The library itself stays loaded: it does not expect to be taken away.
  ~Library() {
    if (api != nullptr) deleteApi(api);
  }

  template <class Function>
  bool find(Function& function, const char* name) {
    function = reinterpret_cast<Function>(dlsym(handle, name));
    return function != nullptr;
  }

  bool load() {
    handle = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return false;
    decltype(&TessBaseAPICreate) create = nullptr;
    decltype(&TessBaseAPIInit2) init = nullptr;
    if (!find(setVariable, "TessBaseAPISetVariable") || !find(setMode, "TessBaseAPISetPageSegMode") ||
        !find(setImage, "TessBaseAPISetImage") || !find(setResolution, "TessBaseAPISetSourceResolution") ||
        !find(text, "TessBaseAPIGetUTF8Text") || !find(confidence, "TessBaseAPIMeanTextConf") ||
        !find(deleteText, "TessDeleteText") || !find(deleteApi, "TessBaseAPIDelete") ||
        !find(create, "TessBaseAPICreate") || !find(init, "TessBaseAPIInit2")) {
      return false;
    }
    api = create();
    return api != nullptr && init(api, nullptr, "eng", tesseract::OEM_LSTM_ONLY) == 0;
  }
};

Result<TextReader> TextReader::open() {
  auto library = std::make_shared<Library>();
  if (!library->load()) {
    return Error{ErrorKind::kSource, "Tesseract", "cannot read text",
                 "no " + std::string(kLibrary) + " with English data",
                 "the package tesseract-ocr to be installed"};
  }
  library->setVariable(library->api, "debug_file", "/dev/null");
  return TextReader(std::move(library));
}

ReadText TextReader::line(const cv::Mat& brightOnDark, Letters letters, Enlarging enlarging) const {
  if (brightOnDark.empty()) return {};
  const std::string key = keyOf(brightOnDark, letters, enlarging);
  if (const auto known = library_->known.find(key); known != library_->known.end()) return known->second;
  const cv::Mat large = prepared(brightOnDark, enlarging);
  TessBaseAPI* api = library_->api;
  library_->setMode(api, tesseract::PSM_SINGLE_LINE);
  library_->setVariable(api, "tessedit_char_whitelist", letters == Letters::kDigits ? "0123456789.-" : "");
  library_->setImage(api, large.data, large.cols, large.rows, 1, static_cast<int>(large.step));
  library_->setResolution(api, 300);
  char* text = library_->text(api);
  if (text == nullptr) return {};
  ReadText read{withoutOddSigns(text), library_->confidence(api) / 100.0};
  library_->deleteText(text);
  while (!read.text.empty() && std::isspace(static_cast<unsigned char>(read.text.back())) != 0)
    read.text.pop_back();
  library_->known.emplace(key, read);
  return read;
}

}  // namespace soleus
