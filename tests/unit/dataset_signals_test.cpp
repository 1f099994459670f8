// Signals of a board in the session file.
#include <gmock/gmock.h>

#include <cmath>

#include "pipeline/dataset/session_reader.h"
#include "tests/unit/dataset_sample.h"

namespace soleus::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

SessionInfo withBoard() {
  SessionInfo info = sampleInfo();
  SignalSource board;
  board.stream = "board";
  board.samplesPerSecond = 1000;
  board.channels = {{"emg", "mV", 1}, {"force", "N", 1}};
  info.signals = {board};
  info.signalLossCauses = {"source", "malformed"};
  return info;
}

StreamSample sampleAt(std::int64_t ms) {
  return {static_cast<std::uint64_t>(ms), {ms * 1'000'000}, {ms * 1'000'000 + 7}, {ms * 1'000'000}};
}

TEST(DatasetSignals, AreKeptWithUnitsStampsAndBalance) {
  const ScratchFolder folder;
  const std::string path = folder.file("signals.h5");
  auto writer = SessionWriter::create(path, withBoard(), false);
  ASSERT_TRUE(writer.ok()) << writer.error().sentence();
  for (const int ms : {0, 1, 4}) {
    ASSERT_TRUE(writer.value()->append("board", sampleAt(ms), {0.5 * ms, -1.0 * ms}).ok());
  }
  ASSERT_TRUE(writer.value()->append("board", Gap{0.001, 0.004, 2, "malformed"}).ok());
  ASSERT_TRUE(writer.value()->append("board", ClockState{0.004, 1.5, 20, 0.0001}).ok());
  StreamTotals totals{5, 3, {{"malformed", 2}}};
  ASSERT_TRUE(writer.value()->finish(SessionState::kComplete, {{"board", totals}, {"video", {}}}).ok());
  writer.value().reset();

  const auto reader = SessionReader::open(path);
  ASSERT_TRUE(reader.ok());
  const auto column = [&](const char* name) { return reader.value()->column(name).value(); };
  EXPECT_THAT(column("/signals/emg/time"), ElementsAre(0, 0.001, 0.004));
  EXPECT_THAT(column("/signals/emg/value"), ElementsAre(0, 0.5, 2));
  EXPECT_THAT(column("/signals/force/value"), ElementsAre(0, -1, -4));
  EXPECT_EQ(reader.value()->textAttribute("/signals/force/value", "units"), "N");
  EXPECT_EQ(reader.value()->textAttribute("/signals/emg", "source"), "board");
  EXPECT_EQ(reader.value()->numberAttribute("/signals/emg", "sampling_rate"), 1000);
  EXPECT_THAT(column("/streams/board/sequence"), ElementsAre(0, 1, 4));
  EXPECT_THAT(column("/streams/board/clock/drift_ppm"), ElementsAre(testing::IsNan(), 20));
  EXPECT_EQ(reader.value()->numberAttribute("/streams/board", "dropped_malformed"), 2);
  EXPECT_EQ(reader.value()->numberAttribute("/streams/board", "dropped_source"), 0);
  EXPECT_THAT(reader.value()->attributeNames("/streams/video"),
              testing::Not(testing::Contains("dropped_malformed")));
  const auto findings = verifySession(path);
  ASSERT_TRUE(findings.ok());
  EXPECT_THAT(findings.value(), IsEmpty());
}

TEST(DatasetSignals, OtherChannelsThanAgreedAreRefused) {
  const ScratchFolder folder;
  auto writer = SessionWriter::create(folder.file("s.h5"), withBoard(), false);
  ASSERT_TRUE(writer.ok());
  EXPECT_EQ(writer.value()->append("board", sampleAt(0), {1}).error().kind, ErrorKind::kBadInput);
  EXPECT_EQ(writer.value()->append("video", sampleAt(0), {1, 2}).error().kind, ErrorKind::kBadInput);
  EXPECT_TRUE(writer.value()->append("board", sampleAt(0), {1, 2}).ok());
}

TEST(DatasetSignals, TwoOfOneNameAreRefused) {
  const ScratchFolder folder;
  SessionInfo info = withBoard();
  info.signals[0].channels[1].name = "emg";
  EXPECT_FALSE(SessionWriter::create(folder.file("s.h5"), info, false).ok());
  info = withBoard();
  info.signals[0].stream = "video";
  EXPECT_FALSE(SessionWriter::create(folder.file("s.h5"), info, false).ok());
}

}  // namespace
}  // namespace soleus::test
