// A killed writer's file, mended: all that was flushed is kept, and the copy keeps the contract.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "pipeline/dataset/h5_attribute.h"
#include "pipeline/dataset/h5_read.h"
#include "pipeline/dataset/repair.h"
#include "tests/unit/dataset_sample.h"
#include "tests/unit/dataset_writer_process.h"

namespace soleus::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// Writes frames until killed: video with losses, a board's two signals, events, contractions.
int writeForEver(const std::string& path, const std::function<void(int)>& tell) {
  SessionInfo info = sampleInfo();
  info.signals.resize(1);
  info.signals[0].stream = "board";
  info.signals[0].samplesPerSecond = 1000;
  info.signals[0].channels = {{"emg", "mV", 1}, {"force", "N", 1}};
  info.signalLossCauses = {"source"};
  auto session = SessionWriter::create(path, info, false).value();
  for (int frame = 0;; ++frame) {
    const double timeS = frame / 30.0;
    bool ok = session->append(sampleFrame(frame)).ok() && session->append("video", sampleOf(frame)).ok();
    for (int n = 0; n < 4; ++n)
      ok = ok && session->append("board", sampleOf(4 * frame + n), {0.5 * frame, 100.0 + n}).ok();
    if (frame % 10 == 9)
      ok = ok && session->append("video", Gap{timeS, timeS, 3, "overload"}).ok() &&
           session->append("video", Gap{timeS, timeS, 100, "silent"}).ok() &&
           session->append(Event{SessionTime::fromSeconds(timeS), EventKind::kMark, "a mark"}).ok() &&
           session->append(sampleContraction(timeS)).ok();
    if (ok && frame % 30 == 29) ok = session->flush().ok();
    if (!ok) return 1;
    if (frame % 30 == 29) tell((frame + 1) * kColumnsPerFrame);
  }
}

std::vector<double> numbers(const std::string& path, const std::string& dataset) {
  const auto file = h5::openReadOnly(path);
  EXPECT_TRUE(file.ok()) << file.error().sentence();
  return h5::Dataset(file.value().id(), dataset).numbers();
}

double attribute(const std::string& path, const char* group, const char* name) {
  const auto file = h5::openReadOnly(path);
  const h5::Handle object(H5Oopen(file.value().id(), group, H5P_DEFAULT), H5Oclose, "open");
  return h5::readNumbers(object.id(), name)->front();
}

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(DatasetRepair, AKillAtAnyWriteLeavesASessionThatKeepsTheContract) {
  int repaired = 0;
  // Single writes of the first flushes and of those that begin new chunks.
  for (int writes = 0; writes < 900; writes += 43) {
    const ScratchFolder folder;
    const std::string path = folder.file("killed.h5");
    WriterProcess writer([&](auto tell) {
      return writeForEver(path, [&](int columns) {
        tell(columns);
        if (writesToLive > 1'000'000) writesToLive = writes;
      });
    });
    ASSERT_EQ(writer.end(), -1);
    SCOPED_TRACE(writes);
    const auto repair = repairSession(path);
    ASSERT_TRUE(repair.ok()) << repair.error().sentence();
    EXPECT_THAT(verdict(path), IsEmpty());
    const auto times = numbers(path, "/doppler/time");
    ASSERT_GE(times.size(), static_cast<std::size_t>(writer.flushedColumns()));
    const auto peaks = numbers(path, "/doppler/peak_velocity");
    for (int i = 0; i < writer.flushedColumns(); ++i) {
      ASSERT_NEAR(times[static_cast<std::size_t>(i)], columnTimeS(i), 1e-9) << i;
      ASSERT_EQ(peaks[static_cast<std::size_t>(i)], static_cast<double>(i % 30)) << i;
    }
    const int frames = writer.flushedColumns() / kColumnsPerFrame;
    const auto force = numbers(path, "/signals/force/value");
    ASSERT_GE(force.size(), static_cast<std::size_t>(4 * frames));
    EXPECT_EQ(numbers(path, "/streams/board/sequence").size(), force.size());
    for (int i = 0; i < 4 * frames; ++i) ASSERT_EQ(force[static_cast<std::size_t>(i)], 100.0 + i % 4) << i;
    EXPECT_GE(numbers(path, "/contractions/onset_s").size(), static_cast<std::size_t>(frames / 10));
    EXPECT_GE(repair.value().lastS, (frames - 1) / 30.0);
    ++repaired;
  }
  EXPECT_GE(repaired, 20);
}

