// Captures played through the whole session; expectations are from the ground
// truth beside each capture (what the phones saw), not from the code.
#include <gtest/gtest.h>

#include "tests/wire/asterisk/replayed.h"

namespace citybridge::asterisk {
namespace {

struct EveryCapture : ::testing::TestWithParam<std::string_view> {};

TEST_P(EveryCapture, BeginsWithLinkUpAndSnapshotAndKeepsItsOrder) {
    const auto signals = replayed(GetParam());
    ASSERT_GE(signals.size(), 2U);
    EXPECT_TRUE(std::holds_alternative<signal::LinkUp>(signals[0].body));
    EXPECT_TRUE(std::holds_alternative<signal::Snapshot>(signals[1].body));
    std::map<std::string, bool> alive;
    for (std::size_t i = 2; i < signals.size(); ++i) {
        const PbxSignal& signal = signals[i];
        EXPECT_TRUE(i == 2 || signal.at >= signals[i - 1].at);
        if (std::holds_alternative<signal::ChannelStarted>(signal.body)) alive[signal.channel] = true;
        const auto known = alive.find(signal.channel);
        if (known == alive.end()) continue;
        EXPECT_TRUE(known->second) << "nothing follows a channel's end: " << signal.channel;
        if (std::holds_alternative<signal::ChannelEnded>(signal.body)) known->second = false;
    }
}

INSTANTIATE_TEST_SUITE_P(Captures, EveryCapture, ::testing::ValuesIn(kCaptures));

// 02: 13901234567 calls 9500, 1001 answers, holds once, the caller hangs up.
TEST(SessionReplay, InboundQueueCallWithHold) {
    const auto signals = replayed("02-inbound-queue-hold");
    const auto started = of_type<signal::ChannelStarted>(signals);
    ASSERT_EQ(started.size(), 2U);
    EXPECT_EQ(started[0].second.number, "13901234567");
    EXPECT_EQ(started[0].second.dialled, "9500");
    EXPECT_EQ(started[1].second.device, "SIP/1001");
    EXPECT_EQ(started[1].first.group, started[0].first.channel);
    const std::string caller = started[0].first.channel;
    const std::string phone = started[1].first.channel;
    ASSERT_EQ(of_type<signal::QueueEntered>(signals).size(), 1U);
    ASSERT_EQ(of_type<signal::QueueLeft>(signals).size(), 1U);
    EXPECT_FALSE(of_type<signal::QueueLeft>(signals)[0].second.abandoned);
    const auto connected = of_type<signal::AgentConnected>(signals);
    ASSERT_EQ(connected.size(), 1U);
    EXPECT_EQ(connected[0].second.agent, "SIP/1001");
    EXPECT_EQ(connected[0].second.name, "张伟");
    EXPECT_EQ(connected[0].second.agent_channel, phone);
    const auto holds = of_type<signal::HoldChanged>(signals);
    ASSERT_EQ(holds.size(), 2U);
    EXPECT_EQ(holds[0].first.channel, phone);
    EXPECT_TRUE(holds[0].second.on);
    EXPECT_FALSE(holds[1].second.on);
    const auto hangups = of_type<signal::HangupRequested>(signals);
    ASSERT_EQ(hangups.size(), 1U);
    EXPECT_EQ(hangups[0].first.channel, caller) << "the caller hung up";
    const auto answers = of_type<signal::DialEnded>(signals);
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].second.result, DialResult::answered);
    EXPECT_EQ(of_type<signal::BridgeEntered>(signals).size(), 2U);
    ASSERT_FALSE(of_type<signal::AttributeSet>(signals).empty());
    EXPECT_EQ(of_type<signal::AttributeSet>(signals)[0].second.value, "1");
}

// 05a and 05b: one caller each, who gives up.
TEST(SessionReplay, AbandonedCallsLeaveTheQueueOnce) {
    for (const auto* name : {"05a-abandon-empty", "05b-abandon-ringing"}) {
        const auto left = of_type<signal::QueueLeft>(replayed(name));
        ASSERT_EQ(left.size(), 1U) << name;
        EXPECT_TRUE(left[0].second.abandoned) << name;
    }
}

