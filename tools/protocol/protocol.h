/// What a participant is asked to do in a session, and when (schema soleus.protocol/1).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "calibration/profile/strict_yaml.h"
#include "pipeline/core/measurement.h"
#include "pipeline/core/result.h"

namespace soleus {

/// What the flow is expected to show.
enum class Expected {
  kContraction,  ///< a burst toward the heart after each cue, by the muscle or by a hand on the calf
  kRest,         ///< none, with cues or without
};

/// A row of cues in even intervals.
struct CueRow {
  std::string text;  ///< said and shown, a few words
  int count = 0;
  double intervalS = 0;  ///< from one to the next
  double holdS = 0;      ///< how long to stay there; 0: not at all
};

/// Times count from the protocol's own beginning.
struct Protocol {
  std::string name;  ///< one word, by which sessions are told apart
  std::string title;
  std::string posture;
  std::string instruction;
  std::string muscle;
  Expected expected = Expected::kContraction;
  double restBeforeS = 0;      ///< from the beginning to the first cue
  std::optional<CueRow> cues;  /// only a protocol of rest may have none
  double restAfterS = 0;       ///< from the last cue, or after restBeforeS, to the end
};

/// A protocol as a session was made by it.
struct ProtocolInForce {
  Protocol protocol;
  double startS = 0;  ///< session time of its beginning; negative if the recording began later
};

/// Reads the protocol that `asked` names: a file, or one of configs/protocols by its name alone. A file is
/// looked for in `folder`, empty for the working directory. Errors (kBadInput) name the file, line and key.
Result<Protocol> loadProtocol(const std::string& asked, const std::string& folder);

/// The same from a text; `source` stands for the file in messages.
Result<Protocol> parseProtocol(const std::string& text, const std::string& source);

/// `protocol:` with all of it below, and `protocol_start_s:`, for a session's configuration.
std::string protocolYaml(const ProtocolInForce& inForce);

/// What a session's configuration says of its protocol, nothing if it names none. Errors (kBadInput): it
/// cannot be read.
Result<std::optional<ProtocolInForce>> protocolOfConfiguration(const std::string& yaml);

/// The cues as events of the session: kind cue, label "3 of 10: TEXT". Those before session time 0 are
/// left out.
std::vector<Event> cueEvents(const ProtocolInForce& inForce);

/// Session time of the protocol's end, in s.
double endOfProtocolS(const ProtocolInForce& inForce);

/// "contraction" or "rest".
const char* expectedName(Expected expected);

}  // namespace soleus
