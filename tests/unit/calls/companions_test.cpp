// What goes along with a contact: listeners, recordings, channels under new ids, calls nobody watched.
#include <gmock/gmock.h>

#include "tests/unit/calls/pbx_script.h"

namespace citybridge::calls {
namespace {

void supervisor_dials(PbxScript& pbx) {
    pbx.say("s", signal::ChannelStarted{"SIP/1009", "1009", {}, "*22", ChannelState::calling, false}, "s");
    pbx.say("s", signal::ChannelStateChanged{ChannelState::up});
}

TEST(Listening, makes_a_supervisor_leg_and_nothing_else) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(5);
    supervisor_dials(pbx);
    pbx.say("s", signal::ListeningStarted{"a"});
    ASSERT_EQ(pbx.contact().legs.size(), 3U);
    EXPECT_EQ(pbx.contact().legs[2].role, LegRole::supervisor);
    EXPECT_EQ(pbx.contact().legs[2].agent, "SIP/1009");
    EXPECT_TRUE(pbx.contact().legs[2].joined_at.has_value());
    EXPECT_EQ(pbx.contact().offers.size(), 1U);
    pbx.at(7);
    pbx.hang_up("a");
    EXPECT_EQ(pbx.contact().talk, Millis{4'000});  // who listens does not talk
    pbx.at(8);
    pbx.end("c");
    EXPECT_EQ(pbx.contact().legs[2].left_at, pbx.contact().ended_at);
}

TEST(Listening, moves_on_to_the_next_contact) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.caller("d", "13800138000");
    supervisor_dials(pbx);
    pbx.say("s", signal::ListeningStarted{"a"});
    pbx.at(6);
    pbx.say("s", signal::ListeningStopped{});
    EXPECT_EQ(pbx.book().contact_of_channel("c")->legs[2].left_at, pbx.wall());
    pbx.say("s", signal::ListeningStarted{"d"});
    ASSERT_EQ(pbx.book().contact_of_channel("d")->legs.size(), 2U);
    EXPECT_EQ(pbx.book().contact_of_channel("d")->legs[1].role, LegRole::supervisor);
    pbx.end("s");
    EXPECT_EQ(pbx.contacts(), 2U);
}

TEST(Recordings, start_mute_and_stop_and_may_begin_again) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.at(4);
    pbx.say("c", signal::RecordingChanged{RecordingStep::started, "/rec/1.wav"});
    pbx.say("c", signal::RecordingChanged{RecordingStep::started, "/rec/1.wav"});  // told twice
    ASSERT_EQ(pbx.contact().recordings.size(), 1U);
    EXPECT_EQ(pbx.contact().recordings[0].state, Recording::State::recording);
    pbx.say("c", signal::RecordingChanged{RecordingStep::muted, {}});
    EXPECT_EQ(pbx.contact().recordings[0].state, Recording::State::muted);
    pbx.say("c", signal::RecordingChanged{RecordingStep::unmuted, {}});
    EXPECT_EQ(pbx.contact().recordings[0].state, Recording::State::recording);
    pbx.at(6);
    pbx.say("c", signal::RecordingChanged{RecordingStep::stopped, {}});
    EXPECT_EQ(pbx.contact().recordings[0].state, Recording::State::finished);
    EXPECT_EQ(pbx.contact().recordings[0].ended_at, pbx.wall());
    pbx.say("c", signal::RecordingChanged{RecordingStep::started, "/rec/1.wav"});  // appended to
    ASSERT_EQ(pbx.contact().recordings.size(), 2U);
    EXPECT_NE(pbx.contact().recordings[0].id, pbx.contact().recordings[1].id);
}

TEST(Recordings, stay_with_the_contact_through_a_transfer_and_end_with_their_channel) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.say("c", signal::RecordingChanged{RecordingStep::started, "/rec/customer.wav"});
    pbx.say("a", signal::RecordingChanged{RecordingStep::started, "/rec/agent.wav"});
    pbx.at(5);
    pbx.say("a", signal::Transferred{TransferKind::blind, TransferResult::completed, "2001", "c", {}});
    pbx.end("a");
    ASSERT_EQ(pbx.contact().recordings.size(), 2U);
    EXPECT_EQ(pbx.contact().recordings[0].state, Recording::State::recording);
    EXPECT_EQ(pbx.contact().recordings[1].state, Recording::State::finished);
    pbx.at(9);
    pbx.hang_up("c");
    EXPECT_EQ(pbx.contact().recordings[0].state, Recording::State::finished);
    EXPECT_EQ(pbx.contact().recordings[0].ended_at, pbx.wall());
}

TEST(Recordings, that_began_on_the_agents_phone_before_he_dialled_are_the_contacts) {
    PbxScript pbx;
    pbx.say("a", signal::ChannelStarted{"SIP/1001", "1001", {}, {}, ChannelState::up, false}, "a");
    pbx.say("a", signal::RecordingChanged{RecordingStep::started, "/rec/out.wav"});
    pbx.say("t", signal::ChannelStarted{"PJSIP/trunk", {}, {}, {}, ChannelState::down, false}, "a");
    pbx.say("a", signal::DialStarted{"t", "913912345678"});
    ASSERT_EQ(pbx.contact().recordings.size(), 1U);
    EXPECT_EQ(pbx.contact().recordings[0].file, "/rec/out.wav");
}

