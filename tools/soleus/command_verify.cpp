#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "pipeline/dataset/verify.h"
#include "tools/soleus/commands.h"
#include "tools/soleus/console.h"

namespace soleus {
namespace {

struct Arguments {
  std::string session;
  bool json = false;
};

int verify(const Arguments& args) {
  const auto findings = verifySession(args.session);
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
