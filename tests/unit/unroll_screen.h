/// A made-up Doppler strip whose every column is known, for the tests of the unrolling.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <deque>
#include <functional>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "pipeline/doppler/unroller.h"

namespace soleus::testing {

/// Column j of the spectrum ends at (j + 1) * secondsPerColumn; a screen at time t shows the complete ones.
struct Screen {
  Display display = Display::kSweep;
  int widthPx = 430;  ///< of the region
  int sweepPx = 430;  ///< of the sweep within it
  int firstPx = 0;    ///< where in the region the sweep begins
  int heightPx = 64;
  int gapPx = 0;  ///< erased ahead of the write position
  int barPx = 0;  ///< bright, ahead of the write position
  double secondsPerColumn = 0.01391;
  bool bursts = false;      ///< black but for a burst of 0.25 s every 0.9 s
  long startColumn = 1000;  ///< complete at time 0
  bool marker = false;      ///< a cross that hops about twice a second

  [[nodiscard]] std::uint8_t grey(long j, int row) const {
    std::uint64_t h = static_cast<std::uint64_t>(j) * 0x9E3779B97F4A7C15ULL +
                      static_cast<std::uint64_t>(row) * 0xC2B2AE3D27D4EB4FULL;
    h = (h ^ (h >> 31)) * 0xBF58476D1CE4E5B9ULL;
    h ^= h >> 29;
    if (bursts) {
      const double inBeatS = std::fmod(static_cast<double>(j) * secondsPerColumn, 0.9);
      if (inBeatS > 0.25 || row > heightPx / 2) return 0;
    }
    return static_cast<std::uint8_t>(20 + h % 180);
  }
  /// `columns`: how many are complete, counted from column 0.
  [[nodiscard]] cv::Mat strip(long columns, double timeS) const {
    cv::Mat turned(widthPx, heightPx, CV_8UC1);
    for (int x = 0; x < widthPx; ++x) {
      auto* out = turned.ptr<std::uint8_t>(x);
      long j = columns - widthPx + x;
      int fill = -1;
      if (display == Display::kSweep) {
        const int inSweep = x - firstPx;
        if (inSweep < 0 || inSweep >= sweepPx) {
          j = 7 * x;  // something that stays
        } else {
          const long ahead = ((inSweep - columns) % sweepPx + sweepPx) % sweepPx;
          j = columns + ahead - sweepPx;
          if (ahead < gapPx) fill = 0;
          if (ahead < barPx) fill = 255;
        }
      }
      for (int r = 0; r < heightPx; ++r) out[r] = fill < 0 ? grey(j, r) : static_cast<std::uint8_t>(fill);
    }
    if (marker) {
      const int x = static_cast<int>(static_cast<long>(timeS * 2) * 137 % (widthPx - 10));
      turned(cv::Rect(10, x + 4, 9, 1)).setTo(255);
      turned(cv::Rect(14, x, 1, 9)).setTo(255);
    }
    cv::Mat upright;
    cv::transpose(turned, upright);
    return upright;
  }
  [[nodiscard]] DopplerCalibration calibration() const {
    DopplerCalibration c;
    c.region = {0, 0, widthPx, heightPx};
    c.display = display;
    c.secondsPerPixel = secondsPerColumn;
    return c;
  }
};

/// One unrolled column, recognised by its texture.
struct Found {
  long column = -1;  ///< -1: not among those near its time
  double timeS = 0;
  std::uint8_t quality = 0;
};

/// The first looks of a playback: those that are outstanding, as their reader keeps them.
class Looks {
 public:
  /// Of `blocks`, which come instead of the first that are outstanding; and of what is seen beyond.
  void take(const std::vector<StripBlock>& blocks, const StripLook& look, double nowS) {
    for (const StripBlock& b : blocks) {
      for (std::size_t i = 0; i < b.time.size() && !outstanding_.empty(); ++i) {
        if (firm_ > 0) {
          EXPECT_EQ(b.time[i].ns, outstanding_.front().time.ns);
          EXPECT_EQ(cv::norm(b.grey.col(b.leftContext + static_cast<int>(i)), outstanding_.front().column),
                    0);
          --firm_;
        }
        outstanding_.pop_front();
      }
    }
    ASSERT_LE(firm_, look.kept) << "what stands is not taken back";
    ASSERT_LE(look.kept, outstanding_.size());
    firm_ = look.kept;
    outstanding_.resize(firm_);
    const StripBlock& seen = look.block;
    EXPECT_EQ(seen.grey.cols, seen.leftContext + static_cast<int>(seen.time.size()));
    for (std::size_t i = 0; i < seen.time.size(); ++i) {
      EXPECT_TRUE(outstanding_.empty() || seen.time[i] > outstanding_.back().time);
      EXPECT_LE(seen.time[i].seconds(), nowS + 1e-6) << "nothing is seen before it is drawn";
      outstanding_.push_back({seen.time[i], seen.grey.col(seen.leftContext + static_cast<int>(i)).clone()});
    }
  }
  /// The newest; nothing if all that was seen has come.
  [[nodiscard]] const cv::Mat* newest() const {
    return outstanding_.empty() ? nullptr : &outstanding_.back().column;
  }
  [[nodiscard]] double newestS() const { return outstanding_.back().time.seconds(); }

