#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <system_error>

#include "pipeline/dataset/repair.h"
#include "pipeline/dataset/verify.h"
#include "pipeline/dataset/write_lock.h"
#include "tools/soleus/child_process.h"
#include "tools/soleus/commands.h"
#include "tools/soleus/console.h"
#include "tools/soleus/input_file.h"
#include "tools/soleus/output_file.h"
#include "tools/soleus/session_summary.h"

namespace soleus {
namespace {

using nlohmann::json;

struct Arguments {
  std::string broken;
  std::string output;
  bool force = false;
  bool json = false;
};

struct Outcome {
  Repair repair;
  std::size_t faults = 0;  ///< that verify finds in the mended copy
};

/// A minute, and what a slow disk needs to read the file some times.
std::chrono::seconds timeLimit(const std::string& path) {
  constexpr double kBytesPerS = 5e6;
  return std::chrono::seconds(
      60 + static_cast<int>(static_cast<double>(std::filesystem::file_size(path)) / kBytesPerS));
}

json asJson(const Error& error) {
  return {{"kind", static_cast<int>(error.kind)},
          {"what", error.what},
          {"found", error.found},
          {"expected", error.expected}};
}

/// What the child does; its answer as JSON.
std::string mendCopy(const std::string& path) {
  const auto replace = json::error_handler_t::replace;
  const auto repair = repairSession(path);
  if (!repair.ok()) return json{{"error", asJson(repair.error())}}.dump(-1, ' ', false, replace);
  const auto findings = verifySession(path);
  if (!findings.ok()) return json{{"error", asJson(findings.error())}}.dump(-1, ' ', false, replace);
  return json{{"last_s", repair.value().lastS},
              {"rows_cut", repair.value().rowsCut},
              {"faults", findings.value().size()}}
      .dump();
}

Result<Outcome> mend(const std::string& copy, const std::string& broken) {
  const auto told = runInChild(timeLimit(copy), [&] { return mendCopy(copy); });
  if (!told)
    return Error{ErrorKind::kBadInput, broken, "is damaged beyond repair", "HDF5 crashed or hung on it", ""};
  const json answer = json::parse(*told);
  if (answer.contains("error")) {
    const json& error = answer["error"];
    return Error{static_cast<ErrorKind>(error["kind"].get<int>()), broken, error["what"], error["found"],
                 error["expected"]};
  }
  return Outcome{{answer["last_s"], answer["rows_cut"]}, answer["faults"]};
}

Result<Outcome> repair(const Arguments& args) {
  if (const Status usable = checkInput(args.broken); !usable.ok()) return usable.error();
  if (isBeingWritten(args.broken))
    return Error{ErrorKind::kBadInput, args.broken, "is still being recorded", "", ""};
  auto output = OutputFile::reserve(args.output, args.force, {args.broken});
  if (!output.ok()) return output.error();
  const std::string& copy = output.value()->temporaryPath();
  std::error_code fault;
  std::filesystem::copy_file(args.broken, copy, fault);
  if (fault) return Error{ErrorKind::kStorage, args.output, "cannot be written", fault.message(), ""};
  std::filesystem::permissions(copy, std::filesystem::perms::owner_write, std::filesystem::perm_options::add,
                               fault);
  auto outcome = mend(copy, args.broken);
  if (!outcome.ok()) return outcome;
  if (const Status kept = output.value()->keep(); !kept.ok()) return kept.error();
  return outcome;
}

int say(const Arguments& args, const Outcome& outcome) {
  if (args.json) {
    printJson({{"session", args.output},
               {"last_s", outcome.repair.lastS},
               {"rows_cut", outcome.repair.rowsCut},
               {"faults", outcome.faults}});
  } else {
    std::printf("%s: readable again, with all that was flushed, up to %.3f s", args.output.c_str(),
                outcome.repair.lastS);
    if (outcome.repair.rowsCut > 0) std::printf("; %zu unfinished rows cut", outcome.repair.rowsCut);
    std::printf("\n");
    printSummary(args.output, false);
  }
  if (outcome.faults == 0) return 0;
  return report({ErrorKind::kVerification, args.output, "is readable, but breaks the session contract",
                 std::to_string(outcome.faults) + " fault(s), see soleus verify", "none"});
}

}  // namespace

void addRepair(CLI::App& app, int& exitCode) {
  auto args = std::make_shared<Arguments>();
  auto* command = app.add_subcommand("repair", "Make a readable copy of a session that a crash left open");
  command->footer("Example:\n  soleus repair broken.h5 -o fixed.h5");
  command->add_option("BROKEN", args->broken, "session file that was left open (.h5); it is only read")
      ->required();
  command->add_option("-o,--output", args->output, "copy to write (.h5)")->required();
  command->add_flag("--force", args->force, "overwrite the output if it exists");
  command->add_flag("--json", args->json, "print what was done as JSON");
  command->callback([args, &exitCode] {
    const auto outcome = repair(*args);
    exitCode = outcome.ok() ? say(*args, outcome.value()) : report(outcome.error());
  });
}

}  // namespace soleus
