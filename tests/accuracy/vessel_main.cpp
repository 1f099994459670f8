/// soleus_vessel_accuracy: the lumen measured in pictures of known vessels.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>

#include "tests/accuracy/vessel_score.h"

namespace {

constexpr double kUmPerMm = 1000;

void print(const char* name, const soleus::accuracy::ErrorSummary& s, double scale, const char* unit) {
  std::printf("| %s | %d of %d | %+.1f %s | %.1f %s | %.1f %s |\n", name, s.found, s.cases, scale * s.bias,
              unit, scale * s.sd, unit, scale * s.largest, unit);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace soleus::accuracy;
  std::uint64_t first = 1;
  int seeds = 120;
  int sequences = 10;
  std::string csvPath;
  CLI::App app("Accuracy of the vein's diameter and area in rendered B-mode of 0.1 mm pixels");
  app.add_option("--first-seed", first)->capture_default_str();
  app.add_option("--seeds", seeds, "pictures of each section")->capture_default_str();
  app.add_option("--sequences", sequences, "of frames, a seed each")->capture_default_str();
  app.add_option("--csv", csvPath, "also writes every picture's diameter there");
  CLI11_PARSE(app, argc, argv);

  std::printf("| pictures | measured | bias | SD | largest |\n|---|---|---|---|---|\n");
  std::ofstream csv;
  if (!csvPath.empty()) {
    csv.open(csvPath);
    csv << "pictures,seed,true_mm,found_mm,confidence,tissue_grey,lumen_grey,wall_grey,wall_mm,intima,edge_"
           "px,coding_step_grey\n";
  }
  const auto show = [&](const char* name, VesselSection section, int count, Showing showing) {
    const auto cases = measureDiameters(section, first, count, showing);
    print(name, errorsMm(cases), kUmPerMm, "um");
    for (const DiameterCase& c : cases) {
      csv << name << ',' << c.seed << ',' << c.trueMm << ',' << c.foundMm << ',' << c.confidence << ','
          << c.look.tissueGrey << ',' << c.look.lumenGrey << ',' << c.look.wallGrey << ',' << c.look.wallMm
          << ',' << c.look.intima << ',' << c.look.edgePx << ',' << c.look.codingStepGrey << '\n';
    }
  };
  show("cross-section", VesselSection::kAcross, seeds, Showing::kPlain);
  show("longitudinal", VesselSection::kAlong, seeds, Showing::kPlain);
  show("cross-section marked", VesselSection::kAcross, seeds, Showing::kMarked);
  show("longitudinal marked", VesselSection::kAlong, seeds, Showing::kMarked);
  // A few suffice to tell by how much these read small: that is the definition of the wall, not a fault.
  show("cross-section smeared", VesselSection::kAcross, seeds / 4, Showing::kSmeared);
  show("longitudinal smeared", VesselSection::kAlong, seeds / 4, Showing::kSmeared);
  print("area in a contraction", contractionErrorsPercent(first, sequences, Showing::kPlain), 1, "%");
  print("area in a contraction marked", contractionErrorsPercent(first, sequences, Showing::kMarked), 1, "%");
  print("frames of a still cross-section", jitterMm(VesselSection::kAcross, first, sequences), kUmPerMm,
        "um");
  print("frames of a still longitudinal", jitterMm(VesselSection::kAlong, first, sequences), kUmPerMm, "um");
  return 0;
}
