#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

#include "calibration/dicom/dicom_writer.h"
#include "calibration/dicom/profile_regions.h"
#include "calibration/phantom/phantom.h"
#include "calibration/phantom/random_screen.h"
#include "calibration/profile/profile.h"
#include "pipeline/dataset/session_writer.h"
#include "tools/soleus/commands.h"
#include "tools/soleus/console.h"
#include "tools/soleus/frame_stamps.h"
#include "tools/soleus/gst_pointers.h"
#include "tools/soleus/input_file.h"
#include "tools/soleus/jpeg_sink.h"
#include "tools/soleus/output_file.h"
#include "tools/soleus/phantom_sound.h"
#include "tools/soleus/pipeline_run.h"

namespace soleus {
namespace {

// Steps of the truth: finer than any display's column, so that comparing needs no model of the waveform.
constexpr double kTruthStepS = 0.002;

struct Arguments {
  std::string output;
  std::string scenario = SOLEUS_SCENARIOS "/calf_raises.yaml";
  std::uint64_t seed = 1;
  std::optional<std::uint64_t> randomScreen;  ///< its seed; the scenario is then an output
  bool force = false;
};

GstElement* makeEncoder(const VideoEncoding& encoding) {
  if (encoding.codec == "h264") {
    GstElement* x264 = gst_element_factory_make("x264enc", nullptr);
    if (x264 != nullptr) {
      gst_util_set_object_arg(G_OBJECT(x264), "pass", "quant");
      g_object_set(x264, "quantizer", encoding.quality, nullptr);
      gst_util_set_object_arg(G_OBJECT(x264), "speed-preset", "veryfast");
    }
    return x264;
  }
  if (encoding.codec == "mjpeg") {
    GstElement* jpeg = gst_element_factory_make("jpegenc", nullptr);
    if (jpeg != nullptr) g_object_set(jpeg, "quality", encoding.quality, nullptr);
    return jpeg;
  }
  if (encoding.codec == "mpeg4") {
    GstElement* mpeg4 = gst_element_factory_make("avenc_mpeg4", nullptr);
    if (mpeg4 != nullptr) {
      gst_util_set_object_arg(G_OBJECT(mpeg4), "pass", "quant");
      g_object_set(mpeg4, "quantizer", static_cast<gfloat>(encoding.quality), nullptr);
    }
    return mpeg4;
  }
  return gst_element_factory_make("avenc_ffv1", nullptr);
}

Error missingElement(const std::string& name) {
  return {ErrorKind::kStorage, "GStreamer", "an element is missing", "no " + name,
          "the plugins that the set-up installs"};
}

/// Runs a pipeline that ends in a file; `first` is the element that every frame or block passes.
Status write(const Arguments& args, GstElement* pipeline, GstElement* first) {
  const GstPtr<GstPad> entry(gst_element_get_static_pad(first, "sink"));
  RunOptions run;
  run.what = "drawing";
  run.sourceName = args.output;
  run.sourceFault = ErrorKind::kStorage;
  const auto end = runPipeline(pipeline, entry.get(), run);
  if (!end.ok()) {
    // The phantom's own faults name its scenario; the rest is the encoder's or the disk's.
    const Error& error = end.error();
    if (error.where != args.output) return error;
    return Error{ErrorKind::kStorage, args.output, "cannot be written", error.found, ""};
  }
  if (end.value().interrupted)
    return Error{ErrorKind::kUsage, args.output, "was interrupted; nothing is kept", "", ""};
  return Done{};
}

Status writeSound(const Arguments& args, Phantom& phantom, const std::string& path) {
  const GstPtr<GstElement> pipeline(gst_pipeline_new("simulate"));
  GstElement* sound = addSoundSource(pipeline.get(), phantomSound(phantom));
  GstElement* encoder = gst_element_factory_make("wavenc", nullptr);
  GstElement* file = gst_element_factory_make("filesink", nullptr);
  if (sound == nullptr || encoder == nullptr || file == nullptr) return missingElement("appsrc or wavenc");
  g_object_set(file, "location", path.c_str(), nullptr);
  gst_bin_add_many(GST_BIN(pipeline.get()), encoder, file, nullptr);
  gst_element_link_many(sound, encoder, file, nullptr);
  return write(args, pipeline.get(), encoder);
}

/// The screen as the first track, the Doppler signal as the second.
Status writeVideo(const Arguments& args, Phantom& phantom, const std::string& path) {
  const VideoEncoding encoding = phantom.videoEncoding();
  const GstPtr<GstElement> pipeline(gst_pipeline_new("simulate"));
  GstElement* source = gst_element_factory_make("duplexsrc", nullptr);
  GstElement* encoder = makeEncoder(encoding);
  GstElement* parser = encoding.codec == "h264" ? gst_element_factory_make("h264parse", nullptr)
                                                : gst_element_factory_make("identity", nullptr);
  GstElement* muxer = gst_element_factory_make("matroskamux", nullptr);
  GstElement* file = gst_element_factory_make("filesink", nullptr);
  GstElement* sound = addSoundSource(pipeline.get(), phantomSound(phantom));
  if (source == nullptr || encoder == nullptr || parser == nullptr || muxer == nullptr || file == nullptr ||
      sound == nullptr) {
    return missingElement("encoder for " + encoding.codec);
  }
  if (encoding.codec == "mpeg4")
    stampByNumber(encoder, phantom.frameRateNumerator(), phantom.frameRateDenominator());
  g_object_set(source, "scenario", args.scenario.c_str(), "seed", args.seed, nullptr);
  g_object_set(file, "location", path.c_str(), nullptr);
  gst_bin_add_many(GST_BIN(pipeline.get()), source, encoder, parser, muxer, file, nullptr);
  gst_element_link_many(source, encoder, parser, muxer, file, nullptr);
  gst_element_link_pads(sound, "src", muxer, "audio_%u");
  return write(args, pipeline.get(), encoder);
}

/// The made-up identity of the screen's header, "NAME  ID NUMBER", as a patient's.
DicomClip clipOf(const Phantom& phantom, const Arguments& args) {
  DicomClip clip;
  clip.width = phantom.width();
  clip.height = phantom.height();
  clip.frameTimeMs = 1e3 * phantom.frameRateDenominator() / phantom.frameRateNumerator();
  clip.regions = regionsOfProfile(phantom.profile());
  const std::string identity = phantom.identity();
  const auto mark = identity.find("  ID ");
  clip.patientName = identity.substr(0, mark);
  if (mark != std::string::npos) clip.patientId = identity.substr(mark + 5);
  if (const auto comma = clip.patientName.find(", "); comma != std::string::npos)
    clip.patientName.replace(comma, 2, "^");
  clip.description = phantom.name();
  clip.identifierSeed = phantom.yaml() + std::to_string(args.seed);
  return clip;
}

Status writeDicom(const Arguments& args, Phantom& phantom, const std::string& path) {
  // As of scanners, whose compression leaves no marks; a scenario in JPEG says what it wants itself.
  constexpr int kQualityPercent = 90;
  auto writer = DicomWriter::create(path, clipOf(phantom, args));
  if (!writer.ok()) return writer.error();
  const VideoEncoding encoding = phantom.videoEncoding();
  const GstPtr<GstElement> pipeline(gst_pipeline_new("simulate"));
  GstElement* source = gst_element_factory_make("duplexsrc", nullptr);
  GstElement* sink = addJpegSink(
      pipeline.get(), encoding.codec == "mjpeg" ? encoding.quality : kQualityPercent, *writer.value());
  if (source == nullptr || sink == nullptr) return missingElement("jpegenc or appsink");
  g_object_set(source, "scenario", args.scenario.c_str(), "seed", args.seed, nullptr);
  gst_bin_add(GST_BIN(pipeline.get()), source);
  gst_element_link(source, sink);
  if (const Status drawn = write(args, pipeline.get(), sink); !drawn.ok()) return drawn;
  return writer.value()->finish();
}

/// What can be measured in the recording: a DICOM clip has no sound, a sound file no screen.
CalibrationProfile profileFor(const std::filesystem::path& recording, const Phantom& phantom) {
  if (recording.extension() == ".wav") return soundProfile(phantom);
  CalibrationProfile profile = phantom.profile();
  if (recording.extension() == ".dcm") profile.audio.reset();
  return profile;
}

Status writeRecording(const Arguments& args, Phantom& phantom, const std::string& path) {
  const auto ending = std::filesystem::path(args.output).extension();
  if (ending == ".wav") return writeSound(args, phantom, path);
  if (ending == ".dcm") return writeDicom(args, phantom, path);
  return writeVideo(args, phantom, path);
}

Status writeText(const std::string& text, const std::string& path) {
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) return Error{ErrorKind::kStorage, path, "cannot be written", "", ""};
  return Done{};
}

Status writeTruth(const Phantom& phantom, const Arguments& args, const std::string& path) {
  SessionInfo info;
  info.title = "truth of " + phantom.name();
  info.condition = phantom.name();
  info.configuration = phantom.yaml() + "\nseed: " + std::to_string(args.seed) + "\n";
  info.calibration = phantom.profile();
  info.hasSpectrum = false;
  info.hasVessel = info.hasContractions = true;
  auto writer = SessionWriter::create(path, info, true);
  if (!writer.ok()) return writer.error();
  const auto steps = static_cast<std::int64_t>(std::floor(phantom.durationS() / kTruthStepS));
  for (std::int64_t i = 0; i < steps; ++i) {
    const SessionTime time = SessionTime::fromSeconds(static_cast<double>(i) * kTruthStepS);
    FrameResult truth;
    truth.columns.push_back(phantom.truthAt(time));
    truth.vessel.push_back(phantom.vesselTruthAt(time));
    if (const Status status = writer.value()->append(truth); !status.ok()) return status;
  }
  for (const auto& contraction : phantom.contractions()) {
    if (const Status status = writer.value()->append(contraction); !status.ok()) return status;
  }
  return writer.value()->finish(SessionState::kComplete, {});
}

/// EMG and force as a table that `analyse --signal` takes.
Status writeMuscle(const Phantom& phantom, const std::string& path) {
  std::ofstream file(path);
  file << "time_s,emg (mV),force (N)\n";
  PhantomMuscle muscle = phantom.muscle();
  const auto samples = static_cast<std::uint64_t>(phantom.durationS() * PhantomMuscle::kRateHz);
  for (std::uint64_t n = 0; n < samples; ++n) {
    const MuscleSample sample = muscle.at(n);
    char line[96];
    std::snprintf(line, sizeof line, "%.3f,%.5f,%.2f\n", static_cast<double>(n) / PhantomMuscle::kRateHz,
                  sample.emgMv, sample.forceN);
    file << line;
  }
  file.close();
  if (!file) return Error{ErrorKind::kStorage, path, "cannot be written", "", ""};
  return Done{};
}

/// Draws a screen and reserves OUT.scenario.yaml for it. `args.scenario` becomes the file it is written to.
Result<std::unique_ptr<OutputFile>> writeRandomScreen(Arguments& args, const std::string& stem) {
  auto file = OutputFile::reserve(stem + ".scenario.yaml", args.force, {});
  if (!file.ok()) return file;
  args.scenario = file.value()->temporaryPath();
  try {
    if (const Status s = writeText(randomScreen(*args.randomScreen).yaml, args.scenario); !s.ok())
      return file.value()->named(s.error());
  } catch (const std::runtime_error& e) {
    return Error{ErrorKind::kBadInput, "--random-screen", "no screen can be drawn", e.what(), ""};
  }
  return file;
}

Status simulate(Arguments args) {
  const std::filesystem::path recording(args.output);
  const std::string ending = recording.extension().string();
  if (ending != ".mkv" && ending != ".wav" && ending != ".dcm") {
    return Error{ErrorKind::kUsage, args.output, "not the name of a Matroska, WAV or DICOM file",
                 "'" + ending + "'", ".mkv, .wav or .dcm"};
  }
  const std::string stem = (recording.parent_path() / recording.stem()).string();
  std::vector<std::string> inputs;
  std::unique_ptr<OutputFile> scenarioFile;
  if (args.randomScreen) {
    auto written = writeRandomScreen(args, stem);
    if (!written.ok()) return written.error();
    scenarioFile = std::move(written).value();
  } else {
    if (const Status usable = checkInput(args.scenario); !usable.ok()) return usable.error();
    inputs = {args.scenario};
  }
  auto phantom = Phantom::load(args.scenario, args.seed);
  if (!phantom.ok()) return phantom.error();
  auto recordingFile = OutputFile::reserve(args.output, args.force, inputs);
  if (!recordingFile.ok()) return recordingFile.error();
  auto profileFile = OutputFile::reserve(stem + ".calibration.yaml", args.force, inputs);
  if (!profileFile.ok()) return profileFile.error();
  auto truthFile = OutputFile::reserve(stem + ".truth.h5", args.force, inputs);
  if (!truthFile.ok()) return truthFile.error();
  auto muscleFile = OutputFile::reserve(stem + ".signals.csv", args.force, inputs);
  if (!muscleFile.ok()) return muscleFile.error();

  const auto profile = profileFor(recording, *phantom.value());
  if (const Status s = writeText(profileYaml(profile), profileFile.value()->temporaryPath()); !s.ok())
    return profileFile.value()->named(s.error());
  if (const Status s = writeTruth(*phantom.value(), args, truthFile.value()->temporaryPath()); !s.ok())
    return truthFile.value()->named(s.error());
  if (const Status s = writeMuscle(*phantom.value(), muscleFile.value()->temporaryPath()); !s.ok())
    return muscleFile.value()->named(s.error());
  if (const Status s = writeRecording(args, *phantom.value(), recordingFile.value()->temporaryPath());
      !s.ok())
    return recordingFile.value()->named(s.error());
  std::vector<OutputFile*> files{profileFile.value().get(), truthFile.value().get(), muscleFile.value().get(),
                                 recordingFile.value().get()};
  if (scenarioFile) files.insert(files.begin(), scenarioFile.get());
  if (const Status s = keepAll(files); !s.ok()) return s;
  for (const OutputFile* file : files) std::printf("%s\n", file->path().c_str());
  return Done{};
}

}  // namespace

