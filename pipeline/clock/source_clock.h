/// When was a frame or block taken, on this machine's clock? From its number, its source's stamp, its
/// arrival.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "pipeline/clock/offset_filter.h"
#include "pipeline/core/time.h"

namespace soleus {

/// What was noticed of a stamp. Any but kNone belongs among the events of the session.
enum class StampFault : std::uint8_t {
  kNone,
  kDoubled,   ///< the stamp of the one before
  kBackward,  ///< earlier than the one before
  kOdd,       ///< does not fit what was counted or the arrivals
  kStep,      ///< the source's clock was set: the last stamps agree on by how much
  kGap,       ///< time passed for which nothing was counted: arrivals and stamps agree
  kRestart,   ///< the source counts anew, or arrivals have left what stamps and count say
  kPeriod,    ///< stamps and arrivals agree on another period than told: theirs is counted from here on
};

/// Where a frame or block lies on the clock of arrivals.
struct ClockReading {
  ArrivalTime taken;        ///< when it was taken, plus the source's constant delay; strictly increasing
  double uncertaintyS = 0;  ///< 95 % of the errors are smaller, the delay's excepted
  StampFault fault = StampFault::kNone;
};

/// The clock of one source against this machine's monotonic clock: an offset and a drift, from arrivals that
/// jitter. Frames or blocks of even period (sound, an AD converter, a camera) are counted, and the stamps
/// only tell what was not counted; without a period the stamps are used while they agree with the arrivals.
/// Faulty stamps are told and not used, and a source's clock that is set makes no step in the times. Fed in
/// order of arrival, not thread-safe, no clock read.
class SourceClock {
 public:
  /// `periodS`: from one number to the next, within 0.2 %; none if it varies.
  explicit SourceClock(std::optional<double> periodS);

  /// `sequence` counts from any number what the source delivered, and skips what is known to be lost; it
  /// always goes on. Of several that came together only the last has an arrival of its own: of the others
  /// it is `estimated`.
  ClockReading push(std::uint64_t sequence, DeviceTime device, ArrivalTime arrival, bool estimated = false);

  /// The source was switched off and on: its next stamp has nothing to do with the last.
  void sourceBegan() { began_ = true; }

  /// Time of arrival less the stamp that belongs to it, by the stamps as they came last.
  [[nodiscard]] double offsetS() const;
  /// Rate of the source's clock against that of arrivals, less one, in 1e-6. NaN until it is known to 20e-6.
  [[nodiscard]] double driftPpm() const;
  /// From one number to the next, as counted now; none if it varies.
  [[nodiscard]] std::optional<double> periodS() const { return periodS_; }
  /// As in ClockReading.
  [[nodiscard]] double uncertaintyS() const { return filter_.uncertaintyS(); }

 private:
  /// A stamp that did not fit.
  struct Doubtful {
    double shiftS;  ///< by how much
    double lateS;   ///< its arrival, against what was counted
  };
  StampFault advanceCounted(double counted, double deviceS, double arrivalS);
  StampFault advanceStamped(double deviceS, double arrivalS);
  [[nodiscard]] StampFault faultOf(double deviceS) const;
  StampFault doubt(StampFault fault, Doubtful doubtful, double toleranceS);
  void restart(double deviceS, double arrivalS);
  void begin(double deviceS, double arrivalS);
  StampFault settle(double deviceS, double arrivalS);
  StampFault compare(StampFault fault, double deviceS, double arrivalS);

  std::optional<double> periodS_;
  OffsetFilter filter_;
  bool started_ = false;
  bool began_ = false;               // anew
  std::int64_t originNs_ = 0;        // of arrivals: seconds count from it, lest they lose their last digits
  std::int64_t deviceOriginNs_ = 0;  // of stamps
  std::uint64_t sequence_ = 0;
  double stampS_ = 0;    // the last, as it came
  double sourceS_ = 0;   // of the last, on the source's clock as it would be had it never been set
  double shiftS_ = 0;    // of the stamps, against it
  double goodS_ = 0;     // of the last that had a good stamp
  double usualS_ = 0;    // time between two, where they are stamped
  double scatterS_ = 0;  // of the stamps, about what was counted
  // Its beginning: what waited to be read comes at once then, and the period may be another.
  bool settling_ = true;
  double firstStampS_ = 0;
  double firstArrivalS_ = 0;
  std::uint64_t firstSequence_ = 0;
  double lastUsedS_ = 0;  // arrival that the filter took
  int earlyInARow_ = 0;   // arrivals beyond its gate
  int lateInARow_ = 0;    // likewise
  std::int64_t takenNs_ = 0;
  std::deque<Doubtful> doubtful_;  // in a row
};

}  // namespace soleus
