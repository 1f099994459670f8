// How well `soleus calibrate` reads random screens of the phantom.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "calibration/profile/profile.h"
#include "tests/calibration/screen_score.h"

extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace {

using namespace soleus;
namespace fs = std::filesystem;

/// Runs a program with both its outputs in `log`; its exit code.
int run(const std::vector<std::string>& arguments, const fs::path& log) {
  std::vector<char*> raw;
  for (const std::string& a : arguments) raw.push_back(const_cast<char*>(a.c_str()));
  raw.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t child = 0;
  const int failed = posix_spawn(&child, raw[0], &actions, nullptr, raw.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  if (failed != 0 || waitpid(child, &status, 0) < 0) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string textOf(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Counts {
  int met = 0;
  int refused = 0;
  int region = 0;  // scales right, region off
  int wrong = 0;
  int failed = 0;
};

struct Bench {
  std::string program;
  fs::path folder;
  bool keep = false;
};

/// One screen: rendered, read, compared; a line of the table.
void readScreenOf(std::uint64_t seed, const Bench& bench, Counts& counts) {
  const std::string name = "s" + std::to_string(seed);
  const fs::path video = bench.folder / (name + ".mkv");
  const fs::path truthPath = bench.folder / (name + ".calibration.yaml");
  const fs::path readPath = bench.folder / (name + ".read.yaml");
  const fs::path log = bench.folder / (name + ".log");
  std::printf("%6llu  ", static_cast<unsigned long long>(seed));
  if (!fs::exists(video) &&
      run({bench.program, "simulate", video, "--random-screen", std::to_string(seed), "--force"}, log) != 0) {
    ++counts.failed;
    std::printf("cannot be rendered, see %s\n", log.c_str());
    return;
  }
  const auto truth = loadProfile(truthPath);
  const bool up = !truth.ok() || truth.value().doppler->towardHeart == Side::kUp;
  std::vector<std::string> command = {bench.program,    "calibrate",       video, "-o", readPath, "--force",
                                      "--toward-heart", up ? "up" : "down"};
  // What is printed nowhere has to be said; what is printed has to be read.
  const bool settingsPrinted =
      textOf(bench.folder / (name + ".scenario.yaml")).find(" settings: none") == std::string::npos;
  if (truth.ok() && !settingsPrinted) {
    const DopplerCalibration& d = *truth.value().doppler;
    command.insert(command.end(), {"--angle", std::to_string(d.angleDegrees), "--angle-corrected", "yes"});
    const auto say = [&command](const char* option, const std::optional<double>& value) {
      if (value) command.insert(command.end(), {option, std::to_string(*value)});
    };
    say("--prf", d.prfHz);
    say("--transmit-frequency", d.transmitFrequencyHz);
    say("--wall-filter", d.wallFilterHz);
    say("--dynamic-range", d.dynamicRangeDb);
  }
  const int code = run(command, log);
  const auto read = code == 0 ? loadProfile(readPath) : Error{};
  if (code == 3) {
    ++counts.refused;
    std::ifstream in(log);
    std::string line;
    std::string last;
    while (std::getline(in, line)) last = line;
    constexpr std::string_view kLead = "everything: ";
    const auto from = last.find(kLead);
    std::printf("refused  %s\n", last.c_str() + (from == std::string::npos ? 0 : from + kLead.size()));
  } else if (!read.ok() || !truth.ok() || !read.value().doppler) {
    const bool noSpectrum = read.ok() && !read.value().doppler;
    ++(noSpectrum ? counts.refused : counts.failed);
    std::printf(noSpectrum ? "refused  B-mode alone\n" : "failed\n");
  } else {
    const ScreenScore score = scoreScreen(read.value(), truth.value(), settingsPrinted);
    const bool wrong = score.wrong({});
    const bool met = score.within({});
    ++(met ? counts.met : wrong ? counts.wrong : counts.region);
    std::printf("%-7s  %+7.2f  %+7.2f  %+7.2f  %5.3f   %+6.2f  %5.3f  %s%s%s%s%s\n",
                met     ? "met"
                : wrong ? "WRONG"
                        : "region",
                100 * score.velocityShare, score.baselinePx, 100 * score.timeShare, score.overlap,
                100 * score.depthShare, score.bmodeOverlap, score.sameDisplay ? "" : "display ",
                score.wrongSettings.empty() ? "" : "misread:", score.wrongSettings.c_str(),
                score.unreadSettings.empty() ? "" : " unread:", score.unreadSettings.c_str());
  }
  std::fflush(stdout);
  if (!bench.keep) {
    for (const char* end :
         {".mkv", ".truth.h5", ".calibration.yaml", ".scenario.yaml", ".read.yaml", ".read.png", ".log"})
      fs::remove(bench.folder / (name + end));
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Renders random screens, reads each with `soleus calibrate`, and says how far off it was.");
  std::string seeds = "1001-1020";
  Bench bench{SOLEUS_PROGRAM, fs::temp_directory_path() / "soleus-screens", false};
  std::string folder = bench.folder;
  app.add_option("--seeds", seeds, "FIRST-LAST; 1-200 are for reporting, develop on those from 1001 up");
  app.add_option("--folder", folder, "where to render");
  app.add_flag("--keep", bench.keep, "keep the recordings and what was read, and use those that are there");
  app.add_option("--soleus", bench.program, "the program");
  int leastMet = 0;
  app.add_option("--least-met", leastMet, "fail if fewer screens than this are met");
  CLI11_PARSE(app, argc, argv);
  unsigned long long first = 0;
  unsigned long long last = 0;
  if (std::sscanf(seeds.c_str(), "%llu-%llu", &first, &last) != 2 || last < first) {
    std::fprintf(stderr, "soleus_screens: --seeds wants FIRST-LAST\n");
    return 2;
  }
  bench.folder = folder;
  fs::create_directories(bench.folder);
  Counts counts;
  std::printf("  seed  result   velocity%% baseline time%%  region  depth%%  B-mode\n");
  for (auto seed = first; seed <= last; ++seed) readScreenOf(seed, bench, counts);
  const int all = counts.met + counts.refused + counts.region + counts.wrong + counts.failed;
  std::printf("%d screens: %d met (%.1f %%), %d refused, %d with a region that is off, %d wrong, %d failed\n",
              all, counts.met, 100.0 * counts.met / all, counts.refused, counts.region, counts.wrong,
              counts.failed);
  return counts.wrong == 0 && counts.failed == 0 && counts.met >= leastMet ? 0 : 1;
}