 private:
  struct Look {
    SessionTime time;
    cv::Mat column;
  };
  std::deque<Look> outstanding_;
  std::size_t firm_ = 0;
};

struct Playback {
  std::vector<Found> columns;
  std::vector<Event> events;
  double slowestS = 0;      ///< longest wait from a column's middle to its coming out, in the second half
  double slowestLookS = 0;  ///< likewise, of the newest column that there is a look at
  int wrongLooks = 0;       ///< of the newest ones, in the second half: not what was drawn there and then
  double secondsPerColumn = 0;
  [[nodiscard]] int count(EventKind kind) const {
    int n = 0;
    for (const Event& e : events) n += e.kind == kind ? 1 : 0;
    return n;
  }
};

/// Where the screen's contents are at a frame's stamp: how many columns are complete. NaN drops the frame.
using Progress = std::function<double(double timeS)>;

inline bool sameColumn(const Screen& screen, const cv::Mat& column, long j) {
  int different = 0;
  for (int r = 0; r < screen.heightPx; ++r) {
    different += std::abs(column.at<std::uint8_t>(r, 0) - screen.grey(j, r)) > 3 ? 1 : 0;
  }
  return different <= screen.heightPx / 6;  // a marker's arm
}

inline bool blank(const cv::Mat& column) {
  return cv::countNonZero(column) == 0;
}

/// Plays frames at 29.97 frames/s and recognises what comes out. `progress` gives columns complete, counted
/// from the start column.
inline Playback play(const Screen& screen, double durationS, const Progress& progress) {
  Playback run;
  const auto unroller = makeUnroller(screen.calibration());
  const auto take = [&](Unrolled&& out, double nowS) {
    for (Event& e : out.events) {
      run.events.push_back(std::move(e));
    }
    for (const StripBlock& b : out.blocks) {
      EXPECT_EQ(b.grey.cols, b.leftContext + static_cast<int>(b.time.size()) + b.rightContext);
      EXPECT_EQ(b.time.size(), b.quality.size());
      for (std::size_t i = 0; i < b.time.size(); ++i) {
        Found f{-1, b.time[i].seconds(), b.quality[i]};
        if (!run.columns.empty()) {
          EXPECT_GT(f.timeS, run.columns.back().timeS);
        }
        const cv::Mat column = b.grey.col(b.leftContext + static_cast<int>(i));
        const long guess = screen.startColumn + std::lround(std::floor(progress(f.timeS)));
        for (long d = 0; d <= 12 && f.column < 0 && !blank(column); ++d) {
          if (sameColumn(screen, column, guess - d))
            f.column = guess - d;
          else if (sameColumn(screen, column, guess + d))
            f.column = guess + d;
        }
        if (f.timeS > durationS / 2) run.slowestS = std::max(run.slowestS, nowS - f.timeS);
        run.columns.push_back(f);
      }
    }
  };
  Looks looks;
  const auto look = [&](const Unrolled& out, double nowS) {
    looks.take(out.blocks, unroller->ahead(), nowS);
    if (nowS < durationS / 2) return;
    if (looks.newest() == nullptr) {
      run.slowestLookS = durationS;
      return;
    }
    run.slowestLookS = std::max(run.slowestLookS, nowS - looks.newestS());
    const long drawn = screen.startColumn + std::lround(std::floor(progress(looks.newestS())));
    bool found = false;
    for (long d = -1; d <= 1; ++d) found = found || sameColumn(screen, *looks.newest(), drawn + d);
    run.wrongLooks += found ? 0 : 1;
  };
  constexpr double kFrameS = 1001.0 / 30000.0;
  for (int n = 0; n * kFrameS < durationS; ++n) {
    const double timeS = n * kFrameS;
    const double done = progress(timeS);
    if (std::isnan(done)) continue;
    const cv::Mat strip = screen.strip(screen.startColumn + static_cast<long>(std::floor(done)), timeS);
    Unrolled out = unroller->push(strip, SessionTime::fromSeconds(timeS));
    look(out, timeS);
    take(std::move(out), timeS);
  }
  run.secondsPerColumn = unroller->secondsPerColumn();
  take(unroller->flush(), durationS);
  return run;
}

inline Progress steady(const Screen& screen) {
  return [s = screen.secondsPerColumn](double t) { return t / s; };
}

/// Columns complete in the last frame of a steady recording.
inline double columnsShown(const Screen& screen, double durationS) {
  return std::floor(std::floor(durationS * 30000 / 1001) * 1001 / 30000 / screen.secondsPerColumn);
}

/// Mean and greatest |error| of the columns' times, in columns, where column j passed at its middle.
struct TimeError {
  double mean = 0;
  double greatest = 0;
};
inline TimeError timeError(const Screen& screen, const Playback& run, double fromS = 0) {
  TimeError e;
  int n = 0;
  for (const Found& f : run.columns) {
    if (f.column < 0 || f.timeS < fromS) continue;
    const double off =
        f.timeS / screen.secondsPerColumn - (static_cast<double>(f.column - screen.startColumn) + 0.5);
    e.mean += off;
    e.greatest = std::max(e.greatest, std::abs(off));
    ++n;
  }
  e.mean /= std::max(n, 1);
  return e;
}

/// Every column recognised and following the one before, none twice, none missing.
inline void expectUnbroken(const Playback& run) {
  int faults = 0;
  for (std::size_t i = 1; i < run.columns.size() && faults < 5; ++i) {
    if (run.columns[i].column == run.columns[i - 1].column + 1) continue;
    ++faults;
    ADD_FAILURE() << "column " << run.columns[i].column << " follows " << run.columns[i - 1].column << " at "
                  << run.columns[i].timeS << " s";
  }
}

}  // namespace soleus::testing
