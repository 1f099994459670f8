#include "tools/soleus/verify_speed.h"

#include <cmath>
#include <fstream>
#include <limits>
#include <vector>

#include "calibration/profile/profile.h"
#include "pipeline/core/measurement.h"
#include "pipeline/dataset/session_reader.h"
#include "tools/soleus/analysis.h"
#include "tools/soleus/input_file.h"
#include "tools/soleus/output_file.h"

namespace soleus {
namespace {

/// Columns as checkSpeed wants them.
struct Trace {
  std::vector<double> timeS;
  std::vector<double> cmPerS;
};

// What a flag calls doubtful is no reference.
constexpr int kDoubtful = kAliased | kLowSnr | kClipped | kCalibrationChanged | kOverlay;

Result<Trace> traceOf(const std::string& session, bool mean) {
  const auto reader = SessionReader::open(session);
  if (!reader.ok()) return reader.error();
  auto time = reader.value()->column("/doppler/time");
  if (!time.ok()) return time.error();
  auto velocity = reader.value()->column(mean ? "/doppler/mean_velocity" : "/doppler/peak_velocity");
  if (!velocity.ok()) return velocity.error();
  const auto quality = reader.value()->column("/doppler/quality");
  if (!quality.ok()) return quality.error();
  Trace trace{std::move(time).value(), std::move(velocity).value()};
  for (std::size_t i = 0; i < trace.cmPerS.size(); ++i) {
    if ((static_cast<int>(quality.value()[i]) & kDoubtful) != 0)
      trace.cmPerS[i] = std::numeric_limits<double>::quiet_NaN();
  }
  return trace;
}

Status write(const SpeedJob& job, const SpeedCheck& check, const std::string& path) {
  const auto recording = identifyInput(job.input);
  if (!recording.ok()) return recording.error();
  const auto profile = identifyInput(job.profilePath);
  if (!profile.ok()) return profile.error();
  std::ofstream out(path);
  out.precision(6);
  out << "# A calibration profile against a phantom of known speed. Nothing applies this by itself: true "
         "velocities\n"
         "# are 'correction_factor' times those measured with the profile, if the two uncertainties "
         "(standard) leave\n"
         "# that standing. The beam was at the profile's angle; another angle is another check.\n"
      << "schema: soleus.verification/1\n"
      << "profile: {sha256: " << profile.value().sha256 << "}\n"
      << "recording: {bytes: " << recording.value().bytes << ", sha256: " << recording.value().sha256 << "}\n"
      << "quantity: " << (job.mean ? "mean_velocity" : "peak_velocity") << "\n"
      << "known: {cm_per_s: " << check.known.cmPerS
      << ", uncertainty_cm_per_s: " << check.known.uncertaintyCmPerS << "}\n"
      << "measured: {cm_per_s: " << check.measured.cmPerS
      << ", uncertainty_cm_per_s: " << check.measured.uncertaintyCmPerS
      << ", scatter_cm_per_s: " << check.scatterCmPerS << ", covered_s: " << check.coveredS << "}\n"
      << "correction_factor: " << check.factor << "\n"
      << "correction_factor_uncertainty: " << check.factorUncertainty << "\n"
      << "differs: " << (check.differs() ? "true" : "false")
      << "   # from 1 by more than twice its uncertainty\n";
  out.close();
  if (!out) return Error{ErrorKind::kStorage, job.output, "cannot be written", "", ""};
  return Done{};
}

}  // namespace

Result<SpeedCheck> verifySpeed(const SpeedJob& job) {
  if (const Status usable = checkInput(job.profilePath); !usable.ok()) return usable.error();
  const auto profile = loadProfile(job.profilePath);
  if (!profile.ok()) return profile.error();
  if (!profile.value().doppler) {
    return Error{ErrorKind::kBadInput, job.profilePath, "has no velocity scale to verify",
                 "no doppler section", "one"};
  }
  auto output = OutputFile::reserve(job.output, job.force, {job.input, job.profilePath});
  if (!output.ok()) return output.error();
  // Only for its numbers: it goes again when this returns.
  auto session = OutputFile::reserve(job.output + ".h5", true, {job.input, job.profilePath});
  if (!session.ok()) return session.error();
  AnalysisJob analysis;
  analysis.input = job.input;
  analysis.output = session.value()->temporaryPath();
  analysis.from = "video";
  analysis.force = true;
  analysis.tracker.calibrationPath = job.profilePath;
  if (const Status measured = analyse(analysis); !measured.ok()) return measured.error();
  const auto trace = traceOf(analysis.output, job.mean);
  if (!trace.ok()) return trace.error();
  const auto check = checkSpeed(trace.value().timeS, trace.value().cmPerS,
                                profile.value().doppler->secondsPerPixel, job.known, job.input);
  if (!check.ok()) return check.error();
  if (const Status written = write(job, check.value(), output.value()->temporaryPath()); !written.ok())
    return written.error();
  if (const Status kept = output.value()->keep(); !kept.ok()) return kept.error();
  return check;
}

}  // namespace soleus
