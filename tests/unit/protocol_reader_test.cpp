// Protocols: those of configs/protocols, and what is wrong with others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "tools/protocol/protocol.h"

namespace soleus {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

constexpr const char* kGood = R"(schema: soleus.protocol/1
name: heel
title: Heel raise
posture: Seated
instruction: Raise the heels
muscle: Soleus
expects: contraction
rest_before_s: 20
cues: {text: "it's up", count: 3, interval_s: 4, hold_s: 1}
rest_after_s: 10
)";

/// The good one with `line` in the place of the line that begins alike up to its colon.
std::string with(const std::string& line) {
  std::string text = kGood;
  const auto at = text.find("\n" + line.substr(0, line.find(':') + 1)) + 1;
  return text.replace(at, text.find('\n', at) - at, line);
}

void expectFault(const std::string& text, const std::string& where, const std::string& what) {
  const auto read = parseProtocol(text, "p.yaml");
  ASSERT_FALSE(read.ok()) << text;
  EXPECT_EQ(read.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(read.error().where, HasSubstr(where));
  EXPECT_THAT(read.error().what, HasSubstr(what));
}

ProtocolInForce good(double startS) {
  auto read = parseProtocol(kGood, "p.yaml");
  EXPECT_TRUE(read.ok()) << read.error().sentence();
  return {std::move(read).value(), startS};
}

TEST(ProtocolReader, ReadsEveryKey) {
  const Protocol protocol = good(0).protocol;
  EXPECT_EQ(protocol.name, "heel");
  EXPECT_EQ(protocol.posture, "Seated");
  EXPECT_EQ(protocol.expected, Expected::kContraction);
  EXPECT_EQ(protocol.restBeforeS, 20);
  ASSERT_TRUE(protocol.cues);
  EXPECT_EQ(protocol.cues->text, "it's up");
  EXPECT_EQ(protocol.cues->count, 3);
  EXPECT_EQ(protocol.cues->intervalS, 4);
  EXPECT_EQ(protocol.cues->holdS, 1);
  EXPECT_EQ(protocol.restAfterS, 10);
}

TEST(ProtocolReader, NamesKeyAndLineOfAFault) {
  expectFault(with("schema: soleus.protocol/2"), "p.yaml:1, schema", "not a protocol");
  expectFault(with("name: two words"), "p.yaml:2, name", "not a name");
  expectFault(with("title: ''"), "p.yaml:3, title", "is empty");
  expectFault(with("expects: flow"), "p.yaml:7, expects", "not one of the known words");
  expectFault(with("rest_before_s: 11.9"), "p.yaml:8, rest_before_s", "out of range");
  expectFault(with("cues: {text: up, count: 0, interval_s: 4, hold_s: 1}"), "p.yaml:9, cues.count",
              "out of range");
  expectFault(with("cues: {text: up, count: 2.5, interval_s: 4, hold_s: 1}"), "cues.count",
              "not a whole number");
  expectFault(with("cues: {text: up, count: 3, interval_s: 1.4, hold_s: 1}"), "cues.interval_s",
              "out of range");
  expectFault(with("cues: {text: up, count: 3, interval_s: 4, hold_s: 4}"), "cues.hold_s",
              "no time to let go");
  expectFault(with("cues: {text: up, count: 3, interval_s: 4}"), "cues.hold_s", "missing key");
  expectFault(with("cues: {text: up, count: 3, interval_s: 4, hold_s: 0, bell: on}"), "p.yaml:9, cues.bell",
              "unknown key");
  expectFault(with("cues: {text: " + std::string(61, 'u') + ", count: 3, interval_s: 4, hold_s: 1}"),
              "cues.text", "too long");
  expectFault(with("rest_after_s: -1"), "p.yaml:10, rest_after_s", "out of range");
  expectFault(with("rest_after_s: nan"), "rest_after_s", "not a number");
  expectFault(kGood + std::string("music: loud\n"), "p.yaml:11, music", "unknown key");
  expectFault("- a list", "p.yaml", "not a mapping");
}

TEST(ProtocolReader, HasCuesUnlessRestIsExpected) {
  expectFault(with("cues: {}"), "cues.text", "missing key");
  std::string text = kGood;
  const auto at = text.find("cues:");
  text.erase(at, text.find('\n', at) + 1 - at);
  expectFault(text, "cues", "nothing asks for the contractions");
  text.replace(text.find("contraction"), 11, "rest");
  const auto rest = parseProtocol(text, "p.yaml");
  ASSERT_TRUE(rest.ok()) << rest.error().sentence();
  EXPECT_TRUE(cueEvents({rest.value(), 0}).empty());
  EXPECT_EQ(endOfProtocolS({rest.value(), 5}), 35);
}

TEST(ProtocolReader, GivesCuesTheirTimes) {
  const auto cues = cueEvents(good(2.5));
  ASSERT_EQ(cues.size(), 3U);
  EXPECT_NEAR(cues[0].time.seconds(), 22.5, 1e-9);
  EXPECT_NEAR(cues[2].time.seconds(), 30.5, 1e-9);
  EXPECT_EQ(cues[2].label, "3 of 3: it's up");
  EXPECT_EQ(cues[2].kind, EventKind::kCue);
  EXPECT_EQ(endOfProtocolS(good(2.5)), 40.5);
  // A recording that began between the first cue and the second.
  const auto late = cueEvents(good(-22));
  ASSERT_EQ(late.size(), 2U);
  EXPECT_EQ(late[0].label, "2 of 3: it's up");
}

TEST(ProtocolReader, ComesBackFromAConfiguration) {
  const auto found =
      protocolOfConfiguration("schema: soleus.lab/1\nvideo: {source: phantom}\n" + protocolYaml(good(-1.25)));
  ASSERT_TRUE(found.ok()) << found.error().sentence();
  ASSERT_TRUE(found.value());
  EXPECT_EQ(protocolYaml(*found.value()), protocolYaml(good(-1.25)));
  const auto none = protocolOfConfiguration("schema: soleus.lab/1\n");
  ASSERT_TRUE(none.ok());
  EXPECT_FALSE(none.value());
  EXPECT_FALSE(protocolOfConfiguration("protocol: {name: heel}\n").ok());
}

TEST(ProtocolReader, KnowsThoseThatComeWithTheProgramByName) {
  std::set<std::string> names;
  for (const auto& file : fs::directory_iterator(SOLEUS_SOURCE_DIR "/configs/protocols")) {
    if (file.path().extension() != ".yaml") continue;
    const auto read = loadProtocol(file.path().stem().string(), "/nowhere");
    ASSERT_TRUE(read.ok()) << read.error().sentence();
    EXPECT_EQ(read.value().name, file.path().stem().string());
    names.insert(read.value().name);
  }
  EXPECT_EQ(names.size(), 7U);
  const auto unknown = loadProtocol("tiptoe", "");
  ASSERT_FALSE(unknown.ok());
  EXPECT_THAT(unknown.error().expected, HasSubstr("tip_toe_ten"));
}

}  // namespace
}  // namespace soleus
