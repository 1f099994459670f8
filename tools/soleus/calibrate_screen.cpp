#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iomanip>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "calibration/scanner/scanner_file.h"
#include "calibration/screen/moving_regions.h"
#include "calibration/screen/screen_reading.h"
#include "calibration/screen/screen_statistics.h"
#include "calibration/screen/setting_notes.h"
#include "calibration/screen/settle_profile.h"
#include "calibration/screen/strip_motion.h"
#include "calibration/screen/text_reader.h"
#include "tools/soleus/calibrate.h"
#include "tools/soleus/check_picture.h"
#include "tools/soleus/screen_frames.h"

namespace soleus {
namespace {

// Two laps of a usual sweep.
constexpr double kWatchS = 15;
// The pace of a slow sweep settles over several laps.
constexpr double kPaceS = 30;
// Spectrum, B-mode, and something else that moves.
constexpr std::size_t kMostRegions = 4;

/// Decodes the video a second time to see how each region moves.
Result<std::vector<WatchedRegion>> watch(const std::string& input, std::vector<MovingRegion> regions) {
  if (regions.size() > kMostRegions) regions.resize(kMostRegions);
  std::vector<StripMotion> motions;
  for (const MovingRegion& r : regions)
    motions.emplace_back(Region{r.box.x, r.box.y, r.box.width, r.box.height});
  const Status read = readFrames(input, kPaceS, [&](const cv::Mat& bgr, SessionTime time) {
    for (std::size_t i = 0; i < regions.size(); ++i) motions[i].push(brightness(bgr(regions[i].box)), time);
  });
  if (!read.ok()) return read.error();
  std::vector<WatchedRegion> watched;
  for (std::size_t i = 0; i < regions.size(); ++i) watched.push_back({regions[i], motions[i].pace()});
  return watched;
}

// As far as a codec smears an edge.
constexpr int kCodecBlockPx = 16;
// How far the pace over other columns may lie from it: what the columns do to it is seen once, and may be as
// much again.
constexpr double kColumnsShare = 2;

/// A sweep's bar turns at the strip's own columns. Where the line at zero has other ends than the region that
/// moves, whose edges a codec smears, those are the strip's. It is watched once more over them if the pace
/// was counted over turns, or if they lie further away than smear: how much the pace changes with that tells
/// what wrong columns can do to it, and is added to its uncertainty.
Status watchOwnColumns(const std::string& input, const ScreenPicture& picture,
                       std::vector<WatchedRegion>& watched) {
  const auto strip =
      std::find_if(watched.begin(), watched.end(), [](const WatchedRegion& r) { return r.pace.has_value(); });
  if (strip == watched.end() || strip->pace->display != Display::kSweep) return Done{};
  const auto line = findBaselineLine(picture, strip->region.box);
  if (!line || !columnsDiffer(strip->region.box.width, line->rightPx - line->leftPx)) return Done{};
  MovingRegion own = strip->region;
  own.box.x = line->leftPx;
  own.box.width = line->rightPx - line->leftPx;
  const int offPx = std::max(std::abs(own.box.x - strip->region.box.x),
                             std::abs(own.box.br().x - strip->region.box.br().x));
  if (!strip->pace->overTurns && offPx <= kCodecBlockPx) {
    strip->region = own;
    return Done{};
  }
  auto again = watch(input, {own});
  if (!again.ok()) return again.error();
  WatchedRegion& found = again.value().front();
  if (!found.pace || found.pace->display != Display::kSweep) return Done{};
  const double change = std::abs(found.pace->secondsPerPixel / strip->pace->secondsPerPixel - 1);
  found.pace->uncertainty =
      std::max(found.pace->uncertainty, strip->pace->uncertainty) + kColumnsShare * change;
  *strip = std::move(found);
  return Done{};
}

SuppliedValues suppliedBy(const CalibrateOptions& options) {
  SuppliedValues supplied;
  supplied.towardHeart = options.towardHeart;
  supplied.angleDegrees = options.angleDegrees;
  supplied.angleCorrected = options.angleCorrected;
  supplied.baselineRow = options.baselineRow;
  supplied.velocityRangeCmPerS = options.velocityRangeCmPerS;
  supplied.region = options.region;
  supplied.display = options.display;
  supplied.secondsPerPixel = options.secondsPerPixel;
  supplied.prfHz = options.prfHz;
  supplied.transmitFrequencyHz = options.transmitFrequencyHz;
  supplied.wallFilterHz = options.wallFilterHz;
  supplied.dynamicRangeDb = options.dynamicRangeDb;
  return supplied;
}

/// The one that is named, or all that come with the program.
Result<KnownScanners> scannersFor(const CalibrateOptions& options) {
  KnownScanners scanners;
  if (!options.scannerPath.empty()) {
    auto named = loadScanner(options.scannerPath);
    if (!named.ok()) return named.error();
    scanners.named = std::move(named).value();
    return scanners;
  }
  std::error_code absent;
  for (const auto& file : std::filesystem::directory_iterator(SOLEUS_SCANNERS, absent)) {
    if (!file.path().string().ends_with(".scanner.yaml")) continue;
    auto known = loadScanner(file.path().string());
    if (!known.ok()) return known.error();
    scanners.recognised.push_back(std::move(known).value());
  }
  return scanners;
}

/// "angle 60 degrees (0.98), PRF 4600 Hz (0.95)": the settings that were read, for the eye to compare.
std::string settingsRead(const CalibrationProfile& profile) {
  if (!profile.doppler) return {};
  const DopplerCalibration& d = *profile.doppler;
  std::ostringstream text;
  const auto add = [&](const char* name, const char* words, std::optional<double> value, const char* unit) {
    const auto& residuals = profile.provenanceResiduals;
    const auto sure = std::find_if(residuals.begin(), residuals.end(), [&](const auto& residual) {
      return residual.first == std::string(name) + "_confidence";
    });
    if (sure == residuals.end() || !value) return;
    text << (text.tellp() > 0 ? ", " : "") << words << " " << *value << " " << unit << " ("
         << std::round(100 * sure->second) << " %)";
  };
  add("angle", "angle", d.angleDegrees, "degrees");
  add("prf", "PRF", d.prfHz, "Hz");
  add("transmit_frequency", "transmit frequency", d.transmitFrequencyHz, "Hz");
  add("wall_filter", "wall filter", d.wallFilterHz, "Hz");
  add("dynamic_range", "dynamic range", d.dynamicRangeDb, "dB");
  return text.str();
}

}  // namespace

Result<Calibration> calibrateScreen(const CalibrateOptions& options) {
  const auto scanners = scannersFor(options);
  if (!scanners.ok()) return scanners.error();
  ScreenStatistics statistics;
  const Status seen =
      readFrames(options.input, kWatchS, [&](const cv::Mat& bgr, SessionTime) { statistics.push(bgr); });
  if (!seen.ok()) return seen.error();
  const ScreenPicture picture = statistics.picture();
  std::vector<MovingRegion> regions = movingRegions(picture);
  if (options.region) {
    const Region& r = *options.region;
    const cv::Rect box(r.x, r.y, r.width, r.height);
    if (box.width < 2 || box.height < 2 || (box & cv::Rect({}, picture.mean.size())) != box) {
      return Error{ErrorKind::kBadInput, options.input, "the region does not lie on the screen", "--region",
                   "a rectangle within " + std::to_string(picture.mean.cols) + " x " +
                       std::to_string(picture.mean.rows)};
    }
    std::erase_if(regions, [&](const MovingRegion& other) { return (other.box & box).area() > 0; });
    regions.insert(regions.begin(), {box, true, true});
  }
  auto watched = watch(options.input, regions);
  if (!watched.ok()) return watched.error();
  if (!options.region) {
    const Status own = watchOwnColumns(options.input, picture, watched.value());
    if (!own.ok()) return own.error();
  }
  if (options.region && !watched.value().front().pace) {
    return Error{ErrorKind::kBadInput, options.input, "the region shows no strip that scrolls or is swept",
                 "--region", "the spectrum"};
  }
  const auto reader = TextReader::open();
  if (!reader.ok()) return reader.error();
  const ScreenFindings found = readScreen(picture, watched.value(), reader.value(), scanners.value());
  const auto profile = settleProfile(found, suppliedBy(options), options.input);
  if (!profile.ok()) return profile.error();
  Calibration calibration{profile.value(), {}};
  if (!found.scanner.empty()) calibration.notes.push_back("settings are read as words of " + found.scanner);
  if (found.bmode && !profile.value().bmode)
    calibration.notes.push_back("its B-mode picture is left out: no depth scale could be read");
  if (const std::string read = settingsRead(profile.value()); !read.empty())
    calibration.notes.push_back("read off the screen, to be compared with it: " + read);
  if (profile.value().doppler) {
    for (std::string& unsure : unsureSettings(found.printed, suppliedBy(options)))
      calibration.notes.push_back(std::move(unsure));
    for (std::string& overruled : overruledValues(found, suppliedBy(options), *profile.value().doppler))
      calibration.notes.push_back(std::move(overruled));
  }
  if (profile.value().doppler && found.printed.prfHz && !profile.value().doppler->prfHz)
    calibration.notes.push_back(
        "the printed PRF was read in two ways, of which one contradicts the axis, and is not taken; '--prf "
        "HZ' "
        "supplies it");
  if (profile.value().doppler && !profile.value().doppler->wallFilterHz)
    calibration.notes.push_back(
        "no wall filter was read; the mean velocity reads high without '--wall-filter HZ'");
  std::vector<NumberRead> velocities;
  if (found.velocity) {
    for (const AxisNumber& number : found.velocity->numbers) velocities.push_back({number.row, number.value});
  }
  calibration.check = checkPicture(picture.sample, calibration.profile, velocities, calibration.notes);
  return calibration;
}

}  // namespace soleus
