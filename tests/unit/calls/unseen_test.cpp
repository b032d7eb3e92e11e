// P4: what happened while nobody listened and is told by what follows. The pictures are those that an Asterisk's
// lists give between two events (captures 01e, 08a, 11a, 13, 17).
#include <gmock/gmock.h>

#include "tests/unit/calls/transfers.h"

namespace citybridge::calls {
namespace {

using testing::ElementsAre;

signal::SnapshotChannel listed(const PbxScript& pbx, const std::string& id, const std::string& group,
                               const std::string& device, ChannelState state, const std::string& bridge = {},
                               BridgeKind kind = BridgeKind::two_party) {
    signal::SnapshotChannel out;
    out.id = id;
    out.group = group;
    out.started.device = device;
    out.started.number = device.substr(device.find('/') + 1);
    out.started.state = state;
    out.started_at = pbx.wall();
    out.bridge = bridge;
    out.bridge_kind = kind;
    return out;
}

void cut(PbxScript& pbx) { pbx.say({}, signal::LinkDown{"cut", false}); }

void back(PbxScript& pbx, std::vector<signal::SnapshotChannel> channels) {
    pbx.say({}, signal::LinkUp{"run-1"});
    signal::Snapshot seen;
    seen.channels = std::move(channels);
    pbx.say({}, std::move(seen));
}

// The queue has connected the agent, and his phone was seen to enter the bridge before the customer.
void agent_waits_in_the_bridge(PbxScript& pbx) {
    pbx.connect();
    pbx.caller("c", "13901234567");
    pbx.say("c", signal::QueueEntered{"sales"});
    pbx.ring("c", "a", "SIP/1001");
    pbx.at(2);
    pbx.pick_up("c", "a");
    pbx.say("c", signal::QueueLeft{"sales", false});
    pbx.say("c", signal::AgentConnected{"sales", "SIP/1001", "agent 1001", "a"});
    pbx.bridge("b", {"a"});
}

TEST(Unseen, an_agent_who_waited_in_the_bridge_and_has_left_it_has_spoken_with_the_customer) {
    PbxScript pbx;
    agent_waits_in_the_bridge(pbx);
    cut(pbx);
    pbx.at(3);
    back(pbx, {listed(pbx, "c", "c", "SIP/trunk", ChannelState::up, "b"),
               listed(pbx, "a", "c", "SIP/1001", ChannelState::up)});
    pbx.hang_up("a");
    pbx.at(5);
    pbx.say("c", signal::BridgeLeft{"b"});
    pbx.hang_up("c");
    EXPECT_EQ(to_string(pbx.contact().outcome.value()), "answered");
    EXPECT_TRUE(pbx.contact().answered_at.has_value());
}

TEST(Unseen, an_agent_still_alone_in_the_bridge_has_spoken_with_nobody) {
    PbxScript pbx;
    agent_waits_in_the_bridge(pbx);
    cut(pbx);
    back(pbx, {listed(pbx, "c", "c", "SIP/trunk", ChannelState::up),
               listed(pbx, "a", "c", "SIP/1001", ChannelState::up, "b")});
    EXPECT_FALSE(pbx.contact().answered_at.has_value());
}

TEST(Unseen, both_on_their_way_to_a_room_had_spoken_and_the_agent_made_it_a_conference) {
    PbxScript pbx;
    agent_waits_in_the_bridge(pbx);
    cut(pbx);
    pbx.at(3);
    back(pbx,
         {listed(pbx, "c", "c", "SIP/trunk", ChannelState::up), listed(pbx, "a", "c", "SIP/1001", ChannelState::up)});
    for (const char* each : {"c", "a"}) pbx.say(each, signal::BridgeEntered{"room", BridgeKind::conference, {}, "601"});
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("conference SIP/1001 > 601 completed"));
}

TEST(Unseen, a_first_meeting_in_a_room_was_not_the_first) {
    PbxScript pbx;
    pbx.connect();
    pbx.caller("c", "13901234567");
    pbx.say("c", signal::QueueEntered{"sales"});
    pbx.ring("c", "a", "SIP/1001");
    pbx.say("a", signal::ChannelStateChanged{ChannelState::up});
    cut(pbx);
    pbx.at(3);
    back(pbx,
         {listed(pbx, "c", "c", "SIP/trunk", ChannelState::up), listed(pbx, "a", "c", "SIP/1001", ChannelState::up)});
    for (const char* each : {"c", "a"}) pbx.say(each, signal::BridgeEntered{"room", BridgeKind::conference, {}, "601"});
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("conference SIP/1001 > 601 completed"));
}

TEST(Unseen, who_parked_the_customer_is_in_the_list_of_slots) {
    for (const bool restarted : {false, true}) {
        PbxScript pbx;
        if (!restarted) {
            agent_waits_in_the_bridge(pbx);
            pbx.bridge("b", {"c"});
            cut(pbx);
        }
        pbx.at(4);
        auto customer = listed(pbx, "c", "c", "SIP/trunk", ChannelState::up, "lot", BridgeKind::parking);
        customer.started.dialled = "9500";
        customer.slot = "701";
        customer.parked_by = "SIP/1001";
        back(pbx, {customer});
        EXPECT_EQ(pbx.contact().state, ContactState::parked);
        EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("park SIP/1001 > 701 completed"));
        pbx.at(6);
        pbx.say("f", signal::ChannelStarted{"SIP/1002", "1002", {}, "701", ChannelState::up, false}, "f");
        pbx.say("c", signal::Unparked{"f"});
        pbx.bridge("b2", {"c", "f"});
        EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("park SIP/1001 > SIP/1002 completed"));
    }
}

