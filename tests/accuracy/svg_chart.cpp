#include "tests/accuracy/svg_chart.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace soleus::accuracy {
namespace {

// CSS pixels: two charts side by side on a laptop's screen.
constexpr double kWidth = 560;
constexpr double kHeight = 300;
constexpr double kLeft = 48;
constexpr double kRight = 10;
constexpr double kTop = 28;
constexpr double kBottom = 36;

// An estimator that is far off at 0 dB must not press the good ones into a line.
constexpr double kLargestPercent = 20;

/// Chart coordinates; each signal-to-noise ratio has a slot of the same width.
class Frame {
 public:
  Frame(const std::vector<ErrorSeries>& series, double promisedPercent) : seriesCount_(series.size()) {
    double reach = 2 * promisedPercent;
    for (const auto& s : series) {
      for (const auto& p : s.points) {
        snrs_.insert(p.snrDb);
        const double far = std::abs(p.errorPercent.mean) + limitOfAgreement(p.errorPercent.sd);
        if (std::isfinite(far)) reach = std::max(reach, far);
      }
    }
    reach_ = std::ceil(std::min(reach, kLargestPercent));
  }
  [[nodiscard]] double reach() const { return reach_; }
  [[nodiscard]] const std::set<double>& snrs() const { return snrs_; }
  [[nodiscard]] double slot() const { return (kWidth - kLeft - kRight) / static_cast<double>(snrs_.size()); }
  [[nodiscard]] double x(double snrDb) const {
    return kLeft + slot() * (0.5 + static_cast<double>(std::distance(snrs_.begin(), snrs_.find(snrDb))));
  }
  /// Beside each other, so that bars don't hide bars.
  [[nodiscard]] double x(double snrDb, std::size_t series) const {
    const double place = (static_cast<double>(series) + 0.5) / static_cast<double>(seriesCount_) - 0.5;
    return x(snrDb) + 0.7 * slot() * place;
  }
  [[nodiscard]] double y(double percent) const {
    return kTop + (kHeight - kTop - kBottom) * (0.5 - 0.5 * percent / reach_);
  }

 private:
  std::size_t seriesCount_;
  std::set<double> snrs_;
  double reach_ = 1;
};

void line(std::ostream& out, double x1, double y1, double x2, double y2, const std::string& style) {
  out << "<line x1=\"" << x1 << "\" y1=\"" << y1 << "\" x2=\"" << x2 << "\" y2=\"" << y2 << "\" " << style
      << "/>\n";
}

void drawAxes(std::ostream& out, const Frame& frame, double promisedPercent) {
  out << "<rect x=\"" << kLeft << "\" y=\"" << frame.y(promisedPercent) << "\" width=\""
      << kWidth - kLeft - kRight << "\" height=\"" << frame.y(-promisedPercent) - frame.y(promisedPercent)
      << "\" fill=\"#eee\"/>\n";
  const double step = frame.reach() > 10 ? 5 : frame.reach() > 4 ? 2 : 1;
  const double first = -step * std::floor(frame.reach() / step);
  for (double percent = first; percent <= frame.reach(); percent += step) {
    const double y = frame.y(percent);
    line(out, kLeft, y, kWidth - kRight, y, percent == 0 ? "stroke=\"#444\"" : "stroke=\"#ddd\"");
    out << "<text x=\"" << kLeft - 6 << "\" y=\"" << y + 4 << "\" text-anchor=\"end\">" << percent
        << "</text>\n";
  }
  for (const double snrDb : frame.snrs()) {
    out << "<text x=\"" << frame.x(snrDb) << "\" y=\"" << kHeight - kBottom + 16
        << "\" text-anchor=\"middle\">" << snrDb << " dB</text>\n";
  }
}

void drawSeries(std::ostream& out, const Frame& frame, const ErrorSeries& series, std::size_t index) {
  const std::string stroke = "stroke=\"" + series.colour + "\" ";
  out << "<g><title>" << series.name << "</title>\n<polyline fill=\"none\" stroke-opacity=\"0.5\" " << stroke
      << "points=\"";
  for (const auto& p : series.points) {
    if (!std::isfinite(p.errorPercent.mean)) continue;
    out << frame.x(p.snrDb, index) << ',' << frame.y(p.errorPercent.mean) << ' ';
  }
  out << "\"/>\n";
  for (const auto& p : series.points) {
    const auto [mean, sd] = p.errorPercent;
    if (!std::isfinite(mean)) continue;
    const double x = frame.x(p.snrDb, index);
    if (std::isfinite(sd)) {
      const double wide = limitOfAgreement(sd);
      line(out, x, frame.y(mean - wide), x, frame.y(mean + wide), stroke);
      line(out, x, frame.y(mean - sd), x, frame.y(mean + sd), stroke + "stroke-width=\"4\"");
    }
    out << "<circle cx=\"" << x << "\" cy=\"" << frame.y(mean) << "\" r=\"3.5\" fill=\"#fff\" " << stroke
        << "/>\n";
  }
  out << "</g>\n";
}

}  // namespace

void drawErrorChart(std::ostream& out, const std::string& title, const std::vector<ErrorSeries>& series,
                    double promisedPercent) {
  const Frame frame(series, promisedPercent);
  // Nested, it cuts off what lies beyond the axis.
  out << "<svg viewBox=\"0 0 " << kWidth << ' ' << kHeight << "\" width=\"" << kWidth << "\" height=\""
      << kHeight << "\" role=\"img\" aria-label=\"" << title << "\">\n<text x=\"" << kLeft
      << "\" y=\"16\" font-weight=\"bold\">" << title << "</text>\n";
  drawAxes(out, frame, promisedPercent);
  out << "<svg x=\"0\" y=\"" << kTop << "\" width=\"" << kWidth << "\" height=\"" << kHeight - kTop - kBottom
      << "\" viewBox=\"0 " << kTop << ' ' << kWidth << ' ' << kHeight - kTop - kBottom << "\">\n";
  for (std::size_t i = 0; i < series.size(); ++i) drawSeries(out, frame, series[i], i);
  out << "</svg>\n</svg>\n";
}

}  // namespace soleus::accuracy
