// Consultations, attended transfers, three together. Orders of events as in
// Asterisk's recordings and its documented manager events.
#include <gmock/gmock.h>

#include "tests/unit/calls/transfers.h"

namespace citybridge::calls {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Consultation, is_one_leg_with_the_real_phone_and_talk_goes_on) {
    PbxScript pbx;
    consult_answered(pbx);
    EXPECT_THAT(legs_of(pbx.contact()), ElementsAre("customer 13901234567", "agent SIP/1001", "consult PJSIP/2001"));
    EXPECT_EQ(pbx.contact().state, ContactState::talking);
    EXPECT_THAT(pbx.contact().holds, IsEmpty());  // music for a consultation
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "talking");
    EXPECT_EQ(pbx.agent_state("PJSIP/2001"), "talking");
    EXPECT_EQ(pbx.contact().offers[1].state, OfferState::accepted);
}

TEST(AttendedTransfer, the_consulted_becomes_agent_and_talk_has_no_gap) {
    PbxScript pbx;
    consult_answered(pbx);
    pbx.at(9);
    pbx.say("a", signal::HangupRequested{});
    pbx.say("a", signal::BridgeLeft{"consult"});
    pbx.say("l1", signal::BridgeLeft{"consult"});
    pbx.bridge("b", {"l1"});
    pbx.say("a", signal::Transferred{TransferKind::attended, TransferResult::completed, {}, "c", {}});
    pbx.end("a");
    // The pair is optimised away.
    pbx.say("y", signal::BridgeLeft{"behind"});
    pbx.say("l1", signal::BridgeLeft{"b"});
    pbx.say("y", signal::BridgeEntered{"b", BridgeKind::two_party, "l1"});
    pbx.end("l1");
    pbx.end("l2");
    pbx.at(13);
    pbx.hang_up("c");
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("attended SIP/1001 > PJSIP/2001 completed"));
    EXPECT_EQ(pbx.contact().talk, Millis{10'000});
    EXPECT_THAT(legs_of(pbx.contact()), ElementsAre("customer 13901234567", "agent SIP/1001", "agent PJSIP/2001"));
    EXPECT_EQ(to_string(pbx.contact().ended_by.value()), "customer");
    EXPECT_EQ(pbx.count("contact.transferred"), 1U);
}

TEST(AttendedTransfer, cancelled_while_it_rings) {
    PbxScript pbx;
    consult(pbx);
    pbx.at(7);
    pbx.say("a", signal::BridgeLeft{"consult"});
    pbx.bridge("b", {"a"});
    pbx.say("a", signal::HoldChanged{false});
    pbx.say("l2", signal::DialEnded{"y", DialResult::cancelled});
    pbx.end("y");
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("attended SIP/1001 > PJSIP/2001 cancelled (cancelled)"));
    EXPECT_EQ(pbx.contact().state, ContactState::talking);
    EXPECT_EQ(pbx.contact().offers[1].state, OfferState::revoked);
    EXPECT_THAT(legs_of(pbx.contact()),
                ElementsAre("customer 13901234567", "agent SIP/1001", "consult PJSIP/2001 not joined"));
}

TEST(AttendedTransfer, to_a_busy_phone_failed) {
    PbxScript pbx;
    consult(pbx);
    pbx.say("l2", signal::DialEnded{"y", DialResult::busy});
    pbx.end("y", 17);
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("attended SIP/1001 > PJSIP/2001 failed (busy)"));
}

struct InVain {
    DialResult result;
    int told;   // Q.850, with the end of the dial (FreeSWITCH)
    int cause;  // of the line that ends then (Asterisk knows it only here)
    const char* words;
};
class ConsultedInVain : public testing::TestWithParam<InVain> {};

TEST_P(ConsultedInVain, says_why) {
    PbxScript pbx;
    consult(pbx);
    pbx.say("l2", signal::DialEnded{"y", GetParam().result, GetParam().told});
    pbx.end("y", GetParam().cause);
    EXPECT_THAT(transfers_of(pbx.contact()),
                ElementsAre(std::string("attended SIP/1001 > PJSIP/2001 ") + GetParam().words));
    EXPECT_EQ(pbx.contact().state, ContactState::talking);
}

