/// The subcommands of the program; each is one file, command_NAME.cpp.
#pragma once

#include <CLI/App.hpp>

namespace soleus {

/// Adds a subcommand to `app`. When it has run, `exitCode` holds its exit code.
void addAnalyse(CLI::App& app, int& exitCode);
void addCalibrate(CLI::App& app, int& exitCode);
void addCompare(CLI::App& app, int& exitCode);
void addExport(CLI::App& app, int& exitCode);
void addInfo(CLI::App& app, int& exitCode);
void addRecord(CLI::App& app, int& exitCode);
void addRepair(CLI::App& app, int& exitCode);
void addReport(CLI::App& app, int& exitCode);
void addSimulate(CLI::App& app, int& exitCode);
void addVerify(CLI::App& app, int& exitCode);

}  // namespace soleus