void addSimulate(CLI::App& app, int& exitCode) {
  auto args = std::make_shared<Arguments>();
  auto* command = app.add_subcommand(
      "simulate", "Draw a recording of the digital phantom, screen and Doppler sound, with its true values");
  command->footer(
      "Example:\n  soleus simulate reflux.mkv --scenario configs/scenarios/weak_pump_reflux.yaml --seed 7");
  command
      ->add_option(
          "OUT", args->output,
          "recording to write: .mkv with screen and sound, .wav with the sound alone, or .dcm, the "
          "screen as a DICOM clip; .calibration.yaml, .truth.h5 and .signals.csv (EMG and force) come "
          "beside it")
      ->required();
  auto* scenario =
      command->add_option("--scenario", args->scenario, "scenario file (YAML); without it calf_raises.yaml");
  command
      ->add_option("--random-screen", args->randomScreen,
                   "draw a random scanner's screen, the same for the same number; its scenario is written to "
                   ".scenario.yaml beside")
      ->excludes(scenario);
  command->add_option("--seed", args->seed, "seed of the noise: same seed, same recording")
      ->capture_default_str();
  command->add_flag("--force", args->force, "overwrite outputs that exist");
  command->callback([args, &exitCode] {
    const Status status = simulate(*args);
    exitCode = status.ok() ? 0 : report(status.error());
  });
}

}  // namespace soleus
