#include "tests/accuracy/screen.h"

#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <stdexcept>

#include "calibration/phantom/phantom.h"
#include "pipeline/core/measurement_codec.h"

namespace soleus::accuracy {
namespace {

const std::map<std::string, std::string>& codecs() {
  static const std::map<std::string, std::string> kCodecs = {
      {"none", ""},
      {"ffv1", "avenc_ffv1 ! avdec_ffv1 ! "},
      {"h264-18", "x264enc pass=quant quantizer=18 threads=1 ! avdec_h264 ! "},
      {"h264-23", "x264enc pass=quant quantizer=23 threads=1 ! avdec_h264 ! "},
      {"h264-30", "x264enc pass=quant quantizer=30 threads=1 ! avdec_h264 ! "},
      {"mjpeg", "jpegenc quality=90 ! jpegdec ! "},
  };
  return kCodecs;
}

/// A folder of this process alone, gone when the pipeline is.
class Scratch {
 public:
  Scratch()
      : path_(std::filesystem::temp_directory_path() / ("soleus_accuracy_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
    const auto file = path_ / name;
    std::ofstream(file) << text;
    return file.string();
  }

 private:
  std::filesystem::path path_;
};

/// Takes every measurement that arrives at the sink till the end of the stream.
std::vector<DopplerColumn> drain(GstElement* sink) {
  std::vector<DopplerColumn> columns;
  while (GstSample* sample = gst_app_sink_pull_sample(GST_APP_SINK(sink))) {
    GstMapInfo map;
    GstBuffer* buffer = gst_sample_get_buffer(sample);
    if (gst_buffer_map(buffer, &map, GST_MAP_READ)) {
      auto result = decodeResult({map.data, map.size});
      if (result.ok()) {
        auto& arrived = result.value().columns;
        columns.insert(columns.end(), std::make_move_iterator(arrived.begin()),
                       std::make_move_iterator(arrived.end()));
      }
      gst_buffer_unmap(buffer, &map);
    }
    gst_sample_unref(sample);
  }
  return columns;
}

}  // namespace

std::vector<std::string> codecNames() {
  std::vector<std::string> names = {"none"};
  for (const auto& [name, elements] : codecs()) {
    if (name != "none") names.push_back(name);
  }
  return names;
}

std::vector<Measured> measureScreen(const AccuracyCase& c, const std::vector<std::string>& estimators) {
  const Scratch scratch;
  const std::string scenario = scratch.write("scenario.yaml", scenarioYaml(c));
  auto phantom = Phantom::load(scenario, c.seed);
  if (!phantom.ok()) throw std::runtime_error(phantom.error().sentence());
  const std::string profile = scratch.write("profile.yaml", phantom.value()->profile().yaml);
  std::ostringstream text;
  text << "duplexsrc scenario=" << scenario << " seed=" << c.seed << " ! " << codecs().at(c.codec)
       << "tee name=t";
  for (const std::string& estimator : estimators) {
    // The sinks hold all that comes: they are drained one after the other.
    text << " t. ! duplextrack calibration=" << profile << " estimator=" << estimator
         << " threads=1 ! appsink sync=false async=false name=" << estimator;
  }
  GError* fault = nullptr;
  GstElement* pipeline = gst_parse_launch(text.str().c_str(), &fault);
  if (fault != nullptr) throw std::runtime_error(fault->message);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  std::vector<Measured> measured;
  for (const std::string& estimator : estimators) {
    GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline), estimator.c_str());
    measured.push_back({estimator, drain(sink)});
    gst_object_unref(sink);
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
  return measured;
}

}  // namespace soleus::accuracy
