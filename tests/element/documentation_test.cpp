// What the documentation promises: every launch line of the SECTION comments runs as it stands, and
// gst-inspect-1.0 tells every property with its range and unit.
#include <gst/gst.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <ostream>
#include <regex>

#include "tests/element/gst_owner.h"
#include "tests/element/temporary_folder.h"

namespace soleus::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kElements[] = {"dopplerspectrum", "duplexsrc", "duplextrack", "sessionsink"};

struct Ended {
  int code = -1;
  std::string output;
};

/// Runs a shell line with the built plugin in `folder`.
Ended shell(const fs::path& folder, const std::string& line) {
  const std::string command = "cd '" + folder.string() +
                              "' && export GST_PLUGIN_PATH='" SOLEUS_PLUGIN_DIR "' GST_REGISTRY='" +
                              (folder / "registry.bin").string() + "' && exec 2>&1 && " + line;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), [](FILE*) { return 0; });
  Ended ended;
  char part[4096];
  while (const std::size_t size = fread(part, 1, sizeof part, pipe.get())) ended.output.append(part, size);
  const int status = pclose(pipe.get());
  ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ended;
}

struct LaunchLine {
  std::string source;  ///< the file it stands in
  std::string text;
  friend void PrintTo(const LaunchLine& line, std::ostream* out) { *out << line.text; }
};

/// All that stands between |[ and ]| in the comments of the elements.
std::vector<LaunchLine> launchLines() {
  std::vector<LaunchLine> lines;
  const std::regex block(R"(\|\[([\s\S]*?)\]\|)");
  const std::regex margin(R"(\s*\n \*\s*)");
  for (const auto& entry : fs::recursive_directory_iterator(SOLEUS_SOURCE_DIR "/plugins")) {
    if (entry.path().extension() != ".cpp") continue;
    const std::string text = readText(entry.path());
    for (std::sregex_iterator it(text.begin(), text.end(), block), end; it != end; ++it) {
      std::string line = std::regex_replace((*it)[1].str(), margin, " ");
      line.erase(0, line.find_first_not_of(' '));
      lines.push_back({entry.path().filename().string(), line});
    }
  }
  return lines;
}

bool canLoadPlugin() {
  return std::string(SOLEUS_SANITIZE).empty();
}

class LaunchLines : public ::testing::TestWithParam<LaunchLine> {};

TEST_P(LaunchLines, runAsTheyStand) {
  if (!canLoadPlugin()) GTEST_SKIP() << "gst-launch-1.0 itself is not built with the sanitizer";
  const std::string& line = GetParam().text;
  ASSERT_EQ(line.rfind("gst-launch-1.0 ", 0), 0U) << line;
  const TemporaryFolder folder;
  fs::create_directory_symlink(SOLEUS_SOURCE_DIR "/configs", folder.path() / "configs");
  if (line.find("calf.mkv") != std::string::npos) {
    const Ended made = shell(
        folder.path(), "'" SOLEUS_PROGRAM "' simulate calf.mkv --scenario configs/scenarios/quick.yaml");
    ASSERT_EQ(made.code, 0) << made.output;
  }
  const Ended ended = shell(folder.path(), "timeout 100 " + line);
  EXPECT_EQ(ended.code, 0) << line << "\n" << ended.output;
  EXPECT_EQ(ended.output.find("CRITICAL"), std::string::npos) << ended.output;
  EXPECT_EQ(ended.output.find("WARNING"), std::string::npos) << ended.output;

  const std::regex location(R"(sessionsink[^!]*location=(\S+))");
  for (std::sregex_iterator it(line.begin(), line.end(), location), end; it != end; ++it) {
    const Ended verified = shell(folder.path(), "'" SOLEUS_PROGRAM "' verify " + (*it)[1].str());
    EXPECT_EQ(verified.code, 0) << line << "\n" << verified.output;
  }
}

INSTANTIATE_TEST_SUITE_P(Documentation, LaunchLines, ::testing::ValuesIn(launchLines()),
                         [](const auto& each) {
                           return each.param.source.substr(0, each.param.source.find('.')) +
                                  std::to_string(each.index);
                         });

