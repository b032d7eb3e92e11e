// An agent whose desktop vanished, and being logged in and out.
#include <gmock/gmock.h>

#include "tests/unit/calls/pbx_script.h"

namespace citybridge::calls {
namespace {

using Gone = CallSettings::DesktopGone;
using Pause = signal::MemberChanged::Pause;

signal::MemberChanged member_of(const std::string& queue, Pause pause = Pause::unpaused, bool removed = false,
                                const std::string& reason = {}) {
    return {"SIP/1001", "one", "SIP/1001", queue, DeviceStatus::idle, pause, reason, 0, removed};
}

class Desktops : public testing::Test {
protected:
    static CallSettings settings(Gone gone) {
        CallSettings out{.city = "beijing", .pbx = "pbx1"};
        out.desktop_gone = gone;
        return out;
    }
    void begin(Gone gone = Gone::not_ready) {
        pbx_ = std::make_unique<PbxScript>(settings(gone));
        pbx_->connect();
        pbx_->say({}, member_of("sales"));
    }
    void desktop(bool there, const std::string& agent = "SIP/1001") { pbx_->book().desktop(agent, there, pbx_->now()); }
    std::vector<DesktopWish> wishes() {
        pbx_->tick();
        return pbx_->book().desktop_wishes(pbx_->now());
    }
    std::unique_ptr<PbxScript> pbx_;
};

TEST_F(Desktops, one_that_stays_away_for_a_minute_makes_its_agent_not_ready) {
    begin();
    desktop(true);
    pbx_->at(100);
    desktop(false);
    pbx_->at(159.9);
    EXPECT_TRUE(wishes().empty());
    pbx_->at(160);
    const auto asked = wishes();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].agent, "SIP/1001");
    EXPECT_EQ(asked[0].device, "SIP/1001");
    EXPECT_EQ(asked[0].wish, AgentWish::not_ready);
    EXPECT_EQ(asked[0].reason, "desktop gone");
    pbx_->say({}, member_of("sales", Pause::paused, false, "desktop gone"));
    EXPECT_EQ(pbx_->agent_state("SIP/1001"), "not_ready");
    EXPECT_EQ(pbx_->agent("SIP/1001")->reason, "desktop gone");
    EXPECT_EQ(pbx_->agent("SIP/1001")->cause, "desktop_gone");
    pbx_->at(1'000);
    EXPECT_TRUE(wishes().empty()) << "asked once";
}

TEST_F(Desktops, one_that_comes_back_in_time_changes_nothing) {
    begin();
    desktop(true);
    desktop(false);
    pbx_->at(59);
    desktop(true);
    pbx_->at(500);
    EXPECT_TRUE(wishes().empty());
    desktop(false);
    pbx_->at(559);
    EXPECT_TRUE(wishes().empty()) << "the minute begins anew";
    pbx_->at(560);
    EXPECT_EQ(wishes().size(), 1U);
}

TEST_F(Desktops, who_never_had_one_is_left_alone) {
    begin();
    desktop(false);
    desktop(true, "SIP/1002");
    desktop(false, "SIP/1002");
    pbx_->at(500);
    EXPECT_TRUE(wishes().empty()) << "1001 had none, and no PBX knows 1002";
}

TEST_F(Desktops, by_setting_the_agent_is_logged_out_or_nothing_is_done) {
    begin(Gone::logged_out);
    desktop(true);
    desktop(false);
    pbx_->at(60);
    const auto asked = wishes();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].wish, AgentWish::log_out);
    pbx_->say({}, member_of("sales", Pause::unchanged, true));
    EXPECT_EQ(pbx_->agent_state("SIP/1001"), "logged_out");
    EXPECT_EQ(pbx_->agent("SIP/1001")->cause, "desktop_gone");
    begin(Gone::none);
    desktop(true);
    desktop(false);
    pbx_->at(500);
    EXPECT_TRUE(wishes().empty());
}

TEST_F(Desktops, who_gets_no_calls_already_is_not_asked_for) {
    begin();
    desktop(true);
    desktop(false);
    pbx_->say({}, member_of("sales", Pause::paused, false, "lunch"));
    pbx_->at(60);
    EXPECT_TRUE(wishes().empty());
    EXPECT_EQ(pbx_->agent("SIP/1001")->reason, "lunch");
}

TEST_F(Desktops, without_a_link_it_is_done_when_the_link_is_back) {
    begin();
    desktop(true);
    desktop(false);
    pbx_->say({}, signal::LinkDown{"cut", false});
    pbx_->at(90);
    EXPECT_TRUE(wishes().empty());
    EXPECT_FALSE(pbx_->book().next_deadline().has_value()) << "nobody may spin on it";
    pbx_->say({}, signal::LinkUp{"run-1"});
    EXPECT_EQ(wishes().size(), 1U);
}

