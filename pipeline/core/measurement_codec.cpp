#include "pipeline/core/measurement_codec.h"

#include <array>
#include <cstring>
#include <type_traits>

namespace soleus {
namespace {

// Layout: Header, columns + ahead x ColumnRecord, vessel x VesselRecord, events x EventRecord, columns +
// ahead x bins grey bytes, then the labels of the events one after another. The digit in the magic is the
// version.
constexpr std::array<char, 8> kMagic{'S', 'O', 'L', 'E', 'U', 'S', 'M', '5'};

struct Header {
  std::array<char, 8> magic;
  std::uint64_t sequence;
  std::int64_t frameTimeNs;
  std::uint32_t endOfStream;
  std::uint32_t columns;
  std::uint32_t bins;
  std::uint32_t vessel;
  std::uint32_t events;
  std::uint32_t ahead;
  std::uint64_t aheadKept;
};
static_assert(sizeof(Header) == 56 && std::is_trivially_copyable_v<Header>);

struct ColumnRecord {
  std::int64_t timeNs;
  float peakCmPerS;
  float peakForwardCmPerS;
  float peakReverseCmPerS;
  float meanCmPerS;
  float snrDb;
  float peakUncertaintyCmPerS;
  float meanUncertaintyCmPerS;
  float meanHiddenCmPerS;
  float volumeFlowMlPerMin;
  std::uint32_t quality;
};
static_assert(sizeof(ColumnRecord) == 48 && std::is_trivially_copyable_v<ColumnRecord>);

struct VesselRecord {
  std::int64_t timeNs;
  float diameterMm;
  float areaMm2;
  float confidence;
  float angleDegrees;
};
static_assert(sizeof(VesselRecord) == 24 && std::is_trivially_copyable_v<VesselRecord>);

struct EventRecord {
  std::int64_t timeNs;
  std::uint32_t kind;
  std::uint32_t labelBytes;
};
static_assert(sizeof(EventRecord) == 16 && std::is_trivially_copyable_v<EventRecord>);

class Writer {
 public:
  explicit Writer(std::size_t bytes) { bytes_.reserve(bytes); }
  template <class T>
  void put(const T& record) {
    put(&record, sizeof(T));
  }
  void put(const void* data, std::size_t size) {
    const auto* first = static_cast<const std::uint8_t*>(data);
    bytes_.insert(bytes_.end(), first, first + size);
  }
  std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  template <class T>
  T take() {
    T record;
    std::memcpy(&record, bytes_.data(), sizeof(T));
    bytes_ = bytes_.subspan(sizeof(T));
    return record;
  }
  std::span<const std::uint8_t> take(std::size_t size) {
    const auto part = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return part;
  }
  [[nodiscard]] std::size_t left() const { return bytes_.size(); }

 private:
  std::span<const std::uint8_t> bytes_;
};

Error broken(const std::string& found) {
  return {ErrorKind::kBadInput, "measurement buffer", "cannot be decoded", found,
          "a whole Soleus measurement"};
}

}  // namespace

std::vector<std::uint8_t> encodeResult(const FrameResult& result) {
  const auto& any = result.columns.empty() ? result.ahead : result.columns;
  const std::size_t bins = any.empty() ? 0 : any.front().grey.size();
  const std::size_t count = result.columns.size() + result.ahead.size();
  Writer out(sizeof(Header) + count * (sizeof(ColumnRecord) + bins) + 256);
  out.put(Header{kMagic, result.sequence, result.frameTime.ns, result.endOfStream ? 1U : 0U,
                 static_cast<std::uint32_t>(result.columns.size()), static_cast<std::uint32_t>(bins),
                 static_cast<std::uint32_t>(result.vessel.size()),
                 static_cast<std::uint32_t>(result.events.size()),
                 static_cast<std::uint32_t>(result.ahead.size()), result.aheadKept});
  for (const auto* columns : {&result.columns, &result.ahead}) {
    for (const auto& c : *columns) {
      out.put(ColumnRecord{c.time.ns, c.peakCmPerS, c.peakForwardCmPerS, c.peakReverseCmPerS, c.meanCmPerS,
                           c.snrDb, c.peakUncertaintyCmPerS, c.meanUncertaintyCmPerS, c.meanHiddenCmPerS,
                           c.volumeFlowMlPerMin, c.quality});
    }
  }
  for (const auto& v : result.vessel)
    out.put(VesselRecord{v.time.ns, v.diameterMm, v.areaMm2, v.confidence, v.angleDegrees});
  for (const auto& e : result.events) {
    out.put(EventRecord{e.time.ns, static_cast<std::uint32_t>(e.kind),
                        static_cast<std::uint32_t>(e.label.size())});
  }
  for (const auto* columns : {&result.columns, &result.ahead}) {
    for (const auto& c : *columns) out.put(c.grey.data(), c.grey.size());
  }
  for (const auto& e : result.events) out.put(e.label.data(), e.label.size());
  return out.take();
}

Result<FrameResult> decodeResult(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < sizeof(Header)) return broken(std::to_string(bytes.size()) + " bytes");
  Reader in(bytes);
  const auto header = in.take<Header>();
  if (header.magic != kMagic) return broken("another magic number");
  const std::uint64_t columns = std::uint64_t{header.columns} + header.ahead;
  const std::uint64_t records = columns * (sizeof(ColumnRecord) + header.bins) +
                                std::uint64_t{header.vessel} * sizeof(VesselRecord) +
                                std::uint64_t{header.events} * sizeof(EventRecord);
  if (in.left() < records) return broken(std::to_string(bytes.size()) + " bytes");

  FrameResult result;
  result.sequence = header.sequence;
  result.frameTime = {header.frameTimeNs};
  result.endOfStream = header.endOfStream != 0;
  result.columns.resize(header.columns);
  result.ahead.resize(header.ahead);
  result.aheadKept = header.aheadKept;
  for (auto* columnsOf : {&result.columns, &result.ahead}) {
    for (auto& c : *columnsOf) {
      const auto r = in.take<ColumnRecord>();
      c = {{r.timeNs},
           r.peakCmPerS,
           r.peakForwardCmPerS,
           r.peakReverseCmPerS,
           r.meanCmPerS,
           r.snrDb,
           r.peakUncertaintyCmPerS,
           r.meanUncertaintyCmPerS,
           r.meanHiddenCmPerS,
           r.volumeFlowMlPerMin,
           static_cast<std::uint8_t>(r.quality),
           {}};
    }
  }
  for (std::uint32_t i = 0; i < header.vessel; ++i) {
    const auto r = in.take<VesselRecord>();
    result.vessel.push_back({{r.timeNs}, r.diameterMm, r.areaMm2, r.confidence, r.angleDegrees});
  }
  std::vector<std::uint32_t> labelBytes;
  for (std::uint32_t i = 0; i < header.events; ++i) {
    const auto r = in.take<EventRecord>();
    result.events.push_back({{r.timeNs}, static_cast<EventKind>(r.kind), {}});
    labelBytes.push_back(r.labelBytes);
  }
  for (auto* columnsOf : {&result.columns, &result.ahead}) {
    for (auto& c : *columnsOf) {
      const auto grey = in.take(header.bins);
      c.grey.assign(grey.begin(), grey.end());
    }
  }
  for (std::size_t i = 0; i < labelBytes.size(); ++i) {
    if (in.left() < labelBytes[i]) return broken("a label that ends early");
    const auto label = in.take(labelBytes[i]);
    result.events[i].label.assign(label.begin(), label.end());
  }
  if (in.left() != 0) return broken(std::to_string(in.left()) + " bytes too many");
  return result;
}

}  // namespace soleus
