// What a killed writer and a full disk leave behind: everything up to the last flush.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>

#include "pipeline/dataset/h5.h"
#include "pipeline/dataset/h5_attribute.h"
#include "pipeline/dataset/h5_read.h"
#include "tests/unit/dataset_sample.h"
#include "tests/unit/dataset_writer_process.h"

namespace soleus::test {
namespace {

using h5::Handle;

/// Holds an open file to what was flushed.
void expectIntact(const Handle& file, int flushedColumns) {
  const auto times = h5::Dataset(file.id(), "/doppler/time").numbers();
  const auto peaks = h5::Dataset(file.id(), "/doppler/peak_velocity").numbers();
  const h5::Dataset spectrum(file.id(), "/doppler/spectrum");
  ASSERT_GE(times.size(), static_cast<std::size_t>(flushedColumns));
  ASSERT_GE(peaks.size(), times.size()) << "the scale is written last";
  ASSERT_GE(spectrum.shape()[0], times.size());
  std::vector<std::uint8_t> grey(times.size() * kAxisLength);
  spectrum.bytes(0, times.size(), grey.data());
  for (std::size_t i = 0; i < static_cast<std::size_t>(flushedColumns); ++i) {
    ASSERT_NEAR(times[i], columnTimeS(static_cast<int>(i)), 1e-9) << i;
    ASSERT_EQ(peaks[i], static_cast<double>(i % 30)) << i;
    ASSERT_EQ(grey[i * kAxisLength + 7], i % 200) << i;
  }
  EXPECT_GE(h5::Dataset(file.id(), "/streams/video/sequence").numbers().size(),
            static_cast<std::size_t>(flushedColumns / kColumnsPerFrame));
}

/// The same for a file that is still marked as open for SWMR writing.
void expectIntact(const std::string& path, int flushedColumns) {
  h5::prepare();
  expectIntact(
      Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY | H5F_ACC_SWMR_READ, H5P_DEFAULT), H5Fclose, "open"),
      flushedColumns);
}

/// Where the object's header begins and how long its first part is, by the file format's version 2.
std::pair<std::size_t, std::size_t> headerOf(const std::string& bytes, std::size_t at) {
  const auto byte = [&](std::size_t n) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[n]));
  };
  EXPECT_EQ(bytes.substr(at, 4), "OHDR");
  const std::size_t flags = byte(at + 5);
  std::size_t end = at + 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
  const std::size_t width = std::size_t{1} << (flags & 3);
  std::size_t length = 0;
  for (std::size_t n = 0; n < width; ++n) length += byte(end + n) << (8 * n);
  return {at, end + width + length + 4 - at};
}

// A kill may end a write between two pages, and did so once in some three hundred kills: half a header does
// not fit its checksum, and the dataset is gone.
TEST(DatasetCrash, NoObjectThatIsWrittenAgainLiesAcrossTwoPages) {
  const ScratchFolder folder;
  const std::string path = folder.file("pages.h5");
  writeSample(path);
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  h5::prepare();
  const Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open");
  std::vector<std::size_t> places;
  const auto note = [](hid_t, const char*, const H5O_info_t* info, void* to) {
    static_cast<std::vector<std::size_t>*>(to)->push_back(info->addr);
    return 0;
  };
  ASSERT_GE(H5Ovisit2(file.id(), H5_INDEX_NAME, H5_ITER_NATIVE, note, &places, H5O_INFO_BASIC), 0);
  ASSERT_GT(places.size(), 50U);
  for (const std::size_t place : places) {
    const auto [at, length] = headerOf(bytes, place);
    EXPECT_EQ(at / 4096, (at + length - 1) / 4096) << length << " bytes at " << at;
  }
}

TEST(DatasetCrash, AKilledWriterLeavesAllThatWasFlushed) {
  for (int round = 0; round < 8; ++round) {
    const ScratchFolder folder;
    const std::string path = folder.file("killed.h5");
    WriterProcess writer([&](auto tell) {
      auto session = SessionWriter::create(path, sampleInfo(), false).value();
      for (int frame = 0;; ++frame) {
        if (!session->append(sampleFrame(frame)).ok()) return 1;
        if (!session->append("video", sampleOf(frame)).ok()) return 1;
        if (frame % 30 != 29) continue;
        if (!session->flush().ok()) return 1;
        tell((frame + 1) * kColumnsPerFrame);
      }
    });
    // Some rounds are killed between flushes, some within one.
    for (int i = 0; i < 1 + 3 * round; ++i) ASSERT_TRUE(writer.waitForFlush());
    usleep(static_cast<useconds_t>(300 * round));
    writer.killNow();
    EXPECT_EQ(writer.end(), -1);
    expectIntact(path, writer.flushedColumns());
    EXPECT_THAT(verdict(path)[0], testing::HasSubstr("left open by a crash"));
  }
}

