#include "calibration/screen/settle_profile.h"

#include <algorithm>
#include <cmath>

#include "calibration/screen/settings_range.h"
#include "calibration/screen/settle_depth.h"
#include "calibration/screen/short_number.h"
#include "calibration/screen/whole_rows.h"

namespace soleus {
namespace {

constexpr double kNoAngle = -1;
// How probable it may be at most that a scale is off by more than kScaleShare.
constexpr double kMostDoubt = 0.01;
// What the ticks may leave open for the settings to close, and for the row of zero: should that be rounded
// after all, no scale is further off.
constexpr double kMostConfirmedUncertainty = 0.012;
constexpr double kMostRoundedUncertainty = 0.009;
constexpr double kMostPaceUncertainty = 0.004;
// A motion that leaves more open does not tell which round time a tick stands for.
constexpr double kMostTickedUncertainty = 0.015;
// What the motion tells is no bound of its error: round times are further apart than a multiple of it.
constexpr double kAgree = 1.5;
// Whole ranges that scanners offer.
constexpr double kLeastRangeCmPerS = 10;
constexpr double kMostRangeCmPerS = 2000;
// Zero by the numbers against the line drawn: both on whole rows.
constexpr double kMostZeroApartPx = 1.2;
constexpr double kMostRangeShare = 1.06;  // of a strip to the pixel: settings are printed with two digits
constexpr double kSameRangeShare = 0.015;
// Scales that lie nearer are one, through rounded rows.
constexpr double kOtherScaleShare = 0.03;

/// Collects what is missing, to be said in one sentence.
class Missing {
 public:
  void add(const std::string& what, const std::string& option) {
    what_ += (what_.empty() ? "" : "; ") + what;
    if (options_.find(option + ",") == std::string::npos) options_ += option + ",";
  }
  [[nodiscard]] bool any() const { return !what_.empty(); }
  [[nodiscard]] Error error(const std::string& input) const {
    std::string options = options_.substr(0, options_.size() - 1);
    for (std::size_t at = 0; (at = options.find(',', at)) != std::string::npos; at += 2)
      options.replace(at, 1, ", ");
    return {ErrorKind::kBadInput, input, "the screen does not tell everything: " + what_, "", options};
  }

