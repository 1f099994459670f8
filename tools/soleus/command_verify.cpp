#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "pipeline/dataset/archive_digest.h"
#include "pipeline/dataset/session_reader.h"
#include "pipeline/dataset/verify.h"
#include "tools/soleus/commands.h"
#include "tools/soleus/console.h"
#include "tools/soleus/input_file.h"

namespace soleus {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string session;
  bool json = false;
};

/// Whether the archive beside the session is the one that was recorded with it. Nothing if it is, or if it is
/// elsewhere.
Result<std::optional<Finding>> checkArchive(const std::string& path) {
  const auto session = SessionReader::open(path);
  if (!session.ok()) return session.error();
  const std::string name = session.value()->textAttribute("/", kArchive);
  const std::string expected = session.value()->textAttribute("/", kArchiveDigest);
  const fs::path archive = fs::path(path).parent_path() / fs::path(name).filename();
  std::error_code ignored;
  if (name.empty() || expected.empty() || !fs::exists(archive, ignored)) return std::optional<Finding>();
  const auto found = identifyInput(archive.string());
  if (!found.ok()) return found.error();
  if (found.value().sha256 == expected) return std::optional<Finding>();
  return std::optional<Finding>({"/", archive.string() +
                                          " is not the archive that was recorded: its SHA-256 is " +
                                          found.value().sha256 + ", expected " + expected});
}

Result<std::vector<Finding>> findFaults(const std::string& path) {
  auto findings = verifySession(path);
  // What breaks the contract may not be a session at all.
  if (!findings.ok() || !findings.value().empty()) return findings;
  auto archive = checkArchive(path);
  if (!archive.ok()) return archive.error();
  if (archive.value()) findings.value().push_back(*archive.value());
  return findings;
}

int verify(const Arguments& args) {
  const auto findings = findFaults(args.session);
  if (!findings.ok()) return report(findings.error());
  if (args.json) {
    auto list = nlohmann::json::array();
    for (const auto& finding : findings.value())
      list.push_back({{"path", finding.path}, {"fault", finding.fault}});
    printJson({{"session", args.session}, {"findings", list}});
  } else if (findings.value().empty()) {
    std::printf("%s: no fault found, as soleus.session/1 asks\n", args.session.c_str());
  } else {
    for (const auto& finding : findings.value())
      std::printf("%s: %s\n", finding.path.c_str(), finding.fault.c_str());
  }
  if (findings.value().empty()) return 0;
  return report({ErrorKind::kVerification, args.session, "breaks the session contract",
                 std::to_string(findings.value().size()) + " fault(s)", "none"});
}

}  // namespace

void addVerify(CLI::App& app, int& exitCode) {
  auto args = std::make_shared<Arguments>();
  auto* command = app.add_subcommand("verify", "Check a session file and say what is wrong or missing");
  command->footer("Example:\n  soleus verify first.h5");
  command->add_option("SESSION", args->session, "session file (.h5)")->required();
  command->add_flag("--json", args->json, "print the findings as JSON");
  command->callback([args, &exitCode] { exitCode = verify(*args); });
}

}  // namespace soleus