TEST(Documentation, everyElementHasALaunchLine) {
  for (const std::string element : kElements) {
    const std::string text = readText(fs::path(SOLEUS_SOURCE_DIR "/plugins") / element / (element + ".cpp"));
    EXPECT_NE(text.find("SECTION:element-" + element), std::string::npos);
    EXPECT_NE(text.find("|[\n * gst-launch-1.0 "), std::string::npos) << element;
  }
}

/// The part of gst-inspect's output that begins with the property's name.
std::string sectionOf(const std::string& output, const std::string& property) {
  const std::regex begin("\n  " + property + " +: ");
  std::smatch match;
  if (!std::regex_search(output, match, begin)) return {};
  const std::string rest = match.suffix();
  const std::regex next("\n  [a-z][a-z0-9-]* +: ");
  std::smatch end;
  return match.str() + (std::regex_search(rest, end, next) ? end.prefix().str() : rest);
}

TEST(Inspect, knowsThePlugin) {
  if (!canLoadPlugin()) GTEST_SKIP() << "gst-inspect-1.0 itself is not built with the sanitizer";
  const TemporaryFolder folder;
  const Ended ended = shell(folder.path(), "gst-inspect-1.0 soleus");
  ASSERT_EQ(ended.code, 0) << ended.output;
  for (const char* element : kElements)
    EXPECT_NE(ended.output.find(element), std::string::npos) << ended.output;
  EXPECT_NE(ended.output.find("Apache-2.0"), std::string::npos) << ended.output;
}

class Inspect : public ::testing::TestWithParam<const char*> {};

TEST_P(Inspect, tellsEveryPropertyWithRangeAndUnit) {
  if (!canLoadPlugin()) GTEST_SKIP() << "gst-inspect-1.0 itself is not built with the sanitizer";
  const TemporaryFolder folder;
  const Ended ended = shell(folder.path(), std::string("gst-inspect-1.0 ") + GetParam());
  ASSERT_EQ(ended.code, 0) << ended.output;

  const Owned<GstElement> element(gst_element_factory_make(GetParam(), nullptr));
  gst_object_ref_sink(element.get());
  guint count = 0;
  const std::unique_ptr<GParamSpec*, decltype(&g_free)> specs(
      g_object_class_list_properties(G_OBJECT_GET_CLASS(element.get()), &count), g_free);
  int ours = 0;
  for (guint i = 0; i < count; ++i) {
    const GParamSpec* spec = specs.get()[i];
    if (spec->owner_type != G_OBJECT_TYPE(element.get())) continue;
    ++ours;
    const std::string section = sectionOf(ended.output, spec->name);
    const std::string blurb = g_param_spec_get_blurb(const_cast<GParamSpec*>(spec));
    EXPECT_NE(section.find(blurb), std::string::npos) << spec->name << "\n" << ended.output;
    EXPECT_GT(blurb.size(), 10U) << spec->name;
    if (G_IS_PARAM_SPEC_INT(spec) || G_IS_PARAM_SPEC_UINT(spec) || G_IS_PARAM_SPEC_INT64(spec) ||
        G_IS_PARAM_SPEC_UINT64(spec) || G_IS_PARAM_SPEC_FLOAT(spec) || G_IS_PARAM_SPEC_DOUBLE(spec)) {
      EXPECT_NE(section.find("Range: "), std::string::npos) << section;
      const std::regex unit(R"(\((a count|.*without unit|in [a-z/]+)\))");
      EXPECT_TRUE(std::regex_search(blurb, unit)) << spec->name << ": " << blurb;
    }
    if (G_IS_PARAM_SPEC_ENUM(spec)) {
      EXPECT_NE(section.find("Enum "), std::string::npos) << section;
    }
  }
  EXPECT_GT(ours, 2);
}

INSTANTIATE_TEST_SUITE_P(Elements, Inspect, ::testing::ValuesIn(kElements),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace soleus::testing
