#include <gmock/gmock.h>

#include "tests/unit/node/live_fixture.h"

namespace citybridge {
namespace {

TEST_F(LiveStrandTest, events_are_numbered_without_gaps_and_the_snapshot_names_the_last) {
    agent_1001();
    say("c", signal::ChannelStarted{"SIP/trunk", "139", {}, "9500", ChannelState::calling, false}, "c");
    const LiveSnapshot snapshot = settled();
    std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < events_.size(); ++i) EXPECT_EQ(events_[i]->sequence, i + 1);
    EXPECT_EQ(snapshot.sequence, events_.size());
    EXPECT_EQ(snapshot.contacts.size(), 1U);
    EXPECT_EQ(snapshot.agents.size(), 1U);
}

TEST_F(LiveStrandTest, an_ended_contact_moves_to_those_that_have_ended) {
    say("c", signal::ChannelStarted{"SIP/trunk", "139", {}, "9500", ChannelState::calling, false}, "c");
    say("c", signal::ChannelEnded{16});
    const LiveSnapshot snapshot = settled();
    EXPECT_TRUE(snapshot.contacts.empty());
    EXPECT_EQ(snapshot.ended.size(), 1U);
}

TEST_F(LiveStrandTest, its_figures_count_contacts_signals_and_the_link) {
    say("c", signal::ChannelStarted{"SIP/trunk", "139", {}, "9500", ChannelState::calling, false}, "c");
    settled();
    EXPECT_EQ(metric(registry_, "citybridge_contacts_live"), 1);
    EXPECT_EQ(metric(registry_, "citybridge_pbx_link_up"), 1);
    say("c", signal::ChannelEnded{16});
    say({}, signal::LinkDown{"cut", false});
    settled();
    EXPECT_EQ(metric(registry_, "citybridge_contacts_live"), 0);
    EXPECT_EQ(metric(registry_, "citybridge_contacts_ended_total"), 1);
    EXPECT_EQ(metric(registry_, "citybridge_pbx_link_up"), 0);
    EXPECT_EQ(metric(registry_, "citybridge_pbx_signals_total"), 5);
}

// What was answered with node.busy may be asked again: it must never happen late.
TEST_F(LiveStrandTest, a_dial_that_was_answered_busy_is_never_carried_out) {
    FakePbx pbx;
    LiveStrand late(1'000, registry_);
    late.add_pbx({.city = "beijing", .pbx = "pbx2"}, &pbx);
    std::vector<PbxSignal> facts{{{}, {}, {}, signal::LinkUp{"run-1"}},
                                 {{},
                                  {},
                                  {},
                                  signal::MemberChanged{"SIP/1001",
                                                        "one",
                                                        "SIP/1001",
                                                        "sales",
                                                        DeviceStatus::idle,
                                                        signal::MemberChanged::Pause::unpaused,
                                                        {},
                                                        0,
                                                        false}}};
    ASSERT_TRUE(late.signal("pbx2", facts));
    EXPECT_EQ(late.dial({"d1", "u", "SIP/1001", "139"}).error().code, "node.busy");
    late.start();
    ASSERT_TRUE(static_cast<bool>(late.dial({"d2", "u", "SIP/1001", "139"})));
    ASSERT_EQ(pbx.dials.size(), 1U);
    EXPECT_EQ(pbx.dials[0].command_id, "d2");
    late.stop();
}

TEST_F(LiveStrandTest, a_full_queue_takes_all_or_nothing) {
    live_.stop();
    LiveStrand small(4, registry_);
    small.add_pbx({.city = "beijing", .pbx = "pbx1"}, nullptr);
    std::vector<PbxSignal> three(3, PbxSignal{{}, "c", {}, signal::HangupRequested{}});
    EXPECT_TRUE(small.signal("pbx1", three));
    std::vector<PbxSignal> two(2, PbxSignal{{}, "c", {}, signal::HangupRequested{}});
    EXPECT_FALSE(small.signal("pbx1", two));
    std::vector<PbxSignal> one(1, PbxSignal{{}, "c", {}, signal::HangupRequested{}});
    EXPECT_TRUE(small.signal("pbx1", one));
    EXPECT_FALSE(small.signal("no-such-pbx", one));
}

TEST_F(LiveStrandTest, a_dial_rings_the_agents_phone_and_succeeds_with_the_contact) {
    agent_1001();
    ASSERT_TRUE(static_cast<bool>(live_.dial({"d1", "li.na", "SIP/1001", "13912345678"})));
    ASSERT_EQ(pbx_.dials.size(), 1U);
    EXPECT_EQ(pbx_.dials[0].device, "SIP/1001");
    EXPECT_EQ(pbx_.dials[0].number, "13912345678");
    say("cti-d1", signal::ChannelStarted{"SIP/1001", "1001", {}, {}, ChannelState::up, false}, "cti-d1");
    pbx_.answer({CommandOutcome::succeeded, {}, "cti-d1"});
    EXPECT_TRUE(results().empty());
    say("t", signal::ChannelStarted{"SIP/trunk", {}, {}, {}, ChannelState::down, false}, "cti-d1");
    say("cti-d1", signal::DialStarted{"t", "13912345678"});
    const auto finished = results();
    ASSERT_EQ(finished.size(), 1U);
    EXPECT_EQ(finished[0].outcome, CommandOutcome::succeeded);
    EXPECT_EQ(finished[0].contact_id, settled().contacts.at(0)->id);
}

TEST_F(LiveStrandTest, nothing_is_sent_without_an_agent_or_a_link) {
    EXPECT_EQ(live_.dial({"d1", "u", "SIP/9999", "139"}).error().code, "agent.unknown");
    agent_1001();
    say({}, signal::LinkDown{"cut", false});
    EXPECT_EQ(live_.dial({"d2", "u", "SIP/1001", "139"}).error().code, "pbx.link_down");
    EXPECT_EQ(live_.set_agent_state({"d3", "u", "SIP/1001", AgentWish::not_ready, "午休"}).error().code,
              "pbx.link_down");
    EXPECT_TRUE(pbx_.dials.empty());
    EXPECT_THAT(live_.links_down(), testing::ElementsAre("pbx1"));
}

TEST_F(LiveStrandTest, hanging_up_ends_the_agents_own_leg_else_the_customers) {
    agent_1001();
    say("c", signal::ChannelStarted{"SIP/trunk", "139", {}, "9500", ChannelState::up, false}, "c");
    say("a", signal::ChannelStarted{"SIP/1001", "1001", {}, {}, ChannelState::ringing, false}, "c");
    say("c", signal::DialStarted{"a", {}});
    const std::string contact = settled().contacts.at(0)->id;
    ASSERT_TRUE(static_cast<bool>(live_.hangup({"h1", "u", contact, "SIP/1001"})));
    ASSERT_TRUE(static_cast<bool>(live_.hangup({"h2", "u", contact, {}})));
    EXPECT_THAT(pbx_.hung_up, testing::ElementsAre("a", "c"));
    EXPECT_EQ(live_.hangup({"h3", "u", "no-such", {}}).error().code, "contact.unknown");
    say("c", signal::ChannelEnded{16});
    EXPECT_EQ(live_.hangup({"h4", "u", contact, {}}).error().code, "contact.ended");
}

TEST_F(LiveStrandTest, commands_under_way_when_it_stops_are_unknown) {
    agent_1001();
    ASSERT_TRUE(static_cast<bool>(live_.dial({"d1", "u", "SIP/1001", "139"})));
    live_.stop();
    std::lock_guard lock(mutex_);
    const auto& last = std::get<CommandFinished>(events_.back()->event);
    EXPECT_EQ(last.outcome, CommandOutcome::unknown);
    EXPECT_EQ(last.reason, "node_stopped");
}

}  // namespace
}  // namespace citybridge
