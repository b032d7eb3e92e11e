// mod_callcenter's events: FACTS 15.
#include "tests/unit/freeswitch/translated.h"

namespace citybridge::freeswitch {
namespace {

struct TranslateQueues : Translated {
    std::vector<PbxSignal> callcenter(std::string action, Fields rest) {
        Fields fields{
            {"Event-Subclass", "callcenter::info"}, {"Event-Name", "CUSTOM"}, {"CC-Action", std::move(action)}};
        fields.insert(fields.end(), rest.begin(), rest.end());
        return of(fields);
    }
    void customer() {
        of({{"Event-Name", "CHANNEL_CREATE"},
            {"Unique-ID", "a"},
            {"Call-Direction", "inbound"},
            {"Channel-Name", "sofia/internal/13901234567@x"},
            {"Caller-Caller-ID-Number", "13901234567"}});
    }
    std::vector<PbxSignal> enter(const std::string& queue, const std::string& entry) {
        return callcenter("member-queue-start",
                          {{"CC-Queue", queue}, {"CC-Member-UUID", entry}, {"CC-Member-Session-UUID", "a"}});
    }
};

TEST_F(TranslateQueues, AnAgentsPhoneNamesItsQueueAgentAndCaller) {
    customer();
    enter("repair@beijing", "e1");
    const auto out = of({{"Event-Name", "CHANNEL_CREATE"},
                         {"Unique-ID", "b"},
                         {"Call-Direction", "outbound"},
                         {"Channel-Name", "sofia/internal/1001@127.0.0.1:5271"},
                         {"variable_cc_side", "agent"},
                         {"variable_cc_queue", "repair@beijing"},
                         {"variable_cc_agent", "1001@beijing"},
                         {"variable_cc_member_session_uuid", "a"}});
    const auto called = bodies<signal::AgentCalled>(out);
    ASSERT_EQ(called.size(), 1U);
    EXPECT_EQ(out.back().channel, "a");
    EXPECT_EQ(called[0].agent, "1001");
    EXPECT_EQ(called[0].device, "1001");
    EXPECT_EQ(called[0].queue, "repair@beijing");
    EXPECT_EQ(called[0].agent_channel, "b");
    EXPECT_TRUE(bodies<signal::DialStarted>(out).empty());
}

TEST_F(TranslateQueues, GivingUpIsToldFromBeingServed) {
    customer();
    EXPECT_EQ(bodies<signal::QueueEntered>(enter("repair@beijing", "e1")).size(), 1U);
    auto left = bodies<signal::QueueLeft>(callcenter("member-queue-end", {{"CC-Member-UUID", "e1"},
                                                                          {"CC-Member-Session-UUID", "a"},
                                                                          {"CC-Cause", "Cancel"},
                                                                          {"CC-Cancel-Reason", "BREAK_OUT"},
                                                                          {"Answer-State", "hangup"}}));
    ASSERT_EQ(left.size(), 1U);
    EXPECT_TRUE(left[0].abandoned);
    enter("repair@beijing", "e2");
    left = bodies<signal::QueueLeft>(callcenter(
        "member-queue-end", {{"CC-Member-UUID", "e2"}, {"CC-Member-Session-UUID", "a"}, {"CC-Cause", "Terminated"}}));
    ASSERT_EQ(left.size(), 1U);
    EXPECT_FALSE(left[0].abandoned);
}

TEST_F(TranslateQueues, TheLateEndOfAnEarlierEntryDoesNotTakeHimOutOfTheNextQueue) {
    customer();
    enter("repair@beijing", "e1");
    enter("sales@beijing", "e2");
    EXPECT_TRUE(callcenter("member-queue-end",
                           {{"CC-Member-UUID", "e1"}, {"CC-Member-Session-UUID", "a"}, {"CC-Cause", "Terminated"}})
                    .empty());
}

TEST_F(TranslateQueues, AnEntryWithoutAnEndIsClosedByTheHangup) {
    customer();
    enter("repair@beijing", "e1");
    const auto left = bodies<signal::QueueLeft>(of({{"Event-Name", "CHANNEL_HANGUP_COMPLETE"},
                                                    {"Unique-ID", "a"},
                                                    {"variable_sip_hangup_disposition", "recv_bye"}}));
    ASSERT_EQ(left.size(), 1U);
    EXPECT_TRUE(left[0].abandoned);
    EXPECT_TRUE(callcenter("member-queue-end", {{"CC-Member-UUID", "e1"}, {"CC-Member-Session-UUID", "a"}}).empty());
}

TEST_F(TranslateQueues, StatesOfAnAgent) {
    using Pause = signal::MemberChanged::Pause;
    const Fields offering{{"CC-Agent", "1001@beijing"}, {"CC-Queue", "repair@beijing"}};
    const auto learned = bodies<signal::MemberChanged>(callcenter("agent-offering", offering));
    ASSERT_EQ(learned.size(), 1U);
    EXPECT_EQ(learned[0].queue, "repair@beijing");
    EXPECT_EQ(learned[0].name, "1001@beijing") << "what the PBX calls him";
    EXPECT_EQ(learned[0].pause, Pause::unchanged) << "nothing was told of that yet";
    EXPECT_TRUE(callcenter("agent-offering", offering).empty()) << "nothing new";
    const std::vector<std::tuple<std::string, DeviceStatus, Pause>> states{
        {"Available", DeviceStatus::idle, Pause::unpaused},
        {"Available (On Demand)", DeviceStatus::idle, Pause::unpaused},
        {"On Break", DeviceStatus::idle, Pause::paused},
        {"Logged Out", DeviceStatus::unavailable, Pause::unpaused}};
    for (const auto& [status, device, pause] : states) {
        const auto told = bodies<signal::MemberChanged>(
            callcenter("agent-status-change", {{"CC-Agent", "1001@beijing"}, {"CC-Agent-Status", status}}));
        ASSERT_EQ(told.size(), 1U) << status;
        EXPECT_EQ(told[0].agent, "1001");
        EXPECT_EQ(told[0].queue, "repair@beijing");
        EXPECT_EQ(told[0].status, device) << status;
        EXPECT_EQ(told[0].pause, pause) << status;
    }
}

TEST_F(TranslateQueues, ABreakThatThePbxMadeSaysWhy) {
    callcenter("agent-max-no-answer", {{"CC-Agent", "1001@beijing"}});
    const Fields on_break{{"CC-Agent", "1001@beijing"}, {"CC-Agent-Status", "On Break"}};
    EXPECT_EQ(bodies<signal::MemberChanged>(callcenter("agent-status-change", on_break)).at(0).reason, "no_answer");
    callcenter("agent-status-change", {{"CC-Agent", "1001@beijing"}, {"CC-Agent-Status", "Available"}});
    EXPECT_EQ(bodies<signal::MemberChanged>(callcenter("agent-status-change", on_break)).at(0).reason, "");
}

TEST_F(TranslateQueues, AnIdleAgentGetsNoCallsThoughHeIsAvailable) {
    callcenter("agent-status-change", {{"CC-Agent", "1001@beijing"}, {"CC-Agent-Status", "Available"}});
    const auto idle = bodies<signal::MemberChanged>(
        callcenter("agent-state-change", {{"CC-Agent", "1001@beijing"}, {"CC-Agent-State", "Idle"}}));
    ASSERT_EQ(idle.size(), 1U);
    EXPECT_EQ(idle[0].pause, signal::MemberChanged::Pause::paused);
    EXPECT_EQ(callcenter("agent-state-change", {{"CC-Agent", "1001@beijing"}, {"CC-Agent-State", "Waiting"}}).size(),
              1U);
    EXPECT_TRUE(
        callcenter("agent-state-change", {{"CC-Agent", "1001@beijing"}, {"CC-Agent-State", "Receiving"}}).empty())
        << "his call tells";
}

TEST_F(TranslateQueues, ASurveyOfTheDialplan) {
    const auto score = bodies<signal::SurveyAnswered>(
        of({{"Event-Subclass", "citybridge::survey"}, {"Event-Name", "CUSTOM"}, {"Unique-ID", "a"}, {"Score", "5"}}));
    ASSERT_EQ(score.size(), 1U);
    EXPECT_EQ(score[0].score, "5");
}

}  // namespace
}  // namespace citybridge::freeswitch