// Causes of Q.850: 1 unallocated number, 3 no route, 16 normal, 17 busy, 19 no answer, 20 subscriber absent, 21
// rejected, 34 no circuit, 42 congestion.
INSTANTIATE_TEST_SUITE_P(causes, ConsultedInVain,
                         testing::Values(InVain{DialResult::no_answer, 0, 19, "failed (no_answer)"},
                                         InVain{DialResult::no_answer, 0, 16, "failed (no_answer)"},
                                         InVain{DialResult::rejected, 0, 21, "failed (rejected)"},
                                         InVain{DialResult::busy, 0, 21, "failed (rejected)"},
                                         InVain{DialResult::busy, 17, 17, "failed (busy)"},
                                         InVain{DialResult::failed, 0, 34, "failed (unreachable)"},
                                         InVain{DialResult::failed, 42, 42, "failed (unreachable)"},
                                         InVain{DialResult::failed, 0, 20, "failed (unreachable)"},
                                         InVain{DialResult::failed, 0, 0, "failed (unreachable)"},
                                         InVain{DialResult::failed, 16, 16, "failed (unreachable)"},
                                         InVain{DialResult::failed, 1, 1, "failed (no_such_number)"},
                                         InVain{DialResult::failed, 0, 1, "failed (no_such_number)"},
                                         InVain{DialResult::failed, 3, 3, "failed (no_such_number)"},
                                         InVain{DialResult::failed, 0, 17, "failed (busy)"}));

// Nothing told the end of the dial; its line says why it ended.
TEST(AttendedTransfer, whose_line_ends_without_a_word_has_the_lines_cause) {
    for (const auto& [cause, words] :
         {std::pair(17, "failed (busy)"), std::pair(19, "failed (no_answer)"), std::pair(27, "failed (unreachable)"),
          std::pair(1, "failed (no_such_number)"), std::pair(16, "cancelled (cancelled)")}) {
        PbxScript pbx;
        consult(pbx);
        pbx.end("y", cause);
        EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre(std::string("attended SIP/1001 > PJSIP/2001 ") + words));
    }
}

TEST(AttendedTransfer, of_whoever_answered_and_left_is_told_who_left) {
    for (const bool himself : {true, false}) {
        PbxScript pbx;
        consult_answered(pbx);
        pbx.at(9);
        if (himself) pbx.say("y", signal::HangupRequested{});
        pbx.say("a", signal::BridgeLeft{"consult"});
        pbx.bridge("b", {"a"});
        pbx.end("y");
        EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre(std::string("attended SIP/1001 > PJSIP/2001 cancelled ") +
                                                             (himself ? "(hung_up)" : "(cancelled)")));
    }
}

TEST(AttendedTransfer, to_a_second_line_after_the_first_failed_is_completed) {
    PbxScript pbx;
    consult(pbx);
    pbx.say("l2", signal::DialEnded{"y", DialResult::failed});
    pbx.end("y", 34);
    pbx.say("z", signal::ChannelStarted{"PJSIP/trunk2", {}, {}, {}, ChannelState::down, false}, "c");
    pbx.say("l2", signal::DialStarted{"z", "2001"});
    pbx.at(7);
    pbx.pick_up("l2", "z");
    pbx.bridge("behind", {"z", "l2"});
    pbx.at(9);
    pbx.say("a", signal::HangupRequested{});
    pbx.say("a", signal::BridgeLeft{"consult"});
    pbx.say("l1", signal::BridgeLeft{"consult"});
    pbx.bridge("b", {"l1"});
    pbx.end("a");
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("attended SIP/1001 > PJSIP/2001 failed (unreachable)",
                                                         "attended SIP/1001 > 2001 completed"));
}

