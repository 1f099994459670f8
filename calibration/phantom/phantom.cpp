#include "calibration/phantom/phantom.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <optional>
#include <stdexcept>

#include "calibration/phantom/bmode_picture.h"
#include "calibration/phantom/contraction_truth.h"
#include "calibration/phantom/counter_random.h"
#include "calibration/phantom/doppler_signal.h"
#include "calibration/phantom/doppler_strip.h"
#include "calibration/phantom/limited_range.h"
#include "calibration/phantom/screen_background.h"
#include "calibration/phantom/screen_colours.h"
#include "pipeline/core/velocity_axis.h"

namespace soleus {
namespace {

/// Brings the scenario's largest echoes, a wall in full motion, to just below full scale.
float fullScale(const NoiseSettings& noise) {
  // Each channel holds half the power and is Gaussian: beyond six standard deviations lies one sample in 5e8,
  // a day's worth.
  constexpr double kDeviations = 6;
  const auto power = [](double db) { return std::pow(10.0, db / 10.0); };
  const double largest = 1.0 + power(noise.clutterDb) + power(-noise.snrDb);
  return static_cast<float>(1.0 / (kDeviations * std::sqrt(largest / 2)));
}

/// Row `y` of the screen in one colour, as far as the region goes; chroma is half as large.
void colourRow(const cv::Scalar& bgr, int y, const Region& r, const cv::Mat& i420, const cv::Mat& u,
               const cv::Mat& v) {
  const double grey = greyOf(bgr[2], bgr[1], bgr[0]);
  i420(cv::Rect(r.x, y, r.width, 1)).setTo(lumaOfGrey(static_cast<int>(std::lround(grey))));
  const cv::Rect half(r.x / 2, y / 2, r.width / 2, 1);
  u(half).setTo(blueChroma(bgr[0], grey));
  v(half).setTo(redChroma(bgr[2], grey));
}

class ScenarioPhantom final : public Phantom {
 public:
  ScenarioPhantom(Scenario scenario, std::uint64_t seed)
      : scenario_(std::move(scenario)),
        seed_(seed),
        profile_(profileOf(scenario_)),
        haemodynamics_(scenario_, seed),
        background_(screenBackground(scenario_, profile_)),
        bmode_(scenario_, seed) {}

  [[nodiscard]] int width() const override { return scenario_.display.width; }
  [[nodiscard]] int height() const override { return scenario_.display.height; }
  [[nodiscard]] int frameRateNumerator() const override { return scenario_.display.frameRateNumerator; }
  [[nodiscard]] int frameRateDenominator() const override { return scenario_.display.frameRateDenominator; }
  [[nodiscard]] double durationS() const override { return scenario_.durationS; }
  [[nodiscard]] std::int64_t frameCount() const override {
    return std::llround(scenario_.durationS * frameRateNumerator() / frameRateDenominator());
  }
  [[nodiscard]] VideoEncoding videoEncoding() const override { return scenario_.video; }

  void render(std::int64_t number, cv::Mat& i420) override {
    if (!strip_ || number < shown_) strip_.emplace(scenario_, haemodynamics_, seed_);
    shown_ = number;
    // A doubled frame shows the moment of the one before.
    if (number > 0 &&
        CounterRandom(seed_, RandomStream::kDoubledFrames).uniform(static_cast<std::uint64_t>(number)) <
            scenario_.faults.doubledShare)
      --number;
    const double timeS = static_cast<double>(number) * frameRateDenominator() / frameRateNumerator();
    background_.copyTo(i420);
    strip_->draw(timeS, i420(rect(profile_.doppler->region)));
    const int chromaRows = height() / 2;
    const int chromaCols = width() / 2;
    std::uint8_t* chroma = i420.ptr(height());
    const cv::Mat u(chromaRows, chromaCols, CV_8UC1, chroma);
    const cv::Mat v(chromaRows, chromaCols, CV_8UC1, chroma + chromaRows * chromaCols);
    const Region& r = profile_.doppler->region;
    // Chroma is half as large: a region with odd edges is coloured to the pixel before.
    const cv::Rect half(r.x / 2, r.y / 2, r.width / 2, r.height / 2);
    paintTint(scenario_.faults.tint, i420(rect(r)), u(half), v(half));
    if (scenario_.display.baselineLine && scenario_.display.look.baseline != InkColour::kGrey)
      colourRow(inkOf(scenario_.display.look.baseline), r.y + strip_->baselineRow(timeS), r, i420, u, v);
    bmode_.draw(number, timeS, haemodynamics_.vein(timeS), haemodynamics_.meanCmPerS(timeS),
                i420(rect(profile_.bmode->region)), u, v);
  }

