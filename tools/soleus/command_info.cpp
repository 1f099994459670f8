#include <gst/pbutils/pbutils.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "calibration/dicom/dicom_file.h"
#include "calibration/dicom/frame_times.h"
#include "calibration/dicom/region_names.h"
#include "calibration/profile/profile.h"
#include "pipeline/core/velocity_axis.h"
#include "pipeline/dataset/iq_reader.h"
#include "tools/soleus/commands.h"
#include "tools/soleus/console.h"
#include "tools/soleus/gst_pointers.h"
#include "tools/soleus/input_file.h"
#include "tools/soleus/session_summary.h"

namespace soleus {
namespace {

using nlohmann::json;

struct Arguments {
  std::string file;
  bool json = false;
};

json describeRegion(const Region& r) {
  return {{"x", r.x}, {"y", r.y}, {"width", r.width}, {"height", r.height}};
}

json describeProfile(const CalibrationProfile& profile) {
  json info{{"kind", "calibration profile"},
            {"screen_width_px", profile.screenWidth},
            {"screen_height_px", profile.screenHeight}};
  if (const auto& d = profile.doppler) {
    const auto axis = velocityAxisCmPerS(*d);
    info["doppler"] = {{"region", describeRegion(d->region)},
                       {"display", d->display == Display::kScroll ? "scroll" : "sweep"},
                       {"seconds_per_pixel", d->secondsPerPixel},
                       {"velocity_lowest_cm_per_s", axis.front()},
                       {"velocity_highest_cm_per_s", axis.back()},
                       {"angle_degrees", d->angleDegrees}};
  }
  if (const auto& b = profile.bmode) {
    info["bmode"] = {{"region", describeRegion(b->region)}, {"mm_per_pixel", b->mmPerPixel}};
  }
  return info;
}

json describeRegion(const UltrasoundRegion& region) {
  json entry{{"format", nameOf(region.format)},
             {"data", nameOf(region.data)},
             {"box", describeBox(region)},
             {"units_x", nameOf(region.unitsX)},
             {"units_y", nameOf(region.unitsY)}};
  const auto put = [&entry](const char* key, const auto& value) {
    if (value) entry[key] = *value;
  };
  put("delta_x", region.deltaX);
  put("delta_y", region.deltaY);
  put("reference_pixel_x", region.referencePixelX);
  put("reference_pixel_y", region.referencePixelY);
  put("reference_value_x", region.referenceValueX);
  put("reference_value_y", region.referenceValueY);
  put("transducer_frequency_khz", region.transducerFrequencyKHz);
  put("prf_hz", region.prfHz);
  put("correction_angle_degrees", region.correctionAngleDegrees);
  put("steering_angle_degrees", region.steeringAngleDegrees);
  put("sample_volume_x", region.sampleVolumeX);
  put("sample_volume_y", region.sampleVolumeY);
  return entry;
}

/// Streams, rates and duration of anything that GStreamer can open.
Result<json> describeMedia(const std::string& path) {
  // Opening takes a fraction of a second; where a broken file's error is lost on the way, this is the whole
  // wait.
  constexpr GstClockTime kLimit = 15 * GST_SECOND;
  const GstPtr<GstDiscoverer> discoverer(gst_discoverer_new(kLimit, nullptr));
  const GChars uri(gst_filename_to_uri(path.c_str(), nullptr));
  GError* fault = nullptr;
  const GstPtr<GstDiscovererInfo> media(gst_discoverer_discover_uri(discoverer.get(), uri.get(), &fault));
  const std::unique_ptr<GError, decltype(&g_error_free)> cause(fault, g_error_free);
  if (media == nullptr || gst_discoverer_info_get_result(media.get()) != GST_DISCOVERER_OK) {
    return Error{ErrorKind::kBadInput, path, "is nothing that Soleus knows",
                 cause ? cause->message : "an unknown format",
                 "a session, a calibration profile, or a video, DICOM or sound file"};
  }
  json info{{"kind", "recording"}, {"streams", json::array()}};
  info["duration_s"] = static_cast<double>(gst_discoverer_info_get_duration(media.get())) * 1e-9;
  GList* streams = gst_discoverer_info_get_stream_list(media.get());
  for (GList* item = streams; item != nullptr; item = item->next) {
    auto* stream = GST_DISCOVERER_STREAM_INFO(item->data);
    const GstPtr<GstCaps> caps(gst_discoverer_stream_info_get_caps(stream));
    json entry{{"type", gst_discoverer_stream_info_get_stream_type_nick(stream)}};
    if (caps) entry["format"] = gst_structure_get_name(gst_caps_get_structure(caps.get(), 0));
    if (GST_IS_DISCOVERER_VIDEO_INFO(stream)) {
      auto* video = GST_DISCOVERER_VIDEO_INFO(stream);
      entry["width_px"] = gst_discoverer_video_info_get_width(video);
      entry["height_px"] = gst_discoverer_video_info_get_height(video);
      const guint den = gst_discoverer_video_info_get_framerate_denom(video);
      if (den > 0)
        entry["frames_per_second"] =
            gst_discoverer_video_info_get_framerate_num(video) / static_cast<double>(den);
    } else if (GST_IS_DISCOVERER_AUDIO_INFO(stream)) {
      auto* audio = GST_DISCOVERER_AUDIO_INFO(stream);
      entry["channels"] = gst_discoverer_audio_info_get_channels(audio);
      entry["sample_rate_hz"] = gst_discoverer_audio_info_get_sample_rate(audio);
    }
    info["streams"].push_back(entry);
  }
  gst_discoverer_stream_info_list_free(streams);
  return info;
}

/// What a DICOM file says of its picture; nothing of whom it shows. Errors: of DicomFile.
Result<json> describeDicom(const std::string& path) {
  const auto file = DicomFile::open(path);
  if (!file.ok()) return file.error();
  const DicomDescription& dicom = file.value()->description();
  json info{{"kind", dicom.frames > 1 ? "DICOM clip" : "DICOM still"},
            {"width_px", dicom.width},
            {"height_px", dicom.height},
            {"frames", dicom.frames},
            {"transfer_syntax", dicom.transferSyntax},
            {"photometric_interpretation", dicom.photometricInterpretation},
            {"regions", json::array()}};
  if (dicom.identityBurnedIn) info["identity_burned_in"] = *dicom.identityBurnedIn;
  if (const auto times = frameTimes(dicom.cine, dicom.frames, path); times.ok() && dicom.frames > 1) {
    info["timed_by"] = times.value().source;
    info["duration_s"] = (times.value().starts.back() + times.value().last).seconds();
  }
  for (const UltrasoundRegion& region : dicom.regions) info["regions"].push_back(describeRegion(region));
  return info;
}

/// I/Q that another program has stored. Errors: of IqReader.
Result<json> describeIq(const std::string& path) {
  const auto reader = IqReader::open(path);
  if (!reader.ok()) return reader.error();
  const IqReader& iq = *reader.value();
  return json{{"kind", "I/Q samples"},
              {"samples", iq.count()},
              {"sample_rate_hz", iq.sampleRateHz()},
              {"start_s", iq.startS()},
              {"duration_s", static_cast<double>(iq.count()) / iq.sampleRateHz()}};
}

void printPlain(const json& value, int indent) {
  for (const auto& [key, entry] : value.items()) {
    if (entry.is_object()) {
      std::printf("%*s%s:\n", indent, "", key.c_str());
      printPlain(entry, indent + 2);
    } else if (entry.is_array()) {
      for (const auto& item : entry) {
        std::printf("%*s%s:\n", indent, "", key.c_str());
        printPlain(item, indent + 2);
      }
    } else {
      const std::string text = entry.is_string() ? entry.get<std::string>() : entry.dump();
      std::printf("%*s%-26s %s\n", indent, "", key.c_str(), text.c_str());
    }
  }
}

bool endsWith(const std::string& text, const char* ending) {
  return text.ends_with(ending);
}

int info(const Arguments& args) {
  if (const Status usable = checkInput(args.file); !usable.ok()) return report(usable.error());
  json description;
  if (holdsIq(args.file)) {
    auto iq = describeIq(args.file);
    if (!iq.ok()) return report(iq.error());
    description = std::move(iq).value();
  } else if (isDicom(args.file)) {
    auto dicom = describeDicom(args.file);
    if (!dicom.ok()) return report(dicom.error());
    description = std::move(dicom).value();
  } else if (endsWith(args.file, ".h5")) {
    return printSummary(args.file, args.json);
  } else if (endsWith(args.file, ".yaml") || endsWith(args.file, ".yml")) {
    const auto profile = loadProfile(args.file);
    if (!profile.ok()) return report(profile.error());
    description = describeProfile(profile.value());
  } else {
    auto media = describeMedia(args.file);
    if (!media.ok()) return report(media.error());
    description = std::move(media).value();
  }
  description["file"] = args.file;
  if (args.json) {
    printJson(description);
  } else {
    printPlain(description, 0);
  }
  return 0;
}

}  // namespace

void addInfo(CLI::App& app, int& exitCode) {
  auto args = std::make_shared<Arguments>();
  auto* command =
      app.add_subcommand("info", "Say what a file is: streams, rates, duration, calibration, status");
  command->footer("Example:\n  soleus info calf.mkv");
  command->add_option("FILE", args->file, "session, calibration profile, recording, or HDF5 with I/Q")
      ->required();
  command->add_flag("--json", args->json, "print it as JSON");
  command->callback([args, &exitCode] { exitCode = info(*args); });
}

}  // namespace soleus
