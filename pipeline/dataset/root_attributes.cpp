#include "pipeline/dataset/root_attributes.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <random>

#include "pipeline/dataset/archive_digest.h"
#include "pipeline/dataset/h5_attribute.h"
#include "pipeline/dataset/layout.h"

namespace soleus {

namespace {

const std::string kDropped = "dropped_";

/// A random UUID (RFC 4122, version 4).
std::string newUuid() {
  std::random_device random;
  std::array<unsigned, 4> word{};
  for (unsigned& w : word) w = random();
  word[1] = (word[1] & 0xFFFF0FFFU) | 0x00004000U;  // version 4
  word[2] = (word[2] & 0x3FFFFFFFU) | 0x80000000U;  // variant 1
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%08x-%04x-%04x-%04x-%04x%08x", word[0], word[1] >> 16U,
                word[1] & 0xFFFFU, word[2] >> 16U, word[2] & 0xFFFFU, word[3]);
  return text.data();
}

}  // namespace

std::string nowIso8601() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text.data();
}

const char* stateName(SessionState state) {
  switch (state) {
    case SessionState::kRecording:
      return "recording";
    case SessionState::kComplete:
      return "complete";
    case SessionState::kInterrupted:
      return "interrupted";
    case SessionState::kRepaired:
      break;
  }
  return "repaired";
}

void writeRootAttributes(hid_t file, const SessionInfo& info) {
  h5::writeText(file, "schema", kSessionSchema);
  h5::writeText(file, "Conventions", "CF-1.10");
  h5::writeText(file, "title", info.title);
  h5::writeText(file, "software", "soleus " SOLEUS_VERSION);
  h5::writeText(file, "created_utc", nowIso8601());
  h5::writeText(file, "session_id", newUuid());
  h5::writeText(file, "status", stateName(SessionState::kRecording));
  h5::writeText(file, "subject", info.subject);
  h5::writeText(file, "limb", info.limb);
  h5::writeText(file, "condition", info.condition);
  h5::writeText(file, "configuration", info.configuration);
  h5::writeText(file, "calibration", info.calibration.yaml);
  if (!info.protocol.empty()) h5::writeText(file, "protocol", info.protocol);
  if (info.archive.empty()) return;
  h5::writeText(file, kArchive, info.archive);
  h5::writeText(file, kArchiveDigest, "");
}

void reserveTotals(hid_t file, const std::string& group, const std::vector<std::string>& lossCauses) {
  const h5::Handle object(H5Oopen(file, group.c_str(), H5P_DEFAULT), H5Oclose, "cannot open", group);
  h5::writeCount(object.id(), "received", -1);
  h5::writeCount(object.id(), "written", -1);
  for (const std::string& cause : lossCauses) h5::writeCount(object.id(), (kDropped + cause).c_str(), -1);
}

void writeTotals(hid_t file, const std::string& group, const StreamTotals& totals) {
  const h5::Handle object(H5Oopen(file, group.c_str(), H5P_DEFAULT), H5Oclose, "cannot open", group);
  h5::writeCount(object.id(), "received", static_cast<std::int64_t>(totals.received));
  h5::writeCount(object.id(), "written", static_cast<std::int64_t>(totals.written));
  for (const std::string& name : h5::attributeNames(object.id())) {
    if (name.starts_with(kDropped)) h5::writeCount(object.id(), name.c_str(), 0);
  }
  for (const auto& [cause, count] : totals.droppedByCause) {
    h5::writeCount(object.id(), (kDropped + cause).c_str(), static_cast<std::int64_t>(count));
  }
}

}  // namespace soleus
