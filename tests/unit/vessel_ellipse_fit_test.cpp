// The ellipse through points is that of OpenCV, found faster.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <random>

#include "pipeline/vessel/ellipse_fit.h"

namespace soleus {
namespace {

/// `count` points on an ellipse of these semi-axes about (300, 150), each off by up to `scatterPx`.
std::vector<cv::Point2f> pointsOn(double major, double minor, double angleRad, int count, double scatterPx,
                                  std::mt19937& random) {
  std::uniform_real_distribution<double> off(-scatterPx, scatterPx);
  std::vector<cv::Point2f> points;
  for (int i = 0; i < count; ++i) {
    const double phi = 2 * std::numbers::pi * i / count;
    const double u = major * std::cos(phi) + off(random);
    const double v = minor * std::sin(phi) + off(random);
    points.emplace_back(static_cast<float>(300 + u * std::cos(angleRad) - v * std::sin(angleRad)),
                        static_cast<float>(150 + u * std::sin(angleRad) + v * std::cos(angleRad)));
  }
  return points;
}

void expectSame(const std::vector<cv::Point2f>& points) {
  const cv::RotatedRect ours = ellipseThrough(points);
  const cv::RotatedRect theirs = cv::fitEllipse(points);
  // Single precision at 300 px, and of angles.
  EXPECT_NEAR(ours.center.x, theirs.center.x, 1e-4);
  EXPECT_NEAR(ours.center.y, theirs.center.y, 1e-4);
  EXPECT_NEAR(ours.size.width, theirs.size.width, 1e-4);
  EXPECT_NEAR(ours.size.height, theirs.size.height, 1e-4);
  EXPECT_NEAR(ours.angle, theirs.angle, 1e-3);
}

TEST(EllipseFit, FindsWhatOpenCvFinds) {
  std::mt19937 random(1001);
  for (const double major : {8.0, 30.0, 120.0}) {
    for (const double ratio : {0.95, 0.6, 0.2}) {
      for (const double angleRad : {0.0, 0.4, 1.3, 2.9}) {
        for (const int count : {12, 50, 72})
          expectSame(pointsOn(major, ratio * major, angleRad, count, 0.05 * ratio * major, random));
      }
    }
  }
}

TEST(EllipseFit, LeavesToOpenCvWhatIsNone) {
  std::mt19937 random(1001);
  std::vector<cv::Point2f> line;
  std::vector<cv::Point2f> hyperbola;
  for (int i = 0; i < 40; ++i) {
    line.emplace_back(static_cast<float>(i), static_cast<float>(2 * i));
    const double t = (i % 20 - 10) / 5.0;
    const double side = i < 20 ? 1 : -1;
    hyperbola.emplace_back(static_cast<float>(20 * side * std::cosh(t)),
                           static_cast<float>(20 * std::sinh(t)));
  }
  for (const auto& points : {line, hyperbola}) {
    const cv::RotatedRect ours = ellipseThrough(points);
    const cv::RotatedRect theirs = cv::fitEllipse(points);
    EXPECT_EQ(ours.center, theirs.center);
    EXPECT_EQ(ours.size, theirs.size);
    EXPECT_EQ(ours.angle, theirs.angle);
  }
}

}  // namespace
}  // namespace soleus
