// Each kind of damage to a sound session is named by verifySession, with the object.
#include <gmock/gmock.h>

#include <fstream>
#include <functional>

#include "pipeline/dataset/h5.h"
#include "pipeline/dataset/h5_attribute.h"
#include "tests/unit/dataset_sample.h"

namespace soleus::test {
namespace {

using h5::Handle;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

/// Edits of a file that HDF5 itself finds in order.
class Editor {
 public:
  explicit Editor(const std::string& path)
      : file_((h5::prepare(), H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT)), H5Fclose, "open") {}

  void remove(const char* path) const { h5::check(H5Ldelete(file_.id(), path, H5P_DEFAULT), "delete", path); }
  void rename(const char* from, const char* to) const {
    h5::check(H5Lmove(file_.id(), from, file_.id(), to, H5P_DEFAULT, H5P_DEFAULT), "move", from);
  }
  void setText(const char* path, const char* name, const char* value) const {
    h5::writeText(object(path).id(), name, value);
  }
  void setCount(const char* path, const char* name, std::int64_t value) const {
    h5::writeCount(object(path).id(), name, value);
  }
  void setNumber(const char* path, const char* name, double value) const {
    const Handle target = object(path);
    h5::check(H5Adelete(target.id(), name), "delete attribute", name);
    h5::writeNumber(target.id(), name, value);
  }
  void setBytes(const char* path, const char* name, const std::vector<std::uint8_t>& values) const {
    const Handle target = object(path);
    h5::check(H5Adelete(target.id(), name), "delete attribute", name);
    h5::writeBytes(target.id(), name, values);
  }
  void removeAttribute(const char* path, const char* name) const {
    h5::check(H5Adelete(object(path).id(), name), "delete attribute", name);
  }
  void setValue(const char* path, hsize_t index, double value) const {
    const Handle dataset = open(path);
    const Handle space(H5Dget_space(dataset.id()), H5Sclose, "space");
    const hsize_t one = 1;
    h5::check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, &index, nullptr, &one, nullptr), "select");
    const Handle memory(H5Screate_simple(1, &one, nullptr), H5Sclose, "space");
    h5::check(H5Dwrite(dataset.id(), H5T_NATIVE_DOUBLE, memory.id(), space.id(), H5P_DEFAULT, &value),
              "write");
  }
  void setLength(const char* path, hsize_t rows) const {
    h5::check(H5Dset_extent(open(path).id(), &rows), "extend", path);
  }
  /// Puts a 1-D dataset of another type, without attributes, in the place of one.
  void replace(const char* path, hid_t type, hsize_t rows) const {
    remove(path);
    const Handle space(H5Screate_simple(1, &rows, nullptr), H5Sclose, "space");
    const Handle made(H5Dcreate2(file_.id(), path, type, space.id(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                      H5Dclose, "create");
  }

 private:
  [[nodiscard]] Handle object(const char* path) const {
    return {H5Oopen(file_.id(), path, H5P_DEFAULT), H5Oclose, "open", path};
  }
  [[nodiscard]] Handle open(const char* path) const {
    return {H5Dopen2(file_.id(), path, H5P_DEFAULT), H5Dclose, "open", path};
  }
  Handle file_;
};

struct Damage {
  const char* name;
  std::function<void(const Editor&)> apply;
  const char* says;  ///< part of the finding: object and fault
};

class DatasetDamage : public testing::TestWithParam<Damage> {};

TEST_P(DatasetDamage, IsNamed) {
  const ScratchFolder folder;
  const std::string path = folder.file("damaged.h5");
  writeSample(path);
  ASSERT_THAT(verdict(path), IsEmpty());
  GetParam().apply(Editor(path));
  EXPECT_THAT(verdict(path), Contains(HasSubstr(GetParam().says)));
}

const Damage kDamages[] = {
    {"schema", [](const Editor& e) { e.setText("/", "schema", "soleus.session/9"); },
     "/: attribute 'schema' is 'soleus.session/9', expected soleus.session/1"},
    {"stillRecording", [](const Editor& e) { e.setText("/", "status", "recording"); },
     "/: attribute 'status' is 'recording'"},
    {"noSubject", [](const Editor& e) { e.removeAttribute("/", "subject"); },
     "/: attribute 'subject' is missing"},
    {"noCalibration", [](const Editor& e) { e.setText("/", "calibration", ""); },
     "/: attribute 'calibration' is missing or empty"},
    {"localDate", [](const Editor& e) { e.setText("/", "created_utc", "31.5.2024 12:00"); },
     "/: attribute 'created_utc' is '31.5.2024 12:00', expected ISO 8601"},
    {"notAUuid", [](const Editor& e) { e.setText("/", "session_id", "7"); }, "/: attribute 'session_id'"},
    {"calibrationIsNoProfile",
     [](const Editor& e) { e.setText("/", "calibration", "# schema soleus.calibration/1\nangle: 60\n"); },
     "/: attribute 'calibration' is no profile, expected one of schema: soleus.calibration/1"},
    {"calibrationOfAnotherVersion",
     [](const Editor& e) { e.setText("/", "calibration", "schema: soleus.calibration/12\n"); },
     "/: attribute 'calibration' is no profile"},
    {"missingDataset", [](const Editor& e) { e.remove("/doppler/mean_velocity"); },
     "/doppler/mean_velocity: missing"},
    {"negativeUncertainty", [](const Editor& e) { e.setValue("/doppler/peak_velocity_uncertainty", 4, -1); },
     "/doppler/peak_velocity_uncertainty: is -1 at entry 4, expected 0 to inf"},
    {"shortUncertainty", [](const Editor& e) { e.setLength("/doppler/mean_velocity_hidden", 100); },
     "/doppler/mean_velocity_hidden: has 100 entries, expected 810"},
    {"missingAxis", [](const Editor& e) { e.remove("/doppler/velocity"); }, "/doppler/velocity: missing"},
    {"missingEvents", [](const Editor& e) { e.remove("/events"); }, "/events/time: missing"},
    {"missingColumn", [](const Editor& e) { e.rename("/contractions/vti_cm", "/contractions/vti"); },
     "/contractions/vti_cm: missing"},
    {"wrongUnits", [](const Editor& e) { e.setText("/doppler/peak_velocity", "units", "m s-1"); },
     "/doppler/peak_velocity: attribute 'units' is 'm s-1', expected 'cm s-1'"},
    {"noUnits", [](const Editor& e) { e.removeAttribute("/vessel/area", "units"); },
     "/vessel/area: attribute 'units' is missing or not text, expected 'mm2'"},
    {"wrongType", [](const Editor& e) { e.replace("/doppler/snr", H5T_IEEE_F64LE, 810); },
     "/doppler/snr: stored as float64, expected float32"},
    {"noScale", [](const Editor& e) { e.replace("/doppler/snr", H5T_IEEE_F32LE, 810); },
     "/doppler/snr: dimension 0 does not have the scale /doppler/time"},
    {"timeStepsBack", [](const Editor& e) { e.setValue("/doppler/time", 400, 0.5); },
     "/doppler/time: does not increase at entry 400: 0.5 after "},
    {"timeRepeats", [](const Editor& e) { e.setValue("/vessel/time", 30, 29 / 30.0 - 1e-12); },
     "/vessel/time: does not increase at entry 30"},
    {"timeNotFinite", [](const Editor& e) { e.setValue("/doppler/time", 7, NAN); },
     "/doppler/time: is not finite at entry 7"},
    {"timesBeforeTheSession",
     [](const Editor& e) {
       for (int i = 0; i < 810; ++i) e.setValue("/doppler/time", i, columnTimeS(i) - 5);
     },
     "/doppler/time: is -4.998"},
    // Columns come every 3.7 ms.
    {"vesselBeforeTheSession", [](const Editor& e) { e.setValue("/vessel/time", 0, -0.004); },
     "/vessel/time: is -0.004 s at entry 0"},
    {"eventBeforeTheSession", [](const Editor& e) { e.setValue("/events/time", 0, -5); },
     "/events/time: is -5 s at entry 0, expected none before 0"},
    {"sampleBeforeTheSession", [](const Editor& e) { e.setValue("/streams/video/session_time_ns", 0, -5e9); },
     "/streams/video/session_time_ns: is -5 s at entry 0"},
    {"gapBeforeTheSession", [](const Editor& e) { e.setValue("/streams/video/gaps/start_s", 0, -5); },
     "/streams/video/gaps/start_s: is -5 s at entry 0"},
    {"streamStepsBack", [](const Editor& e) { e.setValue("/streams/video/session_time_ns", 30, 9e8); },
     "/streams/video/session_time_ns: steps back at entry 30: 900000000 after "},
    {"flowAtOtherTimes", [](const Editor& e) { e.setValue("/flow/time", 809, 3.5); },
     "/flow/time: is 3.5 at entry 809, expected 2.998"},
    {"unequalLengths", [](const Editor& e) { e.setLength("/doppler/quality", 809); },
     "/doppler/quality: has 809 entries, expected 810 as in /doppler/time"},
    {"unequalTable", [](const Editor& e) { e.setLength("/contractions/end_s", 1); },
     "/contractions/end_s: has 1 entries, expected 2"},
    {"shortFlow",
     [](const Editor& e) {
       e.setLength("/flow/time", 100);
       e.setLength("/flow/volume_flow", 100);
     },
     "/flow/time: has 100 entries, expected 810 as in /doppler/time"},
    {"descendingAxis",
     [](const Editor& e) {
       for (int i = 0; i < kAxisLength; ++i) e.setValue("/doppler/velocity", i, 31 - 2 * i);
     },
     "/doppler/velocity: does not increase at entry 1"},
    {"packing", [](const Editor& e) { e.removeAttribute("/doppler/spectrum", "scale_factor"); },
     "/doppler/spectrum: attribute 'scale_factor' is missing"},
    // 51 dB in 255 steps of 0.2.
    {"packingOffset", [](const Editor& e) { e.setNumber("/doppler/spectrum", "add_offset", -40); },
     "/doppler/spectrum: attribute 'add_offset' is -40, expected -51"},
    {"packingScale", [](const Editor& e) { e.setNumber("/doppler/spectrum", "scale_factor", 1); },
     "/doppler/spectrum: attribute 'add_offset' is -51, expected -255"},
    {"packingFill", [](const Editor& e) { e.setBytes("/doppler/spectrum", "_FillValue", {0}); },
     "/doppler/spectrum: attribute '_FillValue' is 0, expected 255"},
    {"flagMasks",
     [](const Editor& e) {
       e.setBytes("/doppler/quality", "flag_masks", {1, 2, 3});
     },
     "/doppler/quality: attribute 'flag_masks'"},
    {"flagMeanings", [](const Editor& e) { e.setText("/events/kind", "flag_meanings", "cue mark"); },
     "/events/kind: attribute 'flag_meanings' is 'cue mark'"},
    {"unknownFlag", [](const Editor& e) { e.setValue("/doppler/quality", 3, 64); },
     "/doppler/quality: is 64 at entry 3, expected 0 to 63"},
    {"unknownKind", [](const Editor& e) { e.setValue("/events/kind", 1, 6); },
     "/events/kind: is 6 at entry 1"},
    {"positiveReverse", [](const Editor& e) { e.setValue("/doppler/peak_velocity_reverse", 5, 4); },
     "/doppler/peak_velocity_reverse: is 4 at entry 5, expected -64 to 0"},
    {"negativeForward", [](const Editor& e) { e.setValue("/doppler/peak_velocity_forward", 5, -4); },
     "/doppler/peak_velocity_forward: is -4 at entry 5"},
    // 32 rows of 2 cm/s: the axis spans 64 cm/s with its half rows at both ends.
    {"beyondTheAxis", [](const Editor& e) { e.setValue("/doppler/peak_velocity", 9, 65); },
     "/doppler/peak_velocity: is 65 at entry 9, expected -64 to 64"},
    // At entry 9 forward is 9 and reverse is -1.
    {"peakOfNoDirection", [](const Editor& e) { e.setValue("/doppler/peak_velocity", 9, 8); },
     "/doppler/peak_velocity: is 8 at entry 9, expected 9 of forward or -1 of reverse"},
    {"peakWhereNothingFlows",
     [](const Editor& e) {
       e.setValue("/doppler/peak_velocity_reverse", 30, 0);
       e.setValue("/doppler/peak_velocity", 30, 5);
     },
     "/doppler/peak_velocity: is 5 at entry 30, expected 0 of forward or 0 of reverse"},
    // One row of this axis is 2 cm/s, and so is 1/32 of it.
    {"meanAboveTheEnvelope", [](const Editor& e) { e.setValue("/doppler/mean_velocity", 9, 11.5); },
     "/doppler/mean_velocity: is 11.5 at entry 9, expected -3 to 11"},
    {"meanBelowTheEnvelope", [](const Editor& e) { e.setValue("/doppler/mean_velocity", 9, -3.5); },
     "/doppler/mean_velocity: is -3.5 at entry 9, expected -3 to 11"},
    {"infiniteSnr", [](const Editor& e) { e.setValue("/doppler/snr", 4, -INFINITY); },
     "/doppler/snr: is infinite at entry 4"},
    {"infiniteFlow", [](const Editor& e) { e.setValue("/flow/volume_flow", 4, INFINITY); },
     "/flow/volume_flow: is infinite at entry 4"},
    {"infiniteRatio", [](const Editor& e) { e.setValue("/contractions/augmentation_ratio", 1, INFINITY); },
     "/contractions/augmentation_ratio: is infinite at entry 1"},
    {"infiniteDrift", [](const Editor& e) { e.setValue("/streams/video/clock/drift_ppm", 0, INFINITY); },
     "/streams/video/clock/drift_ppm: is infinite at entry 0"},
    // A diameter of 7.5 mm is 44.18 mm2; the radius taken for it gives 11.
    {"areaOfTheRadius", [](const Editor& e) { e.setValue("/vessel/area", 3, 11); },
     "/vessel/area: is 11 mm2 at entry 3, expected 44.178"},
    {"confidence", [](const Editor& e) { e.setValue("/vessel/confidence", 0, 90); },
     "/vessel/confidence: is 90 at entry 0, expected 0 to 1"},
    {"angleBeyondASquare", [](const Editor& e) { e.setValue("/vessel/angle", 2, 101); },
     "/vessel/angle: is 101 at entry 2, expected 0 to 90"},
    {"contractionElsewhere", [](const Editor& e) { e.setValue("/contractions/onset_s", 0, 500); },
     "/contractions/onset_s: is 500 at entry 0"},
    {"contractionBackwards", [](const Editor& e) { e.setValue("/contractions/peak_s", 1, 1.0); },
     "/contractions/peak_s: is before flow_onset_s at entry 1"},
    {"unbalanced", [](const Editor& e) { e.setCount("/streams/video", "received", 131); },
     "/streams/video: does not balance: received 131, written 90 + dropped 40"},
    {"unexplained", [](const Editor& e) { e.removeAttribute("/streams/video", "dropped_stall"); },
     "/streams/video: does not balance: received 130, written 90 + dropped 30"},
    {"writtenIsNotThere",
     [](const Editor& e) {
       e.setCount("/streams/video", "received", 131);
       e.setCount("/streams/video", "written", 91);
     },
     "/streams/video: attribute 'written' is 91, expected 90"},
    {"noTotals", [](const Editor& e) { e.removeAttribute("/streams/video", "received"); },
     "/streams/video: attribute 'received' is missing"},
    {"sequenceRepeats", [](const Editor& e) { e.setValue("/streams/video/sequence", 3, 2); },
     "/streams/video/sequence: does not increase at entry 3"},
    {"gapBackwards", [](const Editor& e) { e.setValue("/streams/video/gaps/end_s", 1, 0); },
     "/streams/video/gaps: ends before it starts at entry 1"},
    {"gapOverdrawn", [](const Editor& e) { e.setValue("/streams/video/gaps/count", 0, 31); },
     "/streams/video/gaps: list 31 losses, more than 30 in 'dropped_overload'"},
    {"gapOfNothing", [](const Editor& e) { e.setValue("/streams/video/gaps/count", 0, 0); },
     "/streams/video/gaps/count: is 0 at entry 0"},
    {"noMeasurement",
     [](const Editor& e) {
       for (const char* group : {"/doppler", "/vessel", "/flow", "/streams"}) e.remove(group);
     },
     "/: holds no measurement"},
};

/// What may look like damage and is none.
class DatasetSoundness : public testing::Test {
 protected:
  void SetUp() override { writeSample(path_); }
  ScratchFolder folder_;
  std::string path_ = folder_.file("session.h5");
};

TEST_F(DatasetSoundness, ALongitudinalViewHasDiametersWithoutAreas) {
  for (int i = 0; i < 90; ++i) Editor(path_).setValue("/vessel/area", static_cast<hsize_t>(i), NAN);
  EXPECT_THAT(verdict(path_), IsEmpty());
}

TEST_F(DatasetSoundness, AnOlderSessionHasNoAngles) {
  Editor(path_).remove("/vessel/angle");
  EXPECT_THAT(verdict(path_), IsEmpty());
}

TEST_F(DatasetSoundness, TheFirstColumnMayBeginAStepBeforeTheSession) {
  Editor(path_).setValue("/doppler/time", 0, -0.5 / kColumnsPerSecond);
  Editor(path_).setValue("/flow/time", 0, -0.5 / kColumnsPerSecond);
  EXPECT_THAT(verdict(path_), IsEmpty());
}

TEST_F(DatasetSoundness, VelocitiesMayBeMissing) {
  for (const char* name : {"peak_velocity", "peak_velocity_forward", "peak_velocity_reverse"}) {
    Editor(path_).setValue((std::string("/doppler/") + name).c_str(), 7, NAN);
  }
  Editor(path_).setValue("/doppler/mean_velocity", 8, NAN);
  EXPECT_THAT(verdict(path_), IsEmpty());
}

TEST_F(DatasetSoundness, ADuplicateStampIsNoStepBack) {
  Editor(path_).setValue("/streams/video/session_time_ns", 1, 0);
  EXPECT_THAT(verdict(path_), IsEmpty());
}

TEST_F(DatasetSoundness, AProfileMayBeWrittenInAnyYaml) {
  for (const char* yaml : {"# schema of the lab\n'schema' :  \"soleus.calibration/1\" # ours\n",
                           "{\"schema\":\"soleus.calibration/1\",\"screen\":{}}"}) {
    Editor(path_).setText("/", "calibration", yaml);
    EXPECT_THAT(verdict(path_), IsEmpty()) << yaml;
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, DatasetDamage, testing::ValuesIn(kDamages),
                         [](const auto& damage) { return std::string(damage.param.name); });

class DatasetBytes : public testing::Test {
 protected:
  void SetUp() override {
    writeSample(path_);
    std::ifstream in(path_, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(in), {});
  }
  void store(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }
  ScratchFolder folder_;
  std::string path_ = folder_.file("session.h5");
  std::string bytes_;
};

TEST_F(DatasetBytes, TruncatedFilesAreErrors) {
  for (const double share : {0.0001, 0.01, 0.3, 0.5, 0.9, 0.999}) {
    store(bytes_.substr(0, static_cast<std::size_t>(share * static_cast<double>(bytes_.size()))));
    const auto findings = verifySession(path_);
    ASSERT_FALSE(findings.ok()) << share;
    EXPECT_EQ(findings.error().kind, ErrorKind::kBadInput);
    EXPECT_THAT(findings.error().sentence(), HasSubstr("session.h5: "));
  }
}

TEST_F(DatasetBytes, TextAndNothingAreErrors) {
  store("time_s,velocity\n0.0,1.0\n");
  EXPECT_THAT(verifySession(path_).error().sentence(), HasSubstr("not an HDF5 file"));
  EXPECT_THAT(verifySession(folder_.file("none.h5")).error().sentence(), HasSubstr("no such file"));
  EXPECT_THAT(verifySession(folder_.file("")).error().sentence(), HasSubstr("a folder"));
}

TEST_F(DatasetBytes, AnotherHdf5FileIsNoSession) {
  h5::prepare();
  const std::string other = folder_.file("other.h5");
  Handle(H5Fcreate(other.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose, "create");
  EXPECT_THAT(verdict(other), Contains(HasSubstr("/: attribute 'schema' is missing")));
}

TEST_F(DatasetBytes, AFileLeftOpenIsNamedAndNotToBeWritten) {
  bytes_[11] = 5;  // the superblock's flags: open for SWMR writing
  store(bytes_);
  EXPECT_THAT(verifySession(path_).error().sentence(),
              HasSubstr("up to the last flush is intact, and soleus repair makes a readable copy of it"));
}

}  // namespace
}  // namespace soleus::test
