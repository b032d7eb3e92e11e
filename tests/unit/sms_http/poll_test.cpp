// Reports that are asked for: told to the node, then acknowledged.
#include <gtest/gtest.h>

#include "tests/unit/sms_http/gateway.h"

namespace citybridge::sms_http {
namespace {

const Settings kPolling{{"url", "https://g/send"},
                        {"user", "u"},
                        {"report_id", "mid"},
                        {"report_state", "stat"},
                        {"report_states", "DELIVRD=delivered"},
                        {"report_list", "/list"},
                        {"poll_url", "https://g/reports"},
                        {"poll_interval_s", "30"},
                        {"poll_parameters", "user={user}"},
                        {"poll_ack_url", "https://g/ack"},
                        {"poll_ack_parameters", "ids={ids}"}};
const std::string kTwo = R"({"list":[{"mid":"1","stat":"DELIVRD"},{"mid":"2","stat":"EXPIRED"}]})";

struct Polling : Fixture {
    explicit Polling(const Settings& settings = kPolling) : Fixture(settings) {
        for (const Problem& problem : problems) ADD_FAILURE() << to_string(problem);
        EXPECT_TRUE(plugin.start());
    }
    void answer(int status, const std::string& body) { host.kept_http.waiting.back()(answered(status, body)); }
    std::size_t requests() const { return host.kept_http.requests.size(); }
};

TEST(SmsPoll, GivesEachReportToTheNodeAndThenAcknowledges) {
    Polling it;
    EXPECT_EQ(it.host.kept_lane.next_wait(), Millis(30'000));
    it.host.kept_lane.run_next();
    ASSERT_EQ(it.requests(), 1U);
    EXPECT_EQ(it.host.kept_http.requests[0].url, "https://g/reports");
    EXPECT_EQ(it.host.kept_http.requests[0].body, "user=u");
    it.answer(200, kTwo);
    ASSERT_EQ(it.host.taken.size(), 2U);
    EXPECT_EQ(it.host.taken[0].data["external_id"], "1");
    EXPECT_EQ(it.host.taken[0].data["state"], "delivered");
    EXPECT_EQ(it.host.taken[1].data["state"], "unknown");
    it.host.waiting[1](ok());
    EXPECT_EQ(it.requests(), 1U) << "not acknowledged before the node has all";
    it.host.waiting[0](Error{"hook.not_understood", ""});
    ASSERT_EQ(it.requests(), 2U);
    EXPECT_EQ(it.host.kept_http.requests[1].url, "https://g/ack");
    EXPECT_EQ(it.host.kept_http.requests[1].body, "ids=1%2C2");
}

TEST(SmsPoll, OffersWhatTheNodeCouldNotTakeBeforeItAsksForMore) {
    Polling it;
    it.host.kept_lane.run_next();
    it.answer(200, kTwo);
    it.host.waiting[0](ok());
    it.host.waiting[1](Error{"node.busy", ""});
    EXPECT_EQ(it.requests(), 1U);
    it.host.kept_lane.run_next();
    EXPECT_EQ(it.requests(), 1U);
    ASSERT_EQ(it.host.taken.size(), 3U);
    EXPECT_EQ(it.host.taken[2].data["external_id"], "2");
    it.host.waiting[2](ok());
    EXPECT_EQ(it.requests(), 2U);
    it.host.kept_lane.run_next();
    EXPECT_EQ(it.host.kept_http.requests[2].url, "https://g/reports");
}

TEST(SmsPoll, OffersAgainWhatTheNodeNeverAnswered) {
    Polling it;
    it.host.kept_lane.run_next();
    it.answer(200, kTwo);
    it.host.kept_lane.run_next();
    ASSERT_EQ(it.host.taken.size(), 4U);
    it.host.waiting[0](ok());
    it.host.waiting[1](ok());
    EXPECT_EQ(it.requests(), 1U) << "late answers of the first round do not count for the second";
    it.host.waiting[2](ok());
    it.host.waiting[3](ok());
    EXPECT_EQ(it.requests(), 2U);
}

TEST(SmsPoll, GoesOnAskingAGatewayThatWantsNoAcknowledgement) {
    Settings settings = kPolling;
    std::erase_if(settings, [](const auto& each) { return each.first.starts_with("poll_ack"); });
    Polling it(settings);
    it.host.kept_lane.run_next();
    it.answer(200, kTwo);
    it.host.waiting[0](ok());
    it.host.waiting[1](Error{"hook.not_yet", ""});
    it.host.kept_lane.run_next();
    ASSERT_EQ(it.host.taken.size(), 3U) << "what was put off is offered again";
    ASSERT_EQ(it.requests(), 2U) << "and holds nothing up";
    it.answer(200, R"({"list":[{"mid":"3","stat":"DELIVRD"}]})");
    ASSERT_EQ(it.host.taken.size(), 5U);
    EXPECT_EQ(it.host.taken[4].data["external_id"], "3");
}

TEST(SmsPoll, TellsTroubleOnceAndGoesOn) {
    Polling it;
    for (int i = 0; i < 4; ++i) {
        it.host.kept_lane.run_next();
        it.answer(i == 0 ? 500 : 200, "no json");
    }
    EXPECT_EQ(it.requests(), 4U);
    EXPECT_EQ(it.host.log_lines.size(), 1U);
    it.host.kept_lane.run_next();
    it.answer(200, R"({"list":[]})");
    EXPECT_TRUE(it.host.taken.empty());
}

TEST(SmsPoll, IsSilentAfterStop) {
    Polling it;
    it.host.kept_lane.run_next();
    it.plugin.stop(Millis(100));
    EXPECT_EQ(it.host.kept_lane.timers(), 0U);
    it.answer(200, kTwo);
    EXPECT_TRUE(it.host.taken.empty());
}

}  // namespace
}  // namespace citybridge::sms_http
