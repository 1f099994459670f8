// What is written through SessionWriter comes back through SessionReader.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "pipeline/dataset/repair.h"
#include "pipeline/dataset/session_reader.h"
#include "tests/unit/dataset_sample.h"

namespace soleus::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class DatasetSession : public ReadsSessions {};

TEST_F(DatasetSession, EveryGroupComesBack) {
  writeSample(path_);
  const auto reader = read(path_);
  ASSERT_TRUE(reader);
  EXPECT_THAT(reader->members("/"),
              ElementsAre("contractions", "doppler", "events", "flow", "streams", "vessel"));
  const auto time = column(*reader, "/doppler/time");
  const auto peak = column(*reader, "/doppler/peak_velocity");
  const auto flow = column(*reader, "/flow/volume_flow");
  ASSERT_EQ(time.size(), 810U);
  ASSERT_EQ(peak.size(), 810U);
  ASSERT_EQ(flow.size(), 810U);
  for (int i = 0; i < 810; ++i) {
    const auto n = static_cast<std::size_t>(i);
    ASSERT_NEAR(time[n], columnTimeS(i), 1e-9);
    ASSERT_EQ(peak[n], i % 30);
    ASSERT_EQ(flow[n], 100);
  }
  const auto axis = column(*reader, "/doppler/velocity");
  ASSERT_EQ(axis.size(), 32U);
  EXPECT_DOUBLE_EQ(axis.front(), -31.0);
  EXPECT_DOUBLE_EQ(axis.back(), 31.0);
  EXPECT_EQ(column(*reader, "/vessel/area"), std::vector<double>(90, 44.25));
  EXPECT_THAT(column(*reader, "/events/kind"), ElementsAre(0, 5));
  EXPECT_THAT(reader->texts("/events/label").value(), ElementsAre("Ferse höher", ""));
  EXPECT_THAT(column(*reader, "/contractions/contraction"), ElementsAre(1, 2));
  EXPECT_THAT(column(*reader, "/contractions/peak_s"), ElementsAre(0.7, 1.7));
  EXPECT_THAT(column(*reader, "/contractions/onset_source"), ElementsAre(2, 2));
  EXPECT_TRUE(std::isnan(column(*reader, "/contractions/vti_cm")[0]));
  EXPECT_EQ(column(*reader, "/streams/video/device_time_ns")[30], 1e9 + 11);
  EXPECT_EQ(column(*reader, "/streams/video/arrival_time_ns")[30], 1e9 + 13);
  EXPECT_EQ(column(*reader, "/streams/video/session_time_ns")[30], 1e9);
  EXPECT_EQ(column(*reader, "/streams/video/sequence")[89], 89);
  EXPECT_THAT(column(*reader, "/streams/video/gaps/count"), ElementsAre(30, 10));
  EXPECT_THAT(reader->texts("/streams/video/gaps/cause").value(), ElementsAre("overload", "stall"));
  EXPECT_EQ(reader->numberAttribute("/streams/video", "dropped_stall"), 10);
  EXPECT_EQ(reader->numberAttribute("/streams/video", "dropped_source"), 0);
  EXPECT_THAT(reader->attributeNames("/streams/video"),
              ElementsAre("dropped_overload", "dropped_source", "dropped_stall", "received", "written"));
}

