#include "calibration/phantom/scenario.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <sstream>

#include "calibration/profile/profile.h"
#include "calibration/profile/strict_yaml.h"

namespace soleus {
namespace {

constexpr const char* kSchema = "soleus.scenario/1";
// Speed of sound in soft tissue that scanners assume.
constexpr double kSoundCmPerS = 154000.0;
constexpr const char* kIdentity = "MUSTER, WADE  ID 31415-926";

// The layout that the others are scaled from.
constexpr int kReferenceWidth = 1280;
constexpr int kReferenceHeight = 720;
constexpr Region kReferenceDoppler{76, 374, 1049, 288};
constexpr Region kReferenceBmode{320, 57, 576, 273};

Region scaled(const Region& r, int width, int height) {
  return {r.x * width / kReferenceWidth, r.y * height / kReferenceHeight, r.width * width / kReferenceWidth,
          r.height * height / kReferenceHeight};
}

Region readRegion(YamlMap parent, const char* key, const Region& reference, const DisplaySettings& d) {
  auto map = parent.optionalMap(key);
  if (!map) return scaled(reference, d.width, d.height);
  // A strip or picture below 32 pixels holds nothing that could be measured or recognised.
  const Region r{map->integer("x", {0, 8192}), map->integer("y", {0, 8192}),
                 map->integer("width", {32, 8192}), map->integer("height", {32, 8192})};
  if (r.x + r.width > d.width || r.y + r.height > d.height) {
    std::ostringstream found;
    found << "x " << r.x << " to " << r.x + r.width << ", y " << r.y << " to " << r.y + r.height;
    parent.fault(key, "region outside the screen", found.str(),
                 "inside " + std::to_string(d.width) + " x " + std::to_string(d.height) + " pixels");
  }
  return r;
}

int readEven(YamlMap& map, const char* key) {
  const int value = map.integer(key, {320, 4096});
  if (value % 2 != 0) map.fault(key, "odd size", std::to_string(value), "an even number of pixels");
  return value;
}

ScannerSettings readScanner(YamlMap map) {
  ScannerSettings s;
  s.transmitFrequencyHz = map.number("transmit_frequency_hz", {1e6, 3e7});
  // Whole, as the sampling rate of sound is.
  s.prfHz = map.integer("prf_hz", {500, 30000});
  s.angleDegrees = map.number("angle_degrees", {0, 80});
  s.wallFilterHz = map.number("wall_filter_hz", {5, s.prfHz / 8});
  s.dynamicRangeDb = map.number("dynamic_range_db", {20, 90});
  s.noiseAboveBlackDb = map.numberOr("noise_above_black_db", s.noiseAboveBlackDb, {-20, 40});
  return s;
}

DisplaySettings readDisplay(YamlMap map) {
  DisplaySettings d;
  d.width = readEven(map, "width");
  d.height = readEven(map, "height");
  d.frameRateNumerator = map.integer("frame_rate_numerator", {1, 240000});
  d.frameRateDenominator = map.integerOr("frame_rate_denominator", 1, {1, 1001});
  d.mode = map.choice<Display>("mode", {{"scroll", Display::kScroll}, {"sweep", Display::kSweep}});
  d.secondsPerColumn = map.number("seconds_per_column", {0.0005, 0.1});
  d.dopplerRegion = readRegion(map, "doppler_region", kReferenceDoppler, d);
  d.bmodeRegion = readRegion(map, "bmode_region", kReferenceBmode, d);
  d.bmodeMmPerPixel = map.number("bmode_mm_per_pixel", {0.02, 1});
  d.towardHeart = map.choice<Side>("toward_heart", {{"up", Side::kUp}, {"down", Side::kDown}});
  d.baselineFraction = map.numberOr("baseline_fraction", d.baselineFraction, {0.05, 0.95});
  d.baselineLine = map.booleanOr("baseline_line", d.baselineLine);
  d.eraseGapPixels = map.integerOr("erase_gap_pixels", d.eraseGapPixels, {0, 64});
  d.startPhaseColumns = map.integerOr("start_phase_columns", 0, {0, 8192});
  d.prefilled = map.booleanOr("prefilled", d.prefilled);
  d.identity = map.textOr("identity", kIdentity);
  if (auto look = map.optionalMap("look")) d.look = readScreenLook(*look);
  return d;
}

VideoEncoding readVideo(YamlMap map) {
  VideoEncoding v;
  v.codec = map.choice<const char*>(
      "codec", {{"h264", "h264"}, {"mjpeg", "mjpeg"}, {"mpeg4", "mpeg4"}, {"ffv1", "ffv1"}});
  // Each codec has a scale of its own; defaults are those at which the loss is not yet visible.
  if (v.codec == "h264") v.quality = map.integerOr("crf", 20, {0, 51});
  if (v.codec == "mjpeg") v.quality = map.integerOr("quality_percent", 90, {1, 100});
  if (v.codec == "mpeg4") v.quality = map.integerOr("quantiser", 3, {1, 31});
  if (v.codec == "ffv1") v.quality = 0;
  return v;
}

double readPercent(YamlMap& map, const char* key, double maxPercent) {
  return map.number(key, {0, maxPercent}) / 100.0;
}

FlowSettings readFlow(YamlMap map) {
  FlowSettings f;
  f.restPeakCmPerS = map.number("rest_peak_cm_s", {0, 100});
  f.breathRateHz = map.number("breath_rate_hz", {0.05, 1});
  f.breathModulation = readPercent(map, "breath_modulation_percent", 80);
  f.heartRateHz = map.number("heart_rate_hz", {0.5, 4});
  f.heartModulation = readPercent(map, "heart_modulation_percent", 20);
  f.profileExponent = map.numberOr("profile_exponent", f.profileExponent, {2, 6});
  f.veinDiameterMm = map.number("vein_diameter_mm", {1, 20});
  return f;
}

ContractionSettings readContractions(YamlMap map, double sessionS) {
  ContractionSettings c;
  c.firstS = map.number("first_s", {0.5, 3600});
  c.intervalS = map.number("interval_s", {0.5, 600});
  c.count = map.integer("count", {1, 1000});
  c.durationS = map.number("duration_s", {0.2, 2});
  c.peakCmPerS = map.number("peak_cm_s", {5, 300});
  c.lastPeakCmPerS = map.numberOr("last_peak_cm_s", c.peakCmPerS, {5, 300});
  c.peakSpread = map.has("peak_spread_percent") ? readPercent(map, "peak_spread_percent", 50) : 0.0;
  c.pauseS = map.number("pause_s", {0, 30});
  if (auto reflux = map.optionalMap("reflux")) {
    c.refluxDurationS = reflux->number("duration_s", {0.05, 10});
    c.refluxPeakCmPerS = reflux->number("peak_cm_s", {-150, -1});
  }
  c.refillTimeConstantS = map.number("refill_time_constant_s", {0.1, 60});
  c.areaNarrowing = readPercent(map, "area_narrowing_percent", 80);
  const double eachS = c.durationS + c.pauseS + c.refluxDurationS;
  if (c.intervalS < eachS)
    map.fault("interval_s", "contractions overlap", std::to_string(c.intervalS),
              "at least burst, pause and reflux: " + std::to_string(eachS) + " s");
  const double lastS = c.firstS + c.intervalS * (c.count - 1) + eachS;
  if (lastS > sessionS)
    map.fault("count", "contractions run past the end of the scenario", std::to_string(lastS) + " s",
              "all of them within duration_s " + std::to_string(sessionS));
  return c;
}

NoiseSettings readNoise(YamlMap map, double wallFilterHz) {
  NoiseSettings n;
  n.snrDb = map.number("snr_db", {-10, 60});
  n.clutterDb = map.numberOr("clutter_db", n.clutterDb, {-40, 60});
  // Half the filter's corner is as near as the wall may come: beyond it no scanner's filter would hold it.
  n.clutterBandHz =
      map.numberOr("clutter_band_hz", std::min(n.clutterBandHz, wallFilterHz / 2), {1, wallFilterHz / 2});
  n.transitLengthMm = map.numberOr("transit_length_mm", n.transitLengthMm, {1, 100});
  return n;
}

DisplayFaults readFaults(YamlMap map, const DisplaySettings& display, double sessionS) {
  DisplayFaults f;
  const Range session{0, sessionS};
  if (auto m = map.optionalMap("freeze"))
    f.freeze = {m->number("start_s", session), m->number("duration_s", {0.1, sessionS})};
  f.restartS = map.optionalNumber("restart_s", session);
  if (auto m = map.optionalMap("baseline"))
    f.baseline = {m->number("start_s", session), m->number("baseline_fraction", {0.05, 0.95})};
  if (auto m = map.optionalMap("scale"))
    f.scale = {m->number("start_s", session), m->number("factor", {0.25, 4})};
  if (auto m = map.optionalMap("overlay")) {
    using Mark = DisplayFaults::Mark;
    const auto mark =
        m->choice<Mark>("mark", {{"line", Mark::kLine}, {"cross", Mark::kCross}, {"text", Mark::kText}});
    const double width = display.dopplerRegion.width - 1;
    const double height = display.dopplerRegion.height - 1;
    f.overlay = {mark, m->integer("x", {0, width}), m->integerOr("y", 0, {0, height}),
                 m->number("start_s", session), m->number("end_s", session)};
  }
  if (map.has("doubled_percent")) f.doubledShare = readPercent(map, "doubled_percent", 50);
  if (map.has("tint")) {
    using Tint = DisplayFaults::Tint;
    f.tint = map.choice<Tint>(
        "tint",
        {{"none", Tint::kNone}, {"sepia", Tint::kSepia}, {"amber", Tint::kAmber}, {"blue", Tint::kBlue}});
  }
  return f;
}

Result<Scenario> fromDocument(const Result<YamlDocument>& document) {
  if (!document.ok()) return document.error();
  YamlMap root = document.value().root();
  Scenario s;
  const std::string schema = root.text("schema");
  if (schema != kSchema) root.fault("schema", "not a scenario of this version", "'" + schema + "'", kSchema);
  s.name = root.text("name");
  s.durationS = root.number("duration_s", {0.5, 86400});
  s.scanner = readScanner(root.map("scanner"));
  s.display = readDisplay(root.map("display"));
  s.video = readVideo(root.map("video"));
  s.flow = readFlow(root.map("flow"));
  if (auto map = root.optionalMap("contractions")) s.contractions = readContractions(*map, s.durationS);
  s.noise = readNoise(root.map("noise"), s.scanner.wallFilterHz);
  if (auto map = root.optionalMap("display_faults")) s.faults = readFaults(*map, s.display, s.durationS);
  s.yaml = document.value().text();
  const Status status = document.value().status();
  if (!status.ok()) return status.error();
  return s;
}

}  // namespace

Result<Scenario> loadScenario(const std::string& path) {
  return fromDocument(YamlDocument::load(path));
}

Result<Scenario> parseScenario(const std::string& text, const std::string& name) {
  return fromDocument(YamlDocument::parse(text, name));
}

double dopplerShiftHz(const ScannerSettings& scanner, double cmPerS) {
  const double cosAngle = std::cos(scanner.angleDegrees * std::numbers::pi / 180.0);
  return 2.0 * scanner.transmitFrequencyHz * cmPerS * cosAngle / kSoundCmPerS;
}

double nyquistCmPerS(const ScannerSettings& scanner) {
  return scanner.prfHz / 2.0 / dopplerShiftHz(scanner, 1.0);
}

CalibrationProfile profileOf(const Scenario& scenario) {
  const DisplaySettings& display = scenario.display;
  const ScannerSettings& scanner = scenario.scanner;
  CalibrationProfile profile;
  profile.screenWidth = display.width;
  profile.screenHeight = display.height;

  DopplerCalibration d;
  d.region = display.dopplerRegion;
  d.display = display.mode;
  d.secondsPerPixel = display.secondsPerColumn;
  // The strip is as high as the whole band of the I/Q, one PRF.
  d.cmPerSPerPixel = 2.0 * nyquistCmPerS(scanner) / d.region.height;
  // Zero lies in the middle of a row, the one that carries the baseline's line.
  d.baselineRow = d.region.y + std::floor(display.baselineFraction * d.region.height) + 0.5;
  d.towardHeart = display.towardHeart;
  d.angleDegrees = scanner.angleDegrees;
  d.angleCorrected = true;
  d.dynamicRangeDb = scanner.dynamicRangeDb;
  d.transmitFrequencyHz = scanner.transmitFrequencyHz;
  d.prfHz = scanner.prfHz;
  d.wallFilterHz = scanner.wallFilterHz;
  profile.doppler = d;

  AudioCalibration a;
  a.transmitFrequencyHz = scanner.transmitFrequencyHz;
  a.angleDegrees = scanner.angleDegrees;
  a.wallFilterHz = scanner.wallFilterHz;
  profile.audio = a;
  profile.bmode = BmodeCalibration{display.bmodeRegion, display.bmodeMmPerPixel};
  profile.provenanceMethod = "phantom";
  profile.yaml = profileYaml(profile);
  return profile;
}

}  // namespace soleus
