// Commands on a live contact, and what the node asks of the PBX by itself.
#include <gmock/gmock.h>

#include <thread>

#include "tests/unit/node/live_fixture.h"

namespace citybridge {
namespace {

using Pause = signal::MemberChanged::Pause;

class LiveCommands : public LiveStrandTest {
protected:
    // An inbound call, talking with SIP/1001.
    std::string talking() {
        agent_1001();
        say("c", signal::ChannelStarted{"SIP/trunk", "139", {}, "9500", ChannelState::calling, false}, "c");
        say("c", signal::ChannelStateChanged{ChannelState::up});
        say("a", signal::ChannelStarted{"SIP/1001", "1001", {}, {}, ChannelState::ringing, false}, "c");
        say("c", signal::DialStarted{"a", {}});
        say("a", signal::ChannelStateChanged{ChannelState::up});
        for (const char* channel : {"a", "c"}) say(channel, signal::BridgeEntered{"b", BridgeKind::two_party, {}});
        return settled().contacts.at(0)->id;
    }
    Result<> give(CallAction action, const std::string& id, const std::string& to = {}) {
        return live_.command({id, "u", contact_, "SIP/1001", action, to});
    }
    void begin() { contact_ = talking(); }
    void colleague_rings() {
        say("k", signal::ChannelStarted{"SIP/1002", "1002", {}, {}, ChannelState::ringing, false}, "c");
        say("a", signal::DialStarted{"k", "1002"});
    }
    void lose_answer() { pbx_.answer({CommandOutcome::unknown, "timeout", {}}); }
    CommandFinished only_result() {
        const auto all = results();
        EXPECT_EQ(all.size(), 1U);
        return all.empty() ? CommandFinished{} : all.front();
    }
    static bool eventually(const std::function<bool()>& condition) {
        for (int i = 0; i < 3'000; ++i) {
            if (condition()) return true;
            std::this_thread::sleep_for(Millis{10});
        }
        return false;
    }
    std::string contact_;
};

TEST_F(LiveCommands, the_adapter_is_told_who_takes_part) {
    begin();
    ASSERT_TRUE(give(CallAction::transfer, "t1", "1002"));
    ASSERT_EQ(pbx_.commands.size(), 1U);
    const CallCommand& sent = pbx_.commands[0];
    EXPECT_EQ(sent.command_id, "t1");
    EXPECT_EQ(sent.action, CallAction::transfer);
    EXPECT_EQ(sent.agent, "SIP/1001");
    EXPECT_EQ(sent.agent_channel, "a");
    EXPECT_EQ(sent.customer_channel, "c");
    EXPECT_EQ(sent.consult_channel, "");
    EXPECT_EQ(sent.to, "1002");
    pbx_.answer({CommandOutcome::succeeded, {}, {}});
    EXPECT_EQ(only_result().outcome, CommandOutcome::succeeded);
    EXPECT_EQ(only_result().contact_id, contact_);
    EXPECT_EQ(only_result().user, "u");
}

TEST_F(LiveCommands, a_leaders_command_is_about_whoever_talks) {
    begin();
    ASSERT_TRUE(live_.command({"t1", "boss", contact_, {}, CallAction::transfer, "1002"}));
    EXPECT_EQ(pbx_.commands.at(0).agent, "SIP/1001");
    EXPECT_EQ(pbx_.commands.at(0).agent_channel, "a");
}

TEST_F(LiveCommands, what_is_refused_is_not_sent) {
    begin();
    EXPECT_EQ(give(CallAction::retrieve, "r1").error().code, "command.not_possible") << "nobody is held";
    EXPECT_EQ(give(CallAction::attended_transfer, "x1").error().code, "command.not_possible") << "nobody is consulted";
    EXPECT_EQ(live_.command({"h1", "u", contact_, "SIP/1002", CallAction::hold, {}}).error().code, "contact.not_part");
    EXPECT_EQ(live_.command({"h2", "u", "no-such", "SIP/1001", CallAction::hold, {}}).error().code, "contact.unknown");
    EXPECT_EQ(live_.may_command({{}, "u", contact_, "SIP/1001", CallAction::retrieve, {}}).error().code,
              "command.not_possible");
    EXPECT_TRUE(live_.may_command({{}, "u", contact_, "SIP/1001", CallAction::hold, {}}));
    say({}, signal::LinkDown{"cut", false});
    EXPECT_EQ(give(CallAction::hold, "h3").error().code, "pbx.link_down");
    say({}, signal::LinkUp{"run-1"});
    say("c", signal::ChannelEnded{16});
    EXPECT_EQ(give(CallAction::hold, "h4").error().code, "contact.ended");
    EXPECT_TRUE(pbx_.commands.empty());
    EXPECT_TRUE(results().empty());
}

TEST_F(LiveCommands, a_failure_and_not_supported_are_told_as_they_are) {
    begin();
    ASSERT_TRUE(give(CallAction::consult, "k1", "9"));
    pbx_.answer({CommandOutcome::failed, "no_such_number", {}});
    EXPECT_EQ(only_result().outcome, CommandOutcome::failed);
    EXPECT_EQ(only_result().reason, "no_such_number");
    ASSERT_TRUE(give(CallAction::park, "p1"));
    pbx_.answer({CommandOutcome::not_supported, "not_supported", {}});
    EXPECT_EQ(results().back().outcome, CommandOutcome::not_supported);
}

TEST_F(LiveCommands, the_contact_may_end_while_a_command_is_under_way) {
    begin();
    ASSERT_TRUE(give(CallAction::hold, "h1"));
    say("c", signal::ChannelEnded{16});
    say("a", signal::ChannelEnded{16});
    pbx_.answer({CommandOutcome::failed, "no_such_call", {}});
    EXPECT_EQ(only_result().outcome, CommandOutcome::failed);
    EXPECT_EQ(only_result().reason, "no_such_call");
}

// ---- Lost answers (P6) ------------------------------------------------------

TEST_F(LiveCommands, a_consultation_whose_answer_was_lost_rings_nobody_twice) {
    begin();
    ASSERT_TRUE(give(CallAction::consult, "k1", "1002"));
    EXPECT_EQ(give(CallAction::consult, "k2", "1002").error().code, "command.under_way");
    lose_answer();
    EXPECT_TRUE(results().empty()) << "the signals may show it yet";
    EXPECT_EQ(give(CallAction::consult, "k3", "1002").error().code, "command.under_way");
    EXPECT_EQ(live_.may_command({{}, "u", contact_, "SIP/1001", CallAction::consult, "1002"}).error().code,
              "command.under_way");
    EXPECT_TRUE(give(CallAction::record, "r1")) << "what rings nobody is not held up";
    colleague_rings();
    const auto all = results();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].command_id, "k1");
    EXPECT_EQ(all[0].outcome, CommandOutcome::succeeded);
    ASSERT_EQ(pbx_.commands.size(), 2U);
    EXPECT_EQ(pbx_.commands[1].action, CallAction::record);
    EXPECT_EQ(give(CallAction::consult, "k4", "1002").error().code, "command.not_possible") << "it is on";
}