TEST(Unseen, whom_a_click_to_dial_reached_is_told_by_what_its_channel_runs) {
    PbxScript pbx;
    pbx.connect();
    cut(pbx);
    pbx.at(3);
    auto agent = listed(pbx, "a", "a", "SIP/1001", ChannelState::up);
    auto line = listed(pbx, "t", "a", "PJSIP/trunk", ChannelState::ringing);
    line.dialled_by = "a";
    line.reached_by = "913912345678";
    back(pbx, {agent, line});
    EXPECT_EQ(pbx.contact().direction, Direction::outbound);
    EXPECT_EQ(pbx.contact().customer_number, "913912345678");
    EXPECT_EQ(pbx.contact().called_number, "913912345678");
}

// The agent called the customer, gave him to a colleague and is gone; then the node is started anew.
TEST(Unseen, a_transferred_outbound_call_keeps_its_id_over_a_restart_of_the_node) {
    PbxScript before;
    before.connect();
    before.say("a", signal::ChannelStarted{"SIP/1001", "1001", {}, "13912345678", ChannelState::calling, false}, "a");
    before.say("t", signal::ChannelStarted{"PJSIP/trunk", "13912345678", {}, {}, ChannelState::down, false}, "a");
    before.say("a", signal::DialStarted{"t", "13912345678"});
    const std::string id = before.contact().id;

    PbxScript after;
    auto customer = listed(after, "t", "a", "PJSIP/trunk", ChannelState::up, "b2");
    customer.started.number = "13912345678";
    auto colleague = listed(after, "x", "a", "SIP/1002", ChannelState::up, "b2");
    colleague.dialled_by = "t";
    colleague.reached_by = "1002";
    back(after, {customer, colleague});
    EXPECT_EQ(after.contact().id, id);
    EXPECT_EQ(after.contact().direction, Direction::outbound);
    EXPECT_EQ(after.contact().customer_number, "13912345678");
    EXPECT_EQ(after.contact().state, ContactState::talking);
}

// A list that is ahead shows him back with the customer before the stream tells that he took him back.
TEST(Unseen, a_hold_that_ended_before_the_lists_were_made_was_not_pressed_in_the_outage) {
    PbxScript pbx;
    pbx.connect();
    pbx.answered_call();
    cut(pbx);
    pbx.at(4);
    auto customer = listed(pbx, "c", "c", "SIP/trunk", ChannelState::up, "b");
    back(pbx, {customer, listed(pbx, "a", "c", "SIP/1001", ChannelState::up, "b")});
    pbx.at(5);
    pbx.bridge("b", {"a"});  // told late
    pbx.say("a", signal::HoldChanged{false});
    EXPECT_TRUE(pbx.contact().holds.empty());
}

TEST(Unseen, a_command_that_rings_an_agent_is_no_wait_of_the_customer) {
    PbxScript pbx;
    pbx.connect();
    cut(pbx);
    auto agent = listed(pbx, "a", "a", "SIP/1001", ChannelState::up);
    auto line = listed(pbx, "t", "a", "PJSIP/trunk", ChannelState::down);
    line.dialled_by = "a";
    back(pbx, {agent, line});
    pbx.at(1);
    pbx.say({}, signal::DialEnded{"a", DialResult::answered});
    pbx.at(4);
    pbx.say("t", signal::ChannelStateChanged{ChannelState::ringing});
    pbx.at(6);
    pbx.pick_up("a", "t");
    pbx.bridge("b", {"a", "t"});
    EXPECT_EQ(pbx.contact().wait, Millis(2'000));
}

// Its Newchannel was seen, which says no number yet; what says it was lost, and so was DialBegin.
TEST(Unseen, a_line_that_had_no_number_yet_has_the_one_that_is_listed) {
    PbxScript pbx;
    pbx.connect();
    pbx.say("a", signal::ChannelStarted{"SIP/1001", "1001", {}, {}, ChannelState::up, false}, "a");
    pbx.say({}, signal::DialStarted{"a", "1001"});
    pbx.say("t", signal::ChannelStarted{"PJSIP/trunk", {}, {}, {}, ChannelState::down, false}, "a");
    cut(pbx);
    pbx.at(3);
    auto line = listed(pbx, "t", "a", "PJSIP/trunk", ChannelState::ringing);
    line.started.number = "913912345678";
    back(pbx, {listed(pbx, "a", "a", "SIP/1001", ChannelState::up), line});
    EXPECT_EQ(pbx.contact().customer_number, "913912345678");
    EXPECT_EQ(pbx.contact().legs.back().number, "913912345678");
}

// The queue rang a helper for a phone that is not seen; that it was picked up is lost.
TEST(Unseen, an_agent_behind_a_helper_takes_part_from_when_he_is_listed_as_answered) {
    PbxScript pbx;
    pbx.connect();
    pbx.caller("c", "139");
    pbx.say("c", signal::QueueEntered{"vip"});
    pbx.say("l", signal::ChannelStarted{"Local/3002@agents", {}, {}, {}, ChannelState::down, true, "L"}, "c");
    pbx.say("c", signal::AgentCalled{"vip", "Local/3002@agents", "agent", "Local/3002@agents", "l"});
    pbx.say("c", signal::DialStarted{"l", "3002"});
    cut(pbx);
    pbx.at(3);
    auto helper = listed(pbx, "l", "c", "Local/3002@agents", ChannelState::up);
    helper.started.internal_helper = true;
    back(pbx, {listed(pbx, "c", "c", "SIP/trunk", ChannelState::up), helper});
    ASSERT_EQ(pbx.contact().legs.size(), 2U);
    EXPECT_EQ(pbx.contact().legs[1].agent, "Local/3002@agents");
    EXPECT_FALSE(pbx.contact().legs[1].joined_at.has_value());
}

}  // namespace
}  // namespace citybridge::calls
