#include <cmath>
#include <cstdio>
#include <memory>
#include <vector>

#include "pipeline/core/subject_code.h"
#include "tools/soleus/commands.h"
#include "tools/soleus/console.h"
#include "tools/soleus/input_file.h"
#include "tools/soleus/lab_config.h"
#include "tools/soleus/measure.h"
#include "tools/soleus/output_file.h"
#include "tools/soleus/recorded_contractions.h"
#include "tools/soleus/session_summary.h"

namespace soleus {
namespace {

struct Arguments {
  std::string config;
  std::string output;
  double durationS = 0;
  bool force = false;
  bool json = false;
  SessionNotes notes;
};

/// A note given on the command line beats the one in the file.
void override(std::string& note, const std::string& given) {
  if (!given.empty()) note = given;
}

// A week: what is longer is a slip, and far longer overflows the clock's 64 bits.
constexpr double kLongestS = 7 * 86400.0;

/// What is wrong with a duration, empty if nothing: CLI11's own ranges let "nan" pass.
std::string notADuration(const std::string& text) {
  double seconds = 0;
  const bool number = CLI::detail::lexical_cast(text, seconds);
  if (number && seconds > 0 && seconds <= kLongestS) return {};
  return "'" + text + "' is no number of seconds above 0";
}

Status record(const Arguments& args) {
  if (const Status code = checkSubjectCode(args.notes.subject, "--subject"); !code.ok()) return code.error();
  if (const Status usable = checkInput(args.config); !usable.ok()) return usable.error();
  auto config = loadLabConfig(args.config);
  if (!config.ok()) return config.error();
  MeasureJob job = std::move(config).value();
  if (job.source.kind == VideoSource::Kind::kFile) {
    if (const Status usable = checkInput(job.source.location); !usable.ok()) return usable.error();
  }
  if (const std::string& profile = job.tracker.calibrationPath; !profile.empty()) {
    if (const Status usable = checkInput(profile); !usable.ok()) return usable.error();
  }
  const std::vector<std::string> inputs{args.config, job.source.location, job.tracker.calibrationPath};
  if (const Status usable = checkOutput(args.output, args.force, inputs); !usable.ok()) return usable.error();
  if (job.archive.codec != ArchiveSettings::Codec::kNone) {
    if (archivePath(args.output) == args.output)
      return Error{ErrorKind::kUsage, args.output, "is the name of the archive", "",
                   "another ending, such as .h5"};
    const Status usableArchive = checkOutput(archivePath(args.output), args.force, inputs);
    if (!usableArchive.ok()) return usableArchive.error();
  }
  override(job.notes.title, args.notes.title);
  override(job.notes.subject, args.notes.subject);
  override(job.notes.limb, args.notes.limb);
  override(job.notes.condition, args.notes.condition);
  // What sessions are told apart by (soleus compare), where nobody says it better.
  if (job.protocol && job.notes.condition.empty()) job.notes.condition = job.protocol->title;
  if (job.protocol && args.durationS > 0 && args.durationS < endOfProtocolS({*job.protocol, 0}))
    say("The recording ends before the protocol does: '--duration' is shorter than its " +
            std::to_string(std::lround(endOfProtocolS({*job.protocol, 0}))) + " s.",
        false);
  job.configuration = [yaml = labYaml(job, args.durationS)]() -> Result<std::string> { return yaml; };
  // A recording grows under its own name: whatever happens, what was recorded is there.
  job.sessionPath = args.output;
  job.overwrite = args.force;
  const bool file = job.source.kind == VideoSource::Kind::kFile;
  const bool live =
      job.source.kind == VideoSource::Kind::kV4l2 || job.source.kind == VideoSource::Kind::kRtsp;
  job.run.what = "recording";
  job.run.sourceName = shownLocation(job.source);
  job.run.durationS = args.durationS;
  job.run.sourceFault = ErrorKind::kSource;
  job.run.endless = live;
  job.run.wholeFile = file;
  const std::string earlierId = sessionIdOf(args.output);
  const auto end = measure(job);
  if (end.ok() ? end.value().frames > 0 : end.error().kind == ErrorKind::kSource) {
    if (const Status found = addContractionsOfRecording(args.output, earlierId); !found.ok())
      std::fprintf(stderr, "soleus: contractions were not looked for: %s\n",
                   found.error().sentence().c_str());
  }
  if (!end.ok()) return end.error();
  if (end.value().frames == 0) {
    return Error{file ? ErrorKind::kBadInput : ErrorKind::kSource, shownLocation(job.source), "gave no video",
                 "no frame", "a running source"};
  }
  return Done{};
}

}  // namespace

void addRecord(CLI::App& app, int& exitCode) {
  auto args = std::make_shared<Arguments>();
  auto* command = app.add_subcommand("record", "Record live sources, measuring as it records");
  command->footer("Example:\n  soleus record configs/labs/phantom.yaml -o first.h5 --duration 20");
  command->add_option("CONFIG", args->config, "lab set-up (YAML, see configs/labs/)")->required();
  command->add_option("-o,--output", args->output, "session file to write (.h5)")->required();
  command
      ->add_option("--duration", args->durationS,
                   "seconds to record; without it until Ctrl-C or the source's end")
      ->check(CLI::Validator(notADuration, "SECONDS"));
  command->add_flag("--force", args->force, "overwrite the output if it exists");
  command->add_option("--title", args->notes.title, "title of the session; no name of a participant");
  command->add_option("--subject", args->notes.subject, "code of the participant, never a name");
  command->add_option("--limb", args->notes.limb, "limb examined: left, right, ...");
  command->add_option("--condition", args->notes.condition,
                      "condition or exercise; no name of a participant");
  command->add_flag("--json", args->json, "print the results as JSON");
  command->callback([args, &exitCode] {
    const Status status = record(*args);
    exitCode = status.ok() ? printSummary(args->output, args->json) : report(status.error());
  });
}

}  // namespace soleus