  [[nodiscard]] int sampleRateHz() const override { return static_cast<int>(scenario_.scanner.prfHz); }
  [[nodiscard]] std::int64_t sampleCount() const override {
    return std::llround(scenario_.durationS * scenario_.scanner.prfHz);
  }

  std::vector<std::complex<float>> signal(std::int64_t first, int count) override {
    if (!signal_ || first < heard_)
      signal_.emplace(scenario_, haemodynamics_, seed_, 0, DopplerSignal::Side::kBeforeWallFilter);
    heard_ = first;
    const float scale = fullScale(scenario_.noise);
    std::vector<std::complex<float>> values;
    for (const std::complex<float> value : signal_->samples(first, count)) values.push_back(scale * value);
    return values;
  }

  [[nodiscard]] CalibrationProfile profile() const override { return profile_; }

  [[nodiscard]] DopplerColumn truthAt(SessionTime time) const override {
    const double t = time.seconds();
    const double peak = haemodynamics_.peakCmPerS(t);
    DopplerColumn column;
    column.time = time;
    column.peakCmPerS = static_cast<float>(peak);
    column.peakForwardCmPerS = static_cast<float>(std::max(peak, 0.0));
    column.peakReverseCmPerS = static_cast<float>(std::min(peak, 0.0));
    column.meanCmPerS = static_cast<float>(haemodynamics_.meanCmPerS(t));
    column.snrDb = static_cast<float>(scenario_.noise.snrDb);
    column.volumeFlowMlPerMin = static_cast<float>(haemodynamics_.flowMlPerMin(t));
    const std::vector<double> axis = velocityAxisCmPerS(*profile_.doppler);
    if (peak > axis.back() || peak < axis.front()) column.quality |= kAliased;
    return column;
  }

  [[nodiscard]] VesselSample vesselTruthAt(SessionTime time) const override {
    const VeinShape vein = haemodynamics_.vein(time.seconds());
    return {time, static_cast<float>(vein.diameterMm()), static_cast<float>(vein.areaMm2()), 1.0F};
  }

  [[nodiscard]] std::vector<Contraction> contractions() const override {
    return contractionTruth(scenario_, haemodynamics_);
  }
  [[nodiscard]] PhantomMuscle muscle() const override { return {scenario_, seed_}; }
  [[nodiscard]] std::string name() const override { return scenario_.name; }
  [[nodiscard]] std::string yaml() const override { return scenario_.yaml; }
  [[nodiscard]] std::string identity() const override { return scenario_.display.identity; }

 private:
  static cv::Rect rect(const Region& r) { return {r.x, r.y, r.width, r.height}; }

  Scenario scenario_;
  std::uint64_t seed_;
  CalibrationProfile profile_;
  Haemodynamics haemodynamics_;
  cv::Mat background_;
  BmodePicture bmode_;
  std::optional<DopplerStrip> strip_;  // made anew to go back
  std::int64_t shown_ = 0;
  std::optional<DopplerSignal>
      signal_;  // likewise; always from time 0 on, so that no bit depends on who asked
  std::int64_t heard_ = 0;
};

Result<std::unique_ptr<Phantom>> made(Result<Scenario> scenario, std::uint64_t seed) {
  if (!scenario.ok()) return scenario.error();
  try {
    return std::unique_ptr<Phantom>(std::make_unique<ScenarioPhantom>(std::move(scenario).value(), seed));
  } catch (const cv::Exception& e) {
    return Error{ErrorKind::kBadInput, "scenario", "the screen could not be drawn", e.err, ""};
  } catch (const std::runtime_error& e) {
    return Error{ErrorKind::kBadInput, "scenario", "the screen could not be drawn", e.what(), ""};
  }
}

}  // namespace

Result<std::unique_ptr<Phantom>> Phantom::load(const std::string& scenarioPath, std::uint64_t seed) {
  return made(loadScenario(scenarioPath), seed);
}

Result<std::unique_ptr<Phantom>> Phantom::parse(const std::string& yaml, const std::string& name,
                                                std::uint64_t seed) {
  return made(parseScenario(yaml, name), seed);
}

}  // namespace soleus
