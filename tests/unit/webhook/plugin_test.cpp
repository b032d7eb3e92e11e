// The plugin on a lane and an HTTP client of the test's own.
#include <gtest/gtest.h>

#include "plugins/webhook/webhook.h"
#include "tests/support/plugin_host.h"
#include "tests/unit/webhook/signed_at.h"

namespace citybridge::webhook {
namespace {

constexpr std::int64_t kSeconds = 1'614'265'330;

struct Fixture {
    explicit Fixture(std::vector<RawSetting> settings) {
        host.kept_http.may_reach = [](std::string_view url) { return url.starts_with("https://erp."); };
        plugin.configure({{"city.xml", 3, 5}, std::move(settings)}, problems);
    }
    DeliveryDone note() {
        return [this](const DeliveryReply& reply) { replies.push_back(reply); };
    }

    tests::PluginHost host{"erp", WallTime{std::chrono::seconds(kSeconds)}};
    WebhookPlugin plugin{host};
    Problems problems;
    std::vector<DeliveryReply> replies;
};

std::vector<RawSetting> outgoing() {
    return {{"url", "https://erp.example/hooks", {"city.xml", 4, 7}}, {"secret", kSecret, {"city.xml", 5, 7}}};
}

std::vector<RawSetting> incoming() { return {{"receive_secret", kSecret, {"city.xml", 6, 7}}}; }

OutboxRecord message() {
    OutboxRecord out;
    out.id = "ord_1.1.erp";
    out.payload = R"({"type":"order.opened","data":{}})";
    return out;
}

HttpOutcome answered(int status) {
    HttpOutcome outcome;
    outcome.progress = HttpProgress::answered;
    outcome.status = status;
    return outcome;
}

TEST(WebhookPlugin, OffersWhatItsSettingsSay) {
    Fixture out(outgoing());
    EXPECT_TRUE(out.problems.empty());
    EXPECT_TRUE(out.plugin.offers().outbound);
    EXPECT_FALSE(out.plugin.offers().inbound);
    Fixture in(incoming());
    EXPECT_FALSE(in.plugin.offers().outbound);
    EXPECT_TRUE(in.plugin.offers().inbound);
    auto all = outgoing();
    all.push_back(incoming().front());
    Fixture both(all);
    EXPECT_TRUE(both.plugin.offers().outbound);
    EXPECT_TRUE(both.plugin.offers().inbound);
}

TEST(WebhookPlugin, DeclaresItsOriginAndRefusesAForbiddenOne) {
    Fixture good(outgoing());
    EXPECT_EQ(good.host.kept_http.allowed, std::vector<std::string>{"https://erp.example/hooks"});
    auto settings = outgoing();
    settings[0].value = "ftp://erp.example/";
    Fixture bad(settings);
    ASSERT_EQ(bad.problems.size(), 1U);
    EXPECT_EQ(to_string(bad.problems[0]).find("city.xml:4:7: url must be"), 0U);
}

TEST(WebhookPlugin, SignsForTheTimeOfTheAttemptOnTheLane) {
    Fixture it(outgoing());
    ASSERT_TRUE(it.plugin.start());
    it.plugin.deliver(message(), it.note());
    EXPECT_TRUE(it.host.kept_http.requests.empty()) << "only the lane may send";
    it.host.kept_lane.wall_jump = Millis(7'000);  // it waited so long for its turn
    it.host.kept_lane.run();
    ASSERT_EQ(it.host.kept_http.requests.size(), 1U);
    EXPECT_EQ(it.host.kept_http.requests[0].headers[3].second, std::to_string(kSeconds + 7));
    EXPECT_TRUE(it.replies.empty());
    it.host.kept_http.waiting[0](answered(204));
    ASSERT_EQ(it.replies.size(), 1U);
    EXPECT_EQ(it.replies[0].outcome, DeliveryOutcome::delivered);
}

TEST(WebhookPlugin, AnswersMessagesInTheOrderTheirAnswersCome) {
    Fixture it(outgoing());
    it.plugin.deliver(message(), it.note());
    it.plugin.deliver(message(), it.note());
    it.host.kept_lane.run();
    it.host.kept_http.waiting[1](answered(500));
    it.host.kept_http.waiting[0](answered(410));
    ASSERT_EQ(it.replies.size(), 2U);
    EXPECT_EQ(it.replies[0].outcome, DeliveryOutcome::unclear);
    EXPECT_EQ(it.replies[1].outcome, DeliveryOutcome::gone);
}

TEST(WebhookPlugin, SaysNotDoneWhenItsLaneIsFull) {
    Fixture it(outgoing());
    it.host.kept_lane.full = true;
    it.plugin.deliver(message(), it.note());
    ASSERT_EQ(it.replies.size(), 1U);
    EXPECT_EQ(it.replies[0].outcome, DeliveryOutcome::not_done);
    EXPECT_EQ(it.replies[0].code, "http.busy");
}

TEST(WebhookPlugin, RefusesAMessageItCannotStamp) {
    Fixture it(outgoing());
    OutboxRecord bad = message();
    bad.id = "a\r\nb";
    it.plugin.deliver(bad, it.note());
    it.host.kept_lane.run();
    ASSERT_EQ(it.replies.size(), 1U);
    EXPECT_EQ(it.replies[0].outcome, DeliveryOutcome::refused);
    EXPECT_TRUE(it.host.kept_http.requests.empty());
}

TEST(WebhookPlugin, IsSilentAfterStop) {
    Fixture it(outgoing());
    ASSERT_TRUE(it.plugin.start());
    it.plugin.deliver(message(), it.note());
    it.host.kept_lane.run();
    it.plugin.deliver(message(), it.note());
    it.plugin.stop(Millis(1'000));
    it.host.kept_http.waiting[0](answered(200));
    it.host.kept_lane.run();
    it.plugin.deliver(message(), it.note());
    it.host.kept_lane.full = true;
    it.plugin.deliver(message(), it.note());
    it.host.kept_lane.run();
    EXPECT_EQ(it.host.kept_http.requests.size(), 1U);
    EXPECT_TRUE(it.replies.empty());
}

TEST(WebhookPlugin, CannotLookForAMessage) {
    Fixture it(outgoing());
    std::vector<FindReply> replies;
    it.plugin.find(message(), [&](const FindReply& reply) { replies.push_back(reply); });
    EXPECT_TRUE(replies.empty());
    it.host.kept_lane.run();
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].outcome, FindReply::Outcome::failed);
}

TEST(WebhookPlugin, TakesInWhatItWouldSendItself) {
    auto all = outgoing();
    all.push_back(incoming().front());
    Fixture it(all);
    it.plugin.deliver(message(), it.note());
    it.host.kept_lane.run();
    const HttpOutgoing& sent = it.host.kept_http.requests[0];
    const auto taken = it.plugin.accept(sent.headers, sent.body, it.host.kept_lane.now().wall);
    ASSERT_TRUE(taken) << taken.error().detail;
    EXPECT_EQ(taken->id, "ord_1.1.erp");
    EXPECT_EQ(taken->source, "erp");
    EXPECT_EQ(taken->type, "order.opened");
}

}  // namespace
}  // namespace citybridge::webhook
