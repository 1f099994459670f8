#include "pipeline/clock/offset_filter.h"

#include <algorithm>
#include <cmath>

namespace soleus {
namespace {

// Until learned. Larger than usual: the first readings then count for less than they may.
constexpr double kFirstJitterS = 0.01;
constexpr double kLeastJitterS = 1e-6;
// Crystals are within 0.02 %; a camera said to give 30 frames a second gives 29.97, 0.1 % fewer.
constexpr double kFirstRateError = 0.001;
constexpr double kMostRate = 3 * kFirstRateError;
// A crystal warms by some degrees in ten minutes, and changes by some 0.1 ppm for each: 1e-7 in 10 s is more.
constexpr double kRateWander = 1e-7 / 3.2;  // per square root of a second
// Huber's constant: 95 % as efficient as the mean where the jitter is Gaussian.
constexpr double kClamp = 1.345;
constexpr double kClampShare = 0.82;  // of Gaussian innovations that lie within
constexpr double kEfficiency = 0.95;
constexpr double kMeanToDeviation = 1.2533;  // of a Gaussian's absolute values
// Innovations from which the jitter's size is learned.
constexpr int kLearnFrom = 300;
constexpr int kLearnSlowly = 3;  // at first
constexpr double kWinsor = 4;
// Of a threaded program: one in ten thousand arrivals is later without a reason of its own.
constexpr double kGate = 6;
constexpr double kLeastGateS = 0.002;
constexpr double kMostTogether = 0.95;
// Standard errors for 95 %: Gaussian 1.96, and a quarter more since the jitter's size is learned and its
// shape is not known.
constexpr double kCoverage = 2.45;

}  // namespace

void OffsetFilter::start(double offsetS) {
  *this = {};
  jitterS_ = kFirstJitterS;
  p11_ = kFirstRateError * kFirstRateError;
  restart(offsetS);
}

void OffsetFilter::restart(double offsetS) {
  offsetS_ = offsetS;
  p00_ = jitterS_ * jitterS_;
  p01_ = 0;
}

void OffsetFilter::disturb(int readings) {
  p00_ += jitterS_ * jitterS_ / readings;
}

void OffsetFilter::advance(double passedS) {
  constexpr double kWander = kRateWander * kRateWander;
  offsetS_ += rate_ * passedS;
  p00_ += passedS * (2 * p01_ + passedS * (p11_ + kWander * passedS / 3));
  p01_ += passedS * (p11_ + kWander * passedS / 2);
  p11_ += kWander * passedS;
}

double OffsetFilter::gateS() const {
  return std::max(kLeastGateS, kGate * std::sqrt(jitterS_ * jitterS_ + p00_));
}

void OffsetFilter::update(double offsetS) {
  const double innovation = innovationS(offsetS);
  const double spread = std::sqrt(p00_ + jitterS_ * jitterS_);
  const double clamped = std::clamp(innovation, -kClamp * spread, kClamp * spread) / kClampShare;
  const double noise = jitterS_ * jitterS_ / kEfficiency;
  const double gain0 = p00_ / (p00_ + noise);
  const double gain1 = p01_ / (p00_ + noise);
  offsetS_ += gain0 * clamped;
  rate_ = std::clamp(rate_ + gain1 * clamped, -kMostRate, kMostRate);
  p11_ -= gain1 * p01_;
  p01_ -= gain0 * p01_;
  p00_ -= gain0 * p00_;

  updates_ = std::min(updates_ + 1, kLearnFrom);
  const double weight = 1.0 / (updates_ + kLearnSlowly);
  const double size = std::min(std::abs(innovation), kWinsor * spread) * kMeanToDeviation;
  // Of an innovation, the share that is jitter and not what the offset was not known by.
  const double learned = size * jitterS_ / spread;
  jitterS_ = std::max(kLeastJitterS, jitterS_ + weight * (learned - jitterS_));
  const double share = std::clamp(innovation / spread, -2.0, 2.0);
  lag1_ += weight * (share * lastShare_ - lag1_);
  lastShare_ = share;
}

double OffsetFilter::together() const {
  const double r = std::clamp(lag1_, 0.0, kMostTogether);
  return std::sqrt((1 + r) / (1 - r));
}

double OffsetFilter::rateError() const {
  return std::sqrt(p11_) * together();
}

double OffsetFilter::uncertaintyS() const {
  return kCoverage * std::sqrt(p00_) * together();
}

}  // namespace soleus
