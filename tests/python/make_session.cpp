/// Writes a small session with every group of the contract, for the readers' scripts beside this file.
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

#include "pipeline/dataset/session_writer.h"

namespace {

using namespace soleus;

constexpr int kAxisLength = 64;
constexpr int kFrames = 90;  // 3 s at 30 frames a second
constexpr int kColumnsPerFrame = 9;

SessionInfo sampleInfo() {
  SessionInfo info;
  info.title = "Sample session";
  info.subject = "S001";
  info.limb = "left";
  info.condition = "seated, Grüße";  // not ASCII, so that readers show what they do with UTF-8
  info.configuration = "tool: make_session\n";
  DopplerCalibration doppler;
  doppler.region = {0, 0, 270, kAxisLength};
  doppler.secondsPerPixel = 1.0 / 270;
  doppler.cmPerSPerPixel = 2.0;
  doppler.baselineRow = 40.0;
  doppler.dynamicRangeDb = 51.0;  // 0.2 dB a step
  info.calibration.doppler = doppler;
  info.calibration.yaml = "schema: soleus.calibration/1\n";
  info.hasVessel = true;
  info.hasContractions = true;
  info.streams = {"video"};
  return info;
}

FrameResult sampleFrame(int frame) {
  FrameResult result;
  result.sequence = static_cast<std::uint64_t>(frame);
  result.frameTime = SessionTime::fromSeconds(frame / 30.0);
  for (int i = 0; i < kColumnsPerFrame; ++i) {
    const int index = frame * kColumnsPerFrame + i;
    DopplerColumn column;
    column.time = SessionTime::fromSeconds((index + 0.5) / 270.0);
    column.peakForwardCmPerS = static_cast<float>(40 + 20 * std::sin(index / 50.0));
    column.peakReverseCmPerS = -5;
    column.peakCmPerS = column.peakForwardCmPerS;
    column.meanCmPerS = column.peakCmPerS / 2;
    column.snrDb = 20;
    column.volumeFlowMlPerMin = std::numeric_limits<float>::quiet_NaN();
    column.quality = index % 100 == 0 ? kAliased | kClipped : 0;
    // Column 5 has no spectrum; all others hold 0, 1, 2, ... along the axis.
    if (index != 5) {
      for (int v = 0; v < kAxisLength; ++v) column.grey.push_back(static_cast<std::uint8_t>(v));
    }
    result.columns.push_back(column);
  }
  result.vessel.push_back({result.frameTime, 7.5F, 44.2F, 0.9F});
  if (frame == 30) result.events.push_back({result.frameTime, EventKind::kCue, "heel up — Ferse hoch"});
  if (frame == 60) result.events.push_back({result.frameTime, EventKind::kMark, "mark"});
  return result;
}

bool report(const Status& status) {
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.error().sentence().c_str());
  return status.ok();
}

bool write(SessionWriter& writer) {
  for (int frame = 0; frame < kFrames; ++frame) {
    if (!report(writer.append(sampleFrame(frame)))) return false;
    // The fourth frame was lost to overload.
    const auto time = SessionTime::fromSeconds(frame / 30.0);
    if (frame == 3) {
      if (!report(writer.append("video", Gap{time.seconds(), time.seconds() + 1 / 30.0, 1, "overload"}))) {
        return false;
      }
    } else if (!report(writer.append(
                   "video",
                   StreamSample{
                       static_cast<std::uint64_t>(frame), {time.ns + 7}, {time.ns + 5'000'000}, time}))) {
      return false;
    }
    if (frame % 30 == 29 && !report(writer.flush())) return false;
  }
  Contraction contraction;
  contraction.onsetS = 1.0;
  contraction.flowOnsetS = 1.1;
  contraction.peakS = 1.3;
  contraction.endS = 1.6;
  contraction.peakVelocityCmPerS = 60;
  contraction.onsetSource = OnsetSource::kEmg;
  contraction.quality = 0.8;
  if (!report(writer.append(contraction))) return false;
  StreamTotals totals;
  totals.received = kFrames;
  totals.written = kFrames - 1;
  totals.droppedByCause["overload"] = 1;
  return report(writer.finish(SessionState::kComplete, {{"video", totals}}));
}

/// A session in which nothing happened yet: every growing dataset is empty.
bool writeEmpty(const std::string& path) {
  auto writer = SessionWriter::create(path, sampleInfo(), true);
  if (!writer.ok()) return report(writer.error());
  return report(writer.value()->finish(SessionState::kComplete, {{"video", {}}}));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: make_session FULL.h5 EMPTY.h5\n");
    return 2;
  }
  auto writer = soleus::SessionWriter::create(argv[1], sampleInfo(), true);
  if (!writer.ok()) {
    std::fprintf(stderr, "%s\n", writer.error().sentence().c_str());
    return 5;
  }
  return write(*writer.value()) && writeEmpty(argv[2]) ? 0 : 1;
}
