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
    EXPECT_EQ(it.host.test_http.allowed, (std::vector<std::string>{"https://g:8443/", "https://p/", "https://a/"}));
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
    EXPECT_TRUE(it.host.test_http.requests.empty());
    it.host.test_lane.run();
    EXPECT_EQ(it.host.test_http.requests.size(), 1U);
    it.host.test_lane.full = true;
    it.deliver();
    ASSERT_EQ(it.replies.size(), 1U);
    EXPECT_EQ(it.replies[0].outcome, DeliveryOutcome::not_done);
}

TEST(SmsHttpPlugin, IsSilentAfterStop) {
    Fixture it({{"url", "https://g/"}, {"parameters", "t={text}"}});
    it.deliver();
    it.plugin.stop(Millis(100));
    it.host.test_http.waiting[0](answered(200, ""));
    it.deliver();
    EXPECT_TRUE(it.replies.empty());
    EXPECT_EQ(it.host.test_http.requests.size(), 1U);
}

TEST(SmsHttpPlugin, ShowsNoSecretInAReply) {
    Fixture it({{"url", "https://g/"}, {"password", "hunter2"}, {"parameters", "p={password}\nt={text}"}});
    it.deliver();
    it.host.test_http.waiting[0](answered(400, "bad request"));
    ASSERT_EQ(it.replies.size(), 1U);
    EXPECT_EQ(it.replies[0].detail.find("hunter2"), std::string::npos);
    EXPECT_EQ(it.replies[0].detail.find("123456"), std::string::npos);
}

}  // namespace
}  // namespace citybridge::sms_http
