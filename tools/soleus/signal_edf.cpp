#include "tools/soleus/signal_edf.h"

#include <edflib.h>

#include <memory>
#include <string>
#include <utility>

namespace soleus {
namespace {

/// Texts of the header are filled up with spaces.
std::string trimmed(const std::string& text) {
  const std::size_t end = text.find_last_not_of(' ');
  return end == std::string::npos ? std::string{} : text.substr(0, end + 1);
}

std::string reasonOf(int fault) {
  switch (fault) {
    case EDFLIB_FILE_IS_DISCONTINUOUS:
      return "a recording with pauses (EDF+D)";
    case EDFLIB_FILE_CONTAINS_FORMAT_ERRORS:
      return "a header against the format";
    case EDFLIB_NO_SUCH_FILE_OR_DIRECTORY:
      return "no such file";
    default:
      return "fault " + std::to_string(fault) + " of EDFlib";
  }
}

/// An open file; EDFlib counts open ones itself.
struct Edf {
  edf_hdr_struct header{};
  Edf() = default;
  Edf(const Edf&) = delete;
  Edf& operator=(const Edf&) = delete;
  ~Edf() {
    if (header.handle >= 0) edfclose_file(header.handle);
  }
};

/// Index of the channel that is asked for, -1 if there is none.
int channelOf(const edf_hdr_struct& header, const std::string& channel) {
  if (channel.empty()) return header.edfsignals == 1 ? 0 : -1;
  for (int n = 0; n < header.edfsignals; ++n) {
    if (trimmed(header.signalparam[n].label) == channel || std::to_string(n + 1) == channel) return n;
  }
  return -1;
}

std::string labels(const edf_hdr_struct& header) {
  std::string all;
  for (int n = 0; n < header.edfsignals; ++n)
    all += (n == 0 ? "'" : ", '") + trimmed(header.signalparam[n].label) + "'";
  return all.empty() ? "none" : all;
}

}  // namespace

Result<SignalRecording> readEdfSignal(const SignalRequest& request) {
  Edf edf;
  edf.header.handle = -1;
  if (edfopen_file_readonly(request.file.c_str(), &edf.header, EDFLIB_DO_NOT_READ_ANNOTATIONS) != 0) {
    edf.header.handle = -1;
    return Error{ErrorKind::kBadInput, request.file, "cannot be read as EDF or BDF",
                 reasonOf(edf.header.filetype), "a continuous recording"};
  }
  const int channel = channelOf(edf.header, request.channel);
  if (channel < 0) {
    return Error{ErrorKind::kBadInput, request.file,
                 request.channel.empty() ? "which channel is not clear" : "has no such channel",
                 request.channel.empty() ? std::to_string(edf.header.edfsignals) + " channels"
                                         : "no '" + request.channel + "'",
                 "FILE#CHANNEL with one of " + labels(edf.header)};
  }
  const edf_param_struct& param = edf.header.signalparam[channel];
  const auto samples = static_cast<std::size_t>(param.smp_in_file);
  std::vector<double> values(samples);
  if (samples == 0 || edfread_physical_samples(edf.header.handle, channel, static_cast<int>(samples),
                                               values.data()) != static_cast<int>(samples)) {
    return Error{ErrorKind::kBadInput, request.file, "is cut short",
                 "not the " + std::to_string(samples) + " samples of its header", "a whole file"};
  }
  SignalRecording signal;
  signal.units = trimmed(param.physdimension);
  if (signal.units.empty()) signal.units = "1";
  const double recordS = static_cast<double>(edf.header.datarecord_duration) / EDFLIB_TIME_DIMENSION;
  signal.samplesPerSecond = param.smp_in_datarecord / recordS;
  // An EDF+ file may begin a fraction of a second after its stated start.
  const double startS = static_cast<double>(edf.header.starttime_subsecond) / EDFLIB_TIME_DIMENSION;
  for (std::size_t n = 0; n < samples; ++n) {
    signal.timeS.push_back(startS + static_cast<double>(n) / signal.samplesPerSecond);
    signal.value.push_back(static_cast<float>(values[n]));
  }
  return signal;
}

}  // namespace soleus
