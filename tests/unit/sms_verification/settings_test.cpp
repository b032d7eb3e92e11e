#include <gtest/gtest.h>

#include "tests/unit/sms_verification/caller.h"

namespace citybridge::sms_verification {
namespace {

Problems problems_of(std::vector<RawSetting> settings) {
    tests::PluginHost host{"codes"};
    SmsVerificationPlugin plugin(host);
    Problems problems;
    plugin.configure({{"city.xml", 3, 5}, std::move(settings)}, problems);
    return problems;
}

TEST(VerificationSettings, AShortKeyIsRefusedWithHowToMakeOneAndWithoutTheKey) {
    const Problems problems = problems_of({{"key", "tooshort-4711", {"city.xml", 4, 9}}});
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(to_string(problems[0]).rfind("city.xml:4:9: ", 0), 0U);
    EXPECT_NE(problems[0].message.find("openssl rand"), std::string::npos);
    EXPECT_EQ(problems[0].message.find("4711"), std::string::npos);
}

TEST(VerificationSettings, WithoutAKeyThereIsNothing) { EXPECT_EQ(problems_of({}).size(), 1U); }

TEST(VerificationSettings, TheKeyIsASecret) {
    const SettingsDoc doc = SmsVerificationPlugin::settings();
    EXPECT_TRUE(doc.settings.front().secret);
    EXPECT_EQ(doc.settings.front().name, "key");
}

TEST(VerificationSettings, MoreThanFiveWrongAnswersADayCannotBeSet) {
    EXPECT_FALSE(problems_of({{"key", kKey, {}}, {"wrong_checks_per_day", "6", {}}}).empty());
    EXPECT_FALSE(problems_of({{"key", kKey, {}}, {"max_checks", "6", {}}}).empty());
}

TEST(VerificationSettings, APurposeIsAWord) {
    EXPECT_FALSE(problems_of({{"key", kKey, {}}, {"purposes", "Data Change", {}}}).empty());
}

}  // namespace
}  // namespace citybridge::sms_verification
