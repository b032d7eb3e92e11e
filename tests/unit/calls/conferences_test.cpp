// Three who talk together, in one bridge or in a room.
#include <gmock/gmock.h>

#include "tests/unit/calls/transfers.h"

namespace citybridge::calls {
namespace {

using testing::ElementsAre;

TEST(ThreeWay, the_consulted_joins_customer_and_agent) {
    PbxScript pbx;
    consult_answered(pbx);
    pbx.at(9);
    pbx.say("a", signal::BridgeLeft{"consult"});
    pbx.bridge("b", {"a"});
    pbx.say("l1", signal::BridgeLeft{"consult"});
    pbx.bridge("b", {"l1"});
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("conference SIP/1001 > PJSIP/2001 completed"));
    EXPECT_THAT(legs_of(pbx.contact()), ElementsAre("customer 13901234567", "agent SIP/1001", "agent PJSIP/2001"));
    pbx.at(12);
    pbx.hang_up("a");
    EXPECT_EQ(pbx.contact().state, ContactState::talking);
    pbx.at(15);
    pbx.hang_up("c");
    EXPECT_EQ(pbx.contact().talk, Millis{12'000});
    EXPECT_EQ(pbx.count("contact.transferred"), 1U);
}

void to_room(PbxScript& pbx, const std::string& channel) {
    pbx.say(channel, signal::BridgeEntered{"room", BridgeKind::conference, {}, "601"});
}

TEST(Conference, that_the_agent_leaves_lets_the_customer_wait_alone) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    // Asterisk's Redirect of both: the agent's channel goes first.
    pbx.say("a", signal::BridgeLeft{"b"});
    pbx.say("c", signal::BridgeLeft{"b"});
    pbx.at(6);
    to_room(pbx, "c");
    pbx.at(7);
    to_room(pbx, "a");
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("conference SIP/1001 > 601 completed"));
    pbx.at(10);
    pbx.say("a", signal::BridgeLeft{"room"});
    EXPECT_EQ(pbx.contact().talk, Millis{2'000 + 3'000});
    EXPECT_NE(pbx.contact().state, ContactState::talking);
    pbx.at(12);
    pbx.hang_up("c");
    EXPECT_EQ(pbx.contact().talk, Millis{5'000});
    EXPECT_EQ(pbx.count("contact.transferred"), 1U);
}

// FreeSWITCH moves both with a command that it tells as a blind transfer, and the agent's phone invites the third.
TEST(Conference, told_as_a_transfer_to_the_room_is_a_conference_once_the_agent_is_there_too) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.say("a", signal::Transferred{TransferKind::blind, TransferResult::completed, "601", "c", {}});
    pbx.say("c", signal::BridgeLeft{"b"});
    pbx.say("a", signal::BridgeLeft{"b"});
    to_room(pbx, "c");
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("blind SIP/1001 > 601 completed"));
    to_room(pbx, "a");
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("conference SIP/1001 > 601 completed"));
    pbx.say("t", signal::ChannelStarted{"SIP/2003", "2003", {}, {}, ChannelState::down, false}, "t");
    pbx.say("a", signal::DialStarted{"t", "2003"});
    pbx.say("t", signal::ChannelStateChanged{ChannelState::ringing});
    pbx.at(8);
    pbx.pick_up("a", "t");
    to_room(pbx, "t");
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("conference SIP/1001 > 601 completed"));
    EXPECT_THAT(legs_of(pbx.contact()), ElementsAre("customer 13901234567", "agent SIP/1001", "agent SIP/2003"));
    EXPECT_EQ(pbx.contact().offers[1].state, OfferState::accepted);
    EXPECT_EQ(pbx.count("contact.transferred"), 1U);
}

