#include <gmock/gmock.h>

#include "tests/unit/calls/pbx_script.h"

namespace citybridge::calls {
namespace {

// The agent's phone was rung for a command and picked up; then it dials.
void click_to_dial(PbxScript& pbx) {
    pbx.at(0);
    pbx.say("a", signal::ChannelStarted{"SIP/1001", "1001", {}, {}, ChannelState::down, false}, "a");
    pbx.say({}, signal::DialStarted{"a", "1001"});
    pbx.say("a", signal::ChannelStateChanged{ChannelState::ringing});
    pbx.at(2);
    pbx.say("a", signal::ChannelStateChanged{ChannelState::up});
    pbx.say({}, signal::DialEnded{"a", DialResult::answered});
    pbx.say("t", signal::ChannelStarted{"PJSIP/trunk", {}, {}, {}, ChannelState::down, false}, "a");
    pbx.say("a", signal::DialStarted{"t", "913912345678"});
    pbx.at(3);
    pbx.say("t", signal::ChannelStateChanged{ChannelState::ringing});
}

TEST(ClickToDial, becomes_an_outbound_contact_when_the_customer_is_dialled) {
    PbxScript pbx;
    click_to_dial(pbx);
    EXPECT_EQ(pbx.contact().direction, Direction::outbound);
    EXPECT_EQ(pbx.contact().customer_number, "913912345678");
    EXPECT_EQ(pbx.contact().customer_number_e164, "+8613912345678");
    EXPECT_EQ(pbx.contact().state, ContactState::ringing);
    EXPECT_TRUE(pbx.contact().offers.empty());
    ASSERT_EQ(pbx.contact().legs.size(), 2U);
    EXPECT_EQ(pbx.contact().legs[0].role, LegRole::agent);
    EXPECT_EQ(pbx.contact().legs[1].role, LegRole::customer);
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "talking");
}

TEST(ClickToDial, answered_counts_from_the_bridge) {
    PbxScript pbx;
    click_to_dial(pbx);
    pbx.at(5);
    pbx.pick_up("a", "t");
    pbx.bridge("b", {"t", "a"});
    pbx.at(9);
    pbx.hang_up("a");
    pbx.end("t");
    EXPECT_EQ(verdict(pbx.contact()), "answered by agent");
    EXPECT_EQ(pbx.contact().wait, Millis{2'000});
    EXPECT_EQ(pbx.contact().talk, Millis{4'000});
}

struct FarEnd {
    DialResult result;
    int cause;
    const char* outcome;
};
class FarEndDoesNotAnswer : public testing::TestWithParam<FarEnd> {};

TEST_P(FarEndDoesNotAnswer, gives_its_outcome) {
    PbxScript pbx;
    click_to_dial(pbx);
    pbx.say("a", signal::DialEnded{"t", GetParam().result});
    pbx.end("t", GetParam().cause);
    pbx.end("a", 16);
    EXPECT_EQ(to_string(pbx.contact().outcome.value()), GetParam().outcome);
    EXPECT_EQ(pbx.contact().talk, Millis{0});
}

// Q.850 causes as Asterisk gives them for 486, 603, time-out, 503.
INSTANTIATE_TEST_SUITE_P(results, FarEndDoesNotAnswer,
                         testing::Values(FarEnd{DialResult::busy, 17, "busy"}, FarEnd{DialResult::busy, 21, "rejected"},
                                         FarEnd{DialResult::no_answer, 19, "no_answer"},
                                         FarEnd{DialResult::failed, 38, "failed"}));

TEST(ClickToDial, an_agent_who_does_not_answer_makes_no_contact) {
    PbxScript pbx;
    pbx.say("a", signal::ChannelStarted{"SIP/1001", "1001", {}, {}, ChannelState::down, false}, "a");
    pbx.say({}, signal::DialStarted{"a", "1001"});
    pbx.say("a", signal::ChannelStateChanged{ChannelState::ringing});
    pbx.say({}, signal::DialEnded{"a", DialResult::busy});
    pbx.end("a", 17);
    EXPECT_EQ(pbx.contacts(), 0U);
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "ready");
}

TEST(Internal, a_call_to_a_colleague_is_its_own_contact_until_it_is_joined_to_a_customers) {
    PbxScript pbx;
    pbx.answered_call();
    const std::string customers = pbx.contact().id;
    pbx.at(5);
    pbx.say("a", signal::HoldChanged{true});
    pbx.say("x", signal::ChannelStarted{"SIP/1001", "1001", {}, "2001", ChannelState::calling, false}, "x");
    pbx.ring("x", "y", "SIP/2001", false);
    pbx.at(7);
    pbx.pick_up("x", "y");
    pbx.bridge("consult", {"x", "y"});
    ASSERT_EQ(pbx.contacts(), 2U);
    pbx.at(9);
    pbx.say("y", signal::BridgeEntered{"b", BridgeKind::two_party, "a"});
    EXPECT_EQ(pbx.count("contact.merged"), 1U);
    pbx.end("a");
    pbx.end("x");
    pbx.at(12);
    pbx.hang_up("c");
    for (const Event& event : pbx.events()) {
        const auto* change = std::get_if<ContactChanged>(&event);
        if (change == nullptr || change->what != ContactChanged::What::ended) continue;
        EXPECT_EQ(change->contact->id, customers);
        EXPECT_EQ(change->contact->talk, Millis{9'000});  // the first agent, the consultation, the second agent
        EXPECT_EQ(std::count_if(change->contact->legs.begin(), change->contact->legs.end(),
                                [](const Leg& leg) { return leg.agent == "SIP/2001" && leg.joined_at; }),
                  1);
    }
    EXPECT_EQ(pbx.count("contact.ended"), 1U);
}

TEST(ClickToDial, what_a_phone_is_made_to_show_is_nobodys_name_or_number) {
    PbxScript pbx;
    pbx.say("a", signal::ChannelStarted{"SIP/1001", "1001", "Zhang", {}, ChannelState::down, false}, "a");
    pbx.say("a", signal::ChannelPartyChanged{"95500", "hotline", {}});
    pbx.say({}, signal::DialStarted{"a", "1001"});
    pbx.say("t", signal::ChannelStarted{"PJSIP/trunk", {}, {}, {}, ChannelState::down, false}, "a");
    pbx.say("t", signal::ChannelPartyChanged{"913912345678", "hotline", {}});
    pbx.say("a", signal::DialStarted{"t", "913912345678"});
    EXPECT_EQ(pbx.contact().legs[0].number, "1001");
    EXPECT_EQ(pbx.contact().legs[0].name, "Zhang");
    EXPECT_EQ(pbx.contact().legs[1].name, "");
}

TEST(ClickToDial, who_declines_has_ended_it) {
    PbxScript pbx;
    click_to_dial(pbx);
    pbx.say("a", signal::DialEnded{"t", DialResult::busy});
    pbx.end("t", 17);
    pbx.end("a");
    EXPECT_EQ(verdict(pbx.contact()), "busy by customer");
}

// Asterisk's Dial to a second trunk after CONGESTION of the first, FreeSWITCH's `gateway/a|gateway/b`.
struct NextLine : testing::Test {
    NextLine() {
        pbx.say("a", signal::ChannelStarted{"SIP/1001", "1001", {}, "13912345678", ChannelState::calling, false}, "a");
        line("t1", "13912345678");
        pbx.at(1);
        pbx.say("a", signal::DialEnded{"t1", DialResult::failed});
        pbx.end("t1", 34);
    }
    void line(const std::string& id, const std::string& number) {
        pbx.say(id, signal::ChannelStarted{"PJSIP/trunk", number, {}, {}, ChannelState::down, false}, "a");
        pbx.say("a", signal::DialStarted{id, number});
        pbx.say(id, signal::ChannelStateChanged{ChannelState::ringing});
    }
    PbxScript pbx;
};

TEST_F(NextLine, to_the_same_number_is_the_same_contact) {
    line("t2", "13912345678");
    pbx.at(4);
    pbx.pick_up("a", "t2");
    pbx.bridge("b", {"a", "t2"});
    EXPECT_EQ(pbx.contact().state, ContactState::talking);
    pbx.at(9);
    pbx.hang_up("t2");
    EXPECT_EQ(to_string(pbx.contact().outcome.value()), "answered");
    EXPECT_EQ(to_string(pbx.contact().ended_by.value()), "customer");
    EXPECT_EQ(pbx.contact().talk, Millis{5'000});
    EXPECT_EQ(pbx.count("contact.started"), 1U);
}

TEST_F(NextLine, to_another_number_is_another_contact) {
    line("t2", "13800000000");
    EXPECT_EQ(pbx.contacts(), 2U);
    EXPECT_EQ(pbx.count("contact.ended"), 1U);
}

TEST_F(NextLine, that_does_not_come_leaves_it_failed_when_the_first_did) {
    pbx.at(3.5);
    pbx.tick();
    EXPECT_EQ(to_string(pbx.contact().outcome.value()), "failed");
    EXPECT_EQ(pbx.contact().ended_at.value() - pbx.contact().started_at, Millis{1'000});
}

TEST_F(NextLine, cannot_come_when_the_agent_has_hung_up) {
    pbx.at(1.2);
    pbx.end("a");
    EXPECT_EQ(to_string(pbx.contact().outcome.value()), "failed");
    EXPECT_EQ(pbx.contact().ended_at.value() - pbx.contact().started_at, Millis{1'000});
}

TEST(Lines, rung_at_once_are_one_contact_with_whoever_answers) {
    for (const bool first_ends : {true, false}) {
        PbxScript pbx;
        pbx.say("a", signal::ChannelStarted{"SIP/1001", "1001", {}, "139", ChannelState::calling, false}, "a");
        for (const char* id : {"t1", "t2"}) {
            pbx.say(id, signal::ChannelStarted{"PJSIP/trunk", "139", {}, {}, ChannelState::ringing, false}, "a");
            pbx.say("a", signal::DialStarted{id, "139"});
        }
        if (first_ends) {
            pbx.say("a", signal::DialEnded{"t1", DialResult::busy});
            pbx.end("t1", 17);
        }
        pbx.at(2);
        pbx.pick_up("a", "t2");
        if (!first_ends) pbx.end("t1", 26);
        pbx.bridge("b", {"a", "t2"});
        pbx.at(5);
        pbx.hang_up("t2");
        EXPECT_EQ(to_string(pbx.contact().outcome.value()), "answered");
        EXPECT_EQ(pbx.contact().talk, Millis{3'000});
    }
}

// `Action: Originate` of the customer's number; he is shown the hotline's.
void call_customer_first(PbxScript& pbx) {
    pbx.say("c", signal::ChannelStarted{"PJSIP/trunk", "4008001", {}, {}, ChannelState::down, false}, "c");
    pbx.say({}, signal::DialStarted{"c", "913912345678"});
    pbx.say("c", signal::ChannelStateChanged{ChannelState::ringing});
    pbx.at(4);
    pbx.say("c", signal::ChannelStateChanged{ChannelState::up});
    pbx.say({}, signal::DialEnded{"c", DialResult::answered});
}

TEST(CustomerFirst, whom_the_pbx_called_is_the_customer_and_was_called) {
    for (const bool queue : {false, true}) {
        PbxScript pbx;
        call_customer_first(pbx);
        if (queue) pbx.say("c", signal::QueueEntered{"sales"});
        pbx.ring("c", "a", "SIP/1001", queue);
        pbx.at(6);
        pbx.pick_up("c", "a");
        pbx.bridge("b", {"a", "c"});
        EXPECT_EQ(pbx.contact().direction, Direction::outbound);
        EXPECT_EQ(pbx.contact().customer_number, "913912345678");
        EXPECT_EQ(pbx.contact().customer_number_e164, "+8613912345678");
        EXPECT_EQ(pbx.contact().called_number, "913912345678");
    }
}

}  // namespace
}  // namespace citybridge::calls
