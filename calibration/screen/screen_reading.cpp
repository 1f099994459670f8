#include "calibration/screen/screen_reading.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

#include "calibration/scanner/recognise.h"
#include "calibration/screen/axis_comb.h"
#include "calibration/screen/axis_extent.h"
#include "calibration/screen/axis_unit.h"
#include "calibration/screen/number_choice.h"
#include "calibration/screen/reread_numbers.h"
#include "calibration/screen/strip_extent.h"
#include "calibration/screen/text_lines.h"
#include "calibration/screen/text_places.h"

namespace soleus {
namespace {

// Numbers stand close to a spectrum; those of the depth may stand at the other end of the screen's middle.
constexpr double kVelocityReachShare = 0.1;
constexpr double kDepthReachShare = 0.3;
// Rows of a number's middle are surer than this only where it has a tick.
constexpr double kTickTolerancePx = 1.1;
constexpr double kNumberTolerancePx = 1.6;
// Ink of a tick or a letter, and in how many places a column or row of print has it: more than a codec's
// dirt.
constexpr int kPrintGrey = 40;
constexpr int kPrintPlaces = 3;
constexpr int kBesideBaselinePx = 3;
// Edges found by speckle that fills the strip and by faint noise are the same within this.
constexpr int kSameEdgePx = 3;

bool better(const AxisReading& a, const AxisReading& b) {
  if (a.numbers.size() != b.numbers.size()) return a.numbers.size() > b.numbers.size();
  if (a.ticked != b.ticked) return a.ticked;
  return a.line.uncertainty < b.line.uncertainty;
}

cv::Range rowsOf(const cv::Rect& box) {
  return {box.y, box.y + box.height};
}

/// The line with the ticks between its numbers taken in, where they agree with it and make it surer.
ScaleLine withComb(const ScaleLine& line, std::vector<ScaleReading> readings, const AxisReading& axis,
                   const ScaleTolerance& tolerance, const cv::Mat& ink, const cv::Range& rows) {
  const auto ticks = unnumberedTicks(ink, line, axis.numbers, rows);
  if (ticks.empty()) return line;
  readings.insert(readings.end(), ticks.begin(), ticks.end());
  const auto surer = fitScaleLine(readings, tolerance);
  const bool agrees = surer && surer->used.size() >= line.used.size() + ticks.size();
  return agrees && surer->uncertainty < line.uncertainty ? *surer : line;
}

/// A line through each of the columns and what is known besides: readings that do not come from numbers; the
/// best first. Ticks without a number are looked for in `rows`.
std::vector<AxisReading> readAxes(const std::vector<AxisColumn>& columns,
                                  const std::vector<ScaleReading>& known, bool bothSides, const cv::Mat& ink,
                                  const cv::Range& rows) {
  const bool wholeRows =
      std::any_of(known.begin(), known.end(), [](const ScaleReading& r) { return !r.rounded; });
  std::vector<AxisReading> axes;
  for (const AxisColumn& column : columns) {
    const ScaleTolerance tolerance{column.ticked ? kTickTolerancePx : kNumberTolerancePx, column.ticked,
                                   bothSides, wholeRows};
    std::vector<AxisNumber> numbers = chosenNumbers(column.numbers, known, tolerance);
    if (column.ticked) numbers = onSharedColumns(ink, std::move(numbers));
    std::vector<ScaleReading> readings(numbers.begin(), numbers.end());
    const bool sharp = column.ticked && ticksAreSharp(ink, numbers);
    for (ScaleReading reading : known) {
      reading.rounded = reading.rounded || !sharp;
      readings.push_back(reading);
    }
    const auto line = fitScaleLine(readings, tolerance);
    if (!line) continue;
    // The numbers of another axis don't know of this one's zero.
    if (!known.empty() && line->used.back() + 1 != readings.size()) continue;
    AxisReading axis{*line, {}, column.ticked};
    for (const std::size_t i : line->used) {
      if (i < numbers.size()) axis.numbers.push_back(numbers[i]);
    }
    if (axis.numbers.size() + known.size() < 3) continue;
    if (column.ticked) axis.line = withComb(*line, readings, axis, tolerance, ink, rows);
    axes.push_back(std::move(axis));
  }
  std::stable_sort(axes.begin(), axes.end(), better);
  return axes;
}

std::optional<AxisReading> bestOf(const std::vector<AxisReading>& axes) {
  return axes.empty() ? std::nullopt : std::optional(axes.front());
}

/// Rows along which the axis may run: those of the region, and where it is black towards an edge, as far as
/// no other region stands.
cv::Rect axisRows(const MovingRegion& region, const std::vector<WatchedRegion>& regions, cv::Size screen) {
  const cv::Rect& rows = region.box;
  // Beyond edges found by faint noise as well: numbers there would say that they are not the strip's.
  const int beyond = region.toThePixel() ? 0 : rows.height / 4;
  int top = std::max(0, rows.y - (region.filledTop ? beyond : 2 * rows.height));
  int bottom = rows.y + rows.height + (region.filledBottom ? beyond : 2 * rows.height);
  bottom = std::min(screen.height, bottom);
  for (const WatchedRegion& other : regions) {
    const cv::Rect& o = other.region.box;
    if (o.y + o.height <= rows.y) top = std::max(top, o.y + o.height);
    if (o.y >= rows.y + rows.height) bottom = std::min(bottom, o.y);
  }
  return {rows.x, top, rows.width, bottom - top};
}

/// Leaves out columns of numbers that stand nearer to another region at their height: its axis.
std::vector<AxisColumn> ownColumns(std::vector<AxisColumn> columns, const MovingRegion& own,
                                   const std::vector<WatchedRegion>& regions) {
  const auto apart = [](const cv::Rect& a, const cv::Rect& b) {
    return std::max(0, std::max(a.x, b.x) - std::min(a.x + a.width, b.x + b.width));
  };
  std::erase_if(columns, [&](const AxisColumn& column) {
    cv::Rect box = column.numbers.front().box;
    for (const AxisNumber& number : column.numbers) box |= number.box;
    for (const WatchedRegion& other : regions) {
      const cv::Rect& o = other.region.box;
      const int common = std::min(o.y + o.height, box.y + box.height) - std::max(o.y, box.y);
      if (o != own.box && 2 * common > box.height && apart(o, box) < apart(own.box, box)) return true;
    }
    return false;
  });
  return columns;
}

/// Whether a column or row of `ink` (a strip one pixel wide) holds print.
bool isPrint(const cv::Mat& ink) {
  return cv::countNonZero(ink > kPrintGrey) >= kPrintPlaces;
}

/// Leaves out the columns of ticks that a dark spectrum's edge was found beyond.
void clearSides(MovingRegion& spectrum, const ScreenFindings& findings, const cv::Mat& ink) {
  cv::Rect& box = spectrum.box;
  cv::Mat beside = ink.clone();
  if (findings.baseline) {
    const int row = static_cast<int>(findings.baseline->row);
    beside.rowRange(std::max(0, row - kBesideBaselinePx), std::min(ink.rows, row + kBesideBaselinePx + 1))
        .setTo(0);
  }
  int left = box.x;
  int right = box.x + box.width;
  for (int i = 0; i < kEdgePx; ++i) {
    if (isPrint(beside(cv::Rect(box.x + i, box.y, 1, box.height)))) left = box.x + i + 1;
    const int x = box.x + box.width - 1 - i;
    if (isPrint(beside(cv::Rect(x, box.y, 1, box.height)))) right = x;
  }
  box.x = left;
  box.width = right - left;
}

/// Whether a spectrum holds all numbers of its axis.
bool holdsNumbers(const MovingRegion& spectrum, const AxisReading& axis) {
  const cv::Rect& box = spectrum.box;
  return std::all_of(axis.numbers.begin(), axis.numbers.end(), [&](const AxisNumber& number) {
    return number.row >= box.y - kSameEdgePx && number.row <= box.y + box.height + kSameEdgePx;
  });
}

/// A spectrum whose noise is black reaches as far as its axis and its baseline do. False if that is unknown.
bool extend(MovingRegion& spectrum, const ScreenFindings& findings, const cv::Mat& ink) {
  cv::Rect& box = spectrum.box;
  if (spectrum.filledTop && spectrum.filledBottom) return holdsNumbers(spectrum, *findings.velocity);
  const auto rows = axisExtent(ink, findings.velocity->line, findings.velocity->numbers, box);
  if (!rows) return false;
  // Up to the labels of the time, where they stand in its way.
  const cv::Rect middle(box.x + kEdgePx, 0, std::max(1, box.width - 2 * kEdgePx), 1);
  const auto isFree = [&](int row) { return !isPrint(ink(cv::Rect(middle.x, row, middle.width, 1))); };
  int top = box.y;
  int bottom = box.y + box.height;
  while (!spectrum.filledTop && top > rows->first && isFree(top - 1)) --top;
  while (!spectrum.filledBottom && bottom < rows->second && isFree(bottom)) ++bottom;
  box.y = top;
  box.height = bottom - top;
  clearSides(spectrum, findings, ink);
  return true;
}

const ScannerProfile* scannerOf(const std::vector<TextLine>& lines, const KnownScanners& scanners) {
  if (scanners.named) return &*scanners.named;
  std::vector<std::string> texts;
  for (const TextLine& line : lines) texts.push_back(line.text);
  return recognise(texts, scanners.recognised);
}

}  // namespace

ScreenFindings readScreen(const ScreenPicture& picture, const std::vector<WatchedRegion>& watched,
                          const TextReader& reader, const KnownScanners& scanners) {
  ScreenFindings findings;
  findings.screen = picture.mean.size();
  const std::vector<WatchedRegion> regions = withWholeStrip(picture, watched);
  std::vector<cv::Rect> moving;
  for (const WatchedRegion& r : regions) {
    moving.push_back(r.region.box);
    if (r.pace && !findings.spectrum) {
      findings.spectrum = r.region;
      findings.pace = r.pace;
    }
    if (!r.pace && !findings.bmode) findings.bmode = r.region;
  }
  const cv::Mat ink = standingInk(picture, moving);
  const std::vector<cv::Rect> letters = letterBoxes(ink);
  std::vector<cv::Rect> taken;
  const auto takeNumbers = [&](const std::optional<AxisReading>& axis) {
    if (!axis) return;
    for (const AxisNumber& number : axis->numbers) taken.push_back(number.box);
  };
  if (findings.spectrum) {
    findings.baseline = findBaselineLine(picture, findings.spectrum->box);
    std::vector<ScaleReading> zero;
    if (findings.baseline) {
      const auto strip = std::find_if(watched.begin(), watched.end(),
                                      [](const WatchedRegion& r) { return r.pace.has_value(); });
      findings.pace->uncertainty += paceOffByColumns(*findings.pace, strip->region.box.width,
                                                     findings.baseline->rightPx - findings.baseline->leftPx);
    }
    if (findings.baseline) zero.push_back({findings.baseline->row, 0, !findings.baseline->sharp});
    const auto readVelocities = [&] {
      const AxisPlace place{axisRows(*findings.spectrum, regions, findings.screen),
                            kVelocityReachShare * findings.screen.width};
      findings.otherVelocities =
          readAxes(ownColumns(axisColumns(ink, letters, place, reader), *findings.spectrum, regions), zero,
                   true, ink, rowsOf(findings.spectrum->box));
      findings.velocity = bestOf(findings.otherVelocities);
      if (findings.velocity) findings.otherVelocities.erase(findings.otherVelocities.begin());
    };
    readVelocities();
    MovingRegion& spectrum = *findings.spectrum;
    if (findings.velocity && !spectrum.toThePixel() && !holdsNumbers(spectrum, *findings.velocity)) {
      // What seemed to be its noise was smear of the flow: the strip goes on.
      const auto core = std::find_if(watched.begin(), watched.end(),
                                     [](const WatchedRegion& r) { return r.pace.has_value(); });
      spectrum = {core->region.box, false, false};
      readVelocities();
    }
    findings.rowsKnown = findings.velocity ? extend(*findings.spectrum, findings, ink)
                                           : findings.spectrum->filledTop && findings.spectrum->filledBottom;
    findings.timeTicks = findTimeTicks(ink, findings.spectrum->box);
    takeNumbers(findings.velocity);
  }
  std::vector<TextLine> lines = readTextLines(ink, letters, taken, reader);
  rereadNumbers(lines, findings.velocity ? findings.velocity->numbers : std::vector<AxisNumber>{}, ink);
  const ScannerProfile* scanner = scannerOf(lines, scanners);
  if (scanner != nullptr) findings.scanner = scanner->name;
  findings.printed = readSettings(lines, scanner);
  if (findings.velocity) {
    const VelocityUnits units = readAxisUnits(ink, letters, taken, findings.spectrum->box, reader);
    findings.printed.centimetresPerSecond = units.centimetresPerSecond;
    findings.printed.metresPerSecond = units.metresPerSecond;
  }
  if (findings.bmode) {
    const AxisPlace place{axisRows(*findings.bmode, regions, findings.screen),
                          kDepthReachShare * findings.screen.width};
    const auto columns = ownColumns(axisColumns(ink, letters, place, reader), *findings.bmode, regions);
    findings.depth = bestOf(readAxes(columns, {}, false, ink, rowsOf(findings.bmode->box)));
    // Too few numbers: the picture runs from the skin to the depth that is printed.
    if (const cv::Rect& box = findings.bmode->box; !findings.depth && findings.printed.depthCm) {
      findings.depth =
          bestOf(readAxes(columns, {{1.0 * box.y, 0}, {1.0 * box.y + box.height, *findings.printed.depthCm}},
                          false, ink, rowsOf(box)));
    }
  }
  return findings;
}

}  // namespace soleus