// 06a: 1001 rings for 6 s and does not answer, then 1002 does.
TEST(SessionReplay, APhoneThatRingsOutDidNotRefuse) {
    const auto missed = of_type<signal::AgentMissed>(replayed("06a-ring-no-answer"));
    ASSERT_EQ(missed.size(), 1U);
    EXPECT_EQ(missed[0].second.agent, "SIP/1001");
    EXPECT_FALSE(missed[0].second.refused);
}

// 07: 1001 pauses with a reason at 0.2 s and is back at 5.1 s; 1002 pauses and is back at once.
TEST(SessionReplay, PausesWithTheirReason) {
    const auto members = of_type<signal::MemberChanged>(replayed("07-pause-unpause"));
    std::vector<std::string> reasons;
    for (const auto& [signal, member] : members) {
        if (member.pause == signal::MemberChanged::Pause::paused) reasons.push_back(member.agent + " " + member.reason);
    }
    ASSERT_GE(reasons.size(), 2U);
    EXPECT_EQ(reasons.front(), "SIP/1001 午休 lunch");
    EXPECT_EQ(reasons.back(), "SIP/1002 ");
    EXPECT_EQ(members.back().second.pause, signal::MemberChanged::Pause::unpaused);
}

// 08a: 1001 rings, answers; then 13912345678 is dialled, answers; 1001 hangs up.
TEST(SessionReplay, ClickToDialHasNoCallingChannel) {
    const auto signals = replayed("08a-originate-ok");
    const auto dials = of_type<signal::DialStarted>(signals);
    ASSERT_EQ(dials.size(), 2U);
    EXPECT_EQ(dials[0].first.channel, "");
    EXPECT_EQ(dials[0].first.group, "cti-call-0001");
    EXPECT_EQ(dials[0].second.target, "cti-call-0001");
    EXPECT_EQ(dials[1].first.channel, "cti-call-0001");
    EXPECT_EQ(dials[1].second.number, "913912345678") << "as dialled, with the prefix for an outside line";
    const auto hangups = of_type<signal::HangupRequested>(signals);
    ASSERT_EQ(hangups.size(), 1U);
    EXPECT_EQ(hangups[0].first.channel, "cti-call-0001");
}

// 08b: 1001 busy (486), 1002 no answer in 3 s, and once the dialled party 486.
TEST(SessionReplay, FailedDialsHaveTheirResult) {
    std::map<std::string, DialResult> first;
    for (const auto& [signal, end] : of_type<signal::DialEnded>(replayed("08b-originate-fail")))
        first.emplace(end.target, end.result);
    EXPECT_EQ(first.at("1795290171.166"), DialResult::busy);
    EXPECT_EQ(first.at("1795290184.173"), DialResult::busy);
    EXPECT_EQ(first.at("1795290182.172"), DialResult::answered);
    EXPECT_EQ(std::count_if(first.begin(), first.end(), [](const auto& d) { return d.second == DialResult::answered; }),
              1);
}

// 18a: five callers with difficult names; in the second call two phones answer at once.
TEST(SessionReplay, NamesInAnyCharsetComeThrough) {
    std::vector<std::string> names;
    const auto signals = replayed("18a-chinese-names");
    for (const auto& [signal, started] : of_type<signal::ChannelStarted>(signals)) {
        if (started.dialled == "9500") names.push_back(started.name);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"王小明", "李雷（VIP）", "张三, 北京", "😀客户", "O'Brien 欧: x"}));
    EXPECT_EQ(of_type<signal::AgentConnected>(signals).size(), 5U);
    EXPECT_EQ(of_type<signal::AgentCalled>(signals).size(), 6U);
}

// 14: Action: UserEvent with the call in a field; phones' states; a member comes and goes.
TEST(SessionReplay, ASurveyAnswerRaisedByAnActionFindsItsCall) {
    const auto signals = replayed("14-lists-admin");
    const auto answers = of_type<signal::SurveyAnswered>(signals);
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].second.score, "5");
    EXPECT_EQ(answers[0].first.channel, "1795290342.243");
    const auto members = of_type<signal::MemberChanged>(signals);
    EXPECT_EQ(std::count_if(members.begin(), members.end(), [](const auto& m) { return m.second.removed; }), 1);
}

// 25b: the PBX crashes with calls up: no end of any call is in the stream, nor is one made up.
TEST(SessionReplay, ACrashEndsNoCall) { EXPECT_TRUE(of_type<signal::LinkDown>(replayed("25b-crash")).empty()); }

}  // namespace
}  // namespace citybridge::asterisk
