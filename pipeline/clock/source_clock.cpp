#include "pipeline/clock/source_clock.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

namespace soleus {
namespace {

// Stamps in a row that agree on how far the source's clock was set, or on how long nothing was counted. Their
// arrivals together tell a tenth of a second from nothing through 30 ms of jitter.
constexpr int kAgreeing = 8;
// So late by as much as the stamp says is nothing but late.
constexpr double kSurelyS = 1;
// As much of a period may a stamp of a counted source be off: what is not counted is off by a whole one.
constexpr double kPeriodShare = 0.5;
// Times the usual scatter of stamps.
constexpr double kOddScatter = 6;
constexpr double kScatterWeight = 0.01;
// Stamps follow a clock of their own, 0.1 % beside the count where a camera's 29.97 frames/s are called 30.
constexpr double kShiftWeight = 0.05;
// Of the time between two stamps.
constexpr double kUsualWeight = 0.05;
// As much earlier than the fastest arrivals may stamps of a source without a period be.
constexpr double kLeastEarlyS = 0.01;
// So long has a source to send before its arrivals are known to be those of a running one, and may the first
// of them lie apart from the stamps: more is what had waited until it was read.
constexpr double kSettlesS = 2;
constexpr double kStartEarlyS = 0.02;
// In that time arrivals tell periods apart that differ by so much.
constexpr double kPeriodsDiffer = 0.03;
// Those that differ by this much are told apart sooner: all times up to then are wrong.
constexpr double kSoonS = 0.3;
constexpr double kMuch = 0.2;
// Arrivals that stay so late are a new beginning, whatever the stamps say; early ones are it at once, for
// nothing but a late first one makes others early.
constexpr double kLostS = 60;
// Only a drift known to this is told.
constexpr double kDriftKnown = 20e-6;

double secondsOf(std::int64_t ns) {
  return static_cast<double>(ns) * 1e-9;
}

}  // namespace

SourceClock::SourceClock(std::optional<double> periodS) : periodS_(periodS) {}

double SourceClock::offsetS() const {
  return secondsOf(originNs_ - deviceOriginNs_) + filter_.offsetS() - shiftS_;
}

double SourceClock::driftPpm() const {
  if (filter_.rateError() > kDriftKnown) return std::numeric_limits<double>::quiet_NaN();
  return -1e6 * filter_.rate();
}

StampFault SourceClock::faultOf(double deviceS) const {
  if (deviceS == stampS_) return StampFault::kDoubled;
  return deviceS < stampS_ ? StampFault::kBackward : StampFault::kOdd;
}

StampFault SourceClock::doubt(StampFault fault, Doubtful doubtful, double toleranceS) {
  doubtful_.push_back(doubtful);
  if (std::ssize(doubtful_) < kAgreeing) return fault;
  double leastS = doubtful.shiftS;
  double mostS = doubtful.shiftS;
  double shiftS = 0;
  double leastLateS = doubtful.lateS;
  for (const Doubtful& d : doubtful_) {
    leastS = std::min(leastS, d.shiftS);
    mostS = std::max(mostS, d.shiftS);
    shiftS += d.shiftS / kAgreeing;
    leastLateS = std::min(leastLateS, d.lateS);
  }
  doubtful_.pop_front();
  if (mostS - leastS > 2 * toleranceS) return fault;
  doubtful_.clear();
  // A thread that was held up catches up; where time has passed all arrivals are as late as their stamps.
  if (shiftS > 0 && leastLateS > shiftS - std::min(shiftS / 2, filter_.gateS())) {
    sourceS_ += shiftS;
    filter_.advance(shiftS);
    return StampFault::kGap;
  }
  shiftS_ += shiftS;
  return StampFault::kStep;
}

/// Moves the source's time on by what was counted.
StampFault SourceClock::advanceCounted(double counted, double deviceS, double arrivalS) {
  const double passedS = counted * *periodS_;
  sourceS_ += passedS;
  filter_.advance(passedS);
  const double offS = deviceS - shiftS_ - sourceS_;
  const double usualS = kOddScatter * scatterS_;
  const double toleranceS = std::max(kPeriodShare * *periodS_, usualS);
  const bool repeated = deviceS <= stampS_ && std::abs(offS) > usualS;
  if (!repeated && std::abs(offS) <= toleranceS) {
    doubtful_.clear();
    shiftS_ += kShiftWeight * offS;
    scatterS_ += kScatterWeight * (std::abs(offS) - scatterS_);
    return StampFault::kNone;
  }
  const double lateS = filter_.innovationS(arrivalS - sourceS_);
  if (!repeated && offS > kSurelyS && std::abs(lateS - offS) < filter_.gateS()) {
    sourceS_ += offS;
    filter_.advance(offS);
    doubtful_.clear();
    return StampFault::kGap;
  }
  return doubt(faultOf(deviceS), {offS, lateS}, toleranceS);
}

/// Moves the source's time on to the stamp, or, if that is faulty, by as much as is usual.
StampFault SourceClock::advanceStamped(double deviceS, double arrivalS) {
  const double byStampS = deviceS - shiftS_;
  const double passedS = byStampS - sourceS_;
  const double shiftS = -filter_.innovationS(arrivalS - byStampS);
  const double toleranceS = std::max(kLeastEarlyS, filter_.gateS());
  // Late arrivals are usual where threads are held up, early ones are not; but a clock that was set back is
  // late too.
  const bool late = shiftS < -toleranceS && !doubtful_.empty();
  if (byStampS > goodS_ && shiftS < toleranceS && !late) {
    doubtful_.clear();
    usualS_ += kUsualWeight * (byStampS - goodS_ - usualS_);
    sourceS_ = goodS_ = byStampS;
    filter_.advance(std::max(0.0, passedS));
    return StampFault::kNone;
  }
  sourceS_ += usualS_;
  filter_.advance(usualS_);
  const StampFault fault = doubt(faultOf(deviceS), {shiftS, 0}, toleranceS);
  if (fault == StampFault::kStep) {
    sourceS_ = goodS_ = deviceS - shiftS_;
    filter_.disturb(kAgreeing);
  }
  return fault;
}

/// All that is known of the arrivals begins here.
void SourceClock::begin(double deviceS, double arrivalS) {
  filter_.start(arrivalS - sourceS_);
  settling_ = true;
  firstStampS_ = deviceS;
  firstArrivalS_ = arrivalS;
  firstSequence_ = sequence_;
  lastUsedS_ = arrivalS;
  earlyInARow_ = lateInARow_ = 0;
}

/// Nothing is known of how much time passed but by the arrivals.
void SourceClock::restart(double deviceS, double arrivalS) {
  sourceS_ += std::max(0.0, filter_.innovationS(arrivalS - sourceS_));
  shiftS_ = deviceS - sourceS_;
  goodS_ = sourceS_;
  doubtful_.clear();
  begin(deviceS, arrivalS);
}

/// Whether the first arrivals are those of a running source, and its period the one that was told.
StampFault SourceClock::settle(double deviceS, double arrivalS) {
  const double arrivedS = arrivalS - firstArrivalS_;
  const double stampedS = deviceS - firstStampS_;
  if (arrivedS - stampedS < -kStartEarlyS) {
    begin(deviceS, arrivalS);  // what came before had waited
    return StampFault::kNone;
  }
  const bool settled = arrivedS >= kSettlesS;
  if (arrivedS < kSoonS) return StampFault::kNone;
  settling_ = !settled;
  const double countedS = periodS_ ? static_cast<double>(sequence_ - firstSequence_) * *periodS_ : arrivedS;
  const auto differ = [settled](double a, double b) {
    return std::abs(a - b) > (settled ? kPeriodsDiffer : kMuch) * b;
  };
  if (!differ(countedS, arrivedS) || !differ(countedS, stampedS) || differ(stampedS, arrivedS))
    return StampFault::kNone;
  periodS_ = stampedS / static_cast<double>(sequence_ - firstSequence_);
  restart(deviceS, arrivalS);
  return StampFault::kPeriod;
}

/// Lets the filter see an arrival.
StampFault SourceClock::compare(StampFault fault, double deviceS, double arrivalS) {
  const double offsetS = arrivalS - sourceS_;
  const double lateS = filter_.innovationS(offsetS);
  earlyInARow_ = lateS < -filter_.gateS() ? earlyInARow_ + 1 : 0;
  lateInARow_ = lateS > filter_.gateS() ? lateInARow_ + 1 : 0;
  if (earlyInARow_ + lateInARow_ == 0 && (periodS_ || fault == StampFault::kNone)) {
    filter_.update(offsetS);
    lastUsedS_ = arrivalS;
  }
  if (settling_) {
    const StampFault settled = settle(deviceS, arrivalS);
    return settled == StampFault::kNone ? fault : settled;
  }
  const bool lost = arrivalS - lastUsedS_ > kLostS && lateInARow_ >= kAgreeing;
  if (earlyInARow_ < kAgreeing && !lost) return fault;
  restart(deviceS, arrivalS);
  return StampFault::kRestart;
}

ClockReading SourceClock::push(std::uint64_t sequence, DeviceTime device, ArrivalTime arrival,
                               bool estimated) {
  if (!started_) {
    started_ = true;
    originNs_ = arrival.ns;
    deviceOriginNs_ = device.ns;
    sequence_ = sequence;
    begin(0, 0);
    takenNs_ = arrival.ns;
    return {arrival, filter_.uncertaintyS(), StampFault::kNone};
  }
  const double deviceS = secondsOf(device.ns - deviceOriginNs_);
  const double arrivalS = secondsOf(arrival.ns - originNs_);
  const auto counted = static_cast<double>(sequence - sequence_);
  sequence_ = sequence;
  StampFault fault = StampFault::kRestart;
  if (std::exchange(began_, false)) {
    restart(deviceS, arrivalS);
  } else {
    fault = periodS_ ? advanceCounted(counted, deviceS, arrivalS) : advanceStamped(deviceS, arrivalS);
    if (!estimated) fault = compare(fault, deviceS, arrivalS);
  }
  stampS_ = deviceS;
  double uncertaintyS = filter_.uncertaintyS();
  if (fault != StampFault::kNone && !periodS_)
    uncertaintyS += filter_.gateS();  // it lies where others usually have it
  takenNs_ =
      std::max<std::int64_t>(takenNs_ + 1, originNs_ + std::llround((sourceS_ + filter_.offsetS()) * 1e9));
  return {ArrivalTime{takenNs_}, uncertaintyS, fault};
}

}  // namespace soleus
