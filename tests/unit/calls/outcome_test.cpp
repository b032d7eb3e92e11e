// DESIGN section 6: outcome, ended by, times.
#include <gmock/gmock.h>

#include "tests/unit/calls/pbx_script.h"

namespace citybridge::calls {
namespace {

TEST(Outcome, a_caller_who_leaves_the_menu_is_ivr_only) {
    PbxScript pbx;
    pbx.caller("c", "139");
    EXPECT_EQ(pbx.contact().state, ContactState::ivr);
    pbx.at(4);
    pbx.hang_up("c");
    EXPECT_EQ(verdict(pbx.contact()), "ivr_only by customer");
}

// Q.850 as the PBX gives it for a number that does not exist, 486 and 603.
TEST(Outcome, a_caller_the_pbx_turns_away_unanswered_has_its_cause) {
    for (const auto& [cause, outcome] : {std::pair(1, "failed"), std::pair(17, "busy"), std::pair(21, "rejected")}) {
        PbxScript pbx;
        pbx.say("c", signal::ChannelStarted{"SIP/trunk", "139", {}, "424242", ChannelState::calling, false}, "c");
        pbx.end("c", cause);
        EXPECT_EQ(verdict(pbx.contact()), std::string(outcome) + " by system");
    }
}

TEST(Outcome, a_caller_who_leaves_the_queue_abandoned) {
    PbxScript pbx;
    pbx.caller("c", "139");
    pbx.say("c", signal::QueueEntered{"sales"});
    pbx.at(5);
    pbx.say("c", signal::HangupRequested{});
    pbx.say("c", signal::QueueLeft{"sales", true});
    pbx.end("c");
    EXPECT_EQ(verdict(pbx.contact()), "abandoned by customer");
    EXPECT_EQ(pbx.contact().wait, Millis{5'000});
}

TEST(Outcome, a_queue_that_gives_up_is_no_answer_wherever_the_caller_goes_next) {
    PbxScript pbx;
    pbx.caller("c", "139");
    pbx.say("c", signal::QueueEntered{"sales"});
    pbx.at(45);
    pbx.say("c", signal::QueueLeft{"sales", false});
    EXPECT_EQ(pbx.contact().state, ContactState::ivr);
    pbx.at(50);
    pbx.hang_up("c");
    EXPECT_EQ(verdict(pbx.contact()), "no_answer by customer");
    EXPECT_EQ(pbx.contact().wait, Millis{45'000});
}

TEST(Outcome, voicemail_after_the_queue_is_voicemail) {
    PbxScript pbx;
    pbx.caller("c", "139");
    pbx.say("c", signal::QueueEntered{"sales"});
    pbx.say("c", signal::QueueLeft{"sales", false});
    pbx.say("c", signal::ApplicationEntered{Application::voicemail});
    pbx.hang_up("c");
    EXPECT_EQ(verdict(pbx.contact()), "voicemail by customer");
}

TEST(Outcome, an_answered_call_ended_by_the_customer) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(10);
    pbx.hang_up("c");
    pbx.end("a");
    EXPECT_EQ(verdict(pbx.contact()), "answered by customer");
    EXPECT_EQ(pbx.contact().wait, Millis{2'000});
    EXPECT_EQ(pbx.contact().talk, Millis{7'000});
}

TEST(Outcome, a_customer_dropped_because_the_agent_hung_up_was_ended_by_the_agent) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(10);
    pbx.hang_up("a");
    pbx.at(10.02);
    pbx.end("c");
    EXPECT_EQ(verdict(pbx.contact()), "answered by agent");
}

TEST(Outcome, a_survey_after_the_agent_hung_up_is_ended_by_the_system) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(10);
    pbx.hang_up("a");
    pbx.at(10.01);
    pbx.say("c", signal::BridgeLeft{"b"});
    pbx.at(10.9);
    pbx.say("c", signal::SurveyAnswered{"5"});
    pbx.at(10.95);
    pbx.end("c");
    EXPECT_EQ(verdict(pbx.contact()), "answered by system");
    EXPECT_EQ(pbx.contact().talk, Millis{7'000});
    EXPECT_EQ(pbx.contact().survey->score, "5");
}

TEST(Outcome, when_both_hang_up_the_first_one_ended_it) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(10);
    pbx.say("c", signal::HangupRequested{});
    pbx.at(10.005);
    pbx.say("a", signal::HangupRequested{});
    pbx.end("a");
    pbx.end("c");
    EXPECT_EQ(verdict(pbx.contact()), "answered by customer");
}

TEST(Outcome, an_agent_who_hung_up_by_command_ended_it) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.book().hangup_commanded(pbx.contact().id);
    pbx.end("a");
    pbx.end("c");
    EXPECT_EQ(verdict(pbx.contact()), "answered by agent");
}

// By the feature code of his own side, where the PBX lets callers transfer.
TEST(Outcome, a_customer_who_sends_the_agent_elsewhere_has_ended_his_call) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(6);
    pbx.say("c", signal::Transferred{TransferKind::blind, TransferResult::completed, "1002", "a", {}});
    pbx.say("a", signal::BridgeLeft{"b"});
    pbx.say("c", signal::BridgeLeft{"b"});
    pbx.end("c");
    EXPECT_EQ(verdict(pbx.contact()), "answered by customer");
    EXPECT_TRUE(pbx.contact().transfers.empty());
}

// What his phone was rung for is over; the call that it went on with is his.
TEST(Outcome, an_agent_sent_on_to_a_colleague_ends_that_call) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(6);
    pbx.say("a", signal::BridgeLeft{"b"});
    pbx.say("c", signal::BridgeLeft{"b"});
    pbx.hang_up("c");
    pbx.ring("a", "z", "SIP/1002", false);
    pbx.pick_up("a", "z");
    pbx.bridge("b2", {"z", "a"});
    pbx.at(9);
    pbx.hang_up("a");
    pbx.end("z");
    ASSERT_EQ(pbx.contacts(), 2U);
    std::vector<std::string> internal;
    for (const Event& event : pbx.events()) {
        const auto* change = std::get_if<ContactChanged>(&event);
        if (change == nullptr || change->what != ContactChanged::What::ended) continue;
        if (change->contact->direction == Direction::internal) internal.push_back(verdict(*change->contact));
    }
    EXPECT_EQ(internal, std::vector<std::string>{"answered by agent"});
}

TEST(Holds, count_from_key_to_key_and_end_with_the_call) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(4);
    pbx.say("a", signal::HoldChanged{true});
    EXPECT_EQ(pbx.contact().state, ContactState::holding);
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "holding");
    pbx.say("a", signal::HoldChanged{true});
    pbx.at(6);
    pbx.say("a", signal::HoldChanged{false});
    EXPECT_EQ(pbx.contact().state, ContactState::talking);
    pbx.at(8);
    pbx.say("c", signal::HoldChanged{true});
    pbx.at(9);
    pbx.hang_up("c");
    ASSERT_EQ(pbx.contact().holds.size(), 2U);
    EXPECT_EQ(pbx.contact().holds[0].by, HoldBy::agent);
    EXPECT_EQ(pbx.contact().holds[1].by, HoldBy::customer);
    EXPECT_EQ(pbx.contact().hold, Millis{3'000});
    EXPECT_EQ(pbx.contact().talk, Millis{6'000});  // holds included
}

TEST(Link, its_end_ends_no_contact) {
    PbxScript pbx;
    pbx.connect();
    pbx.answered_call();
    pbx.say({}, signal::LinkDown{"cut", false});
    EXPECT_FALSE(pbx.contact().ended_at.has_value());
    EXPECT_EQ(pbx.count("pbx.link"), 2U);
}

TEST(Link, a_pbx_that_was_restarted_has_none_of_its_old_calls) {
    PbxScript pbx;
    pbx.connect("run-1");
    pbx.answered_call();
    pbx.at(5);
    pbx.say({}, signal::LinkDown{"cut", false});
    pbx.at(60);
    pbx.connect("run-2");
    EXPECT_EQ(verdict(pbx.contact()), "answered by unknown");
    EXPECT_TRUE(pbx.contact().inferred);
    EXPECT_EQ(pbx.contact().talk, Millis{2'000});  // bounded by the beginning of the outage
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "ready");
}

TEST(Outcome, a_caller_who_hangs_up_while_one_of_a_group_still_rings_gave_up) {
    PbxScript pbx;
    pbx.caller("c", "13901234567", "9600");
    pbx.ring("c", "a", "SIP/1001", false);
    pbx.ring("c", "b", "SIP/1002", false);
    pbx.at(3);
    pbx.say("c", signal::DialEnded{"a", DialResult::busy});
    pbx.end("a", 17);
    pbx.at(8);
    pbx.say("c", signal::HangupRequested{});
    pbx.say("c", signal::DialEnded{"b", DialResult::cancelled});
    pbx.end("b", 0);
    pbx.end("c");
    EXPECT_EQ(verdict(pbx.contact()), "abandoned by customer");
    EXPECT_EQ(pbx.contact().wait, Millis{8'000});
}

// DESIGN section 6: hold_ms is time on hold, by either side.
TEST(Holds, by_both_sides_at_once_count_once) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    pbx.say("a", signal::HoldChanged{true});
    pbx.at(7);
    pbx.say("c", signal::HoldChanged{true});
    pbx.at(9);
    pbx.say("a", signal::HoldChanged{false});
    EXPECT_EQ(pbx.contact().hold, Millis{4'000});
    pbx.at(12);
    pbx.say("c", signal::HoldChanged{false});
    EXPECT_EQ(pbx.contact().hold, Millis{7'000});
    EXPECT_EQ(pbx.contact().holds.size(), 2U);
}

TEST(States, a_caller_with_a_line_outside_is_in_no_menu) {
    PbxScript pbx;
    pbx.caller("c", "139");
    pbx.say("t", signal::ChannelStarted{"PJSIP/trunk", "13800000000", {}, {}, ChannelState::down, false}, "c");
    pbx.say("c", signal::DialStarted{"t", "13800000000"});
    pbx.pick_up("c", "t");
    pbx.bridge("b", {"c", "t"});
    EXPECT_EQ(pbx.contact().state, ContactState::talking);
    EXPECT_EQ(pbx.contact().talk, Millis{0}) << "with no agent of ours";
    EXPECT_EQ(pbx.contact().wait, Millis{0}) << "and he waits no more";
    pbx.at(3);
    pbx.end("t");
    EXPECT_EQ(pbx.contact().state, ContactState::ivr);
    pbx.hang_up("c");
    EXPECT_EQ(pbx.contact().wait, Millis{0});
}

// FreeSWITCH's loopback that stays in the call: caller | loopback-a = loopback-b | the line outside.
TEST(States, a_line_behind_a_helper_that_stays_is_of_the_callers_contact) {
    PbxScript pbx;
    pbx.caller("c", "139");
    for (const char* half : {"la", "lb"})
        pbx.say(half, signal::ChannelStarted{"loopback", {}, {}, {}, ChannelState::down, true, "L"}, half);
    pbx.say("c", signal::DialStarted{"la", "013800000000"});
    pbx.say("t", signal::ChannelStarted{"gateway/out", "13800000000", {}, {}, ChannelState::down, false}, "t");
    pbx.say("lb", signal::DialStarted{"t", "13800000000"});
    for (const char* each : {"la", "lb", "t"}) pbx.say(each, signal::ChannelStateChanged{ChannelState::up});
    pbx.bridge("b1", {"c", "la"});
    pbx.bridge("b2", {"lb", "t"});
    EXPECT_EQ(pbx.contacts(), 1U);
    EXPECT_EQ(pbx.contact().state, ContactState::talking);
    EXPECT_EQ(pbx.contact().legs.size(), 2U);
    pbx.at(4);
    pbx.hang_up("c");
    EXPECT_EQ(verdict(pbx.contact()), "answered by customer");
}

}  // namespace
}  // namespace citybridge::calls