TEST_F(LiveCommands, a_consultation_nothing_is_seen_of_is_unknown) {
    begin();
    ASSERT_TRUE(give(CallAction::consult, "k1", "1002"));
    lose_answer();
    ASSERT_TRUE(eventually([&] { return !results().empty(); }));
    EXPECT_EQ(only_result().outcome, CommandOutcome::unknown);
    EXPECT_EQ(only_result().reason, "timeout");
    EXPECT_EQ(pbx_.commands.size(), 1U) << "nothing is sent again by itself";
}

TEST_F(LiveCommands, a_hold_whose_answer_was_lost_is_seen_in_the_contact) {
    begin();
    ASSERT_TRUE(give(CallAction::hold, "h1"));
    lose_answer();
    EXPECT_TRUE(results().empty());
    say("a", signal::HoldChanged{true});
    EXPECT_EQ(only_result().outcome, CommandOutcome::succeeded);
    EXPECT_THAT(settled().contacts.at(0)->allowed, testing::Contains("retrieve"));
}

TEST_F(LiveCommands, a_hang_up_whose_answer_was_lost_is_done_when_the_channel_is_gone) {
    begin();
    ASSERT_TRUE(live_.hangup({"h1", "u", contact_, "SIP/1001"}));
    lose_answer();
    EXPECT_TRUE(results().empty());
    say("a", signal::ChannelEnded{16});
    EXPECT_EQ(only_result().outcome, CommandOutcome::succeeded);
}