TEST_F(DatasetSession, AStreamsFirstSampleTellsItsClock) {
  SessionInfo info = sampleInfo();
  info.streams = {"video", "emg", "silent"};
  auto writer = SessionWriter::create(path_, info, false).value();
  // The device's clock is 2 s behind at first; what it does later changes no first offset.
  ASSERT_TRUE(writer->append("video", StreamSample{4, {500'000'000}, {}, {2'500'000'000}}).ok());
  ASSERT_TRUE(writer->flush().ok());
  ASSERT_TRUE(writer->append("video", StreamSample{5, {102'600'000'000}, {}, {2'600'000'000}}).ok());
  ASSERT_TRUE(writer->append("emg", StreamSample{0, {1'250'000'000}, {}, {1'000'000'000}}).ok());
  ASSERT_TRUE(writer->finish(SessionState::kComplete, {{"video", {2, 2, {}}}, {"emg", {1, 1, {}}}}).ok());
  const auto reader = read(path_);
  ASSERT_TRUE(reader);
  EXPECT_THAT(column(*reader, "/streams/video/clock/session_time_s"), ElementsAre(2.5));
  EXPECT_THAT(column(*reader, "/streams/video/clock/offset_s"), ElementsAre(2.0));
  EXPECT_THAT(column(*reader, "/streams/emg/clock/offset_s"), ElementsAre(-0.25));
  for (const char* unknown : {"drift_ppm", "uncertainty_s"}) {
    EXPECT_THAT(column(*reader, std::string("/streams/video/clock/") + unknown),
                ElementsAre(testing::IsNan()));
  }
  EXPECT_THAT(column(*reader, "/streams/silent/clock/offset_s"), testing::IsEmpty());
}

TEST_F(DatasetSession, SpectrumRowsAreStoredGreyAndMissingOnesAreNotZero) {
  auto writer = SessionWriter::create(path_, sampleInfo(), false).value();
  FrameResult frame = sampleFrame(0);
  frame.columns[1].grey.clear();
  frame.columns[2].grey.assign(kAxisLength, 255);
  ASSERT_TRUE(writer->append(frame).ok());
  ASSERT_TRUE(writer->finish(SessionState::kComplete, {}).ok());
  const auto reader = read(path_);
  ASSERT_TRUE(reader);
  const auto rows = reader->spectrumRows(0, 4);
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ(rows.value().type(), CV_8UC1);
  EXPECT_EQ(rows.value().cols, kAxisLength);
  EXPECT_EQ(rows.value().at<std::uint8_t>(0, 0), 0);
  EXPECT_EQ(rows.value().at<std::uint8_t>(1, 0), 255);  // no spectrum
  EXPECT_EQ(rows.value().at<std::uint8_t>(2, 0), 254);  // saturated
  EXPECT_EQ(rows.value().at<std::uint8_t>(3, 31), 3);
  EXPECT_FALSE(reader->spectrumRows(8, 2).ok());
  EXPECT_DOUBLE_EQ(reader->numberAttribute("/doppler/spectrum", "scale_factor"), 0.2);
  EXPECT_DOUBLE_EQ(reader->numberAttribute("/doppler/spectrum", "add_offset"), -51);
}

TEST_F(DatasetSession, RowsSurviveChunkBordersAndFlushesAtAnyMoment) {
  auto writer = SessionWriter::create(path_, sampleInfo(), false).value();
  constexpr int kFrames = 1000;  // 9000 columns: two borders of the 4096-row chunks, 35 of the spectrum's
  for (int frame = 0; frame < kFrames; ++frame) {
    ASSERT_TRUE(writer->append(sampleFrame(frame)).ok());
    if (frame % 37 == 0 || frame % 50 == 0) {
      ASSERT_TRUE(writer->flush().ok());
    }
  }
  ASSERT_TRUE(writer->finish(SessionState::kComplete, {}).ok());
  const auto reader = read(path_);
  ASSERT_TRUE(reader);
  const auto time = column(*reader, "/doppler/time");
  ASSERT_EQ(time.size(), static_cast<std::size_t>(kFrames * kColumnsPerFrame));
  const cv::Mat grey = reader->spectrumRows(0, time.size()).value();
  for (int i = 0; i < grey.rows; ++i) {
    ASSERT_NEAR(time[static_cast<std::size_t>(i)], columnTimeS(i), 1e-9);
    ASSERT_EQ(grey.at<std::uint8_t>(i, i % kAxisLength), i % 200) << i;
  }
}

TEST_F(DatasetSession, VelocitiesCarryTheirUncertainty) {
  SessionInfo info = sampleInfo();
  info.streams.clear();
  for (const bool apertureKnown : {false, true}) {
    if (apertureKnown) {
      info.calibration.doppler->apertureMm = 10;
      info.calibration.doppler->depthMm = 30;
    }
    auto writer = SessionWriter::create(path_, info, true).value();
    ASSERT_TRUE(writer->append(sampleFrame(3)).ok());
    ASSERT_TRUE(writer->finish(SessionState::kComplete, {}).ok());
    const auto reader = read(path_);
    ASSERT_TRUE(reader);
    EXPECT_EQ(column(*reader, "/doppler/peak_velocity_uncertainty"), std::vector<double>(9, 0.5));
    EXPECT_EQ(column(*reader, "/doppler/mean_velocity_uncertainty"), std::vector<double>(9, 0.25));
    EXPECT_EQ(column(*reader, "/doppler/mean_velocity_hidden"), std::vector<double>(9, 1.5));
    EXPECT_DOUBLE_EQ(reader->numberAttribute("/doppler", "angle_uncertainty_degrees"), 5);
    EXPECT_NEAR(reader->numberAttribute("/doppler", "angle_factor_high"), 1.183, 0.001);
    ASSERT_EQ(reader->has("/doppler/peak_velocity_corrected"), apertureKnown);
    if (apertureKnown) {
      const auto raw = column(*reader, "/doppler/peak_velocity");
      const auto corrected = column(*reader, "/doppler/peak_velocity_corrected");
      for (std::size_t i = 0; i < raw.size(); ++i) EXPECT_NEAR(corrected[i], raw[i] / 1.2712, 0.01);
    }
    EXPECT_THAT(verdict(path_), testing::IsEmpty());
  }
}

TEST_F(DatasetSession, AbsentPartsAreAbsent) {
  SessionInfo info = sampleInfo();
  info.hasSpectrum = info.hasVessel = info.hasContractions = false;
  info.streams.clear();
  auto writer = SessionWriter::create(path_, info, false).value();
  ASSERT_TRUE(writer->append(sampleFrame(0)).ok());
  EXPECT_EQ(writer->append(sampleContraction(0)).error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(writer->append("video", sampleOf(0)).error().sentence(), HasSubstr("'video'"));
  ASSERT_TRUE(writer->finish(SessionState::kComplete, {}).ok());
  const auto reader = read(path_);
  ASSERT_TRUE(reader);
  EXPECT_THAT(reader->members("/"), ElementsAre("doppler", "events"));
  EXPECT_FALSE(reader->has("/doppler/spectrum"));
  EXPECT_FALSE(reader->has("/doppler/velocity"));
  EXPECT_FALSE(reader->has("/doppler/peak_velocity_uncertainty"));
  EXPECT_EQ(column(*reader, "/doppler/time").size(), 9U);
  EXPECT_THAT(verdict(path_), testing::IsEmpty());
}

TEST_F(DatasetSession, RootSaysWhatItIs) {
  writeSample(path_, 30, SessionState::kInterrupted);
  const auto reader = read(path_);
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->textAttribute("/", "status"), "interrupted");
  EXPECT_EQ(reader->textAttribute("/", "software"), "soleus 0.1.0");
  EXPECT_EQ(reader->textAttribute("/", "calibration"), "schema: soleus.calibration/1\n");
  // RFC 4122: version 4 in the third group, variant 8 to b in the fourth.
  const std::string id = reader->textAttribute("/", "session_id");
  ASSERT_EQ(id.size(), 36U);
  EXPECT_EQ(id[14], '4');
  EXPECT_THAT(std::string("89ab"), HasSubstr(std::string(1, id[19])));
  EXPECT_EQ(reader->textAttribute("/", "nothing"), "");
  EXPECT_EQ(reader->textAttribute("/nowhere/at/all", "units"), "");
  EXPECT_TRUE(std::isnan(reader->numberAttribute("/doppler/time", "units")));
}

TEST_F(DatasetSession, LongLabelsAreCutBetweenCharacters) {
  auto writer = SessionWriter::create(path_, sampleInfo(), false).value();
  std::string label = "x";
  for (int i = 0; i < 150; ++i) label += "ö";  // 301 bytes; byte 200 is in the middle of a character
  ASSERT_TRUE(writer->append(Event{{}, EventKind::kNote, label}).ok());
  ASSERT_TRUE(writer->finish(SessionState::kComplete, {}).ok());
  EXPECT_EQ(read(path_)->texts("/events/label").value()[0], label.substr(0, 199));
}

TEST_F(DatasetSession, LongConfigurationFits) {
  SessionInfo info = sampleInfo();
  info.configuration.assign(300'000, 'y');
  ASSERT_TRUE(SessionWriter::create(path_, info, false).value()->finish(SessionState::kComplete, {}).ok());
  EXPECT_EQ(read(path_)->textAttribute("/", "configuration"), info.configuration);
}

TEST_F(DatasetSession, AnExistingFileIsOnlyOverwrittenOnRequest) {
  std::ofstream(path_) << "precious";
  const auto refused = SessionWriter::create(path_, sampleInfo(), false);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(refused.error().sentence(), HasSubstr("--force"));
  EXPECT_EQ(std::filesystem::file_size(path_), 8U);
  auto forced = SessionWriter::create(path_, sampleInfo(), true);
  ASSERT_TRUE(forced.ok());
  EXPECT_TRUE(forced.value()->finish(SessionState::kComplete, {}).ok());
}

TEST_F(DatasetSession, PlacesThatCannotBeWrittenAreStorageErrors) {
  const auto noFolder = SessionWriter::create(folder_.file("no/such/folder.h5"), sampleInfo(), false);
  ASSERT_FALSE(noFolder.ok());
  EXPECT_EQ(noFolder.error().kind, ErrorKind::kStorage);
  EXPECT_THAT(noFolder.error().sentence(), HasSubstr("no folder"));
  const auto proc = SessionWriter::create("/proc/session.h5", sampleInfo(), false);
  ASSERT_FALSE(proc.ok());
  EXPECT_EQ(proc.error().kind, ErrorKind::kStorage);
  const auto directory = SessionWriter::create(folder_.file(""), sampleInfo(), true);
  ASSERT_FALSE(directory.ok());
  EXPECT_EQ(directory.error().kind, ErrorKind::kStorage);
}

TEST_F(DatasetSession, ContradictoryRequestsAreRefused) {
  SessionInfo info = sampleInfo();
  info.streams = {"a/b"};
  EXPECT_EQ(SessionWriter::create(path_, info, false).error().kind, ErrorKind::kBadInput);
  info = sampleInfo();
  info.calibration.doppler.reset();
  EXPECT_EQ(SessionWriter::create(path_, info, false).error().kind, ErrorKind::kBadInput);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(DatasetSession, AColumnOfAnotherLengthIsRefusedAndTheFileStaysSound) {
  auto writer = SessionWriter::create(path_, sampleInfo(), false).value();
  FrameResult bad = sampleFrame(0);
  bad.columns[8].grey.resize(kAxisLength + 1);
  const auto refused = writer->append(bad);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::kBadInput);
  EXPECT_TRUE(writer->append(sampleFrame(1)).ok());
  EXPECT_FALSE(writer->finish(SessionState::kComplete, {{"audio", {}}}).ok());  // no such stream
  EXPECT_TRUE(writer->finish(SessionState::kComplete, {{"video", {}}}).ok());
  EXPECT_FALSE(writer->flush().ok());
  EXPECT_THAT(writer->append(sampleFrame(2)).error().sentence(), HasSubstr("already finished"));
  EXPECT_THAT(verdict(path_), testing::IsEmpty());
}

TEST_F(DatasetSession, WithoutFinishTheDataAreKeptAndTheStatusSaysSo) {
  {
    auto writer = SessionWriter::create(path_, sampleInfo(), false).value();
    ASSERT_TRUE(writer->append(sampleFrame(0)).ok());
  }
  const auto reader = read(path_);
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->textAttribute("/", "status"), "recording");
  EXPECT_EQ(column(*reader, "/doppler/time").size(), 9U);
}

TEST_F(DatasetSession, ReaderNamesWhatIsWrongWithAFile) {
  const auto sentence = [&] { return SessionReader::open(path_).error().sentence(); };
  EXPECT_THAT(sentence(), HasSubstr("no such file"));
  std::ofstream(path_).close();
  EXPECT_THAT(sentence(), HasSubstr("empty file"));
  std::ofstream(path_) << "time_s,velocity\n0,1\n";
  EXPECT_THAT(sentence(), HasSubstr("not an HDF5 file"));
  std::filesystem::remove(path_);
  auto writer = SessionWriter::create(path_, sampleInfo(), false).value();
  EXPECT_THAT(sentence(), HasSubstr("is still being recorded"));
}

TEST_F(DatasetSession, IsWrittenByOneAtATime) {
  auto writer = SessionWriter::create(path_, sampleInfo(), false).value();
  ASSERT_TRUE(writer->append(sampleFrame(0)).ok());
  ASSERT_TRUE(writer->flush().ok());
  const auto second = SessionWriter::create(path_, sampleInfo(), true);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(second.error().sentence(), HasSubstr("another recording is writing this file"));
  ASSERT_TRUE(writer->finish(SessionState::kComplete, {}).ok());
  writer.reset();
  EXPECT_EQ(column(*read(path_), "/doppler/time").size(), 9U) << "the second has changed nothing";
  EXPECT_TRUE(SessionWriter::create(path_, sampleInfo(), true).ok());
}

}  // namespace
}  // namespace soleus::test
