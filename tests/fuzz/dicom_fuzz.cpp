// What the program does with a DICOM file, done to any bytes.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "calibration/dicom/dicom_file.h"
#include "calibration/dicom/frame_times.h"
#include "calibration/dicom/profile_match.h"
#include "calibration/dicom/region_names.h"
#include "calibration/dicom/region_profile.h"
#include "calibration/profile/profile.h"

namespace {

// Larger frames only cost time.
constexpr int kMostDecodedPx = 256;

/// A file in memory that has a name.
class MemoryFile {
 public:
  MemoryFile() : handle_(memfd_create("input.dcm", 0)), path_("/proc/self/fd/" + std::to_string(handle_)) {
    if (handle_ < 0) std::abort();
  }
  ~MemoryFile() { close(handle_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  const std::string& hold(const std::uint8_t* data, std::size_t size) {
    if (ftruncate(handle_, 0) != 0 || pwrite(handle_, data, size, 0) != static_cast<ssize_t>(size))
      std::abort();
    return path_;
  }

 private:
  int handle_;
  std::string path_;
};

/// A profile that is found must be one that can be read.
void askForProfile(const soleus::DicomDescription& dicom, const soleus::RegionOptions& options) {
  const auto found = soleus::profileOfRegions(dicom, options, "input.dcm");
  if (!found.ok()) return;
  const auto& profile = found.value().profile;
  if (!soleus::parseProfile(profile.yaml, "found").ok()) std::abort();
  (void)soleus::matchProfile(dicom, profile, "found");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static MemoryFile memory;
  const auto file = soleus::DicomFile::open(memory.hold(data, size));
  if (!file.ok()) return 0;
  const soleus::DicomDescription& dicom = file.value()->description();
  (void)soleus::listRegions(dicom.regions);
  (void)soleus::frameTimes(dicom.cine, dicom.frames, "input.dcm");
  soleus::RegionOptions options;
  askForProfile(dicom, options);
  options.towardHeart = soleus::Side::kUp;
  askForProfile(dicom, options);
  options.angleDegrees = 60;
  options.display = soleus::Display::kSweep;
  options.transmitFrequencyHz = 5e6;
  options.coordinates = soleus::RegionOptions::Size{2 * dicom.width, 2 * dicom.height};
  for (int number = 1; number <= 4; ++number) {
    options.regions = {number};
    askForProfile(dicom, options);
  }
  cv::Mat rgb;
  if (dicom.width <= kMostDecodedPx && dicom.height <= kMostDecodedPx) {
    (void)file.value()->readFrame(0, rgb);
    (void)file.value()->readFrame(dicom.frames - 1, rgb);
  }
  return 0;
}
