#include "core/api/outages.h"

#include <gtest/gtest.h>

namespace citybridge {
namespace {

WallTime at(std::int64_t seconds) { return WallTime(std::chrono::seconds(1'795'289'700 + seconds)); }

struct Story {
    Outages outages;
    void say(std::int64_t seconds, const std::string& channel, SignalBody body) {
        outages.heard(at(seconds));
        tell(seconds, channel, std::move(body));
    }
    void tell(std::int64_t seconds, const std::string& channel, SignalBody body) {
        const PbxSignal signal{at(seconds), channel, {}, std::move(body)};
        outages.told(Outages::facts_of({&signal, 1}), at(seconds));
    }
    void up(std::int64_t seconds, const std::vector<std::string>& channels = {}) {
        say(seconds, {}, signal::LinkUp{"run-1"});
        signal::Snapshot snapshot;
        for (const std::string& id : channels) snapshot.channels.emplace_back().id = id;
        say(seconds, {}, std::move(snapshot));
    }
};

TEST(Outages, last_from_the_last_sign_of_life_to_the_next_snapshot) {
    Story story;
    story.up(0);
    story.say(10, "a", signal::ChannelStarted{});
    story.tell(25, {}, signal::LinkDown{"a ping was not answered"});
    EXPECT_FALSE(story.outages.link_is_up());
    EXPECT_TRUE(story.outages.outages().empty()) << "not over yet";
    story.up(40);
    ASSERT_EQ(story.outages.outages().size(), 1U);
    const Outage& outage = story.outages.outages()[0];
    EXPECT_EQ(outage.since_up, at(0));
    EXPECT_EQ(outage.from, at(10)) << "the link was dead before that was known";
    EXPECT_EQ(outage.to, at(40));
    story.outages.forget_outages();
    EXPECT_TRUE(story.outages.outages().empty());
}

TEST(Outages, the_first_link_ends_none) {
    Story story;
    story.tell(0, {}, signal::LinkDown{"refused"});
    story.up(5);
    EXPECT_TRUE(story.outages.outages().empty());
}

TEST(Outages, channels_are_told_of_when_they_start_or_are_there_in_a_snapshot) {
    Story story;
    story.up(0, {"s"});
    story.say(1, "a", signal::ChannelStarted{});
    story.say(2, "a", signal::ChannelRenamed{"a2"});
    story.say(3, "ghost", signal::ChannelEnded{});
    for (const char* id : {"s", "a", "a2"}) EXPECT_TRUE(story.outages.told_of(id)) << id;
    EXPECT_FALSE(story.outages.told_of("ghost")) << "the book never had it";
}

TEST(Outages, what_ended_is_remembered_through_an_outage_and_forgotten_later) {
    Story story;
    story.up(0);
    story.say(1, "a", signal::ChannelStarted{});
    story.say(2, "b", signal::ChannelStarted{});
    story.say(3, "a", signal::ChannelEnded{});
    story.tell(4, {}, signal::LinkDown{});
    story.up(10'000);
    EXPECT_TRUE(story.outages.told_of("b")) << "it ended in the outage, unseen";
    story.say(20'000, "c", signal::ChannelStarted{});
    EXPECT_FALSE(story.outages.told_of("a"));
    EXPECT_FALSE(story.outages.told_of("b"));
    EXPECT_TRUE(story.outages.told_of("c"));
}

TEST(Outages, members_are_known_by_name_and_by_device) {
    Story story;
    story.up(0);
    signal::MemberChanged member;
    member.agent = member.device = "SIP/1001";
    member.name = "张伟";
    story.say(1, {}, member);
    ASSERT_NE(story.outages.member("张伟"), nullptr);
    EXPECT_EQ(story.outages.member("张伟")->agent, "SIP/1001");
    EXPECT_EQ(story.outages.member("SIP/1001")->device, "SIP/1001");
    EXPECT_EQ(story.outages.member("李娜"), nullptr);
}

}  // namespace
}  // namespace citybridge