/// Exit codes of a writer on a disk that fills up.
constexpr int kStoppedAsItShould = 10;
constexpr int kNotCreated = 11;
constexpr int kWroteEverything = 12;
constexpr int kWrongAnswer = 13;

/// Ways of a file to come to its end, and the C library's words for them.
struct Shortage {
  const char* words;
  void (*begin)(rlim_t limitBytes);
};

const Shortage kNoSpace{"No space left on device",
                        [](rlim_t limitBytes) { roomBytes = static_cast<off_t>(limitBytes); }};

const Shortage kFileLimit{"File too large", [](rlim_t limitBytes) {
                            signal(SIGXFSZ, SIG_IGN);
                            const rlimit limit{limitBytes, limitBytes};
                            if (setrlimit(RLIMIT_FSIZE, &limit) != 0) std::abort();
                          }};

/// Writes until the file would grow beyond `limitBytes`.
int writeOnFullDisk(const std::string& path, const Shortage& shortage, rlim_t limitBytes,
                    const std::function<void(int)>& tell) {
  shortage.begin(limitBytes);
  auto created = SessionWriter::create(path, sampleInfo(), false);
  if (!created.ok()) return created.error().kind == ErrorKind::kStorage ? kNotCreated : kWrongAnswer;
  SessionWriter& session = *created.value();
  constexpr int kFrames = 600;
  Status status = Done{};
  for (int frame = 0; frame < kFrames && status.ok(); ++frame) {
    status = session.append(sampleFrame(frame));
    if (status.ok()) status = session.append("video", sampleOf(frame));
    if (status.ok() && frame % 30 == 29) {
      status = session.flush();
      if (status.ok()) tell((frame + 1) * kColumnsPerFrame);
    }
  }
  if (status.ok()) return kWroteEverything;
  handsOff = true;
  const std::string first = status.error().sentence();
  const bool named = status.error().kind == ErrorKind::kStorage && first.starts_with(path) &&
                     first.ends_with(std::string("(found ") + shortage.words + ")");
  const bool sticks = session.flush().error().sentence() == first &&
                      session.append(sampleFrame(0)).error().sentence() == first &&
                      session.append("none", sampleOf(0)).error().sentence() == first &&
                      session.finish(SessionState::kInterrupted, {}).error().sentence() == first;
  return named && sticks ? kStoppedAsItShould : kWrongAnswer;
}

class DatasetShortage : public testing::TestWithParam<Shortage> {};

TEST_P(DatasetShortage, LeavesAllThatWasFlushed) {
  int stopped = 0;
  int notCreated = 0;
  // From too small for the empty layout (some 50 kB) to where all fits; the odd step moves the limit through
  // chunks and metadata.
  for (rlim_t limit = 20'000; limit < 700'000; limit += 30'011) {
    const ScratchFolder folder;
    const std::string path = folder.file("full.h5");
    WriterProcess writer([&](auto tell) { return writeOnFullDisk(path, GetParam(), limit, tell); });
    const int code = writer.end();
    ASSERT_TRUE(code == kStoppedAsItShould || code == kNotCreated || code == kWroteEverything)
        << limit << ": " << code;
    EXPECT_EQ(std::filesystem::exists(path), code != kNotCreated) << limit;
    if (code == kStoppedAsItShould) expectIntact(path, writer.flushedColumns());
    stopped += code == kStoppedAsItShould;
    notCreated += code == kNotCreated;
  }
  EXPECT_GE(stopped, 10);
  EXPECT_GE(notCreated, 1);
}

/// Finishes a session of 60 frames, all flushed, when only `spareBytes` are left beyond its end.
int finishOnFullDisk(const std::string& path, off_t spareBytes) {
  auto session = SessionWriter::create(path, sampleInfo(), false).value();
  for (int frame = 0; frame < 60; ++frame) {
    if (!session->append(sampleFrame(frame)).ok()) return kWrongAnswer;
    if (!session->append("video", sampleOf(frame)).ok()) return kWrongAnswer;
  }
  if (!session->flush().ok()) return kWrongAnswer;
  roomBytes = static_cast<off_t>(std::filesystem::file_size(path)) + spareBytes;
  StreamTotals totals{100, 60, {{"overload", 30}, {"stall", 7}, {"source", 3}}};
  const Status status = session->finish(SessionState::kComplete, {{"video", totals}});
  if (status.ok()) return kWroteEverything;
  handsOff = true;
  return status.error().kind == ErrorKind::kStorage ? kStoppedAsItShould : kWrongAnswer;
}

