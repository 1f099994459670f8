#include "tools/compare/bland_altman_plot.h"

#include <algorithm>
#include <cmath>

#include "tools/compare/comparison_words.h"
#include "tools/report/html.h"

namespace soleus {
namespace {

// CSS pixels: two plots side by side on a laptop's screen.
constexpr double kWidth = 600;
constexpr double kHeight = 330;
constexpr double kLeft = 56;
constexpr double kRight = 116;  // the lines' labels
constexpr double kTop = 26;
constexpr double kBottom = 44;
constexpr double kLabelHeight = 13;

// Okabe and Ito's colours, which the colour-blind can tell apart; lines differ by their dashes as well.
constexpr const char* kBlue = "#0072b2";
constexpr const char* kVermilion = "#d55e00";

struct Range {
  double low = 0;
  double high = 0;
  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  [[nodiscard]] double span() const { return high - low; }
};

/// With room at both ends; of a range without extent, around its value.
Range widened(Range range, double share) {
  const double room = range.span() > 0 ? share * range.span() : std::max(1.0, 0.1 * std::abs(range.high));
  return {range.low - room, range.high + room};
}

/// 1, 2 or 5 times a power of ten, for about five steps.
double stepOf(const Range& range) {
  const double rough = range.span() / 5;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough) return factor * power;
  return 10 * power;
}

/// Chart coordinates.
class Frame {
 public:
  explicit Frame(const BlandAltmanPlot& plot) {
    const Agreement& agreement = plot.agreement;
    differences_.include(agreement.lower.value);
    differences_.include(agreement.upper.value);
    means_ = {meanOf(plot.pairs.front()), meanOf(plot.pairs.front())};
    for (const PlottedPair& pair : plot.pairs) {
      means_.include(meanOf(pair));
      differences_.include(pair.second - pair.first);
    }
    // The interval of a limit is wide where subjects are few: it must not press the points into a line.
    const Range most = widened(differences_, 0.3);
    differences_.include(std::max(most.low, agreement.lower.low));
    differences_.include(std::min(most.high, agreement.upper.high));
    means_ = widened(means_, 0.06);
    differences_ = widened(differences_, 0.06);
  }
  static double meanOf(const PlottedPair& pair) { return (pair.first + pair.second) / 2; }
  [[nodiscard]] const Range& means() const { return means_; }
  [[nodiscard]] const Range& differences() const { return differences_; }
  [[nodiscard]] double x(double mean) const {
    return kLeft + (kWidth - kLeft - kRight) * (mean - means_.low) / means_.span();
  }
  [[nodiscard]] double y(double difference) const {
    return kTop + (kHeight - kTop - kBottom) * (differences_.high - difference) / differences_.span();
  }
  /// Moved to the nearest edge if it lies outside.
  [[nodiscard]] double yInside(double difference) const {
    return y(std::clamp(difference, differences_.low, differences_.high));
  }

