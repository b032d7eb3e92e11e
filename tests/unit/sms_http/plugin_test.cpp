#include <gtest/gtest.h>

#include "tests/unit/sms_http/gateway.h"

namespace citybridge::sms_http {
namespace {

TEST(SmsHttpPlugin, DeclaresEveryOriginItUses) {
    Fixture it({{"url", "https://g:8443/{key_id}/send"},
                {"report_id", "i"},
                {"report_state", "s"},
                {"report_states", "1=delivered"},
                {"poll_url", "https://p/x"},
                {"poll_ack_url", "https://a?x"}});
    EXPECT_TRUE(it.problems.empty());
    EXPECT_EQ(it.host.kept_http.allowed, (std::vector<std::string>{"https://g:8443/", "https://p/", "https://a/"}));
}

TEST(SmsHttpPlugin, RefusesAnAddressThatIsNotAllowedOrNotFixed) {
    for (const char* url : {"ftp://g/", "http://elsewhere/", "https://{user}/", "{user}", "nothing"}) {
        Fixture it(Settings{{"url", url}});
        ASSERT_EQ(it.problems.size(), 1U) << url;
        EXPECT_EQ(to_string(it.problems[0]).find("city.xml:4:7: url must be"), 0U);
    }
}

TEST(SmsHttpPlugin, SendsOnItsLaneOnly) {
    Fixture it({{"url", "https://g/"}, {"parameters", "t={text}"}});
    it.plugin.deliver(message(), [](const DeliveryReply&) {});
    EXPECT_TRUE(it.host.kept_http.requests.empty());
    it.host.kept_lane.run();
    EXPECT_EQ(it.host.kept_http.requests.size(), 1U);
    it.host.kept_lane.full = true;
    it.deliver();
    ASSERT_EQ(it.replies.size(), 1U);
    EXPECT_EQ(it.replies[0].outcome, DeliveryOutcome::not_done);
}

TEST(SmsHttpPlugin, IsSilentAfterStop) {
    Fixture it({{"url", "https://g/"}, {"parameters", "t={text}"}});
    it.deliver();
    it.plugin.stop(Millis(100));
    it.host.kept_http.waiting[0](answered(200, ""));
    it.deliver();
    EXPECT_TRUE(it.replies.empty());
    EXPECT_EQ(it.host.kept_http.requests.size(), 1U);
}

TEST(SmsHttpPlugin, KeepsNoSecretOfAGatewayThatRepeatsWhatItWasSent) {
    for (const char* kind : {"tell_sms", "verification_code"}) {
        Fixture it({{"url", "https://g/"},
                    {"password", "hunter2"},
                    {"error_path", "/Code"},
                    {"parameters", "p={password}\nt={text}"}});
        OutboxRecord record = message();
        record.kind = kind;
        it.deliver(record);
        it.host.kept_http.waiting[0](
            answered(400, R"({"Code":"isv.BAD 123456","got":"password=hunter2 and hunter2, text=您的验证码123456"})"));
        ASSERT_EQ(it.replies.size(), 1U);
        const std::string& detail = it.replies[0].detail;
        EXPECT_EQ(detail.find("hunter2"), std::string::npos) << detail;
        EXPECT_NE(detail.find("isv.BAD"), std::string::npos) << detail;
        const bool code = std::string_view(kind) == "verification_code";
        EXPECT_EQ(detail.find("123456") == std::string::npos, code) << "a code is in no row: " << detail;
    }
}

}  // namespace
}  // namespace citybridge::sms_http
