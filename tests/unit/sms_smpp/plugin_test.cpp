// The plugin on a lane, a link and a node of the test's own.
#include <gtest/gtest.h>

#include "plugins/sms_smpp/smpp.h"
#include "tests/support/plugin_host.h"
#include "tests/unit/sms_smpp/centre.h"

namespace citybridge::sms_smpp {
namespace {

struct Fixture {
    Fixture() {
        Problems problems;
        RawSettings raw{{"city.xml", 3, 5}, {}};
        for (const auto& [name, value] :
             {std::pair{"host", "127.0.0.1"}, {"port", "2776"}, {"system_id", "city"}, {"password", "hunter2"}})
            raw.settings.push_back({name, value, {"city.xml", 4, 7}});
        plugin.configure(raw, problems);
        EXPECT_TRUE(problems.empty());
        EXPECT_TRUE(plugin.start());
    }
    void bind() {
        lane().callbacks.opened();
        lane().sent.clear();
        lane().writes = 0;
        lane().callbacks.received(encode(command::kBindTransceiver | command::kResponse, 0, 1, zero()));
    }
    void deliver(const std::string& text) {
        OutboxRecord message;
        message.id = "m";
        message.payload = nlohmann::json{{"to", "+8613800000000"}, {"text", text}}.dump();
        plugin.deliver(message, [this](DeliveryReply reply) { replies.push_back(std::move(reply)); });
    }
    tests::VirtualLane& lane() { return host.kept_lane; }

    tests::PluginHost host{"sms", WallTime(Millis(1'795'289'700'000))};
    SmppPlugin plugin{host};
    std::vector<DeliveryReply> replies;
};

TEST(SmppPlugin, ConnectsWhereItsSettingsSay) {
    Fixture it;
    EXPECT_EQ(it.lane().asked.host, "127.0.0.1");
    EXPECT_EQ(it.lane().asked.port, 2776);
    EXPECT_EQ(it.plugin.offers().outbound, &it.plugin);
    EXPECT_EQ(it.plugin.delivery_traits().repeats, Repeats::neither);
}

TEST(SmppPlugin, DeliversOnTheLaneAndTellsWhatTheCentreSaid) {
    Fixture it;
    it.bind();
    it.deliver("hello");
    EXPECT_TRUE(it.lane().sent.empty()) << "only the lane may send";
    it.lane().run();
    EXPECT_NE(it.lane().sent.find("8613800000000"), std::string::npos);
    it.lane().callbacks.received(encode(command::kSubmitSm | command::kResponse, 0, 2, "a1" + zero()));
    ASSERT_EQ(it.replies.size(), 1U);
    EXPECT_EQ(it.replies[0].outcome, DeliveryOutcome::delivered);
    EXPECT_EQ(it.replies[0].external_id, "a1");
}

TEST(SmppPlugin, WritesMessagesThatComeTogetherAtOnce) {
    Fixture it;
    it.bind();
    for (int i = 0; i < 3; ++i) it.deliver("hello");
    EXPECT_EQ(it.lane().posted(), 1U);
    it.lane().run();
    EXPECT_EQ(it.lane().writes, 1);
    for (std::uint32_t sequence = 2; sequence < 5; ++sequence)
        it.lane().callbacks.received(encode(command::kSubmitSm | command::kResponse, 0, sequence, "a" + zero()));
    EXPECT_EQ(it.replies.size(), 3U);
}

TEST(SmppPlugin, GivesReceiptsToTheNodeBeforeItAnswersThem) {
    Fixture it;
    it.bind();
    it.lane().callbacks.received(encode(command::kDeliverSm, 0, 9, deliver_body(4, receipt_text("a1", "DELIVRD"))));
    ASSERT_EQ(it.host.taken.size(), 1U);
    EXPECT_TRUE(it.lane().sent.empty());
    it.host.waiting[0](ok());
    EXPECT_EQ(it.lane().sent, encode(command::kDeliverSm | command::kResponse, 0, 9, zero()));
}

TEST(SmppPlugin, ConnectsAgainAfterAWait) {
    Fixture it;
    it.bind();
    it.deliver("hello");
    it.lane().run();
    it.lane().callbacks.closed({"link.lost", "gone"});
    ASSERT_EQ(it.replies.size(), 1U);
    EXPECT_EQ(it.replies[0].outcome, DeliveryOutcome::unclear);
    EXPECT_EQ(it.lane().connects, 1);
    it.lane().run(Millis(60'000));
    EXPECT_EQ(it.lane().connects, 2);
}

TEST(SmppPlugin, TellsARefusedBindOnceAndNeverThePassword) {
    Fixture it;
    it.lane().callbacks.opened();
    it.lane().callbacks.received(encode(command::kBindTransceiver | command::kResponse, status::kWrongPassword, 1));
    it.deliver("hello");
    it.lane().run();
    ASSERT_EQ(it.replies.size(), 1U);
    EXPECT_EQ(it.replies[0].code, "smpp.bind_refused");
    EXPECT_EQ(it.host.log_lines.size(), 1U);
    for (const std::string& line : it.host.log_lines) EXPECT_EQ(line.find("hunter2"), std::string::npos);
    EXPECT_EQ(it.replies[0].detail.find("hunter2"), std::string::npos);
}

TEST(SmppPlugin, RefusesWhatIsNoMessageAndSaysNotDoneWhenItsLaneIsFull) {
    Fixture it;
    it.bind();
    it.deliver("");
    it.lane().run();
    it.lane().full = true;
    it.deliver("hello");
    ASSERT_EQ(it.replies.size(), 2U);
    EXPECT_EQ(it.replies[0].outcome, DeliveryOutcome::refused);
    EXPECT_EQ(it.replies[1].outcome, DeliveryOutcome::not_done);
}

TEST(SmppPlugin, IsSilentAfterStop) {
    Fixture it;
    it.bind();
    it.lane().callbacks.received(encode(command::kDeliverSm, 0, 9, deliver_body(4, receipt_text("a1", "DELIVRD"))));
    it.deliver("one");
    it.lane().run();
    it.deliver("two");
    it.lane().sent.clear();
    it.plugin.stop(Millis(1'000));
    EXPECT_EQ(it.lane().sent.substr(4, 4), std::string("\0\0\0\x06", 4)) << "good-bye";
    EXPECT_EQ(it.lane().timers(), 0U);
    it.lane().sent.clear();
    it.lane().run();
    it.host.waiting[0](ok());
    it.lane().callbacks.received(encode(command::kSubmitSm | command::kResponse, 0, 2, "a1" + zero()));
    EXPECT_TRUE(it.replies.empty());
    EXPECT_TRUE(it.lane().sent.empty());
}

}  // namespace
}  // namespace citybridge::sms_smpp
