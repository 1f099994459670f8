/// soleus_pump_accuracy: what is found and measured of contractions against the phantom's truth.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "tests/accuracy/pump_leg.h"
#include "tests/accuracy/pump_score.h"

int main(int argc, char** argv) {
  using namespace soleus;
  using namespace soleus::accuracy;
  std::uint64_t firstSeed = 1;
  std::uint64_t seeds = 100;
  std::string csvPath;
  CLI::App app("Accuracy of the calf pump's measures against the digital phantom's truth");
  app.add_option("--first-seed", firstSeed)->capture_default_str();
  app.add_option("--seeds", seeds, "legs, ten contractions each")->capture_default_str();
  app.add_option("--csv", csvPath, "also writes every contraction there, true and found");
  CLI11_PARSE(app, argc, argv);
  try {
    PumpScore score;
    for (std::uint64_t seed = firstSeed; seed < firstSeed + seeds; ++seed) {
      const Scenario leg = legOf(seed);
      score.add(trueOf(leg, seed), foundIn(leg, seed));
    }
    printPumpTable(std::cout, score);
    if (!csvPath.empty()) {
      std::ofstream file(csvPath);
      writePumpCsv(file, score);
    }
  } catch (const std::exception& e) {
    std::cerr << "soleus_pump_accuracy: " << e.what() << "\n";
    return 1;
  }
  return 0;
}
