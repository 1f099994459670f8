/// What a DICOM file says of its picture, as plain structs. Names and codes are those of PS3.3 (C.8.5.5, US
/// Region Calibration; C.7.6.5, Cine); numbers stand as in the file, unchecked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace soleus {

/// RegionSpatialFormat (0018,6012).
enum class SpatialFormat : int {
  kNone = 0,
  k2d = 1,
  kMMode = 2,
  kSpectral = 3,
  kWaveform = 4,
  kGraphics = 5
};
/// RegionDataType (0018,6014); others exist.
enum class RegionData : int { kNone = 0, kTissue = 1, kColourFlow = 2, kPw = 3, kCw = 4 };
/// PhysicalUnitsXDirection (0018,6024) and Y (0018,6026); others exist.
enum class RegionUnits : int { kNone = 0, kCm = 3, kSeconds = 4, kHertz = 5, kCmPerSecond = 7 };

/// An item of SequenceOfUltrasoundRegions (0018,6011). What the file doesn't hold is empty.
struct UltrasoundRegion {
  /// Both ends belong to the region; in pixels of the picture, as a rule.
  struct Box {
    std::int64_t left = 0;
    std::int64_t top = 0;
    std::int64_t right = 0;
    std::int64_t bottom = 0;
  };
  SpatialFormat format = SpatialFormat::kNone;
  RegionData data = RegionData::kNone;
  std::uint32_t flags = 0;
  std::optional<Box> box;
  /// From the upper left pixel of the box; may lie outside of it, also above or left.
  std::optional<std::int64_t> referencePixelX;
  std::optional<std::int64_t> referencePixelY;
  RegionUnits unitsX = RegionUnits::kNone;
  RegionUnits unitsY = RegionUnits::kNone;
  std::optional<double> referenceValueX;  ///< at the centre of the reference pixel
  std::optional<double> referenceValueY;
  std::optional<double> deltaX;  ///< units per pixel to the right; may be negative
  std::optional<double> deltaY;  ///< units per pixel down; negative where the values grow upward
  std::optional<double> transducerFrequencyKHz;
  std::optional<double> prfHz;
  std::optional<double> correctionAngleDegrees;
  std::optional<double> steeringAngleDegrees;
  std::optional<std::int64_t> sampleVolumeX;
  std::optional<std::int64_t> sampleVolumeY;

  /// RegionFlags, bits 3 and 4: how the region moves.
  enum class Motion { kUnknown = 0, kScroll = 1, kSweep = 2, kReserved = 3 };
  [[nodiscard]] Motion motion() const { return static_cast<Motion>((flags >> 3) & 3U); }
  void setMotion(Motion motion) { flags = (flags & ~(3U << 3)) | (static_cast<std::uint32_t>(motion) << 3); }
  /// RegionFlags, bit 2: of a spectrum.
  [[nodiscard]] bool flaggedAsFrequency() const { return (flags & 4U) != 0; }
};

/// The cine module, and what else dates frames.
struct CineModule {
  enum class Pointer { kNone, kFrameTime, kFrameTimeVector };
  Pointer pointer = Pointer::kNone;       ///< FrameIncrementPointer (0028,0009)
  std::optional<double> frameTimeMs;      ///< FrameTime (0018,1063)
  std::vector<double> frameTimeVectorMs;  ///< FrameTimeVector (0018,1065)
  std::optional<double> cineRateHz;       ///< CineRate (0018,0040)
  std::optional<double> displayRateHz;    ///< RecommendedDisplayFrameRate (0008,2144)
};

struct DicomDescription {
  std::string transferSyntax;  ///< its name: "JPEG Baseline"
  std::string photometricInterpretation;
  int width = 0;
  int height = 0;
  std::int64_t frames = 1;
  CineModule cine;
  std::vector<UltrasoundRegion> regions;
  std::optional<bool> identityBurnedIn;  ///< BurnedInAnnotation (0028,0301)
};

}  // namespace soleus
