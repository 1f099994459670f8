#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "pipeline/dataset/session_reader.h"
#include "tools/report/report.h"
#include "tools/report/summary.h"
#include "tools/soleus/commands.h"
#include "tools/soleus/console.h"
#include "tools/soleus/output_file.h"
#include "tools/soleus/session_summary.h"

namespace soleus {
namespace {

struct Arguments {
  std::string session;
  std::string output;
  std::string format;
  bool force = false;
  bool json = false;
};

/// The numbers of the session, as reportSummary() names them.
Status writeNumbers(const SessionReader& session, const std::string& name, std::ostream& out) {
  auto summary = reportSummary(session);
  if (!summary.ok()) return summary.error();
  summary.value()["session"] = name;
  out << summary.value().dump(2) << "\n";
  return Done{};
}

/// As asked for, or as the output's name ends.
Result<std::string> formatOf(const Arguments& args) {
  std::string ending = std::filesystem::path(args.output).extension();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  if (ending == ".pdf" && args.format != "json") {
    return Error{ErrorKind::kBadInput, args.output, "a page is no PDF", "'.pdf'",
                 "'.html', which a browser prints to PDF"};
  }
  if (!args.format.empty()) return args.format;
  if (ending == ".json") return std::string("json");
  if (ending == ".html" || ending == ".htm") return std::string("html");
  return Error{ErrorKind::kBadInput, args.output,
               "the name does not tell whether a page or numbers are wanted",
               ending.empty() ? "no ending" : "'" + ending + "'", "'.html', '.json' or '--format html|json'"};
}

Status writeOutput(const Arguments& args) {
  const auto wanted = formatOf(args);
  if (!wanted.ok()) return wanted.error();
  const std::string& format = wanted.value();
  const auto session = SessionReader::open(args.session);
  if (!session.ok()) return session.error();
  auto output = OutputFile::reserve(args.output, args.force, {args.session});
  if (!output.ok()) return output.error();
  {
    std::ofstream file(output.value()->temporaryPath(), std::ios::binary);
    const std::string name = std::filesystem::path(args.session).filename().string();
    const Status written = format == "json" ? writeNumbers(*session.value(), name, file)
                                            : writeReport(*session.value(), name, file);
    if (!written.ok()) return output.value()->named(written.error());
    file.close();
    if (!file) return Error{ErrorKind::kStorage, args.output, "cannot be written", "", ""};
  }
  return output.value()->keep();
}

}  // namespace

void addReport(CLI::App& app, int& exitCode) {
  auto args = std::make_shared<Arguments>();
  auto* command = app.add_subcommand("report", "Make one self-contained page of a session");
  command->footer("Example:\n  soleus report first.h5 -o first.html");
  command->add_option("SESSION", args->session, "session file (.h5)")->required();
  command->add_option("--format", args->format, "html: a page; json: its numbers (as the output's name ends)")
      ->check(CLI::IsMember({"html", "json"}));
  command->add_option("-o,--output", args->output, "file to write (.html or .json)")->required();
  command->add_flag("--force", args->force, "overwrite the output if it exists");
  command->add_flag("--json", args->json, "print the session's numbers as JSON as well");
  command->callback([args, &exitCode] {
    const Status status = writeOutput(*args);
    if (!status.ok()) {
      exitCode = report(status.error());
      return;
    }
    exitCode = 0;
    if (args->json) exitCode = printSummary(args->session, true);
  });
}

}  // namespace soleus
