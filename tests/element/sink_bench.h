/// sessionsink between pads of the test, and what its file says.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "pipeline/core/measurement_codec.h"
#include "pipeline/dataset/session_reader.h"
#include "pipeline/dataset/verify.h"
#include "plugins/common/stream_formats.h"
#include "tests/element/bench_element.h"
#include "tests/element/pads.h"
#include "tests/element/small_screen.h"
#include "tests/element/temporary_folder.h"

namespace soleus::testing {

/// Three columns to a frame, each with its own time within the frame.
inline constexpr int kColumnsPerFrame = 3;

inline FrameResult resultOfFrame(std::uint64_t sequence, std::int64_t timeNs) {
  FrameResult result;
  result.sequence = sequence;
  result.frameTime = {timeNs};
  const auto bins = static_cast<std::size_t>(smallScreen().profile.doppler->region.height);
  for (int c = 0; c < kColumnsPerFrame; ++c) {
    DopplerColumn column;
    column.time = {timeNs + c * 10'000'000LL};
    column.peakCmPerS = column.peakForwardCmPerS = 20;
    column.meanCmPerS = 10;
    column.snrDb = 15;
    column.volumeFlowMlPerMin = 100;
    column.grey.assign(bins, 40);
    result.columns.push_back(column);
  }
  result.vessel.push_back({{timeNs}, 8, 50, 1});
  return result;
}

inline Owned<GstBuffer> resultBuffer(const FrameResult& result) {
  const auto bytes = encodeResult(result);
  Owned<GstBuffer> buffer(gst_buffer_new_memdup(bytes.data(), bytes.size()));
  GST_BUFFER_PTS(buffer.get()) = static_cast<GstClockTime>(result.frameTime.ns);
  return buffer;
}

inline std::string measurementCaps() {
  const Owned<GstCaps> caps(newMeasurementCaps(smallScreen().calibrationYaml));
  const std::unique_ptr<gchar, decltype(&g_free)> text(gst_caps_to_string(caps.get()), g_free);
  return text.get();
}

/// What a session file says of one of its streams.
struct StreamBalance {
  double received = 0;
  double written = 0;
  double overload = 0;
  double source = 0;
  double stamp = 0;
  std::vector<double> gapCounts;
  std::vector<std::string> gapCauses;
};

struct SinkBench {
  TemporaryFolder folder;
  std::string path = folder.file("session.h5");
  BenchElement sink{"sessionsink"};

  SinkBench() { sink.set("location", path); }
  ~SinkBench() { sink.stop(); }

  /// The closed file. A failed test if it is not there, not whole, or breaks the contract.
  [[nodiscard]] std::unique_ptr<SessionReader> soundFile() const {
    const auto findings = verifySession(path);
    EXPECT_TRUE(findings.ok()) << (findings.ok() ? "" : findings.error().sentence());
    if (!findings.ok()) return nullptr;
    for (const Finding& finding : findings.value()) ADD_FAILURE() << finding.path << ": " << finding.fault;
    auto reader = SessionReader::open(path);
    EXPECT_TRUE(reader.ok()) << (reader.ok() ? "" : reader.error().sentence());
    return reader.ok() ? std::move(reader).value() : nullptr;
  }
};

inline StreamBalance balanceOf(const SessionReader& file, const std::string& stream) {
  const std::string group = "/streams/" + stream;
  StreamBalance balance;
  balance.received = file.numberAttribute(group, "received");
  balance.written = file.numberAttribute(group, "written");
  balance.overload = file.numberAttribute(group, "dropped_overload");
  balance.source = file.numberAttribute(group, "dropped_source");
  balance.stamp = file.numberAttribute(group, "dropped_stamp");
  if (const auto counts = file.column(group + "/gaps/count"); counts.ok()) balance.gapCounts = counts.value();
  if (const auto causes = file.texts(group + "/gaps/cause"); causes.ok()) balance.gapCauses = causes.value();
  return balance;
}

}  // namespace soleus::testing