TEST(AttendedTransfer, given_up_by_a_customer_who_hangs_up_is_cancelled) {
    PbxScript pbx;
    consult_answered(pbx);
    pbx.at(8);
    pbx.hang_up("c");
    EXPECT_THAT(transfers_of(pbx.contact()),
                ElementsAre("attended SIP/1001 > PJSIP/2001 cancelled (customer_hung_up)"));
    EXPECT_EQ(pbx.contact().talk, Millis{5'000});
}

// The agent hangs up while his colleague still rings.
TEST(AttendedTransfer, completed_early_rings_on_and_fails_if_nobody_answers) {
    PbxScript pbx;
    consult(pbx);
    pbx.at(7);
    pbx.say("a", signal::HangupRequested{});
    pbx.say("a", signal::BridgeLeft{"consult"});
    pbx.say("a", signal::Transferred{TransferKind::attended, TransferResult::completed, {}, "c", {}});
    pbx.end("a");
    EXPECT_EQ(pbx.contact().state, ContactState::offered);
    pbx.at(20);
    pbx.say("l2", signal::DialEnded{"y", DialResult::no_answer});
    pbx.end("y", 19);
    pbx.end("c");
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("attended SIP/1001 > PJSIP/2001 failed (no_answer)"));
    EXPECT_EQ(pbx.contact().talk, Millis{4'000});
}

// A phone's own consultation, joined by REFER with Replaces: two bridges become one.
void consult_by_phone(PbxScript& pbx) {
    pbx.answered_call();
    pbx.at(5);
    pbx.say("a", signal::HoldChanged{true});
    pbx.say("x", signal::ChannelStarted{"SIP/1001", "1001", {}, "2001", ChannelState::calling, false}, "x");
    pbx.ring("x", "y", "SIP/2001", false);
    pbx.at(7);
    pbx.pick_up("x", "y");
    pbx.bridge("consult", {"x", "y"});
}
ContactPtr last_ended(const PbxScript& pbx) {
    ContactPtr last;
    for (const Event& event : pbx.events())
        if (const auto* change = std::get_if<ContactChanged>(&event); change && change->contact->outcome)
            last = change->contact;
    return last;
}
signal::Transferred by_refer() { return {TransferKind::attended, TransferResult::completed, {}, "c", "y"}; }

class ReferWithReplaces : public testing::TestWithParam<bool> {};

TEST_P(ReferWithReplaces, merges_the_consultation_into_the_customers_contact) {
    const bool told_first = GetParam();
    PbxScript pbx;
    consult_by_phone(pbx);
    ASSERT_EQ(pbx.contacts(), 2U);
    pbx.at(9);
    if (told_first) pbx.say("a", by_refer());
    pbx.say("y", signal::BridgeLeft{"consult"});
    pbx.say("y", signal::BridgeEntered{"b", BridgeKind::two_party, "a"}, "c");
    if (!told_first) pbx.say("a", by_refer());
    pbx.end("a");
    pbx.end("x");
    pbx.at(12);
    pbx.hang_up("c");
    pbx.end("y");
    const ContactPtr contact = last_ended(pbx);
    ASSERT_NE(contact, nullptr);
    EXPECT_EQ(contact->direction, Direction::inbound);
    EXPECT_THAT(transfers_of(*contact), ElementsAre("attended SIP/1001 > SIP/2001 completed"));
    EXPECT_EQ(contact->talk, Millis{9'000});
    ASSERT_EQ(contact->legs.size(), 4U);
    EXPECT_EQ(contact->legs[3].agent, "SIP/2001");
    EXPECT_EQ(contact->legs[3].role, LegRole::agent);
    ASSERT_EQ(contact->offers.size(), 2U) << "the colleague's pop was for what is this contact now";
    EXPECT_EQ(contact->offers[1].agent, "SIP/2001");
    EXPECT_EQ(contact->offers[1].state, OfferState::accepted);
    ASSERT_EQ(contact->holds.size(), 1U);  // the hold key was pressed
    EXPECT_EQ(pbx.count("contact.merged"), 1U);
    EXPECT_EQ(pbx.count("contact.ended"), 1U);
    EXPECT_EQ(pbx.count("contact.transferred"), 1U);
}

INSTANTIATE_TEST_SUITE_P(order, ReferWithReplaces, testing::Bool(),
                         [](const auto& each) { return each.param ? "told_first" : "told_after"; });

TEST(Consultation, from_a_phone_that_is_not_joined_stays_its_own_contact) {
    PbxScript pbx;
    consult_by_phone(pbx);
    pbx.at(8);
    pbx.hang_up("x");
    pbx.end("y");
    const ContactPtr internal = last_ended(pbx);
    ASSERT_NE(internal, nullptr);
    EXPECT_EQ(internal->direction, Direction::internal);
    EXPECT_THAT(transfers_of(*internal), IsEmpty());
    EXPECT_EQ(pbx.count("contact.merged"), 0U);
}

// The PBX is told to bridge the customer with the one the agent talks to, and says nothing of a transfer.
TEST(AttendedTransfer, by_bridging_is_seen_from_the_bridges) {
    PbxScript pbx;
    consult_by_phone(pbx);
    pbx.at(9);
    pbx.say("c", signal::BridgeLeft{"b"});
    pbx.bridge("b2", {"c"});
    pbx.say("y", signal::BridgeLeft{"consult"});
    pbx.bridge("b2", {"y"});
    pbx.end("a");
    pbx.end("x");
    pbx.at(12);
    pbx.hang_up("c");
    const ContactPtr contact = last_ended(pbx);
    EXPECT_THAT(transfers_of(*contact), ElementsAre("attended SIP/1001 > SIP/2001 completed"));
    EXPECT_EQ(contact->talk, Millis{9'000});
}

// FreeSWITCH: both legs are put aside, the agent is bridged with a phone that was rung for him, then the customer is.
class ConsultedForTheAgent : public testing::TestWithParam<bool> {};

TEST_P(ConsultedForTheAgent, takes_the_customer_who_was_set_aside) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.say("c", signal::BridgeLeft{"b"});
    pbx.say("a", signal::BridgeLeft{"b"});
    pbx.say("c", signal::BridgeEntered{"park-c", BridgeKind::parking, {}});
    pbx.say("a", signal::BridgeEntered{"park-a", BridgeKind::parking, {}});
    pbx.say("y", signal::ChannelStarted{"SIP/2001", "2001", {}, {}, ChannelState::down, false}, "y");
    pbx.say(GetParam() ? "a" : std::string{}, signal::DialStarted{"y", "2001"});
    pbx.say("y", signal::ChannelStateChanged{ChannelState::up});
    pbx.at(7);
    pbx.bridge("consult", {"a", "y"});
    EXPECT_EQ(pbx.contact().state, ContactState::talking);
    EXPECT_THAT(legs_of(pbx.contact()), ElementsAre("customer 13901234567", "agent SIP/1001", "consult SIP/2001"));
    pbx.at(9);
    pbx.say("a", signal::BridgeLeft{"consult"});
    pbx.say("y", signal::BridgeLeft{"consult"});
    pbx.bridge("b2", {"c", "y"});
    pbx.at(12);
    pbx.hang_up("c");
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("attended SIP/1001 > SIP/2001 completed"));
    EXPECT_EQ(pbx.contact().talk, Millis{9'000});
}

INSTANTIATE_TEST_SUITE_P(dial, ConsultedForTheAgent, testing::Bool(),
                         [](const auto& each) { return each.param ? "told_as_his" : "not_told_whose"; });

TEST(AttendedTransfer, to_a_line_outside_leaves_the_customer_with_that_line) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.say("t", signal::ChannelStarted{"SIP/trunk", "13800001111", {}, {}, ChannelState::down, false}, "c");
    pbx.say("a", signal::DialStarted{"t", "13800001111"});
    pbx.say("a", signal::BridgeLeft{"b"});
    pbx.pick_up("a", "t");
    pbx.bridge("b2", {"a", "t"});
    EXPECT_THAT(legs_of(pbx.contact()), ElementsAre("customer 13901234567", "agent SIP/1001", "consult 13800001111"));
    pbx.at(8);
    pbx.hang_up("a");
    pbx.say("t", signal::BridgeLeft{"b2"});
    pbx.bridge("b", {"t"});
    EXPECT_THAT(legs_of(pbx.contact()), ElementsAre("customer 13901234567", "agent SIP/1001", "trunk 13800001111"));
    EXPECT_THAT(transfers_of(pbx.contact()), ElementsAre("attended SIP/1001 > 13800001111 completed"));
    EXPECT_EQ(pbx.contact().talk, Millis{5'000});
}

}  // namespace
}  // namespace citybridge::calls
