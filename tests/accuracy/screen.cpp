#include "tests/accuracy/screen.h"

#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "calibration/phantom/phantom.h"
#include "pipeline/core/measurement_codec.h"

namespace soleus::accuracy {
namespace {

// The quantizer sets the loss; the preset only how hard the encoder works for fewer bytes.
const std::map<std::string, std::string>& codecs() {
  static const std::map<std::string, std::string> kCodecs = {
      {"none", ""},
      {"ffv1", "avenc_ffv1 ! avdec_ffv1 ! "},
      {"h264-18", "x264enc pass=quant quantizer=18 speed-preset=veryfast threads=1 ! avdec_h264 ! "},
      {"h264-23", "x264enc pass=quant quantizer=23 speed-preset=veryfast threads=1 ! avdec_h264 ! "},
      {"h264-30", "x264enc pass=quant quantizer=30 speed-preset=veryfast threads=1 ! avdec_h264 ! "},
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

struct Unref {
  void operator()(GstElement* element) const { gst_object_unref(element); }
  void operator()(GstBus* bus) const { gst_object_unref(bus); }
  void operator()(GstMessage* message) const { gst_message_unref(message); }
  void operator()(GstSample* sample) const { gst_sample_unref(sample); }
};
template <class T>
using Owned = std::unique_ptr<T, Unref>;

/// A pipeline that is stopped before it goes.
class Pipeline {
 public:
  explicit Pipeline(const std::string& description) {
    GError* fault = nullptr;
    pipeline_.reset(gst_parse_launch(description.c_str(), &fault));
    if (fault == nullptr) return;
    const std::string text = fault->message;
    g_error_free(fault);
    throw std::runtime_error(text);
  }
  ~Pipeline() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  void playToTheEnd() {
    gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
    const Owned<GstBus> bus(gst_element_get_bus(pipeline_.get()));
    const Owned<GstMessage> message(gst_bus_timed_pop_filtered(
        bus.get(), GST_CLOCK_TIME_NONE, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS) return;
    GError* fault = nullptr;
    gst_message_parse_error(message.get(), &fault, nullptr);
    const std::string text = fault->message;
    g_error_free(fault);
    throw std::runtime_error(text);
  }
  [[nodiscard]] Owned<GstElement> element(const std::string& name) const {
    return Owned<GstElement>(gst_bin_get_by_name(GST_BIN(pipeline_.get()), name.c_str()));
  }

 private:
  Owned<GstElement> pipeline_;
};

/// Takes every measurement that the sink holds at the end of the stream.
std::vector<DopplerColumn> drain(GstElement* sink) {
  std::vector<DopplerColumn> columns;
  while (const Owned<GstSample> sample{gst_app_sink_try_pull_sample(GST_APP_SINK(sink), 0)}) {
    GstMapInfo map;
    GstBuffer* buffer = gst_sample_get_buffer(sample.get());
    if (gst_buffer_map(buffer, &map, GST_MAP_READ) == FALSE)
      throw std::runtime_error("a buffer can't be read");
    auto result = decodeResult({map.data, map.size});
    gst_buffer_unmap(buffer, &map);
    if (!result.ok()) throw std::runtime_error(result.error().sentence());
    auto& arrived = result.value().columns;
    columns.insert(columns.end(), std::make_move_iterator(arrived.begin()),
                   std::make_move_iterator(arrived.end()));
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
    // The sinks hold all that comes, and the end of the stream does not wait for them to be emptied.
    text << " t. ! duplextrack calibration=" << profile << " estimator=" << estimator
         << " threads=1 ! appsink sync=false async=false wait-on-eos=false name=" << estimator;
  }
  Pipeline pipeline(text.str());
  pipeline.playToTheEnd();
  std::vector<Measured> measured;
  for (const std::string& estimator : estimators) {
    measured.push_back({estimator, drain(pipeline.element(estimator).get())});
  }
  return measured;
}

}  // namespace soleus::accuracy
