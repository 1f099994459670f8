#include "calibration/profile/profile.h"

#include <sstream>

#include "calibration/profile/strict_yaml.h"
#include "pipeline/core/extents.h"

namespace soleus {
namespace {

constexpr const char* kSchema = "soleus.calibration/1";
constexpr Range kPositive{1e-9, 1e9};
// A vessel seen at right angles has no Doppler shift; beyond 89 degrees the correction exceeds 57 times.
constexpr Range kAngleDegrees{0, 89};
// Two pixels are the least that a picture can be measured in.
constexpr Range kExtentPixels{2, kMostExtentPx};

/// `leastWidthPx`: narrower ones cannot be measured.
Region readRegion(YamlMap parent, const CalibrationProfile& profile, double leastWidthPx) {
  YamlMap map = parent.map("region");
  Region r;
  r.x = map.integer("x", {0, kMostExtentPx});
  r.y = map.integer("y", {0, kMostExtentPx});
  r.width = map.integer("width", {leastWidthPx, kExtentPixels.max});
  r.height = map.integer("height", kExtentPixels);
  if (r.x + r.width > profile.screenWidth || r.y + r.height > profile.screenHeight) {
    std::ostringstream found;
    found << "x " << r.x << " to " << r.x + r.width << ", y " << r.y << " to " << r.y + r.height;
    std::ostringstream expected;
    expected << "inside the screen of " << profile.screenWidth << " x " << profile.screenHeight << " pixels";
    parent.fault("region", "region outside the picture", found.str(), expected.str());
  }
  return r;
}

/// The angle, and what else is told of the beam. The two extents only mean something together.
void readBeam(YamlMap& map, BeamGeometry& beam) {
  beam.angleDegrees = map.number("angle_degrees", kAngleDegrees);
  beam.angleUncertaintyDegrees =
      map.optionalNumber("angle_uncertainty_degrees", {0, 45}).value_or(beam.angleUncertaintyDegrees);
  beam.apertureMm = map.optionalNumber("aperture_mm", {0.1, 200});
  beam.depthMm = map.optionalNumber("depth_mm", {0.1, 500});
  if (beam.apertureMm.has_value() != beam.depthMm.has_value()) {
    map.fault(beam.apertureMm ? "aperture_mm" : "depth_mm", "one part of a pair",
              beam.apertureMm ? "no depth_mm" : "no aperture_mm", "aperture_mm and depth_mm, or neither");
  }
}

DopplerCalibration readDoppler(YamlMap map, const CalibrationProfile& profile) {
  DopplerCalibration d;
  d.region = readRegion(map, profile, kLeastStripPx);
  d.display = map.choice<Display>("display", {{"scroll", Display::kScroll}, {"sweep", Display::kSweep}});
  d.secondsPerPixel = map.number("seconds_per_pixel", {1e-6, 10});
  d.cmPerSPerPixel = map.number("cm_per_s_per_pixel", {1e-6, 1e4});
  d.baselineRow = map.number("baseline_row", {-16384, 32768});
  d.towardHeart = map.choice<Side>("toward_heart", {{"up", Side::kUp}, {"down", Side::kDown}});
  readBeam(map, d);
  d.angleCorrected = map.boolean("angle_corrected");
  d.dynamicRangeDb = map.optionalNumber("dynamic_range_db", {1, 200});
  d.dynamicRangeEstimated = map.booleanOr("dynamic_range_estimated", false);
  if (d.dynamicRangeEstimated && !d.dynamicRangeDb)
    map.fault("dynamic_range_estimated", "nothing was estimated", "no dynamic_range_db", "one, or neither");
  d.transmitFrequencyHz = map.optionalNumber("transmit_frequency_hz", {1e5, 1e8});
  d.prfHz = map.optionalNumber("prf_hz", {1, 1e6});
  d.wallFilterHz = map.optionalNumber("wall_filter_hz", {0, 1e5});
  if (d.baselineRow < d.region.y || d.baselineRow > d.region.y + d.region.height) {
    map.fault(
        "baseline_row", "baseline outside the spectrum", std::to_string(d.baselineRow),
        "a row from " + std::to_string(d.region.y) + " to " + std::to_string(d.region.y + d.region.height));
  }
  return d;
}

AudioCalibration readAudio(YamlMap map) {
  using Channels = AudioCalibration::Channels;
  AudioCalibration a;
  a.channels = map.choice<Channels>("channels", {{"quadrature", Channels::kQuadrature},
                                                 {"forward_reverse", Channels::kForwardReverse},
                                                 {"mono", Channels::kMono}});
  a.towardHeartIsForward = map.choice<bool>("toward_heart", {{"forward", true}, {"reverse", false}});
  if (a.channels == Channels::kMono && !a.towardHeartIsForward) {
    map.fault("toward_heart", "one channel tells no direction", "reverse", "forward, or two channels");
  }
  a.transmitFrequencyHz = map.number("transmit_frequency_hz", {1e5, 1e8});
  a.nyquistHz = map.optionalNumber("nyquist_hz", {10, 1e6});
  readBeam(map, a);
  a.wallFilterHz = map.number("wall_filter_hz", {0, 1e5});
  return a;
}

Result<CalibrationProfile> fromDocument(const Result<YamlDocument>& document) {
  if (!document.ok()) return document.error();
  YamlMap root = document.value().root();
  CalibrationProfile profile;
  const std::string schema = root.text("schema");
  if (schema != kSchema)
    root.fault("schema", "not a calibration profile of this version", "'" + schema + "'", kSchema);
  // Sound has no screen; whoever names a region of one has to say how large it is.
  if (root.has("screen") || root.has("doppler") || root.has("bmode")) {
    YamlMap screen = root.map("screen");
    profile.screenWidth = screen.integer("width", kExtentPixels);
    profile.screenHeight = screen.integer("height", kExtentPixels);
  }
  if (auto map = root.optionalMap("doppler")) profile.doppler = readDoppler(*map, profile);
  if (auto map = root.optionalMap("bmode")) {
    profile.bmode = BmodeCalibration{readRegion(*map, profile, kExtentPixels.min),
                                     map->number("mm_per_pixel", kPositive)};
  }
  if (auto map = root.optionalMap("audio")) profile.audio = readAudio(*map);
  if (auto map = root.optionalMap("provenance")) {
    profile.provenanceMethod = map->choice<const char*>(
        "method", {{"dicom", "dicom"}, {"ocr", "ocr"}, {"manual", "manual"}, {"phantom", "phantom"}});
    map->ignore("residuals");
  }
  if (!profile.doppler && !profile.bmode && !profile.audio) {
    root.fault("doppler", "nothing to measure", "no doppler, bmode or audio", "at least one of them");
  }
  profile.yaml = document.value().text();
  const Status status = document.value().status();
  if (!status.ok()) return status.error();
  return profile;
}

void writeRegion(std::ostream& out, const Region& r) {
  out << "  region: {x: " << r.x << ", y: " << r.y << ", width: " << r.width << ", height: " << r.height
      << "}\n";
}

/// What a profile need not name is only written where it says something.
void writeBeam(std::ostream& out, const BeamGeometry& beam) {
  out << "  angle_degrees: " << beam.angleDegrees << "\n";
  if (beam.angleUncertaintyDegrees != BeamGeometry{}.angleUncertaintyDegrees)
    out << "  angle_uncertainty_degrees: " << beam.angleUncertaintyDegrees << "\n";
  if (beam.apertureMm) out << "  aperture_mm: " << *beam.apertureMm << "\n";
  if (beam.depthMm) out << "  depth_mm: " << *beam.depthMm << "\n";
}

}  // namespace

Result<CalibrationProfile> loadProfile(const std::string& path) {
  return fromDocument(YamlDocument::load(path));
}

Result<CalibrationProfile> parseProfile(const std::string& text, const std::string& name) {
  return fromDocument(YamlDocument::parse(text, name));
}

std::string profileYaml(const CalibrationProfile& profile) {
  std::ostringstream out;
  out.precision(12);
  out << "schema: " << kSchema << "\n";
  if (profile.screenWidth > 0) {
    out << "screen: {width: " << profile.screenWidth << ", height: " << profile.screenHeight << "}\n";
  }
  if (const auto& d = profile.doppler) {
    out << "doppler:\n";
    writeRegion(out, d->region);
    out << "  display: " << (d->display == Display::kScroll ? "scroll" : "sweep") << "\n";
    out << "  seconds_per_pixel: " << d->secondsPerPixel << "\n";
    out << "  cm_per_s_per_pixel: " << d->cmPerSPerPixel << "\n";
    out << "  baseline_row: " << d->baselineRow << "\n";
    out << "  toward_heart: " << (d->towardHeart == Side::kUp ? "up" : "down") << "\n";
    writeBeam(out, *d);
    out << "  angle_corrected: " << (d->angleCorrected ? "true" : "false") << "\n";
    if (d->dynamicRangeDb) out << "  dynamic_range_db: " << *d->dynamicRangeDb << "\n";
    if (d->dynamicRangeEstimated) out << "  dynamic_range_estimated: true\n";
    if (d->transmitFrequencyHz) out << "  transmit_frequency_hz: " << *d->transmitFrequencyHz << "\n";
    if (d->prfHz) out << "  prf_hz: " << *d->prfHz << "\n";
    if (d->wallFilterHz) out << "  wall_filter_hz: " << *d->wallFilterHz << "\n";
  }
  if (const auto& b = profile.bmode) {
    out << "bmode:\n";
    writeRegion(out, b->region);
    out << "  mm_per_pixel: " << b->mmPerPixel << "\n";
  }
  if (const auto& a = profile.audio) {
    using Channels = AudioCalibration::Channels;
    out << "audio:\n  channels: "
        << (a->channels == Channels::kQuadrature       ? "quadrature"
            : a->channels == Channels::kForwardReverse ? "forward_reverse"
                                                       : "mono")
        << "\n  toward_heart: " << (a->towardHeartIsForward ? "forward" : "reverse")
        << "\n  transmit_frequency_hz: " << a->transmitFrequencyHz << "\n";
    if (a->nyquistHz) out << "  nyquist_hz: " << *a->nyquistHz << "\n";
    writeBeam(out, *a);
    out << "  wall_filter_hz: " << a->wallFilterHz << "\n";
  }
  if (!profile.provenanceMethod.empty()) {
    out << "provenance:\n  method: " << profile.provenanceMethod << "\n";
    if (!profile.provenanceResiduals.empty()) out << "  residuals:\n";
    for (const auto& [name, value] : profile.provenanceResiduals)
      out << "    " << name << ": " << value << "\n";
  }
  return out.str();
}

}  // namespace soleus