TEST_F(Desktops, what_could_not_be_done_is_tried_again_while_he_is_away) {
    begin();
    desktop(true);
    desktop(false);
    pbx_->at(60);
    ASSERT_EQ(wishes().size(), 1U);
    pbx_->book().desktop_answered("SIP/1001", true, pbx_->now());
    pbx_->at(120);
    ASSERT_EQ(wishes().size(), 1U);
    desktop(true);
    pbx_->book().desktop_answered("SIP/1001", true, pbx_->now());
    pbx_->at(500);
    EXPECT_TRUE(wishes().empty()) << "he is back";
}

TEST_F(Desktops, a_call_goes_on_and_he_is_not_ready_after_it) {
    begin();
    desktop(true);
    pbx_->answered_call();
    desktop(false);
    pbx_->at(70);
    ASSERT_EQ(wishes().size(), 1U);
    pbx_->say({}, member_of("sales", Pause::paused, false, "desktop gone"));
    EXPECT_EQ(pbx_->agent_state("SIP/1001"), "talking");
    pbx_->hang_up("c");
    pbx_->end("a");
    EXPECT_EQ(pbx_->agent_state("SIP/1001"), "not_ready");
    EXPECT_EQ(pbx_->agent("SIP/1001")->reason, "desktop gone");
}

// ---- In and out of queues ---------------------------------------------------

TEST(LogIn, leaving_the_last_queue_is_logging_out_and_joining_one_is_logging_in) {
    PbxScript pbx;
    pbx.connect();
    pbx.say({}, member_of("sales"));
    pbx.say({}, member_of("repair"));
    pbx.say({}, member_of("sales", Pause::unchanged, true));
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "ready");
    pbx.say({}, member_of("repair", Pause::unchanged, true));
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "logged_out");
    EXPECT_EQ(pbx.agent("SIP/1001")->cause, "login");
    EXPECT_TRUE(pbx.agent("SIP/1001")->queues.empty());
    pbx.book().agent_commanded("SIP/1001", pbx.now());
    pbx.say({}, member_of("sales"));
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "ready");
    EXPECT_EQ(pbx.agent("SIP/1001")->cause, "api");
}

TEST(LogIn, what_is_said_without_a_queue_holds_for_all_of_them) {
    PbxScript pbx;
    pbx.connect();
    pbx.say({}, member_of("sales"));
    pbx.say({}, member_of("repair"));
    pbx.say({}, member_of({}, Pause::paused, false, "lunch"));
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "not_ready");
    EXPECT_EQ(pbx.agent("SIP/1001")->reason, "lunch");
    pbx.say({}, member_of({}, Pause::unpaused));
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "ready");
    pbx.say({}, member_of({}, Pause::unchanged, true));
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "logged_out");
    pbx.say({}, member_of({}, Pause::unpaused));
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "ready");
}

TEST(LogIn, an_agent_of_a_pbx_with_bare_numbers_is_known_by_his_number) {
    PbxScript pbx;
    pbx.connect();
    pbx.say({}, signal::MemberChanged{"1001", {}, "1001", {}, DeviceStatus::idle, Pause::unchanged, {}, 0, false});
    EXPECT_EQ(pbx.agent_state("1001"), "ready");
}

// Who logged out while the link was down is in no list any more.
TEST(LogIn, a_snapshot_tells_who_left_which_queue) {
    PbxScript pbx;
    pbx.connect();
    pbx.say({}, member_of("sales"));
    pbx.say({}, signal::MemberChanged{
                    "SIP/1002", "two", "SIP/1002", "sales", DeviceStatus::idle, Pause::unpaused, {}, 0, false});
    pbx.say({}, signal::LinkDown{"cut", false});
    pbx.say({}, signal::LinkUp{"run-1"});
    signal::Snapshot snapshot;
    snapshot.members = {{"SIP/1002", "two", "SIP/1002", "sales", DeviceStatus::idle, Pause::unpaused, {}, 0, false}};
    pbx.say({}, snapshot);
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "logged_out");
    EXPECT_EQ(pbx.agent("SIP/1001")->cause, "snapshot");
    EXPECT_EQ(pbx.agent_state("SIP/1002"), "ready");
    pbx.say({}, signal::Snapshot{});
    EXPECT_EQ(pbx.agent_state("SIP/1002"), "ready") << "a PBX that lists no members at all says nothing about them";
}

}  // namespace
}  // namespace citybridge::calls
