/// Velocities and flow over time, made ready to look for contractions in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace soleus {

/// Columns of a session as they were measured, of one length; NaN where a value was not.
struct VelocityTrace {
  std::vector<double> timeS;       ///< strictly increasing, session clock
  std::vector<double> peakCmPerS;  ///< maximum velocity, positive toward the heart
  std::vector<double> meanCmPerS;
  std::vector<double> flowMlPerMin;   ///< empty where no lumen was measured
  std::vector<std::uint8_t> quality;  ///< QualityFlag bits
};

/// The middle one; `values` is not empty.
double middleOf(std::vector<double> values);

/// The middle of the steps between times; 0 if there are none.
double usualStepS(const std::vector<double>& timeS);

/// The trace with its two kinds of NaN told apart: blood too slow for the wall filter has a velocity, next to
/// zero; a column that could not be read has none. Immutable; safe from several threads.
class VelocityCourse {
 public:
  /// `hiddenCmPerS`: what the wall filter hides, >= 0. Slow columns are taken as half of that, their mean
  /// velocity as a quarter (of a parabolic profile), and their flow, whose lumen is not looked up, as zero.
  VelocityCourse(const VelocityTrace& trace, double hiddenCmPerS);

  [[nodiscard]] std::size_t size() const { return timeS_.size(); }
  [[nodiscard]] double timeS(std::size_t i) const { return timeS_[i]; }
  /// Maximum velocity, the running median over kSmoothS: what lasts less is no blood. NaN where not readable.
  [[nodiscard]] double peak(std::size_t i) const { return smooth_[i]; }
  [[nodiscard]] const std::vector<double>& peaks() const { return peak_; }
  [[nodiscard]] const std::vector<double>& smoothPeaks() const { return smooth_; }
  [[nodiscard]] const std::vector<double>& means() const { return mean_; }
  /// mL/s; empty without a lumen.
  [[nodiscard]] const std::vector<double>& flows() const { return flow_; }
  [[nodiscard]] bool isAliased(std::size_t i) const { return aliased_[i]; }
  /// Whether there was signal enough to trust the column's velocity.
  [[nodiscard]] bool isClear(std::size_t i) const { return clear_[i]; }
  /// Whether nothing but slow blood is known of a column.
  [[nodiscard]] bool isSlow(std::size_t i) const { return slow_[i]; }
  [[nodiscard]] double hiddenCmPerS() const { return hiddenCmPerS_; }

  /// The first column at or after a time; size() if there is none.
  [[nodiscard]] std::size_t at(double timeS) const;
  /// Integral over time of one of the above, by the trapezium rule; a stretch that was not measured counts as
  /// the mean of the rest. NaN if that is more than kMostMissing of it.
  [[nodiscard]] double integral(const std::vector<double>& values, double fromS, double toS) const;
  /// Share of a stretch of time in which `values` are known.
  [[nodiscard]] double knownShare(const std::vector<double>& values, double fromS, double toS) const;

  /// Share of a stretch of time in which the blood was too slow to be seen.
  [[nodiscard]] double slowShare(double fromS, double toS) const;

  static constexpr double kSmoothS = 0.05;
  static constexpr double kMostMissing = 0.2;

 private:
  struct Sum {
    double value = 0;
    double knownS = 0;
  };
  [[nodiscard]] Sum sum(const std::vector<double>& values, double fromS, double toS) const;

  double hiddenCmPerS_;
  double longestStepS_ = 0;
  std::vector<double> timeS_, peak_, smooth_, mean_, flow_;
  std::vector<bool> aliased_, clear_, slow_;
};

/// Mean and standard deviation of the known maximum velocities of a stretch of time; zeros where there are
/// none.
struct VelocityLevel {
  double mean = 0;
  double sd = 0;
};
/// How long before an onset rest is over: what is told of it comes from before that.
inline constexpr double kBeforeOnsetS = 0.2;

VelocityLevel levelOf(const VelocityCourse& course, double fromS, double toS);

}  // namespace soleus
