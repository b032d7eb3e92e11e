#include "core/host/describe.h"

#include <gtest/gtest.h>

namespace citybridge {
namespace {

SettingsDoc sample() {
    return {
        "A sample.",
        {{.name = "host", .required = true, .sentence = "Where."},
         {.name = "timeout_ms",
          .type = SettingType::integer,
          .unit = "ms",
          .fallback = "500",
          .min = 1,
          .max = 1000,
          .sentence = "How long."},
         {.name = "auth", .type = SettingType::choice, .fallback = "md5", .choices = "plain|md5", .sentence = "How."},
         {.name = "queues", .type = SettingType::list, .sentence = "Which."},
         {.name = "secret", .fallback = "changeme", .secret = true, .sentence = "Password."}}};
}

TEST(DescribeTest, TheMarkdownTableHasOneRowPerSetting) {
    EXPECT_EQ(settings_table_markdown(sample()),
              "| setting | type | default | meaning |\n"
              "|---|---|---|---|\n"
              "| `host` | text | required | Where. |\n"
              "| `timeout_ms` | integer 1..1000 (ms) | 500 | How long. |\n"
              "| `auth` | one of plain\\|md5 | md5 | How. |\n"
              "| `queues` | list, separated by commas | none | Which. |\n"
              "| `secret` | text | (secret) | Password. Secret: use ${file:...} or ${env:...}. |\n");
}

TEST(DescribeTest, TheTableReplacesWhatIsBetweenTheMarkers) {
    const auto out =
        replace_between_markers("# Title\n<!-- settings:begin -->\nold\n<!-- settings:end -->\nrest\n", "new\n");
    ASSERT_TRUE(out);
    EXPECT_EQ(*out, "# Title\n<!-- settings:begin -->\nnew\n<!-- settings:end -->\nrest\n");
    EXPECT_EQ(*replace_between_markers(*out, "new\n"), *out);
}

TEST(DescribeTest, MissingMarkersAreAnError) {
    for (const auto* readme :
         {"", "<!-- settings:begin -->", "<!-- settings:end -->", "<!-- settings:end --> <!-- settings:begin -->"}) {
        const auto out = replace_between_markers(readme, "x");
        ASSERT_FALSE(out);
        EXPECT_EQ(out.error().code, "readme.markers");
    }
}

TEST(DescribeTest, EverySectionAndLibraryIsDescribedAndBadOnesSayWhy) {
    const SectionDoc sections[] = {{"listen", sample()}};
    const auto text = describe_all(sections, BROKEN_PLUGINS);
    EXPECT_EQ(text.substr(0, text.find("  timeout_ms")),
              "<listen>\n  A sample.\n  host: text, default required\n      Where.\n");
    EXPECT_NE(text.find("<plugin library=\"well_behaved\" name=\"...\"> version 1.2.3\n  A plugin for tests.\n"),
              std::string::npos);
    EXPECT_NE(text.find("<plugin library=\"wrong_abi\" name=\"...\">\n  cannot be used: plugin.abi: "),
              std::string::npos);
    EXPECT_NE(text.find("<plugin library=\"throws_in_settings\" name=\"...\">\n  cannot be used: plugin.exception: "),
              std::string::npos);
    EXPECT_EQ(text.find("fallback-secret"), std::string::npos);
    EXPECT_EQ(describe_all({}, "/nowhere"), "");
}

}  // namespace
}  // namespace citybridge