/// Finishes the same session, but is killed at the write number `writesUntilKill` of doing so.
int finishAndDie(const std::string& path, int writesUntilKill) {
  auto session = SessionWriter::create(path, sampleInfo(), false).value();
  for (int frame = 0; frame < 60; ++frame) {
    if (!session->append(sampleFrame(frame)).ok()) return kWrongAnswer;
    if (!session->append("video", sampleOf(frame)).ok()) return kWrongAnswer;
  }
  if (!session->flush().ok()) return kWrongAnswer;
  writesToLive = writesUntilKill;
  StreamTotals totals{100, 60, {{"overload", 30}, {"stall", 7}, {"source", 3}}};
  return session->finish(SessionState::kComplete, {{"video", totals}}).ok() ? kWroteEverything : kWrongAnswer;
}

/// Opens for reading whatever marks an unfinished writer left, as h5clear does; only for copies.
Handle openCleared(const std::string& path) {
  h5::prepare();
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "properties");
  const hbool_t clear = true;
  h5::check(H5Pset(access.id(), "clear_status_flags", &clear), "clear flags");
  return {H5Fopen(path.c_str(), H5F_ACC_RDWR, access.id()), H5Fclose, "open"};
}

TEST(DatasetCrash, ADiskThatFillsUpWhileFinishingLosesNothing) {
  int stopped = 0;
  int finished = 0;
  for (const off_t spareBytes :
       {-40'000, -4'000, -1'000, -100, 0, 50, 200, 500, 1'000, 2'000, 5'000, 50'000}) {
    const ScratchFolder folder;
    const std::string path = folder.file("finish.h5");
    WriterProcess writer([&](auto) { return finishOnFullDisk(path, spareBytes); });
    const int code = writer.end();
    ASSERT_TRUE(code == kStoppedAsItShould || code == kWroteEverything) << spareBytes << ": " << code;
    if (code == kWroteEverything) {
      EXPECT_THAT(verdict(path), testing::IsEmpty());
    } else {
      SCOPED_TRACE(spareBytes);
      const Status intact = h5::attempt(ErrorKind::kBadInput, path,
                                        [&] { expectIntact(openCleared(path), 60 * kColumnsPerFrame); });
      EXPECT_TRUE(intact.ok()) << intact.error().sentence();
    }
    stopped += code == kStoppedAsItShould;
    finished += code == kWroteEverything;
  }
  EXPECT_GE(stopped, 4);
  EXPECT_GE(finished, 1);
}

TEST(DatasetCrash, AKillAtAnyWriteWhileFinishingLosesNothing) {
  int code = -1;
  int writes = 0;
  for (; code != kWroteEverything; ++writes) {
    const ScratchFolder folder;
    const std::string path = folder.file("finish.h5");
    WriterProcess writer([&](auto) { return finishAndDie(path, writes); });
    code = writer.end();
    ASSERT_TRUE(code == -1 || code == kWroteEverything) << code;
    SCOPED_TRACE(writes);
    const Status intact = h5::attempt(ErrorKind::kBadInput, path,
                                      [&] { expectIntact(openCleared(path), 60 * kColumnsPerFrame); });
    EXPECT_TRUE(intact.ok()) << intact.error().sentence();
  }
  EXPECT_GE(writes, 5);
}

INSTANTIATE_TEST_SUITE_P(Disk, DatasetShortage, testing::Values(kNoSpace, kFileLimit));

std::size_t residentBytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

TEST(DatasetCrash, MemoryDoesNotGrowWithTheRecording) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizer keeps freed memory, so that resident memory says nothing of the writer";
#endif
  const ScratchFolder folder;
  auto session = SessionWriter::create(folder.file("long.h5"), sampleInfo(), false).value();
  std::size_t afterStart = 0;
  constexpr int kFrames = 30'000;  // 270,000 columns, about 17 minutes and 16 MB
  for (int frame = 0; frame < kFrames; ++frame) {
    ASSERT_TRUE(session->append(sampleFrame(frame)).ok());
    ASSERT_TRUE(session->append("video", sampleOf(frame)).ok());
    if (frame % 300 == 0) {
      ASSERT_TRUE(session->flush().ok());
    }
    if (frame == kFrames / 5) afterStart = residentBytes();
  }
  // The 13 MB written since then would show; 2 MB is the metadata cache's full size.
  EXPECT_LT(residentBytes(), afterStart + 2'500'000);
  ASSERT_TRUE(session->finish(SessionState::kComplete, {}).ok());
}

}  // namespace
}  // namespace soleus::test