 private:
  std::string what_;
  std::string options_;
};

/// What a person says overrules what the screen shows.
std::optional<double> said(const std::optional<double>& byPerson, const std::optional<double>& byScreen) {
  return byPerson ? byPerson : byScreen;
}

std::string contradiction(double shownCmPerS, double givenCmPerS) {
  return "the velocity axis shows " + shortNumber(shownCmPerS) +
         " cm/s where PRF, frequency and angle give " + shortNumber(givenCmPerS);
}

/// Whether scanners offer a whole range like this.
bool isOffered(double rangeCmPerS) {
  return rangeCmPerS >= kLeastRangeCmPerS && rangeCmPerS <= kMostRangeCmPerS;
}

void settleAngle(DopplerCalibration& d, const ScreenFindings& found, const SuppliedValues& supplied,
                 Missing& missing) {
  const auto angle = supplied.angleDegrees ? supplied.angleDegrees : found.printed.angleDegrees;
  if (!angle) {
    d.angleDegrees = kNoAngle;
    const auto unsure = found.printed.confidence.find(Setting::kAngle);
    missing.add(unsure == found.printed.confidence.end() ? "no angle is printed"
                                                         : "the printed angle is read with a confidence of " +
                                                               shortNumber(unsure->second) + " only",
                "--angle");
    // Asked for at once, and not when the angle has been given.
    if (!supplied.angleCorrected)
      missing.add("nor whether the scale contains one", "--angle-corrected yes|no");
    return;
  }
  d.angleDegrees = *angle;
  d.angleCorrected = true;
  // An angle on the screen is one that the scanner has taken into its scale.
  if (supplied.angleCorrected) {
    d.angleCorrected = *supplied.angleCorrected;
  } else if (!found.printed.angleDegrees) {
    missing.add("no angle is printed, so that the scale may be one for 0 degrees", "--angle-corrected");
  }
}

/// Whether the PRF's print was also read as one that gives the range that the axis shows, while angle and
/// frequency were read in one way: then it is the PRF that was misread.
bool isPrfMisread(const PrintedSettings& printed, const DopplerCalibration& d, double shownCmPerS) {
  if (!printed.inOneWay(Setting::kAngle) || !printed.inOneWay(Setting::kTransmitFrequency)) return false;
  const auto found = printed.others.find(Setting::kPrf);
  const std::vector<double> others = found == printed.others.end() ? std::vector<double>{} : found->second;
  return std::any_of(others.begin(), others.end(), [&](double prfHz) {
    DopplerCalibration other = d;
    other.prfHz = prfHz;
    const auto rangeCmPerS = rangeOfSettings(other);
    return rangeCmPerS && std::abs(shownCmPerS / *rangeCmPerS - 1) <= kSameRangeShare;
  });
}

/// With the reading of the axis that gives the range of the settings, where the one for which most speaks
/// contradicts it: numbers may have lost their decimal points, or others been taken for the axis'.
ScreenFindings withConfirmedAxis(ScreenFindings found, const DopplerCalibration& d) {
  const auto rangeCmPerS = rangeOfSettings(d);
  if (!found.velocity || !rangeCmPerS || !found.spectrum->filledTop || !found.spectrum->filledBottom)
    return found;
  const auto shownCmPerS = [&](const AxisReading& axis) {
    const auto unit = cmPerSOfUnit(found.printed, d, axis.line.unitsPerPixel);
    return unit ? *unit * axis.line.unitsPerPixel * d.region.height : 0;
  };
  if (mayShow(shownCmPerS(*found.velocity), *rangeCmPerS)) return found;
  const auto confirmed =
      std::find_if(found.otherVelocities.begin(), found.otherVelocities.end(), [&](const AxisReading& axis) {
        return std::abs(shownCmPerS(axis) / *rangeCmPerS - 1) <= kSameRangeShare;
      });
  if (confirmed != found.otherVelocities.end()) found.velocity = *confirmed;
  return found;
}

/// Whether the axis alone tells the scale.
bool isSure(const ScaleLine& line) {
  return line.doubt <= kMostDoubt && line.roundedUncertainty <= kMostRoundedUncertainty;
}

/// Whether as much speaks for another scale.
bool isReadOtherwise(const ScreenFindings& found) {
  const AxisReading& best = *found.velocity;
  return std::any_of(found.otherVelocities.begin(), found.otherVelocities.end(),
                     [&](const AxisReading& other) {
                       const double share = other.line.unitsPerPixel / best.line.unitsPerPixel;
                       return std::abs(share - 1) > kOtherScaleShare &&
                              other.numbers.size() >= best.numbers.size() && isSure(other.line);
                     });
}

/// How sure the axis and the settings are of the scale.
struct Sureness {
  double bound = 0;  ///< of the scale's error by the axis alone, as a share of it
  double doubt = 0;  ///< how probable it is that it is off by more than kScaleShare
};

/// Nothing if the scale was not read.
std::optional<Sureness> settleVelocity(DopplerCalibration& d, const ScreenFindings& found,
                                       const SuppliedValues& supplied, Missing& missing) {
  if (supplied.velocityRangeCmPerS) {
    d.cmPerSPerPixel = *supplied.velocityRangeCmPerS / d.region.height;
    if (!supplied.region && !found.spectrum->toThePixel())
      missing.add("to which rows that range reaches, for the noise is black", "--region");
    const auto given = rangeOfSettings(d);
    if (given && !mayShow(*supplied.velocityRangeCmPerS, *given))
      missing.add(contradiction(*supplied.velocityRangeCmPerS, *given), supplied.prfHz ? "--prf"
                                                                        : supplied.angleDegrees
                                                                            ? "--angle"
                                                                            : "--velocity-range or --prf");
    return std::nullopt;
  }
  if (!found.velocity) {
    missing.add("no three numbers of the velocity axis lie on a line", "--velocity-range");
    return std::nullopt;
  }
  const ScaleLine& line = found.velocity->line;
  const bool angleKnown = d.angleDegrees >= 0;
  const auto nyquist = beamNyquistCmPerS(d);
  const auto unit = cmPerSOfUnit(found.printed, d, line.unitsPerPixel);
  if (!unit) {
    missing.add("the unit of the velocity axis", "--velocity-range");
    return std::nullopt;
  }
  d.cmPerSPerPixel = *unit * line.unitsPerPixel;
  const double shownCmPerS = d.cmPerSPerPixel * d.region.height;
  if (!isOffered(shownCmPerS))
    missing.add("the velocity axis shows " + shortNumber(shownCmPerS) + " cm/s, as no scanner does",
                "--velocity-range");
  // Two numbers alike on either side of zero may both be misread alike.
  const auto& numbers = found.velocity->numbers;
  if (numbers.size() == 2 && std::abs(numbers[0].value) == std::abs(numbers[1].value) &&
      !(nyquist && angleKnown))
    missing.add("two numbers alike are all that tells the velocity axis", "--velocity-range");
  if (!rangeOfSettings(d) && isReadOtherwise(found))
    missing.add("the numbers of the velocity axis are read in two ways", "--velocity-range");
  const bool filled = found.spectrum->filledTop && found.spectrum->filledBottom;
  Sureness sureness{line.uncertainty, line.doubt};
  bool sure = isSure(line);
  if (const auto rangeCmPerS = rangeOfSettings(d)) {
    const bool toThePixel = filled && found.spectrum->toThePixel();
    const auto agrees = [&] {
      return mayShow(shownCmPerS, *rangeCmPerS) &&
             (!toThePixel || shownCmPerS <= kMostRangeShare * *rangeCmPerS);
    };
    if (!agrees() && !supplied.prfHz && filled && sure && isPrfMisread(found.printed, d, shownCmPerS)) {
      d.prfHz.reset();
      return sureness;
    }
    if (!agrees()) {
      missing.add(contradiction(shownCmPerS, *rangeCmPerS), supplied.prfHz ? "--prf" : "--velocity-range");
      return std::nullopt;
    }
    // A strip whose speckle fills it shows the whole range: settings that give a scale within what the ticks
    // leave open close it. Settings that were rounded in print do no harm: the ticks' bounds hold.
    if (!sure && filled && line.uncertainty <= kMostConfirmedUncertainty) {
      const auto closed = scaleOfWholeRows(
          *rangeCmPerS, {d.cmPerSPerPixel, line.uncertainty},
          supplied.region ? FoundRows{d.region.height}
                          : FoundRows{d.region.height, found.spectrum->fewerRows, found.spectrum->moreRows});
      if (closed && closed->uncertainty <= kScaleShare) {
        sure = true;
        sureness = {line.uncertainty + std::abs(closed->cmPerSPerPixel / d.cmPerSPerPixel - 1), 0};
        d.cmPerSPerPixel = closed->cmPerSPerPixel;
      }
    }
  }
  if (!sure) {
    const bool helps = !nyquist && d.transmitFrequencyHz && angleKnown && filled &&
                       line.uncertainty <= kMostConfirmedUncertainty;
    missing.add("the velocity axis is only sure to " + shortNumber(100 * line.uncertainty) + " %",
                helps ? "--velocity-range or --prf" : "--velocity-range");
  }
  return sureness;
}

void settleBaseline(DopplerCalibration& d, const ScreenFindings& found, const SuppliedValues& supplied,
                    Missing& missing) {
  if (supplied.baselineRow) {
    d.baselineRow = *supplied.baselineRow;
    return;
  }
  if (!found.velocity && !found.baseline) {
    missing.add("the row of zero velocity", "--baseline-row");
    return;
  }
  d.baselineRow = found.baseline ? found.baseline->row : found.velocity->line.zeroRow;
  if (found.baseline && found.velocity &&
      std::abs(found.baseline->row - found.velocity->line.zeroRow) > kMostZeroApartPx) {
    missing.add("zero is at row " + shortNumber(found.velocity->line.zeroRow) +
                    " of the axis, but a line runs at " + shortNumber(found.baseline->row),
                "--baseline-row");
  }
  if (d.baselineRow < d.region.y || d.baselineRow > d.region.y + d.region.height)
    missing.add("zero velocity lies outside the spectrum", "--baseline-row");
}

/// A pace and how sure it is.
struct Pace {
  double secondsPerPixel = 0;
  double uncertainty = 0;  ///< as a share of it
  /// By how much the ticks' pace is more than the motion's, as a share of it.
  std::optional<double> ticksApart = {};
};

/// The motion's pace, or that of the ticks of time where it is surer and they agree.
Pace settlePace(DopplerCalibration& d, const ScreenFindings& found, const SuppliedValues& supplied,
                Missing& missing) {
  d.display = supplied.display.value_or(found.pace->display);
  if (supplied.secondsPerPixel) {
    d.secondsPerPixel = *supplied.secondsPerPixel;
    return {d.secondsPerPixel, 0};
  }
  Pace pace{found.pace->secondsPerPixel, found.pace->uncertainty};
  const double tickS = found.timeTicks ? roundTickS(*found.timeTicks, pace.secondsPerPixel) : std::nan("");
  // Two ticks have nothing of a comb: no motion is contradicted by them.
  const bool comb = found.timeTicks && found.timeTicks->count > 2;
  if (!std::isnan(tickS) && pace.uncertainty <= kMostTickedUncertainty) {
    const double tickedS = tickS / found.timeTicks->pitchPx;
    const double apart = tickedS / pace.secondsPerPixel - 1;
    const bool agree = std::abs(apart) <= kAgree * pace.uncertainty + found.timeTicks->uncertainty;
    if (agree && found.timeTicks->uncertainty < pace.uncertainty) {
      pace = {tickedS, found.timeTicks->uncertainty};
    } else if (!agree && comb) {
      missing.add("by its ticks of time, " + shortNumber(tickS) + " s each, the spectrum moves at " +
                      shortNumber(1 / tickedS) + " pixels a second, but by the video's time at " +
                      shortNumber(1 / pace.secondsPerPixel),
                  "--seconds-per-pixel");
    }
    if (agree || comb) pace.ticksApart = apart;
  }
  d.secondsPerPixel = pace.secondsPerPixel;
  if (d.display != found.pace->display || pace.uncertainty > kMostPaceUncertainty)
    missing.add("the pace of the spectrum", "--seconds-per-pixel");
  return pace;
}

/// How sure the reader is of each setting that was taken from the screen.
void addConfidences(std::vector<std::pair<std::string, double>>& residuals, const DopplerCalibration& d,
                    const PrintedSettings& printed, const SuppliedValues& supplied) {
  const auto add = [&](const char* name, Setting which, const std::optional<double>& byScreen,
                       const std::optional<double>& byPerson) {
    const auto confidence = printed.confidence.find(which);
    if (byScreen && !byPerson && confidence != printed.confidence.end())
      residuals.emplace_back(name, confidence->second);
  };
  add("angle_confidence", Setting::kAngle, printed.angleDegrees, supplied.angleDegrees);
  if (d.prfHz) add("prf_confidence", Setting::kPrf, printed.prfHz, supplied.prfHz);
  add("transmit_frequency_confidence", Setting::kTransmitFrequency, printed.transmitFrequencyHz,
      supplied.transmitFrequencyHz);
  add("wall_filter_confidence", Setting::kWallFilter, printed.wallFilterHz, supplied.wallFilterHz);
  add("dynamic_range_confidence", Setting::kDynamicRange, printed.dynamicRangeDb, supplied.dynamicRangeDb);
}

}  // namespace

Result<CalibrationProfile> settleProfile(const ScreenFindings& read, const SuppliedValues& supplied,
                                         const std::string& input) {
  ScreenFindings found = read;
  CalibrationProfile profile;
  profile.screenWidth = found.screen.width;
  profile.screenHeight = found.screen.height;
  profile.provenanceMethod = "ocr";
  auto& residuals = profile.provenanceResiduals;
  Missing missing;
  profile.bmode = depthScale(found);
  if (profile.bmode) residuals.emplace_back("depth_axis_px", found.depth->line.residualPx);
  if (found.spectrum && found.pace) {
    DopplerCalibration d;
    const cv::Rect& box = found.spectrum->box;
    d.region = supplied.region.value_or(Region{box.x, box.y, box.width, box.height});
    if (!found.rowsKnown && !supplied.region)
      missing.add("how far a spectrum whose noise is black reaches", "--region");
    d.dynamicRangeDb = said(supplied.dynamicRangeDb, found.printed.dynamicRangeDb);
    d.prfHz = said(supplied.prfHz, found.printed.prfHz);
    d.wallFilterHz = said(supplied.wallFilterHz, found.printed.wallFilterHz);
    d.transmitFrequencyHz = said(supplied.transmitFrequencyHz, found.printed.transmitFrequencyHz);
    settleAngle(d, found, supplied, missing);
    found = withConfirmedAxis(std::move(found), d);
    const auto sureness = settleVelocity(d, found, supplied, missing);
    settleBaseline(d, found, supplied, missing);
    const Pace pace = settlePace(d, found, supplied, missing);
    if (supplied.towardHeart) {
      d.towardHeart = *supplied.towardHeart;
    } else {
      missing.add("on which side flow toward the heart is drawn", "--toward-heart up|down");
    }
    profile.doppler = d;
    addConfidences(residuals, d, found.printed, supplied);
    if (found.velocity && !supplied.velocityRangeCmPerS) {
      residuals.emplace_back("velocity_axis_px", found.velocity->line.residualPx);
      residuals.emplace_back("velocity_axis_readings", static_cast<double>(found.velocity->line.used.size()));
      if (sureness) {
        residuals.emplace_back("velocity_scale_uncertainty", sureness->bound);
        residuals.emplace_back("velocity_scale_doubt", sureness->doubt);
      }
      if (found.baseline)
        residuals.emplace_back("baseline_apart_px", found.baseline->row - found.velocity->line.zeroRow);
    }
    if (!supplied.secondsPerPixel) residuals.emplace_back("pace_uncertainty", pace.uncertainty);
    if (pace.ticksApart) residuals.emplace_back("time_ticks_apart", *pace.ticksApart);
  } else if (supplied.towardHeart || supplied.region) {
    // Whoever names these expects a spectrum.
    missing.add("no spectrum that scrolls or is swept",
                profile.bmode ? "no '--toward-heart' for a B-mode picture alone" : "--region");
  } else if (!profile.bmode) {
    missing.add("no strip that scrolls or is swept, and no B-mode picture with a depth axis", "--region");
  }
  if (missing.any()) return missing.error(input);
  return profile;
}

}  // namespace soleus
