/// soleus_accuracy: bias and spread of the velocity trace against the phantom's truth, as a table, a CSV and
/// a page.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>

#include "pipeline/doppler/measure_columns.h"
#include "tests/accuracy/elements.h"
#include "tests/accuracy/page.h"
#include "tests/accuracy/recording.h"
#include "tests/accuracy/screen.h"
#include "tests/accuracy/table.h"

namespace {

using namespace soleus;
using namespace soleus::accuracy;

struct Arguments {
  std::vector<std::string> estimators = {estimatorNames().front()};
  std::vector<std::string> sources = {"columns"};
  std::vector<std::string> codecs = {"none"};
  std::vector<double> exponents = {2, 3, 4, 6};
  std::vector<double> snrsDb = {0, 5, 10, 15, 20};
  std::vector<double> peaksCmPerS = {80};
  double restCmPerS = 8;
  double prfHz = 5800;
  std::uint64_t firstSeed = 1;
  std::uint64_t seeds = 20;
  std::string csvPath;
  std::string tracePath;
  std::string pagePath;
};

/// Every column of a recording beside its truth.
void writeTrace(const std::string& path, const Measured& measured, const Truth& truth) {
  std::ofstream file(path);
  file << "time_s,true_peak_cm_s,true_mean_cm_s,forward_cm_s,reverse_cm_s,mean_cm_s,snr_db,quality\n";
  for (const DopplerColumn& c : measured.columns) {
    const double t = c.time.seconds();
    file << t << ',' << truth.peakCmPerS(t) << ',' << truth.meanCmPerS(t) << ',' << c.peakForwardCmPerS << ','
         << c.peakReverseCmPerS << ',' << c.meanCmPerS << ',' << c.snrDb << ',' << int{c.quality} << '\n';
  }
}

void addRows(const Arguments& args, const AccuracyCase& kind, std::vector<Row>& rows) {
  std::vector<Row> fresh;
  for (const auto& estimator : args.estimators) fresh.push_back({kind, estimator, {}});
  for (std::uint64_t seed = args.firstSeed; seed < args.firstSeed + args.seeds; ++seed) {
    AccuracyCase c = kind;
    c.seed = seed;
    const Truth truth = truthOf(c);
    const auto measured = measureCase(c, args.estimators);
    if (!args.tracePath.empty()) writeTrace(args.tracePath, measured.front(), truth);
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      const auto scores = score(measured[i].columns, truth);
      fresh[i].scores.insert(fresh[i].scores.end(), scores.begin(), scores.end());
    }
  }
  rows.insert(rows.end(), fresh.begin(), fresh.end());
}

std::vector<Row> run(const Arguments& args) {
  std::vector<Row> rows;
  for (const Source source : {Source::kIq, Source::kColumns, Source::kScroll, Source::kSweep}) {
    if (std::find(args.sources.begin(), args.sources.end(), nameOf(source)) == args.sources.end()) continue;
    for (const auto& codec : args.codecs) {
      if (!isScreen(source) && codec != args.codecs.front()) continue;
      for (const double peak : args.peaksCmPerS) {
        for (const double exponent : args.exponents) {
          for (const double snrDb : args.snrsDb) {
            AccuracyCase kind;
            kind.source = source;
            kind.codec = isScreen(source) ? codec : "none";
            kind.exponent = exponent;
            kind.snrDb = snrDb;
            kind.peakCmPerS = peak;
            kind.restCmPerS = args.restCmPerS;
            kind.prfHz = args.prfHz;
            addRows(args, kind, rows);
          }
        }
      }
    }
  }
  return rows;
}

std::string seedsInWords(const Arguments& args) {
  return "seeds " + std::to_string(args.firstSeed) + " to " +
         std::to_string(args.firstSeed + args.seeds - 1) + ", " + std::to_string(kContractions) +
         " contractions each";
}

}  // namespace

int main(int argc, char** argv) {
  Arguments args;
  CLI::App app("Accuracy of the velocity trace against the digital phantom's truth");
  auto names = estimatorNames();
  names.emplace_back("all");
  app.add_option("--estimator", args.estimators, "estimators")->delimiter(',')->check(CLI::IsMember(names));
  app.add_option("--source", args.sources, "how the signal reaches the measurement")
      ->delimiter(',')
      ->check(CLI::IsMember(std::vector<std::string>{"iq", "columns", "scroll", "sweep"}));
  app.add_option("--codec", args.codecs, "of the screen")->delimiter(',')->check(CLI::IsMember(codecNames()));
  app.add_option("--exponent", args.exponents, "of the velocity profile")->delimiter(',');
  app.add_option("--snr", args.snrsDb, "dB")->delimiter(',');
  app.add_option("--peak", args.peaksCmPerS, "peak velocity of the contractions, cm/s")->delimiter(',');
  app.add_option("--rest", args.restCmPerS, "peak velocity at rest, cm/s")->capture_default_str();
  app.add_option("--prf", args.prfHz, "Hz")->capture_default_str();
  app.add_option("--first-seed", args.firstSeed)->capture_default_str();
  app.add_option("--seeds", args.seeds, "recordings of each kind")->capture_default_str();
  app.add_option("--csv", args.csvPath, "also writes every contraction there");
  app.add_option("--trace", args.tracePath,
                 "also writes the last recording's columns beside their truth there");
  app.add_option("--page", args.pagePath, "also writes a page with charts there");
  CLI11_PARSE(app, argc, argv);
  if (std::find(args.estimators.begin(), args.estimators.end(), "all") != args.estimators.end()) {
    args.estimators = estimatorNames();
  }

  try {
    startElements();
    const std::vector<Row> rows = run(args);
    printTable(std::cout, rows);
    if (!args.csvPath.empty()) {
      std::ofstream file(args.csvPath);
      writeCsv(file, rows);
    }
    if (!args.pagePath.empty()) {
      std::ofstream file(args.pagePath);
      writePage(file, rows, seedsInWords(args));
    }
  } catch (const std::exception& e) {
    std::cerr << "soleus_accuracy: " << e.what() << "\n";
    return 1;
  }
  return 0;
}
