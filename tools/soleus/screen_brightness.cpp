#include "tools/soleus/screen_brightness.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "tools/soleus/screen_frames.h"

namespace soleus {
namespace {

// Parts of a picture: a patch that flashes on a usual screen fills most of one.
constexpr int kColumns = 16;
constexpr int kRows = 9;
// How high the jumps of a part are is judged by the one of this rank: one or two may be a change of the
// scene.
constexpr std::size_t kRank = 3;
// The whole picture is less noisy than a part: its jumps need not be as high.
constexpr double kWholeShare = 0.5;

/// One value a frame.
using Course = std::vector<double>;

double jumpOf(const Course& course) {
  std::vector<double> jumps;
  for (std::size_t n = 1; n < course.size(); ++n) jumps.push_back(std::abs(course[n] - course[n - 1]));
  if (jumps.size() < kRank) return 0;
  std::nth_element(jumps.begin(), jumps.begin() + kRank - 1, jumps.end(), std::greater<>());
  return jumps[kRank - 1];
}

}  // namespace

Result<SampledTrace> readBrightness(const std::string& path, const std::optional<Region>& region) {
  std::vector<double> times;
  std::vector<Course> parts(static_cast<std::size_t>(kColumns) * kRows);
  Course whole;
  std::string outside;
  const auto take = [&](const cv::Mat& bgr, SessionTime time) {
    cv::Mat picture = bgr;
    if (region) {
      const cv::Rect box(region->x, region->y, region->width, region->height);
      const cv::Rect inside = box & cv::Rect(0, 0, bgr.cols, bgr.rows);
      if (inside != box || box.area() == 0) {
        outside = std::to_string(bgr.cols) + " x " + std::to_string(bgr.rows) + " pixels";
        return;
      }
      picture = bgr(box);
    }
    cv::Mat grey;
    cv::Mat small;
    cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
    times.push_back(time.seconds());
    whole.push_back(cv::mean(grey)[0]);
    if (region) return;
    grey.convertTo(grey, CV_32F);
    cv::resize(grey, small, {kColumns, kRows}, 0, 0, cv::INTER_AREA);
    for (int n = 0; n < kColumns * kRows; ++n)
      parts[static_cast<std::size_t>(n)].push_back(small.at<float>(n / kColumns, n % kColumns));
  };
  if (const Status read = readFrames(path, 0, take); !read.ok()) return read.error();
  if (!outside.empty())
    return Error{ErrorKind::kUsage, "--region", "not inside the picture", outside, "X,Y,WIDTH,HEIGHT inside"};
  double most = jumpOf(whole) / kWholeShare;
  const Course* best = &whole;
  for (const Course& part : parts) {
    const double jump = jumpOf(part);
    if (jump <= most) continue;
    most = jump;
    best = &part;
  }
  // Times of a damaged file may repeat; the first of them counts.
  SampledTrace trace;
  for (std::size_t n = 0; n < times.size(); ++n) {
    if (!trace.timeS.empty() && times[n] <= trace.timeS.back()) continue;
    trace.timeS.push_back(times[n]);
    trace.value.push_back((*best)[n]);
  }
  return trace;
}

}  // namespace soleus
