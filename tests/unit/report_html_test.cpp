#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "tools/report/html.h"

namespace soleus {
namespace {

TEST(EscapeHtml, LeavesNothingThatAPageWouldRead) {
  EXPECT_EQ(escapeHtml("<b a=\"1\" c='2'>R&D</b>"),
            "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;R&amp;D&lt;/b&gt;");
  EXPECT_EQ(escapeHtml("Vena poplitea, 7 µm"), "Vena poplitea, 7 µm");
}

TEST(ScriptJson, CannotEndItsScriptAndReadsBackAsItWas) {
  const nlohmann::json value = {{"label", "</script><!-- & ]]>"}};
  const std::string text = scriptJson(value);
  EXPECT_EQ(text.find_first_of("<>&"), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(text), value);
}

TEST(ScriptJson, SurvivesBytesThatAreNotText) {
  EXPECT_EQ(nlohmann::json::parse(scriptJson("a\xff"
                                             "b")),
            "a\xEF\xBF\xBD"
            "b");
}

TEST(ScriptJson, WritesMissingAsNull) {
  EXPECT_EQ(scriptJson({1.5, std::nan("")}), "[1.5,null]");
}

// Vectors of RFC 4648, section 10.
TEST(Base64, AgreesWithItsStandard) {
  EXPECT_EQ(base64({}), "");
  EXPECT_EQ(base64({'f'}), "Zg==");
  EXPECT_EQ(base64({'f', 'o'}), "Zm8=");
  EXPECT_EQ(base64({'f', 'o', 'o', 'b', 'a', 'r'}), "Zm9vYmFy");
  EXPECT_EQ(base64({0xff, 0xef, 0xbe}), "/+++");
}

TEST(FillTemplate, FillsSlotsOnceAndNotWhatTheyBring) {
  std::ostringstream out;
  fillTemplate(out, "<p>{{A}}</p>{{B}} {{C}} {{", {{"A", "{{B}}"}, {"B", "b"}});
  EXPECT_EQ(out.str(), "<p>{{B}}</p>b {{C}} {{");
}

}  // namespace
}  // namespace soleus