 private:
  Range means_;
  Range differences_;
};

void line(std::ostream& out, double x1, double y1, double x2, double y2, const std::string& style) {
  out << "<line x1=\"" << x1 << "\" y1=\"" << y1 << "\" x2=\"" << x2 << "\" y2=\"" << y2 << "\" " << style
      << "/>\n";
}

void text(std::ostream& out, double x, double y, const std::string& anchor, const std::string& words) {
  out << "<text x=\"" << x << "\" y=\"" << y << "\" text-anchor=\"" << anchor << "\">" << escapeHtml(words)
      << "</text>\n";
}

void drawAxes(std::ostream& out, const Frame& frame, const BlandAltmanPlot& plot) {
  const auto decimalsOf = [](double step) {
    return std::max(0, static_cast<int>(std::ceil(-std::log10(step))));
  };
  const double yStep = stepOf(frame.differences());
  for (double i = std::ceil(frame.differences().low / yStep); i * yStep <= frame.differences().high; ++i) {
    const double y = frame.y(i * yStep);
    line(out, kLeft, y, kWidth - kRight, y, i == 0 ? "stroke=\"#444\"" : "stroke=\"#e2e2e2\"");
    text(out, kLeft - 6, y + 4, "end", numberText(i * yStep, decimalsOf(yStep)));
  }
  const double bottom = kHeight - kBottom;
  line(out, kLeft, bottom, kWidth - kRight, bottom, "stroke=\"#444\"");
  const double xStep = stepOf(frame.means());
  for (double i = std::ceil(frame.means().low / xStep); i * xStep <= frame.means().high; ++i) {
    const double x = frame.x(i * xStep);
    line(out, x, bottom, x, bottom + 4, "stroke=\"#444\"");
    text(out, x, bottom + 17, "middle", numberText(i * xStep, decimalsOf(xStep)));
  }
  const std::string session = std::to_string(plot.session);
  text(out, 2, 14, "start", "Session " + session + " − session 1, " + plot.unit);
  text(out, (kLeft + kWidth - kRight) / 2, kHeight - 8, "middle",
       "Mean of sessions 1 and " + session + ", " + plot.unit);
}

void drawBand(std::ostream& out, const Frame& frame, const Estimate& estimate, const char* colour) {
  if (!std::isfinite(estimate.low) || !std::isfinite(estimate.high)) return;
  const double top = frame.yInside(estimate.high);
  out << "<rect x=\"" << kLeft << "\" y=\"" << top << "\" width=\"" << kWidth - kLeft - kRight
      << "\" height=\"" << frame.yInside(estimate.low) - top << "\" fill=\"" << colour
      << "\" fill-opacity=\"0.13\"/>\n";
}

/// The label stands beside the line, or as near as `labelY` leaves room.
void drawLine(std::ostream& out, const Frame& frame, double difference, const std::string& style,
              double labelY, const std::string& label) {
  const double y = frame.y(difference);
  line(out, kLeft, y, kWidth - kRight, y, style);
  text(out, kWidth - kRight + 6, labelY + 4, "start", label);
}

}  // namespace

void drawBlandAltman(std::ostream& out, const BlandAltmanPlot& plot) {
  const Frame frame(plot);
  const Agreement& agreement = plot.agreement;
  out << "<svg viewBox=\"0 0 " << kWidth << ' ' << kHeight << "\" role=\"img\" aria-label=\""
      << escapeHtml("Bland–Altman plot: " + plot.title) << "\">\n";
  drawBand(out, frame, agreement.lower, kVermilion);
  drawBand(out, frame, agreement.upper, kVermilion);
  drawBand(out, frame, agreement.bias, kBlue);
  drawAxes(out, frame, plot);
  const std::string dashed =
      std::string("stroke-width=\"1.6\" stroke-dasharray=\"7 4\" stroke=\"") + kVermilion + "\"";
  const std::string solid = std::string("stroke-width=\"1.8\" stroke=\"") + kBlue + "\"";
  const double biasY = frame.y(agreement.bias.value);
  // Where all differences are equal the three lines are one.
  if (agreement.sd > 0) {
    drawLine(out, frame, agreement.lower.value, dashed,
             std::max(frame.y(agreement.lower.value), biasY + kLabelHeight),
             "limit " + numberText(agreement.lower.value, plot.decimals));
    drawLine(out, frame, agreement.upper.value, dashed,
             std::min(frame.y(agreement.upper.value), biasY - kLabelHeight),
             "limit " + numberText(agreement.upper.value, plot.decimals));
  }
  drawLine(out, frame, agreement.bias.value, solid, biasY,
           "bias " + numberText(agreement.bias.value, plot.decimals));
  for (const PlottedPair& pair : plot.pairs) {
    out << "<circle cx=\"" << frame.x(Frame::meanOf(pair)) << "\" cy=\"" << frame.y(pair.second - pair.first)
        << "\" r=\"4.5\" fill=\"#222\" fill-opacity=\"0.75\" stroke=\"#fff\"><title>" << escapeHtml(pair.name)
        << ": " << numberText(pair.first, plot.decimals) << ", " << numberText(pair.second, plot.decimals)
        << ' ' << escapeHtml(plot.unit) << "</title></circle>\n";
  }
  out << "</svg>\n";
}

}  // namespace soleus
