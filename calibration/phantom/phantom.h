/// The digital phantom: a duplex scanner with known truth, seeded and reproducible.
#pragma once

#include <complex>
#include <cstdint>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "calibration/phantom/muscle.h"
#include "calibration/phantom/video_encoding.h"
#include "pipeline/core/calibration.h"
#include "pipeline/core/contraction.h"
#include "pipeline/core/measurement.h"
#include "pipeline/core/result.h"

namespace soleus {

/// A scanner showing one scenario. Frames depend only on scenario, seed and frame number. One thread at a
/// time.
class Phantom {
 public:
  /// `scenarioPath`: a YAML of configs/scenarios. Errors name file, line and key.
  static Result<std::unique_ptr<Phantom>> load(const std::string& scenarioPath, std::uint64_t seed);
  /// The same for a YAML already in memory; `name` stands for the file in messages.
  static Result<std::unique_ptr<Phantom>> parse(const std::string& yaml, const std::string& name,
                                                std::uint64_t seed);
  virtual ~Phantom() = default;

  [[nodiscard]] virtual int width() const = 0;   ///< even
  [[nodiscard]] virtual int height() const = 0;  ///< even
  [[nodiscard]] virtual int frameRateNumerator() const = 0;
  [[nodiscard]] virtual int frameRateDenominator() const = 0;
  [[nodiscard]] virtual double durationS() const = 0;  ///< of the scenario
  [[nodiscard]] virtual std::int64_t frameCount() const = 0;
  /// How the scenario wants its video compressed.
  [[nodiscard]] virtual VideoEncoding videoEncoding() const = 0;

  /// Renders frame `number`, whose time is number / frame rate, as I420 (CV_8UC1, height * 3/2 rows), limited
  /// range BT.709. A continuous matrix of that size is drawn into, any other is made anew. Cheapest in order;
  /// going back starts again from the beginning.
  virtual void render(std::int64_t number, cv::Mat& i420) = 0;

  /// Of the Doppler signal: a whole number, the scenario's PRF.
  [[nodiscard]] virtual int sampleRateHz() const = 0;
  [[nodiscard]] virtual std::int64_t sampleCount() const = 0;  ///< as long as the scenario
  /// Samples [first, first + count) of the I/Q signal before the scanner's wall filter, sample i at session
  /// time i / rate, scaled by the scenario alone so that full scale 1 is not reached on either channel.
  /// Depends only on scenario and seed. Cheapest in order; going back starts again from the beginning.
  virtual std::vector<std::complex<float>> signal(std::int64_t first, int count) = 0;

  /// The exact calibration of its own screen and sound, provenance `phantom`.
  [[nodiscard]] virtual CalibrationProfile profile() const = 0;
  /// The true velocities at session time t: peak, mean, forward and reverse peak, flow; snr as configured.
  [[nodiscard]] virtual DopplerColumn truthAt(SessionTime time) const = 0;
  [[nodiscard]] virtual VesselSample vesselTruthAt(SessionTime time) const = 0;
  [[nodiscard]] virtual std::vector<Contraction> contractions() const = 0;
  /// The muscle that drives it.
  [[nodiscard]] virtual PhantomMuscle muscle() const = 0;
  /// The scenario's name and its whole YAML, for the session's configuration.
  [[nodiscard]] virtual std::string name() const = 0;
  [[nodiscard]] virtual std::string yaml() const = 0;
  /// The made-up identity written into the header, which must never leave the screen.
  [[nodiscard]] virtual std::string identity() const = 0;
};

}  // namespace soleus
