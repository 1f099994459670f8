/// Sessions and scratch folders for the tests of the session file.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "pipeline/dataset/session_reader.h"
#include "pipeline/dataset/session_writer.h"
#include "pipeline/dataset/verify.h"

namespace soleus::test {

inline constexpr int kAxisLength = 32;
inline constexpr int kColumnsPerFrame = 9;
inline constexpr double kColumnsPerSecond = 270.0;

/// A folder of its own for one test, removed with it.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "soleus_dataset_XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// Axis of 32 rows of 2 cm/s with the baseline in the middle: -31 to +31 cm/s.
inline SessionInfo sampleInfo() {
  SessionInfo info;
  info.title = "Sample";
  info.subject = "S001";
  info.limb = "left";
  info.condition = "seated";
  info.configuration = "a: 1\n";
  DopplerCalibration doppler;
  doppler.region = {0, 0, 100, kAxisLength};
  doppler.cmPerSPerPixel = 2.0;
  doppler.baselineRow = kAxisLength / 2.0;
  doppler.dynamicRangeDb = 51.0;
  info.calibration.doppler = doppler;
  info.calibration.yaml = "schema: soleus.calibration/1\n";
  info.hasVessel = true;
  info.hasContractions = true;
  info.streams = {"video"};
  info.lossCauses = {"overload", "stall", "source"};
  return info;
}

inline double columnTimeS(int index) {
  return (index + 0.5) / kColumnsPerSecond;
}

/// Frame `frame` with its columns; every value can be told from its index.
inline FrameResult sampleFrame(int frame) {
  FrameResult result;
  result.sequence = static_cast<std::uint64_t>(frame);
  result.frameTime = SessionTime::fromSeconds(frame / 30.0);
  for (int i = 0; i < kColumnsPerFrame; ++i) {
    const int index = frame * kColumnsPerFrame + i;
    DopplerColumn column;
    column.time = SessionTime::fromSeconds(columnTimeS(index));
    column.peakForwardCmPerS = static_cast<float>(index % 30);
    column.peakReverseCmPerS = -1;
    column.peakCmPerS = column.peakForwardCmPerS;
    column.meanCmPerS = column.peakCmPerS / 2;
    column.snrDb = 12;
    column.peakUncertaintyCmPerS = 0.5F;
    column.meanUncertaintyCmPerS = 0.25F;
    column.meanHiddenCmPerS = 1.5F;
    column.volumeFlowMlPerMin = 100;
    column.quality = index % 7 == 0 ? kLowSnr : 0;
    column.grey.assign(kAxisLength, static_cast<std::uint8_t>(index % 200));
    result.columns.push_back(column);
  }
  result.vessel.push_back({result.frameTime, 7.5F, 44.25F, 0.5F});
  return result;
}

inline StreamSample sampleOf(int frame) {
  const auto time = SessionTime::fromSeconds(frame / 30.0);
  return {static_cast<std::uint64_t>(frame), {time.ns + 11}, {time.ns + 13}, time};
}

inline Contraction sampleContraction(double onsetS) {
  Contraction c;
  c.onsetS = onsetS;
  c.flowOnsetS = onsetS + 0.05;
  c.peakS = onsetS + 0.2;
  c.endS = onsetS + 0.5;
  c.peakVelocityCmPerS = 29;
  c.onsetSource = OnsetSource::kForce;
  c.quality = 0.75;
  return c;
}

/// A sound session of `frames` frames, 40 of which were received but lost at the end, in two gaps.
inline void writeSample(const std::string& path, int frames = 90,
                        SessionState state = SessionState::kComplete) {
  auto created = SessionWriter::create(path, sampleInfo(), false);
  ASSERT_TRUE(created.ok()) << created.error().sentence();
  auto& writer = *created.value();
  for (int frame = 0; frame < frames; ++frame) {
    ASSERT_TRUE(writer.append(sampleFrame(frame)).ok());
    ASSERT_TRUE(writer.append("video", sampleOf(frame)).ok());
    if (frame % 30 == 29) {
      ASSERT_TRUE(writer.flush().ok());
    }
  }
  const double endS = frames / 30.0;
  ASSERT_TRUE(writer.append("video", Gap{endS, endS + 1, 30, "overload"}).ok());
  ASSERT_TRUE(writer.append("video", Gap{endS + 1, endS + 1.3, 10, "stall"}).ok());
  ASSERT_TRUE(writer.append(sampleContraction(0.5)).ok());
  ASSERT_TRUE(writer.append(sampleContraction(1.5)).ok());
  ASSERT_TRUE(writer.append(Event{SessionTime::fromSeconds(1), EventKind::kCue, "Ferse höher"}).ok());
  ASSERT_TRUE(writer.append(Event{SessionTime::fromSeconds(2), EventKind::kNote, ""}).ok());
  StreamTotals totals;
  totals.received = static_cast<std::uint64_t>(frames) + 40;
  totals.written = static_cast<std::uint64_t>(frames);
  totals.droppedByCause = {{"overload", 30}, {"stall", 10}};
  const auto finished = writer.finish(state, {{"video", totals}});
  ASSERT_TRUE(finished.ok()) << finished.error().sentence();
}

/// What verifySession says about the file, one line for each finding; the error if there is one.
inline std::vector<std::string> verdict(const std::string& path) {
  const auto findings = verifySession(path);
  if (!findings.ok()) return {"error: " + findings.error().sentence()};
  std::vector<std::string> lines;
  for (const Finding& finding : findings.value()) lines.push_back(finding.path + ": " + finding.fault);
  return lines;
}

/// A test that writes session files in a folder of its own and reads them again.
class ReadsSessions : public testing::Test {
 protected:
  std::unique_ptr<SessionReader> read(const std::string& path) {
    auto reader = SessionReader::open(path);
    if (!reader.ok()) {
      ADD_FAILURE() << reader.error().sentence();
      return nullptr;
    }
    return std::move(reader).value();
  }
  std::vector<double> column(const SessionReader& reader, const std::string& path) {
    auto values = reader.column(path);
    if (values.ok()) return values.value();
    ADD_FAILURE() << values.error().sentence();
    return {};
  }
  ScratchFolder folder_;
  std::string path_ = folder_.file("session.h5");
};

}  // namespace soleus::test
