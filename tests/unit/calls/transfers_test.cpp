// DESIGN section 6: one contact through every kind of transfer, told by the PBX
// or only to be seen from who leaves whom. Orders of events are those of
// Asterisk's recordings and of its documented manager events.
#include "tests/unit/calls/transfers.h"

#include <gmock/gmock.h>

namespace citybridge::calls {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

signal::Transferred blind(const std::string& to, TransferResult result = TransferResult::completed) {
    return {TransferKind::blind, result, to, "c", {}};
}

// The agent's phone goes, the customer's channel rings another.
void leave_agent(PbxScript& pbx) {
    pbx.say("c", signal::BridgeLeft{"b"});
    pbx.say("a", signal::BridgeLeft{"b"});
    pbx.end("a");
}

TEST(BlindTransfer, told_by_the_pbx_is_one_contact_and_one_transfer) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.say("a", blind("2001"));
    leave_agent(pbx);
    pbx.ring("c", "x", "PJSIP/2001", false);
    pbx.at(7);
    pbx.pick_up("c", "x");
    pbx.bridge("b2", {"x", "c"});
    pbx.at(10);
    pbx.hang_up("c");
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("blind SIP/1001 > PJSIP/2001 completed"));
    EXPECT_EQ(pbx.contact().talk, Millis{2'000 + 3'000});
    EXPECT_EQ(pbx.contact().transfers[0].at, WallTime{Millis{1'795'289'700'000 + 5'000}});
    EXPECT_EQ(pbx.count("contact.transferred"), 1U);
    EXPECT_EQ(pbx.count("contact.answered"), 1U);
    EXPECT_THAT(legs_of(pbx.contact()), ElementsAre("customer 13901234567", "agent SIP/1001", "agent PJSIP/2001"));
}

TEST(BlindTransfer, repeated_by_the_pbx_is_still_one) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.say("a", blind("2001"));
    pbx.say("a", blind("2001"));
    EXPECT_EQ(pbx.contact().transfers.size(), 1U);
}

TEST(BlindTransfer, refused_by_the_pbx_failed_and_they_go_on_talking) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.say("a", blind("999", TransferResult::failed));
    EXPECT_EQ(pbx.contact().state, ContactState::talking);
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("blind SIP/1001 > 999 failed"));
    pbx.at(10);
    pbx.hang_up("c");
    EXPECT_EQ(pbx.contact().talk, Millis{7'000});
}

TEST(BlindTransfer, to_a_phone_that_does_not_answer_failed) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.say("a", blind("2001"));
    leave_agent(pbx);
    pbx.ring("c", "x", "PJSIP/2001", false);
    pbx.at(25);
    pbx.say("c", signal::DialEnded{"x", DialResult::no_answer});
    pbx.end("x", 19);
    pbx.at(26);
    pbx.hang_up("c");
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("blind SIP/1001 > PJSIP/2001 failed (no_answer)"));
    EXPECT_EQ(pbx.contact().outcome, Outcome::answered);  // an agent spoke with him, whatever followed
    EXPECT_EQ(pbx.contact().talk, Millis{2'000});
}

TEST(BlindTransfer, that_comes_back_to_the_agent_failed) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.say("a", blind("2001"));
    leave_agent(pbx);
    pbx.ring("c", "x", "PJSIP/2001", false);
    pbx.at(15);
    pbx.say("c", signal::DialEnded{"x", DialResult::busy});
    pbx.end("x", 17);
    pbx.ring("c", "a2", "SIP/1001", false);
    pbx.at(17);
    pbx.pick_up("c", "a2");
    pbx.bridge("b2", {"a2", "c"});
    pbx.at(20);
    pbx.hang_up("c");
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("blind SIP/1001 > PJSIP/2001 failed (busy)"));
    EXPECT_EQ(pbx.contact().talk, Millis{2'000 + 3'000});
}

TEST(BlindTransfer, to_a_ring_group_is_to_whoever_answers) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.say("a", blind("600"));
    leave_agent(pbx);
    pbx.ring("c", "x", "SIP/2001", false);
    pbx.ring("c", "y", "SIP/2002", false);
    EXPECT_EQ(pbx.contact().transfers[0].to, "600");
    pbx.at(7);
    // Both pick up in the same instant; the PBX connects one and drops the other.
    pbx.pick_up("c", "y");
    pbx.pick_up("c", "x");
    pbx.bridge("b2", {"y", "c"});
    pbx.end("x", 26);
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("blind SIP/1001 > SIP/2002 completed"));
    EXPECT_EQ(pbx.contact().offers[1].state, OfferState::revoked);
    EXPECT_EQ(pbx.contact().offers[2].state, OfferState::accepted);
    EXPECT_FALSE(pbx.contact().legs[2].joined_at.has_value());
}

TEST(BlindTransfer, to_a_second_queue_is_to_that_queue_whoever_answers) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.say("a", blind("9502"));
    leave_agent(pbx);
    pbx.say("c", signal::QueueEntered{"repair"});
    EXPECT_EQ(pbx.contact().state, ContactState::queued);
    EXPECT_EQ(pbx.contact().queue, "repair");
    pbx.ring("c", "x", "SIP/2001");
    pbx.at(9);
    pbx.pick_up("c", "x");
    pbx.say("c", signal::QueueLeft{"repair", false});
    pbx.say("c", signal::AgentConnected{"repair", "SIP/2001", "", "x"});
    pbx.bridge("b2", {"x", "c"});
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("blind SIP/1001 > 9502 completed"));
    EXPECT_EQ(pbx.contact().wait, Millis{2'000});  // of the first answer
    EXPECT_EQ(pbx.contact().offers.size(), 2U);
}

TEST(BlindTransfer, to_a_menu_has_nobody_to_fail) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.say("a", blind("9500"));
    leave_agent(pbx);
    pbx.at(9);
    pbx.hang_up("c");
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("blind SIP/1001 > 9500 completed"));
}

