// No agent stays busy for a call that is over, though the word of its end was lost.
#include <gmock/gmock.h>

#include "tests/unit/calls/pbx_script.h"

namespace citybridge::calls {
namespace {

using Pause = signal::MemberChanged::Pause;

class Sweeper : public testing::Test {
protected:
    Sweeper() { begin(true); }
    void begin(bool sweeps) {
        CallSettings settings{.city = "beijing", .pbx = "pbx1"};
        if (!sweeps) settings.sweep_every = Millis{0};  // the mutant
        pbx_ = std::make_unique<PbxScript>(settings);
        pbx_->connect();
    }
    void device(DeviceStatus status, const std::string& agent = "SIP/1001") {
        pbx_->say({}, signal::MemberChanged{agent, {}, agent, {}, status, Pause::unchanged, {}, 0, false});
    }
    // Looks every second, as the strand does.
    void pass(double from, double to) {
        for (int second = 0; from + second <= to; ++second) {
            pbx_->at(from + second);
            pbx_->tick();
        }
    }
    std::string state() { return pbx_->agent_state("SIP/1001"); }
    // Talking since second 3; his phone says so; the customer leaves at 10, the end of the agent's channel is lost.
    void lose_the_end() {
        pbx_->answered_call();
        device(DeviceStatus::in_use);
        pbx_->at(10);
        pbx_->hang_up("c");
    }
    std::unique_ptr<PbxScript> pbx_;
};

TEST_F(Sweeper, frees_an_agent_whose_phone_is_idle_and_whose_call_is_over) {
    lose_the_end();
    device(DeviceStatus::idle);
    EXPECT_EQ(state(), "talking") << "device states come in no fixed order with the call's own events";
    pass(11, 15);
    EXPECT_EQ(state(), "ready");
    EXPECT_EQ(pbx_->agent("SIP/1001")->cause, "sweep");
    EXPECT_EQ(pbx_->agent("SIP/1001")->contact, "");
    EXPECT_THAT(pbx_->book().take_swept(), testing::ElementsAre("SIP/1001"));
    EXPECT_TRUE(pbx_->book().take_swept().empty());
    pbx_->end("a");
    EXPECT_EQ(state(), "ready") << "its end may come yet";
}

TEST_F(Sweeper, without_it_he_would_talk_for_ever) {
    begin(false);
    lose_the_end();
    device(DeviceStatus::idle);
    pass(11, 600);
    EXPECT_EQ(state(), "talking");
    EXPECT_TRUE(pbx_->book().take_swept().empty());
}

TEST_F(Sweeper, frees_who_gave_the_customer_away) {
    pbx_->answered_call();
    device(DeviceStatus::in_use);
    pbx_->ring("c", "a2", "SIP/1002", false);
    pbx_->pick_up("c", "a2");
    pbx_->at(10);
    pbx_->bridge("b2", {"c", "a2"});
    device(DeviceStatus::idle);
    pass(11, 15);
    EXPECT_EQ(state(), "ready");
    EXPECT_EQ(pbx_->agent_state("SIP/1002"), "talking");
    EXPECT_EQ(pbx_->contact().state, ContactState::talking);
}

TEST_F(Sweeper, frees_who_rang_for_a_call_that_is_gone) {
    pbx_->caller("c", "139");
    pbx_->say("c", signal::QueueEntered{"sales"});
    pbx_->ring("c", "a", "SIP/1001");
    device(DeviceStatus::ringing);
    pbx_->at(5);
    pbx_->hang_up("c");
    device(DeviceStatus::idle);
    pass(6, 10);
    EXPECT_EQ(state(), "ready");
}

TEST_F(Sweeper, believes_a_phone_that_never_showed_itself_busy) {
    pbx_->answered_call();
    device(DeviceStatus::idle);
    pass(4, 100);
    EXPECT_EQ(state(), "talking") << "some PBXs say idle all day";
    EXPECT_TRUE(pbx_->book().take_swept().empty());
}

TEST_F(Sweeper, leaves_a_conversation_alone_whatever_the_phone_says) {
    pbx_->answered_call();
    device(DeviceStatus::in_use);
    device(DeviceStatus::idle);
    pass(4, 100);
    EXPECT_EQ(state(), "talking");
}

// The customer parked, the agent alone until the colleague answers.
TEST_F(Sweeper, leaves_a_consultation_alone_that_takes_long) {
    pbx_->answered_call();
    device(DeviceStatus::in_use);
    pbx_->at(10);
    pbx_->say("c", signal::BridgeEntered{"lot", BridgeKind::parking, {}});
    pbx_->say("a", signal::BridgeLeft{"b"});
    pbx_->say("k", signal::ChannelStarted{"SIP/1002", "1002", {}, {}, ChannelState::ringing, false}, "k");
    device(DeviceStatus::idle);
    pass(11, 40);
    EXPECT_EQ(pbx_->book().take_swept(), std::vector<std::string>{});
}

TEST_F(Sweeper, a_phone_that_was_busy_with_the_call_before_is_no_witness_for_this_one) {
    pbx_->answered_call();
    device(DeviceStatus::in_use);
    pbx_->at(10);
    pbx_->hang_up("c");
    pbx_->end("a");
    pbx_->at(11);
    pbx_->say("own", signal::ChannelStarted{"SIP/1001", "1001", {}, "500", ChannelState::up, false}, "own");
    device(DeviceStatus::in_use);
    pass(12, 60);
    EXPECT_TRUE(pbx_->book().take_swept().empty());
    EXPECT_EQ(state(), "talking") << "he listens to his voicemail";
}

TEST_F(Sweeper, a_phone_busy_again_in_time_is_let_be) {
    lose_the_end();
    device(DeviceStatus::idle);
    pass(11, 13);
    device(DeviceStatus::in_use);
    pass(14, 60);
    EXPECT_EQ(state(), "talking");
}

TEST_F(Sweeper, waits_while_the_link_is_down) {
    lose_the_end();
    device(DeviceStatus::idle);
    pbx_->say({}, signal::LinkDown{"cut", false});
    pass(11, 60);
    EXPECT_EQ(state(), "talking") << "nothing is known";
    pbx_->say({}, signal::LinkUp{"run-1"});
    pbx_->say({}, signal::Snapshot{});
    EXPECT_EQ(state(), "ready");
    EXPECT_EQ(pbx_->agent("SIP/1001")->cause, "snapshot");
}

}  // namespace
}  // namespace citybridge::calls
