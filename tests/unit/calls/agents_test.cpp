#include <gmock/gmock.h>

#include "tests/unit/calls/pbx_script.h"

namespace citybridge::calls {
namespace {

using Pause = signal::MemberChanged::Pause;

signal::MemberChanged member(const std::string& queue, Pause pause = Pause::unpaused, const std::string& reason = {}) {
    return {"SIP/1001", "张伟", "SIP/1001", queue, DeviceStatus::idle, pause, reason, 0, false};
}

TEST(Agents, a_device_is_an_agent_by_its_digits_or_by_being_a_member) {
    PbxScript pbx;
    for (const char* device : {"SIP/101", "SIP/10001", "SIP/99", "SIP/100001", "SIP/trunk", "PJSIP/b120"})
        pbx.say({}, signal::MemberChanged{device, {}, device, {}, DeviceStatus::idle, Pause::unchanged, {}, 0, false});
    pbx.say({}, signal::MemberChanged{
                    "PJSIP/b121", "one", "PJSIP/b121", "busy", DeviceStatus::idle, Pause::unpaused, {}, 0, false});
    std::vector<std::string> ids;
    for (const AgentPtr& agent : pbx.book().agents()) ids.push_back(agent->id);
    EXPECT_THAT(ids, testing::ElementsAre("PJSIP/b121", "SIP/10001", "SIP/101"));
}

TEST(Agents, paused_everywhere_is_not_ready_paused_in_one_queue_is_ready) {
    PbxScript pbx;
    pbx.say({}, member("sales"));
    pbx.say({}, member("repair"));
    pbx.say({}, member("sales", Pause::paused, "午休"));
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "ready");
    pbx.say({}, member("repair", Pause::paused, "午休"));
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "not_ready");
    EXPECT_EQ(pbx.agent("SIP/1001")->reason, "午休");
    EXPECT_EQ(pbx.agent("SIP/1001")->cause, "pause");
    pbx.say({}, member("sales"));
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "ready");
    EXPECT_EQ(pbx.agent("SIP/1001")->reason, "");
}

// Asterisk tells with every word on a member whether he is paused.
TEST(Agents, the_cause_is_what_changed_not_what_is_told_along) {
    PbxScript pbx;
    pbx.say({}, member("sales"));
    EXPECT_EQ(pbx.agent("SIP/1001")->cause, "login");
    signal::MemberChanged gone = member("sales");
    gone.status = DeviceStatus::unavailable;
    pbx.say({}, gone);
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "logged_out");
    EXPECT_EQ(pbx.agent("SIP/1001")->cause, "device");
    pbx.say({}, member("sales"));
    signal::MemberChanged removed = member("sales");
    removed.removed = true;
    pbx.say({}, removed);
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "logged_out");
    EXPECT_EQ(pbx.agent("SIP/1001")->cause, "login");
}

TEST(Agents, a_call_outranks_a_pause_and_the_pause_is_back_after_it) {
    PbxScript pbx;
    pbx.say({}, member("sales", Pause::paused, "培训"));
    pbx.answered_call();
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "talking");
    EXPECT_EQ(pbx.agent("SIP/1001")->contact, pbx.contact().id);
    pbx.hang_up("c");
    pbx.end("a");
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "not_ready");
    EXPECT_EQ(pbx.agent("SIP/1001")->contact, "");
}

TEST(Agents, no_phone_is_logged_out) {
    PbxScript pbx;
    pbx.say({}, member("sales"));
    pbx.say({}, signal::MemberChanged{
                    "SIP/1001", {}, "SIP/1001", {}, DeviceStatus::unavailable, Pause::unchanged, {}, 0, false});
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "logged_out");
}

// DeviceStateChange and Hangup come in no fixed order.
TEST(Agents, a_late_device_state_does_not_contradict_the_call) {
    PbxScript pbx;
    pbx.answered_call();
    pbx.say({},
            signal::MemberChanged{"SIP/1001", {}, "SIP/1001", {}, DeviceStatus::idle, Pause::unchanged, {}, 0, false});
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "talking");
    pbx.hang_up("c");
    pbx.end("a");
    pbx.say({}, signal::MemberChanged{
                    "SIP/1001", {}, "SIP/1001", {}, DeviceStatus::in_use, Pause::unchanged, {}, 0, false});
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "ready");
}

TEST(Agents, wrap_up_follows_a_conversation_and_ends_by_itself) {
    CallSettings settings{.city = "beijing", .pbx = "pbx1"};
    settings.wrap_up_seconds = 10;
    PbxScript pbx(settings);
    pbx.answered_call();
    pbx.at(10);
    pbx.hang_up("c");
    pbx.end("a");
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "wrap_up");
    EXPECT_EQ(pbx.agent("SIP/1001")->contact, pbx.contact().id);
    ASSERT_TRUE(pbx.book().next_deadline().has_value());
    pbx.at(19.9);
    pbx.tick();
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "wrap_up");
    pbx.at(20);
    pbx.tick();
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "ready");
    EXPECT_EQ(pbx.agent("SIP/1001")->cause, "wrap_up");
    EXPECT_FALSE(pbx.book().next_deadline().has_value());
}

TEST(Agents, ringing_without_answering_needs_no_wrap_up) {
    CallSettings settings{.city = "beijing", .pbx = "pbx1"};
    settings.wrap_up_seconds = 10;
    PbxScript pbx(settings);
    pbx.caller("c", "139");
    pbx.say("c", signal::QueueEntered{"sales"});
    pbx.ring("c", "a", "SIP/1001");
    pbx.hang_up("c");
    pbx.end("a");
    EXPECT_EQ(pbx.agent_state("SIP/1001"), "ready");
}

}  // namespace
}  // namespace citybridge::calls
