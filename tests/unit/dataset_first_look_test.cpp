// Columns that are written before they are measured, and replaced or taken back.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "pipeline/dataset/repair.h"
#include "pipeline/dataset/session_reader.h"
#include "tests/unit/dataset_sample.h"

namespace soleus::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DatasetFirstLook : public ReadsSessions {};

/// `count` columns of the sample from the number `first`; as a first look with a peak of -50.
std::vector<DopplerColumn> columnsFrom(int first, int count, bool isFirstLook) {
  std::vector<DopplerColumn> columns;
  for (int n = first; n < first + count; ++n) {
    columns.push_back(
        sampleFrame(n / kColumnsPerFrame).columns[static_cast<std::size_t>(n % kColumnsPerFrame)]);
    if (isFirstLook) columns.back().peakCmPerS = columns.back().peakReverseCmPerS = -50;
  }
  return columns;
}

// As a recording brings them: some columns each time, measured in the end many at a time, across chunks of
// the file; a copy of it at any moment has all that was seen.
TEST_F(DatasetFirstLook, IsReplacedByWhatIsMeasured) {
  auto writer = SessionWriter::create(path_, sampleInfo(), false).value();
  constexpr int kRounds = 900;
  constexpr int kNew = 8;
  constexpr int kTogether = 5;  // rounds
  int seen = 0;
  int done = 0;
  const auto append = [&](FrameResult&& result) { ASSERT_TRUE(writer->append(result).ok()); };
  for (int round = 1; round <= kRounds; ++round) {
    FrameResult result;
    result.aheadKept = static_cast<std::size_t>(seen - done);
    if (round % kTogether == 0) {
      // More than was seen before, or less.
      const int count = round % 2 == 0 ? seen - done + 3 : seen - done - 7;
      result.columns = columnsFrom(done, count, false);
      done += count;
      seen = std::max(seen, done);
      result.aheadKept = static_cast<std::size_t>(seen - done);
    }
    result.ahead = columnsFrom(seen, kNew, true);
    seen += kNew;
    append(std::move(result));
    if (round % 3 == 0 || round % 100 == 0) {
      ASSERT_TRUE(writer->publish().ok());
    }
    if (round % 100 != 0) continue;
    const std::string now = folder_.file(std::to_string(round) + ".h5");
    std::filesystem::copy_file(path_, now);
    ASSERT_TRUE(repairSession(now).ok());
    const auto reader = read(now);
    ASSERT_TRUE(reader);
    const auto time = column(*reader, "/doppler/time");
    const auto peak = column(*reader, "/doppler/peak_velocity");
    ASSERT_EQ(time.size(), static_cast<std::size_t>(seen));
    ASSERT_EQ(column(*reader, "/flow/time"), time);
    for (int n = 0; n < seen; ++n) {
      ASSERT_NEAR(time[static_cast<std::size_t>(n)], columnTimeS(n), 1e-9);
      ASSERT_EQ(peak[static_cast<std::size_t>(n)], n < done ? n % 30 : -50) << n;
    }
  }
  FrameResult last;
  last.columns = columnsFrom(done, seen - done, false);
  append(std::move(last));
  ASSERT_TRUE(writer->finish(SessionState::kComplete, {{"video", StreamTotals{}}}).ok());
  const auto reader = read(path_);
  const auto peak = column(*reader, "/doppler/peak_velocity");
  ASSERT_EQ(peak.size(), static_cast<std::size_t>(seen));
  EXPECT_TRUE(std::ranges::all_of(peak, [](double each) { return each >= 0; }));
  EXPECT_THAT(verdict(path_), testing::IsEmpty());
}

TEST_F(DatasetFirstLook, ThatIsAllThereIsIsSaid) {
  auto writer = SessionWriter::create(path_, sampleInfo(), false).value();
  FrameResult result;
  result.ahead = columnsFrom(0, 5, true);
  ASSERT_TRUE(writer->append(result).ok());
  // More than were given cannot stand, and nothing is displaced.
  FrameResult other;
  other.columns = columnsFrom(0, 3, false);
  other.aheadKept = 3;
  EXPECT_FALSE(writer->append(other).ok());
  ASSERT_TRUE(writer->finish(SessionState::kInterrupted, {{"video", StreamTotals{}}}).ok());
  const auto reader = read(path_);
  EXPECT_EQ(column(*reader, "/doppler/time").size(), 5U);
  EXPECT_THAT(reader->texts("/events/label").value(), ElementsAre(HasSubstr("first look")));
}

// A sweep's columns are seen before it is sure that they were written, and where.
TEST_F(DatasetFirstLook, IsTakenBack) {
  auto writer = SessionWriter::create(path_, sampleInfo(), false).value();
  const auto append = [&](std::size_t kept, int from, int count, int lookFrom, int look) {
    FrameResult result;
    result.columns = columnsFrom(from, count, false);
    result.aheadKept = kept;
    result.ahead = columnsFrom(lookFrom, look, true);
    return writer->append(result).ok() && writer->publish().ok();
  };
  const auto now = [&] {
    const std::string copy = folder_.file("copy.h5");
    std::filesystem::copy_file(path_, copy, std::filesystem::copy_options::overwrite_existing);
    EXPECT_TRUE(repairSession(copy).ok());
    EXPECT_THAT(verdict(copy), testing::IsEmpty());
    return read(copy);
  };
  ASSERT_TRUE(append(0, 0, 4, 4, 20));
  // Two of the twenty stand, three others come in the place of the rest: fifteen rows have nothing to say.
  ASSERT_TRUE(append(2, 0, 0, 30, 3));
  {
    const auto reader = now();
    const auto time = column(*reader, "/doppler/time");
    const auto peak = column(*reader, "/doppler/peak_velocity");
    ASSERT_EQ(time.size(), 24U);
    EXPECT_NEAR(time[5], columnTimeS(5), 1e-9);
    EXPECT_NEAR(time[6], columnTimeS(30), 1e-9);
    EXPECT_NEAR(time[9], columnTimeS(32) + 1e-6, 1e-8);
    for (std::size_t n = 4; n < 9; ++n) EXPECT_EQ(peak[n], -50);
    for (std::size_t n = 9; n < 24; ++n) EXPECT_THAT(peak[n], testing::IsNan());
  }
  // What follows takes their place.
  ASSERT_TRUE(append(0, 4, 40, 44, 2));
  ASSERT_TRUE(append(0, 44, 2, 0, 0));
  const auto reader = now();
  const auto peak = column(*reader, "/doppler/peak_velocity");
  ASSERT_EQ(peak.size(), 46U);
  for (std::size_t n = 0; n < 46; ++n) EXPECT_EQ(peak[n], static_cast<double>(n % 30));
  ASSERT_TRUE(writer->finish(SessionState::kComplete, {{"video", StreamTotals{}}}).ok());
  EXPECT_THAT(read(path_)->texts("/events/label").value(), testing::IsEmpty());
}

}  // namespace
}  // namespace soleus::test
