/// soleus: the one program. Each subcommand is a file of its own beside this one.
#include <gst/gst.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "plugins/plugin.h"
#include "tools/soleus/commands.h"

namespace {

// The public exit code for a wrong command line.
constexpr int kUsage = 2;

/// One line, as every other fault.
int usageFault(std::string fault) {
  while (fault.ends_with('\n')) fault.pop_back();
  std::fprintf(stderr, "soleus: %s (see soleus --help)\n", fault.c_str());
  return kUsage;
}

int run(int argc, char** argv) {
  gst_init(nullptr, nullptr);
  if (!gst_plugin_register_static(GST_VERSION_MAJOR, GST_VERSION_MINOR, "soleus", "Soleus elements",
                                  soleus_register_elements, SOLEUS_VERSION, "Apache-2.0", "soleus", "soleus",
                                  "soleus")) {
    std::fputs("soleus: the GStreamer elements cannot be registered\n", stderr);
    return 1;
  }
  CLI::App app(
      "Measures the calf-muscle pump in duplex Doppler recordings.\n"
      "Research software: not for diagnosis.\n"
      "Example: soleus analyse calf.mkv --calibration calf.calibration.yaml -o calf.h5",
      "soleus");
  app.set_version_flag("--version", "soleus " SOLEUS_VERSION);
  int exitCode = 0;
  soleus::addAnalyse(app, exitCode);
  soleus::addCalibrate(app, exitCode);
  soleus::addCompare(app, exitCode);
  soleus::addExport(app, exitCode);
  soleus::addInfo(app, exitCode);
  soleus::addRecord(app, exitCode);
  soleus::addRepair(app, exitCode);
  soleus::addReport(app, exitCode);
  soleus::addSimulate(app, exitCode);
  soleus::addVerify(app, exitCode);
  // Before CLI11, to which a word that is no command is a stray argument, and which answers --help first.
  const auto isFirst = [&](const CLI::App* command) { return command->check_name(argv[1]); };
  if (argc > 1 && argv[1][0] != '-' && app.get_subcommands(isFirst).empty())
    return usageFault("there is no command '" + std::string(argv[1]) + "'");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return error.get_exit_code() == 0 ? app.exit(error) : usageFault(error.what());
  }
  // Checked here and not by CLI11, which would hide the name of a command that does not exist.
  if (app.get_subcommands().empty()) return usageFault("a command is required");
  return exitCode;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "soleus: unexpected fault: %s\n", error.what());
    return 1;
  }
}