TEST(Renames, a_channel_goes_on_under_another_id) {
    PbxScript pbx;
    pbx.answered_call();
    const std::string id = pbx.contact().id;
    pbx.say("c", signal::ChannelRenamed{"c2"});
    pbx.at(6);
    pbx.say("c2", signal::HoldChanged{true});
    pbx.at(8);
    pbx.end("c");  // nobody's id any more
    EXPECT_FALSE(pbx.contact().ended_at.has_value());
    pbx.hang_up("c2");
    EXPECT_EQ(pbx.contact().id, id);
    EXPECT_EQ(pbx.contact().talk, Millis{5'000});
    EXPECT_EQ(to_string(pbx.contact().ended_by.value()), "customer");
    EXPECT_THAT(pbx.contact().legs[0].pbx_ids, testing::ElementsAre("c", "c2"));
}

// Call pickup, as Asterisk does it: the phone that dialled *8 takes the ringing one's place and id.
TEST(Renames, a_colleague_picks_the_call_up) {
    PbxScript pbx;
    pbx.caller("c", "139");
    pbx.ring("c", "a", "SIP/1001", false);
    pbx.at(3);
    pbx.say("p", signal::ChannelStarted{"SIP/1002", "1002", {}, "*8", ChannelState::calling, false}, "p");
    pbx.say("p", signal::ChannelStateChanged{ChannelState::up});
    pbx.say("p", signal::ChannelRenamed{"a"});
    pbx.end("p");
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "ready");
    EXPECT_EQ(pbx.contact().offers[0].state, OfferState::revoked);
    pbx.say("c", signal::DialEnded{"a", DialResult::answered});
    pbx.bridge("b", {"a", "c"});
    pbx.at(7);
    pbx.hang_up("c");
    pbx.end("a");
    EXPECT_EQ(pbx.contact().outcome, Outcome::answered);
    EXPECT_EQ(pbx.contact().talk, Millis{4'000});
    ASSERT_EQ(pbx.contact().legs.size(), 3U);
    EXPECT_FALSE(pbx.contact().legs[1].joined_at.has_value());
    EXPECT_EQ(pbx.contact().legs[2].agent, "SIP/1002");
    EXPECT_TRUE(pbx.contact().legs[2].joined_at.has_value());
    EXPECT_EQ(pbx.agent_state("SIP/1002"), "ready");
}

signal::PastCall past_call(const PbxScript& pbx) {
    signal::PastCall call;
    call.number = "13901234567";
    call.dialled = "9500";
    call.queue = "sales";
    call.agent = "SIP/1001";
    call.device = "SIP/1001";
    call.agent_channel = "pa";
    call.started_at = pbx.wall() - Millis{60'000};
    call.queued_at = pbx.wall() - Millis{50'000};
    call.answered_at = pbx.wall() - Millis{40'000};
    return call;
}

TEST(PastCalls, become_ended_contacts_without_a_pop) {
    PbxScript pbx;
    pbx.connect();
    pbx.at(100);
    pbx.say("pc", past_call(pbx));
    const Contact& contact = pbx.contact();
    EXPECT_TRUE(contact.inferred);
    EXPECT_EQ(contact.state, ContactState::ended);
    EXPECT_EQ(contact.outcome, Outcome::answered);
    EXPECT_EQ(to_string(contact.ended_by.value()), "unknown");
    EXPECT_EQ(contact.wait, Millis{10'000});
    EXPECT_EQ(contact.talk, Millis{40'000});
    EXPECT_EQ(contact.customer_number_e164, "+8613901234567");
    EXPECT_EQ(pbx.count("contact.started"), 1U);
    EXPECT_EQ(pbx.count("contact.ended"), 1U);
    EXPECT_EQ(pbx.count("offer.shown"), 0U);
    EXPECT_TRUE(pbx.book().contacts().empty());
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "ready");
    // The PBX's records may be read twice.
    pbx.say("pc", past_call(pbx));
    EXPECT_EQ(pbx.count("contact.ended"), 1U);
}

TEST(PastCalls, that_were_seen_are_nothing_new) {
    PbxScript pbx;
    pbx.connect();
    pbx.answered_call();
    pbx.say("c", past_call(pbx));
    pbx.at(9);
    pbx.hang_up("c");
    pbx.say("c", past_call(pbx));
    EXPECT_EQ(pbx.contacts(), 1U);
    EXPECT_FALSE(pbx.contact().inferred);
    EXPECT_EQ(pbx.count("contact.ended"), 1U);
}

TEST(PastCalls, abandoned_or_dialled_by_an_agent) {
    PbxScript pbx;
    pbx.connect();
    pbx.at(100);
    signal::PastCall left = past_call(pbx);
    left.answered_at.reset();
    left.abandoned = true;
    pbx.say("pc", left);
    EXPECT_EQ(pbx.contact().outcome, Outcome::abandoned);
    EXPECT_EQ(pbx.contact().offers[0].state, OfferState::revoked);
    EXPECT_EQ(pbx.contact().wait, Millis{50'000});

    PbxScript out;
    out.connect();
    signal::PastCall dialled;
    dialled.number = "1001";
    dialled.caller_device = "SIP/1001";
    dialled.dialled = "913912345678";
    dialled.started_at = out.wall();
    dialled.result = DialResult::busy;
    out.say("po", dialled);
    EXPECT_EQ(out.contact().direction, Direction::outbound);
    EXPECT_EQ(out.contact().customer_number_e164, "+8613912345678");
    EXPECT_EQ(out.contact().outcome, Outcome::busy);
}

}  // namespace
}  // namespace citybridge::calls
