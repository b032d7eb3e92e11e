// The plugin on a lane and an HTTP client of the test's own.
#include <gtest/gtest.h>

#include <deque>

#include "plugins/webhook/webhook.h"
#include "tests/unit/webhook/signed_at.h"

namespace citybridge::webhook {
namespace {

constexpr std::int64_t kSeconds = 1'614'265'330;

class TestLane final : public Lane {
public:
    Now now() const override { return {WallTime{std::chrono::seconds(kSeconds)} + passed, MonoTime{passed}}; }
    bool post(std::function<void()> task) override {
        if (full) return false;
        tasks.push_back(std::move(task));
        return true;
    }
    TimerId after(Millis, std::function<void()>) override { return 0; }
    void cancel(TimerId) override {}
    std::unique_ptr<Link> connect(const LinkOptions&, LinkCallbacks) override { return nullptr; }

    void run() {
        while (!tasks.empty()) {
            const auto task = std::move(tasks.front());
            tasks.pop_front();
            task();
        }
    }

    Millis passed{0};
    bool full = false;
    std::deque<std::function<void()>> tasks;
};

class TestHttp final : public HttpClient {
public:
    bool allow(std::string_view url) override {
        allowed.emplace_back(url);
        return url.starts_with("https://erp.");
    }
    void send(HttpOutgoing request, std::function<void(HttpOutcome)> done) override {
        requests.push_back(std::move(request));
        waiting.push_back(std::move(done));
    }

    std::vector<std::string> allowed;
    std::vector<HttpOutgoing> requests;
    std::vector<std::function<void(HttpOutcome)>> waiting;
};

class TestHost final : public Host {
public:
    std::string_view city() const override { return "beijing"; }
    std::string_view instance() const override { return "erp"; }
    Lane& lane() override { return test_lane; }
    HttpClient& http() override { return test_http; }
    void log(LogLevel, std::string_view, std::string_view) override {}
    void take(InboundMessage /*message*/, std::function<void(Result<>)> /*done*/) override {}
    bool signal(std::span<PbxSignal>) override { return false; }

    TestLane test_lane;
    TestHttp test_http;
};

struct Fixture {
    explicit Fixture(std::vector<RawSetting> settings) {
        plugin.configure({{"city.xml", 3, 5}, std::move(settings)}, problems);
    }
    DeliveryDone note() {
        return [this](const DeliveryReply& reply) { replies.push_back(reply); };
    }

    TestHost host;
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
    EXPECT_EQ(good.host.test_http.allowed, std::vector<std::string>{"https://erp.example/hooks"});
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
    EXPECT_TRUE(it.host.test_http.requests.empty()) << "only the lane may send";
    it.host.test_lane.passed = Millis(7'000);
    it.host.test_lane.run();
    ASSERT_EQ(it.host.test_http.requests.size(), 1U);
    EXPECT_EQ(it.host.test_http.requests[0].headers[3].second, std::to_string(kSeconds + 7));
    EXPECT_TRUE(it.replies.empty());
    it.host.test_http.waiting[0](answered(204));
    ASSERT_EQ(it.replies.size(), 1U);
    EXPECT_EQ(it.replies[0].outcome, DeliveryOutcome::delivered);
}

TEST(WebhookPlugin, AnswersMessagesInTheOrderTheirAnswersCome) {
    Fixture it(outgoing());
    it.plugin.deliver(message(), it.note());
    it.plugin.deliver(message(), it.note());
    it.host.test_lane.run();
    it.host.test_http.waiting[1](answered(500));
    it.host.test_http.waiting[0](answered(410));
    ASSERT_EQ(it.replies.size(), 2U);
    EXPECT_EQ(it.replies[0].outcome, DeliveryOutcome::unclear);
    EXPECT_EQ(it.replies[1].outcome, DeliveryOutcome::gone);
}

TEST(WebhookPlugin, SaysNotDoneWhenItsLaneIsFull) {
    Fixture it(outgoing());
    it.host.test_lane.full = true;
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
    it.host.test_lane.run();
    ASSERT_EQ(it.replies.size(), 1U);
    EXPECT_EQ(it.replies[0].outcome, DeliveryOutcome::refused);
    EXPECT_TRUE(it.host.test_http.requests.empty());
}

TEST(WebhookPlugin, IsSilentAfterStop) {
    Fixture it(outgoing());
    ASSERT_TRUE(it.plugin.start());
    it.plugin.deliver(message(), it.note());
    it.host.test_lane.run();
    it.plugin.deliver(message(), it.note());
    it.plugin.stop(Millis(1'000));
    it.host.test_http.waiting[0](answered(200));
    it.host.test_lane.run();
    it.plugin.deliver(message(), it.note());
    it.host.test_lane.full = true;
    it.plugin.deliver(message(), it.note());
    it.host.test_lane.run();
    EXPECT_EQ(it.host.test_http.requests.size(), 1U);
    EXPECT_TRUE(it.replies.empty());
}

TEST(WebhookPlugin, CannotLookForAMessage) {
    Fixture it(outgoing());
    std::vector<FindReply> replies;
    it.plugin.find(message(), [&](const FindReply& reply) { replies.push_back(reply); });
    EXPECT_TRUE(replies.empty());
    it.host.test_lane.run();
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].outcome, FindReply::Outcome::failed);
}

TEST(WebhookPlugin, TakesInWhatItWouldSendItself) {
    auto all = outgoing();
    all.push_back(incoming().front());
    Fixture it(all);
    it.plugin.deliver(message(), it.note());
    it.host.test_lane.run();
    const HttpOutgoing& sent = it.host.test_http.requests[0];
    const auto taken = it.plugin.accept(sent.headers, sent.body, it.host.test_lane.now().wall);
    ASSERT_TRUE(taken) << taken.error().detail;
    EXPECT_EQ(taken->id, "ord_1.1.erp");
    EXPECT_EQ(taken->source, "erp");
    EXPECT_EQ(taken->type, "order.opened");
}

}  // namespace
}  // namespace citybridge::webhook
