#include "calibration/phantom/screen_text.h"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <algorithm>
#include <cmath>
#include <functional>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace soleus {
namespace {

// OpenCV's size of the stroke font on the 720-line screen, and the smallest that is still readable.
constexpr double kFontScale = 0.5;
constexpr double kLeastFontScale = 0.36;

int faceOf(ScreenFont font) {
  switch (font) {
    case ScreenFont::kPlain:
      return cv::FONT_HERSHEY_PLAIN;
    case ScreenFont::kDuplex:
      return cv::FONT_HERSHEY_DUPLEX;
    case ScreenFont::kComplex:
      return cv::FONT_HERSHEY_COMPLEX;
    default:
      return cv::FONT_HERSHEY_SIMPLEX;
  }
}

/// Height of a digit in Hershey's units, which is that in pixels at OpenCV's size 1.
double digitUnits(ScreenFont font) {
  return font == ScreenFont::kPlain ? 9.0 : 21.0;
}

/// The characters of a UTF-8 text of at most two bytes each, as all that screens print.
std::u32string charactersOf(const std::string& utf8) {
  std::u32string characters;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    if (byte >= 0xC0 && i + 1 < utf8.size()) {
      characters.push_back(((byte & 0x1FU) << 6) | (static_cast<unsigned char>(utf8[++i]) & 0x3FU));
    } else {
      characters.push_back(byte);
    }
  }
  return characters;
}

}  // namespace

class ScreenText::Outline {
 public:
  Outline(const char* file, double digitHeightPx) {
    if (FT_Init_FreeType(&library_) != 0) throw std::runtime_error("FreeType does not start");
    if (FT_New_Face(library_, file, 0, &face_) != 0) {
      FT_Done_FreeType(library_);
      throw std::runtime_error(std::string("no usable font in ") + file);
    }
    FT_Load_Char(face_, U'0', FT_LOAD_NO_SCALE);
    digitsPerEm_ = static_cast<double>(face_->glyph->metrics.height) / face_->units_per_EM;
    emPx_ = digitHeightPx / digitsPerEm_;
  }
  Outline(const Outline&) = delete;
  Outline& operator=(const Outline&) = delete;
  ~Outline() {
    FT_Done_Face(face_);
    FT_Done_FreeType(library_);
  }

  /// Calls `ink(glyph, penX)` with each drawn glyph; answers where the pen ends.
  int forEach(const std::string& text, double shrink,
              const std::function<void(const FT_GlyphSlot, int)>& ink) const {
    FT_Set_Pixel_Sizes(face_, 0, static_cast<FT_UInt>(std::lround(emPx_ * shrink)));
    int pen = 0;
    for (const char32_t character : charactersOf(text)) {
      if (FT_Load_Char(face_, character, FT_LOAD_RENDER) != 0) continue;
      if (ink) ink(face_->glyph, pen);
      pen += static_cast<int>((face_->glyph->advance.x + 32) / 64);  // of 64ths of a pixel
    }
    return pen;
  }

 private:
  FT_Library library_ = nullptr;
  FT_Face face_ = nullptr;
  double digitsPerEm_ = 0.7;
  double emPx_ = 0;
};

ScreenText::ScreenText(const ScreenLook& look, int screenHeight) : face_(faceOf(look.font)) {
  const double units = digitUnits(look.font);
  // The usual height is that of the default font, whichever is drawn.
  faceScale_ =
      std::max(kLeastFontScale, kFontScale * screenHeight / 720.0) * digitUnits(ScreenFont::kSimplex) / units;
  if (look.digitHeightPx) faceScale_ = *look.digitHeightPx / units;
  digitHeightPx_ = faceScale_ * units;
  if (isOutline(look.font)) outline_ = std::make_unique<Outline>(fontFile(look.font), digitHeightPx_);
}

ScreenText::~ScreenText() = default;

int ScreenText::widthPx(const std::string& text, double shrink) const {
  if (outline_) return outline_->forEach(text, shrink, nullptr);
  int below = 0;
  return cv::getTextSize(text, face_, faceScale_ * shrink, 1, &below).width;
}

void ScreenText::draw(cv::Mat bgr, const std::string& text, cv::Point origin, const cv::Scalar& colour,
                      double shrink) const {
  if (!outline_) {
    cv::putText(bgr, text, origin, face_, faceScale_ * shrink, colour, 1, cv::LINE_AA);
    return;
  }
  outline_->forEach(text, shrink, [&](const FT_GlyphSlot glyph, int pen) {
    const FT_Bitmap& bitmap = glyph->bitmap;
    const int left = origin.x + pen + glyph->bitmap_left;
    const int top = origin.y - glyph->bitmap_top;
    for (int row = 0; row < static_cast<int>(bitmap.rows); ++row) {
      for (int col = 0; col < static_cast<int>(bitmap.width); ++col) {
        const cv::Point at(left + col, top + row);
        if (!cv::Rect(0, 0, bgr.cols, bgr.rows).contains(at)) continue;
        const double share = bitmap.buffer[row * bitmap.pitch + col] / 255.0;
        auto& pixel = bgr.at<cv::Vec3b>(at);
        for (int c = 0; c < 3; ++c)
          pixel[c] = cv::saturate_cast<std::uint8_t>(std::lerp(pixel[c], colour[c], share));
      }
    }
  });
}

}  // namespace soleus