/// Writes frames until killed, each with a look at what comes that replaces the one before: other velocities,
/// other times, more columns or fewer.
int lookForEver(const std::string& path, const std::function<void(int)>& tell) {
  auto session = SessionWriter::create(path, sampleInfo(), false).value();
  for (int frame = 0;; ++frame) {
    FrameResult result = sampleFrame(frame);
    for (int n = 1; n <= 3 + frame % 3; ++n) {
      for (DopplerColumn column : sampleFrame(frame + n).columns) {
        column.time.ns += 400 * (frame % 5);
        column.peakReverseCmPerS = static_cast<float>(-20 - frame % 7);
        column.peakCmPerS = frame % 2 == 0 ? column.peakReverseCmPerS : column.peakForwardCmPerS;
        column.meanCmPerS = column.peakCmPerS;
        result.ahead.push_back(column);
      }
    }
    if (!session->append(result).ok() || !session->append("video", sampleOf(frame)).ok()) return 1;
    if (!(frame % 30 == 29 ? session->flush() : session->publish()).ok()) return 1;
    if (frame % 30 == 29) tell((frame + 1) * kColumnsPerFrame);
  }
}

TEST(DatasetRepair, AKillWhileALookIsReplacedLeavesASessionThatKeepsTheContract) {
  int mixed = 0;
  for (int writes = 0; writes < 700; writes += 13) {
    const ScratchFolder folder;
    const std::string path = folder.file("killed.h5");
    WriterProcess writer([&](auto tell) {
      return lookForEver(path, [&](int columns) {
        tell(columns);
        if (writesToLive > 1'000'000) writesToLive = writes;
      });
    });
    ASSERT_EQ(writer.end(), -1);
    SCOPED_TRACE(writes);
    const auto repair = repairSession(path);
    ASSERT_TRUE(repair.ok()) << repair.error().sentence();
    EXPECT_THAT(verdict(path), IsEmpty());
    const auto times = numbers(path, "/doppler/time");
    const auto peaks = numbers(path, "/doppler/peak_velocity");
    ASSERT_GE(times.size(), static_cast<std::size_t>(writer.flushedColumns()));
    for (int i = 0; i < writer.flushedColumns(); ++i) {
      ASSERT_NEAR(times[static_cast<std::size_t>(i)], columnTimeS(i), 1e-9) << i;
      ASSERT_EQ(peaks[static_cast<std::size_t>(i)], static_cast<double>(i % 30)) << i;
    }
    mixed += std::ranges::any_of(peaks, [](double peak) { return std::isnan(peak); }) ? 1 : 0;
  }
  EXPECT_GT(mixed, 3) << "kills between two datasets, or the test tests nothing";
}

TEST(DatasetRepair, CountsWhatIsThereAndSaysThatItEnded) {
  const ScratchFolder folder;
  const std::string path = folder.file("killed.h5");
  WriterProcess writer([&](auto tell) { return writeForEver(path, tell); });
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(writer.waitForFlush());
  writer.killNow();
  EXPECT_EQ(writer.end(), -1);
  EXPECT_THAT(verdict(path)[0], HasSubstr("left open by a crash; what was recorded"));
  const auto repair = repairSession(path);
  ASSERT_TRUE(repair.ok()) << repair.error().sentence();
  const auto file = h5::openReadOnly(path);
  EXPECT_EQ(h5::readText(file.value().id(), "status"), "repaired");
  EXPECT_TRUE(h5::readText(file.value().id(), "repaired_utc").has_value());
  const double written = attribute(path, "/streams/video", "written");
  EXPECT_EQ(written, static_cast<double>(numbers(path, "/streams/video/sequence").size()));
  // Every other gap is a silence, in which nothing was received.
  const double lost = 1.5 * static_cast<double>(numbers(path, "/streams/video/gaps/count").size());
  EXPECT_EQ(attribute(path, "/streams/video", "dropped_overload"), lost);
  EXPECT_EQ(attribute(path, "/streams/video", "received"), written + lost);
  EXPECT_EQ(
      h5::Dataset(file.value().id(), "/events/label").texts().back(),
      "the recording was broken off here; the file was repaired; its last velocities may be a first look, "
      "without what followed");
  EXPECT_EQ(numbers(path, "/events/time").back(), repair.value().lastS);
}

TEST(DatasetRepair, LeavesAloneWhatNeedsNone) {
  const ScratchFolder folder;
  const std::string whole = folder.file("whole.h5");
  writeSample(whole);
  const auto refused = repairSession(whole);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().sentence(),
              HasSubstr("has ended by itself and needs no repair (found status 'complete'"));
  const std::string cut = folder.file("cut.h5");
  std::ofstream(cut, std::ios::binary) << contents(whole).substr(0, 3000);
  EXPECT_THAT(repairSession(cut).error().sentence(), HasSubstr("is no session"));
}

}  // namespace
}  // namespace soleus::test