TEST(Conference, a_third_invited_by_the_pbx_is_a_leg_of_the_contact) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.say("c", signal::BridgeLeft{"b"});
    to_room(pbx, "c");
    pbx.say("a", signal::BridgeLeft{"b"});
    to_room(pbx, "a");
    pbx.say("t", signal::ChannelStarted{"SIP/2003", "2003", {}, {}, ChannelState::down, false}, "t");
    pbx.say({}, signal::DialStarted{"t", "2003"});
    pbx.say("t", signal::ChannelStateChanged{ChannelState::up});
    pbx.at(8);
    to_room(pbx, "t");
    EXPECT_THAT(legs_of(pbx.contact()), ElementsAre("customer 13901234567", "agent SIP/1001", "agent SIP/2003"));
    pbx.at(9);
    pbx.hang_up("a");
    EXPECT_EQ(pbx.contact().state, ContactState::talking);
    EXPECT_EQ(pbx.contact().offers.size(), 1U);
}

// An agent brings two customers together: the older conversation goes on, until its last customer has left.
TEST(TwoCustomers, bridged_by_an_agent_are_the_older_contact) {
    PbxScript pbx;
    pbx.answered_call();
    const std::string older = pbx.contact().id;
    pbx.at(4);
    pbx.caller("d", "13800138000");
    pbx.at(6);
    pbx.say("a", signal::BridgeLeft{"b"});
    pbx.bridge("b", {"d"});
    EXPECT_EQ(pbx.count("contact.merged"), 1U);
    ASSERT_NE(pbx.book().contact_of_channel("d"), nullptr);
    EXPECT_EQ(pbx.book().contact_of_channel("d")->id, older);
    pbx.at(9);
    pbx.hang_up("c");
    EXPECT_EQ(pbx.count("contact.ended"), 0U);
    pbx.end("d");
    EXPECT_EQ(pbx.count("contact.ended"), 1U);
}

// A colleague's call that is handed on lives until its last leg.
TEST(Internal, outlives_the_caller_who_transferred_it) {
    PbxScript pbx;
    pbx.say("x", signal::ChannelStarted{"SIP/1001", "1001", {}, "1002", ChannelState::calling, false}, "x");
    pbx.ring("x", "y", "SIP/1002", false);
    pbx.pick_up("x", "y");
    pbx.say("x", signal::ChannelStateChanged{ChannelState::up});
    pbx.bridge("b", {"y", "x"});
    pbx.at(5);
    pbx.say("x", signal::Transferred{TransferKind::blind, TransferResult::completed, "1003", "y", {}});
    pbx.say("y", signal::BridgeLeft{"b"});
    pbx.say("x", signal::BridgeLeft{"b"});
    pbx.end("x");
    EXPECT_FALSE(pbx.contact().ended_at.has_value());
    pbx.ring("y", "z", "SIP/1003", false);
    pbx.at(7);
    pbx.pick_up("y", "z");
    pbx.bridge("b2", {"z", "y"});
    EXPECT_EQ(pbx.contact().state, ContactState::talking);
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("blind SIP/1001 > SIP/1003 completed"));
    pbx.at(9);
    pbx.hang_up("z");
    pbx.end("y");
    EXPECT_EQ(pbx.count("contact.ended"), 1U);
    EXPECT_EQ(pbx.contacts(), 1U);
}

// Colleagues only: the first is alone in the room until the second is rung and comes.
TEST(Conference, of_colleagues_has_both_in_it_from_when_they_hear_each_other) {
    PbxScript pbx;
    pbx.say("x", signal::ChannelStarted{"SIP/1001", "1001", {}, "601", ChannelState::up, false}, "x");
    pbx.say("x", signal::BridgeEntered{"room", BridgeKind::conference, {}, "601"});
    pbx.at(5);
    pbx.ring("x", "y", "SIP/1002", false);
    pbx.at(7);
    pbx.pick_up("x", "y");
    pbx.say("y", signal::BridgeEntered{"room", BridgeKind::conference, {}, "601"});
    EXPECT_THAT(legs_of(pbx.contact()), ElementsAre("agent SIP/1001", "agent SIP/1002"));
    EXPECT_EQ(pbx.contact().legs[0].joined_at, pbx.wall());
}

}  // namespace
}  // namespace citybridge::calls
