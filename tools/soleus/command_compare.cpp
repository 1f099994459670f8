#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pipeline/dataset/session_reader.h"
#include "tools/compare/comparison.h"
#include "tools/compare/comparison_json.h"
#include "tools/compare/comparison_page.h"
#include "tools/compare/comparison_text.h"
#include "tools/compare/measured_session.h"
#include "tools/soleus/commands.h"
#include "tools/soleus/console.h"
#include "tools/soleus/output_file.h"

namespace soleus {
namespace {

struct Arguments {
  std::vector<std::string> sessions;
  std::string output;
  bool force = false;
  bool json = false;
};

Result<Comparison> compareFiles(const std::vector<std::string>& paths) {
  std::vector<MeasuredSession> sessions;
  for (const std::string& path : paths) {
    const auto session = SessionReader::open(path);
    if (!session.ok()) return session.error();
    auto measured = measuredSession(*session.value(), path);
    if (!measured.ok()) return measured.error();
    sessions.push_back(std::move(measured).value());
  }
  return compareSessions(std::move(sessions));
}

Status writePage(const Arguments& args, const Comparison& comparison) {
  auto output = OutputFile::reserve(args.output, args.force, args.sessions);
  if (!output.ok()) return output.error();
  {
    std::ofstream file(output.value()->temporaryPath(), std::ios::binary);
    const Status written = writeComparisonPage(comparison, file);
    if (!written.ok()) return output.value()->named(written.error());
    file.close();
    if (!file) return Error{ErrorKind::kStorage, args.output, "cannot be written", "", ""};
  }
  return output.value()->keep();
}

int compare(const Arguments& args) {
  if (args.sessions.size() < 2) {
    return report({ErrorKind::kUsage, "compare", "needs sessions to compare",
                   std::to_string(args.sessions.size()) + " session file", "two or more"});
  }
  if (const std::string ending = std::filesystem::path(args.output).extension().string();
      !args.output.empty() && ending != ".html") {
    return report({ErrorKind::kUsage, args.output, "is not the name of a page", "'" + ending + "'",
                   ".html; '--json' prints the numbers for programs"});
  }
  const auto comparison = compareFiles(args.sessions);
  if (!comparison.ok()) return report(comparison.error());
  if (!args.output.empty()) {
    const Status written = writePage(args, comparison.value());
    if (!written.ok()) return report(written.error());
  }
  if (args.json)
    printJson(comparisonJson(comparison.value()));
  else if (args.output.empty())
    writeText(comparison.value(), std::cout);
  return 0;
}

}  // namespace

void addCompare(CLI::App& app, int& exitCode) {
  auto args = std::make_shared<Arguments>();
  auto* command =
      app.add_subcommand("compare", "Say how well repeated sessions agree, or by how much two differ");
  command->footer(
      "Sessions of one subject, limb and condition are repeats, in the order in which they are given: the "
      "first of each is session 1.\n"
      "Of several subjects: bias, limits of agreement, ICC, SEM and minimal detectable change; of one: the "
      "difference.\n"
      "Example:\n  soleus compare first.h5 second.h5 -o repeats.html");
  command->add_option("SESSION", args->sessions, "session files (.h5), two or more")->required();
  command->add_option("-o,--output", args->output, "page to write (.html); else the numbers are printed");
  command->add_flag("--force", args->force, "overwrite the output if it exists");
  command->add_flag("--json", args->json, "print the numbers as JSON");
  command->callback([args, &exitCode] { exitCode = compare(*args); });
}

}  // namespace soleus
