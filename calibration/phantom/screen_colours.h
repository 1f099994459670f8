/// The inks and grounds of the phantom's screen. Blue, green, red, as OpenCV orders them.
#pragma once

#include <opencv2/core/types.hpp>

#include "calibration/phantom/screen_look.h"

namespace soleus {

/// Of text: for what counts, for what matters less, and for headings.
struct ScreenInks {
  cv::Scalar text;
  cv::Scalar dim;
  cv::Scalar accent;
};

inline cv::Scalar inkOf(InkColour colour) {
  switch (colour) {
    case InkColour::kYellow:
      return {90, 220, 235};
    case InkColour::kGreen:
      return {110, 230, 90};
    case InkColour::kAmber:
      return {50, 170, 240};
    case InkColour::kCyan:
      return {230, 220, 80};
    case InkColour::kGrey:
      return {165, 165, 165};
    case InkColour::kWhite:
      break;
  }
  return {235, 235, 235};
}

inline ScreenInks inksOf(const ScreenLook& look) {
  const cv::Scalar text = inkOf(look.text);
  const bool white = look.text == InkColour::kWhite;
  const bool yellow = look.text == InkColour::kYellow;
  return {text, white ? inkOf(InkColour::kGrey) : text * 0.75,
          inkOf(yellow ? InkColour::kWhite : InkColour::kYellow)};
}

inline cv::Scalar panelOf(ScreenLook::Panel panel) {
  switch (panel) {
    case ScreenLook::Panel::kGrey:
      return {46, 44, 44};
    case ScreenLook::Panel::kBlue:
      return {58, 34, 18};
    case ScreenLook::Panel::kBlack:
      break;
  }
  return {0, 0, 0};
}

inline cv::Scalar headerOf(ScreenLook::Panel panel) {
  return panel == ScreenLook::Panel::kGrey ? cv::Scalar(78, 74, 74) : cv::Scalar(92, 46, 20);
}

}  // namespace soleus