TEST_F(LiveCommands, a_state_whose_answer_was_lost_is_seen_in_the_agent) {
    agent_1001();
    ASSERT_TRUE(live_.set_agent_state({"s1", "u", "SIP/1001", AgentWish::not_ready, "lunch"}));
    lose_answer();
    EXPECT_TRUE(results().empty());
    say({}, signal::MemberChanged{
                "SIP/1001", {}, "SIP/1001", "sales", DeviceStatus::unknown, Pause::paused, "lunch", 0, false});
    EXPECT_EQ(only_result().outcome, CommandOutcome::succeeded);
    EXPECT_EQ(settled().agents.at(0)->cause, "api");
}

// ---- Log-in -----------------------------------------------------------------

TEST_F(LiveCommands, an_agent_the_pbx_does_not_know_yet_may_log_in) {
    EXPECT_EQ(live_.set_agent_state({"s1", "u", "SIP/2001", AgentWish::ready, {}}).error().code, "agent.unknown");
    ASSERT_TRUE(live_.set_agent_state({"s2", "u", "SIP/2001", AgentWish::log_in, {}, {"sales"}}));
    ASSERT_EQ(pbx_.states.size(), 1U);
    EXPECT_EQ(pbx_.states[0].agent, "SIP/2001");
    EXPECT_EQ(pbx_.states[0].device, "SIP/2001");
    EXPECT_EQ(pbx_.states[0].wish, AgentWish::log_in);
    EXPECT_THAT(pbx_.states[0].queues, testing::ElementsAre("sales"));
}

// ---- Desktops and the sweeper -----------------------------------------------

TEST_F(LiveCommands, an_agent_whose_desktop_stays_away_is_set_not_ready_at_the_pbx) {
    live_.stop();
    FakePbx pbx;
    calls::CallSettings settings{.city = "beijing", .pbx = "pbx2"};
    settings.desktop_gone = calls::CallSettings::DesktopGone::not_ready;
    settings.desktop_grace = Millis{1};
    prometheus::Registry registry;
    LiveStrand live(100, registry);
    live.add_pbx(settings, &pbx);
    live.start();
    std::vector<PbxSignal> facts{
        {{}, {}, {}, signal::LinkUp{"run-1"}},
        {{}, {}, {}, signal::Snapshot{}},
        {{},
         {},
         {},
         signal::MemberChanged{
             "SIP/1001", {}, "SIP/1001", "sales", DeviceStatus::idle, Pause::unpaused, {}, 0, false}}};
    ASSERT_TRUE(live.signal("pbx2", facts));
    ASSERT_TRUE(eventually([&] { return live.snapshot() && metric(registry, "citybridge_pbx_signals_total") == 3; }));
    // It came and went between two looks of the strand, and was there all the same.
    live.desktop("SIP/1001", true);
    live.desktop("SIP/1001", false);
    const auto asked = [&] {
        std::lock_guard lock(pbx.mutex);
        return pbx.states.size();
    };
    ASSERT_TRUE(eventually([&] { return asked() > 0; }));
    EXPECT_EQ(pbx.states[0].agent, "SIP/1001");
    EXPECT_EQ(pbx.states[0].wish, AgentWish::not_ready);
    EXPECT_EQ(pbx.states[0].reason, "desktop gone");
    EXPECT_EQ(metric(registry, "citybridge_agents_desktop_gone_total"), 1);
    // The answer is lost: it is asked again as long as he is away, which harms nobody.
    pbx.answer({CommandOutcome::unknown, "timeout", {}});
    ASSERT_TRUE(eventually([&] { return asked() > 1; }));
    pbx.answer({CommandOutcome::failed, "no_such_agent", {}});
    live.stop();
    EXPECT_EQ(asked(), 2U) << "what the PBX refuses for good is not asked again";
}

TEST_F(LiveCommands, a_freed_agent_is_counted) {
    begin();
    say({},
        signal::MemberChanged{"SIP/1001", {}, "SIP/1001", {}, DeviceStatus::in_use, Pause::unchanged, {}, 0, false});
    say("c", signal::ChannelEnded{16});
    say({}, signal::MemberChanged{"SIP/1001", {}, "SIP/1001", {}, DeviceStatus::idle, Pause::unchanged, {}, 0, false});
    EXPECT_EQ(settled().agents.at(0)->state, AgentPresence::talking);
    ASSERT_TRUE(eventually([&] { return settled().agents.at(0)->state == AgentPresence::ready; }));
    EXPECT_EQ(settled().agents.at(0)->cause, "sweep");
    EXPECT_EQ(metric(registry_, "citybridge_agents_swept_total"), 1);
}

}  // namespace
}  // namespace citybridge
