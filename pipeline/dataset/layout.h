/// The session layout of the public contract as data: what the writer creates and verify expects.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace soleus {

inline constexpr const char* kSessionSchema = "soleus.session/1";

enum class ColumnType { kFloat64, kFloat32, kInt64, kUint8, kText };

/// A column of a table: a 1-D dataset (text: [rows, textBytes] of single characters).
struct ColumnSpec {
  std::string_view name;
  ColumnType type;
  std::string_view units;  ///< UDUNITS; "1" for a pure number, none for text
  std::string_view longName;
  std::string_view flagMeanings = {};  ///< not empty: CF flags
  bool flagsAreBits = false;           ///< flag_masks 1, 2, 4, ... instead of flag_values 0, 1, 2, ...
  std::size_t textBytes = 0;
};

/// A group of columns of equal length. The first column is the dimension scale of all.
struct TableSpec {
  std::span<const ColumnSpec> columns;
  std::size_t chunkRows;
};

/// Number of words in `flagMeanings`.
std::size_t flagCount(std::string_view flagMeanings);

extern const TableSpec kDopplerTable;  ///< without velocity and spectrum
extern const TableSpec
    kUncertaintyTable;  ///< more columns of /doppler, on its time: what is known of the error
extern const TableSpec kBroadeningTable;  ///< likewise; only where the aperture is known
extern const TableSpec kVesselTable;
extern const TableSpec kVesselAngleTable;  ///< one more column of /vessel, on its time
extern const TableSpec kFlowTable;
extern const TableSpec kContractionTable;
extern const TableSpec
    kContractionUncertaintyTable;  ///< more columns of /contractions, of rows that were measured
extern const TableSpec kEventTable;
extern const TableSpec kSignalTable;  ///< /signals/NAME, the units apart
extern const TableSpec kStreamTable;  ///< /streams/NAME
extern const TableSpec kGapTable;     ///< /streams/NAME/gaps
extern const TableSpec kClockTable;   ///< /streams/NAME/clock

/// Stored grey that stands for "no spectrum here"; a saturated 255 is stored as 254, so that 0, the power at
/// the lower end of the dynamic range, stays a value. It is also netCDF's own default for this type.
inline constexpr std::uint8_t kSpectrumFill = 255;

/// Rows of a chunk of /doppler/spectrum: about one second of columns at 270 a second, 70 to 150 kB, so that
/// the flush of each second rewrites at most one chunk that is not yet full.
inline constexpr std::size_t kSpectrumChunkRows = 256;

}  // namespace soleus
