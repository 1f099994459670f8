#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "pipeline/dataset/session_reader.h"
#include "tools/soleus/commands.h"
#include "tools/soleus/console.h"
#include "tools/soleus/session_csv.h"

namespace soleus {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string session;
  std::string folder;
  std::string format = "csv";
};

/// The folder appears whole or not at all.
Status exportTables(const Arguments& args) {
  const auto session = SessionReader::open(args.session);
  if (!session.ok()) return session.error();
  // "first/" is the same folder as "first".
  fs::path folder(args.folder);
  if (!folder.has_filename()) folder = folder.parent_path();
  std::error_code fault;
  if (fs::exists(fs::symlink_status(folder, fault)))
    return Error{ErrorKind::kBadInput, args.folder, "exists already", "something of that name",
                 "a new folder"};
  const fs::path parent = folder.has_parent_path() ? folder.parent_path() : fs::path(".");
  if (!fs::is_directory(parent, fault))
    return Error{ErrorKind::kStorage, args.folder, "cannot be written", "no folder " + parent.string(),
                 "a folder that exists"};
  const fs::path growing =
      folder.parent_path() / ("." + folder.filename().string() + "." + std::to_string(getpid()) + ".part");
  if (!fs::create_directory(growing, fault))
    return Error{ErrorKind::kStorage, args.folder, "cannot be written", fault.message(), {}};
  Status written = writeCsvTables(*session.value(), growing.string());
  if (written.ok()) {
    fs::rename(growing, folder, fault);
    if (!fault) return Done{};
    written = Error{ErrorKind::kStorage, args.folder, "cannot be written", fault.message(), {}};
  }
  fs::remove_all(growing, fault);
  return written;
}

}  // namespace

void addExport(CLI::App& app, int& exitCode) {
  auto args = std::make_shared<Arguments>();
  auto* command = app.add_subcommand("export", "Write a session's tables as files that any program opens");
  command->footer(
      "A CSV file for each table and stream: doppler.csv, contractions.csv, ...; columns.csv says what each "
      "column is.\n"
      "Example:\n  soleus export first.h5 --format csv -o first");
  command->add_option("SESSION", args->session, "session file (.h5)")->required();
  command->add_option("--format", args->format, "of the files")
      ->check(CLI::IsMember({"csv"}))
      ->capture_default_str();
  command->add_option("-o,--output", args->folder, "folder to make")->required();
  command->callback([args, &exitCode] {
    const Status status = exportTables(*args);
    exitCode = status.ok() ? 0 : report(status.error());
  });
}

}  // namespace soleus