// Asterisk's Redirect: no event says "transfer".
TEST(Redirect, to_a_colleague_is_seen_from_who_is_rung_next) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.say("c", signal::BridgeLeft{"b"});
    pbx.say("a", signal::BridgeLeft{"b"});
    EXPECT_THAT(transfers_of(pbx.contact()), IsEmpty());
    pbx.ring("c", "x", "PJSIP/2001", false);
    pbx.end("a");
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("redirect SIP/1001 > PJSIP/2001 completed"));
    pbx.at(7);
    pbx.pick_up("c", "x");
    pbx.bridge("b2", {"x", "c"});
    pbx.at(10);
    pbx.hang_up("c");
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("redirect SIP/1001 > PJSIP/2001 completed"));
    EXPECT_EQ(pbx.contact().talk, Millis{5'000});
    EXPECT_EQ(pbx.count("contact.transferred"), 1U);
}

TEST(Redirect, to_a_queue) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    leave_agent(pbx);
    pbx.say("c", signal::QueueEntered{"repair"});
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("redirect SIP/1001 > repair completed"));
}

TEST(Redirect, told_late_takes_the_word_of_the_pbx_and_is_not_double) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    leave_agent(pbx);
    pbx.ring("c", "x", "PJSIP/2001", false);
    pbx.at(5.1);
    pbx.say("a", blind("2001"));
    EXPECT_EQ(pbx.contact().transfers.size(), 1U);  // "a" is gone, the moved party is not
    EXPECT_EQ(pbx.contact().transfers[0].kind, TransferKind::blind);
    EXPECT_EQ(pbx.contact().transfers[0].to, "PJSIP/2001");
}

TEST(Redirect, is_not_what_follows_an_agent_who_hung_up) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.say("a", signal::HangupRequested{});
    leave_agent(pbx);
    pbx.ring("c", "x", "PJSIP/2001", false);  // the dialplan goes on
    EXPECT_THAT(transfers_of(pbx.contact()), IsEmpty());
}

// FreeSWITCH tells who hung up after the bridge is gone.
TEST(Redirect, is_not_what_follows_a_hangup_that_is_told_late) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.say("c", signal::BridgeLeft{"b"});
    pbx.at(5.02);
    pbx.say("a", signal::HangupRequested{});
    pbx.end("a");
    pbx.say("c", signal::QueueEntered{"survey"});
    EXPECT_THAT(transfers_of(pbx.contact()), IsEmpty());
}

TEST(Redirect, into_a_voice_box_is_to_what_was_dialled) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    leave_agent(pbx);
    pbx.say("c", signal::ChannelPartyChanged{{}, {}, "*97"});
    pbx.say("c", signal::ApplicationEntered{Application::voicemail});
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("redirect SIP/1001 > *97 completed"));
}

// `Action: Redirect` of the customer to an announcement: nobody is rung, queued or recorded there.
TEST(Redirect, to_an_announcement_is_to_what_is_dialled_there) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.say("c", signal::ChannelPartyChanged{{}, {}, "8001"});
    leave_agent(pbx);
    pbx.end("a");
    pbx.at(9);
    pbx.hang_up("c");
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("redirect SIP/1001 > 8001 completed"));
    EXPECT_EQ(pbx.contact().talk, Millis{2'000});
}

TEST(Joining, another_agents_phone_with_a_caller_makes_no_one_conversation_of_two) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.caller("d", "13800138000");
    pbx.say("d", signal::QueueEntered{"sales"});
    pbx.ring("d", "e", "SIP/1002");
    pbx.at(6);
    pbx.pick_up("d", "e");
    pbx.bridge("b2", {"e", "d"});
    pbx.at(8);
    pbx.say("c", signal::BridgeLeft{"b"});
    pbx.say("c", signal::BridgeEntered{"b3", BridgeKind::two_party, {}});
    pbx.say("e", signal::BridgeLeft{"b2"});
    pbx.say("e", signal::BridgeEntered{"b3", BridgeKind::two_party, {}});
    EXPECT_EQ(pbx.count("contact.merged"), 0U);
    const ContactPtr first = pbx.book().contact_of_channel("c");
    const ContactPtr second = pbx.book().contact_of_channel("d");
    ASSERT_NE(first, second);
    EXPECT_THAT(transfers_of(*first), ElementsAre("redirect SIP/1001 > SIP/1002 completed"));
    EXPECT_THAT(legs_of(*first), ElementsAre("customer 13901234567", "agent SIP/1001", "agent SIP/1002"));
    EXPECT_THAT(legs_of(*second), ElementsAre("customer 13800138000", "agent SIP/1002"));
    EXPECT_EQ(second->talk, Millis{2'000});
    EXPECT_EQ(second->legs[1].left_at, pbx.wall());
}

TEST(Joining, a_phone_that_takes_the_place_of_a_colleagues_call_stays_with_the_customer) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.say("a2", signal::ChannelStarted{"SIP/1001", "1001", {}, "2001", ChannelState::calling, false}, "a2");
    pbx.ring("a2", "y", "PJSIP/2001", false);
    pbx.at(7);  // handed over while it rings
    for (const char* half : {"l1", "l2"})
        pbx.say(half, signal::ChannelStarted{"Local/x", {}, {}, {}, ChannelState::down, true, "L"}, "c");
    pbx.say("l2", signal::ChannelRenamed{"a2"});
    EXPECT_EQ(pbx.book().contact_of_channel("a2"), pbx.book().contact_of_channel("c"));
    EXPECT_EQ(pbx.book().contact_of_channel("y")->direction, Direction::inbound);
}

}  // namespace
}  // namespace citybridge::calls
