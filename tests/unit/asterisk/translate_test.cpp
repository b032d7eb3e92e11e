#include "adapters/asterisk/translate.h"

#include <gtest/gtest.h>

#include "tests/unit/asterisk/session_driver.h"

namespace citybridge::asterisk {
namespace {

const WallTime kArrival{Millis(1'795'289'701'706)};

struct TranslateTest : ::testing::Test {
    std::vector<PbxSignal> of(const Fields& fields) {
        Framer framer;
        framer.feed("Asterisk Call Manager/9.0.0\r\n" + message(fields));
        (void)framer.next();
        std::vector<PbxSignal> out;
        const auto event = framer.next();
        EXPECT_TRUE(event && *event != nullptr);
        translator.translate(**event, kArrival, out);
        return out;
    }
    template <class T>
    T one(const Fields& fields) {
        const auto signals = of(fields);
        EXPECT_EQ(signals.size(), 1U);
        if (signals.size() != 1) return {};
        last = signals[0];
        const T* body = std::get_if<T>(&last.body);
        EXPECT_NE(body, nullptr);
        return body != nullptr ? *body : T{};
    }
    static Fields about(const std::string& event, Fields rest = {}) {
        Fields fields{
            {"Event", event}, {"Channel", "SIP/trunk-sip-00000000"}, {"Uniqueid", "1.0"}, {"Linkedid", "0.9"}};
        fields.insert(fields.end(), rest.begin(), rest.end());
        return fields;
    }

    Translator translator{TranslatorSettings{}};
    PbxSignal last;
};

TEST_F(TranslateTest, EnvelopeHasChannelGroupAndArrival) {
    one<signal::HangupRequested>(about("HangupRequest"));
    EXPECT_EQ(last.channel, "1.0");
    EXPECT_EQ(last.group, "0.9");
    EXPECT_EQ(last.at, kArrival);
}

TEST_F(TranslateTest, ThePbxsOwnTimeIsPreferred) {
    one<signal::HangupRequested>(about("HangupRequest", {{"Timestamp", "1795291397.603914"}}));
    EXPECT_EQ(last.at, WallTime(Millis(1'795'291'397'603)));
    one<signal::HangupRequested>(about("HangupRequest", {{"Timestamp", "1795291397.05"}}));
    EXPECT_EQ(last.at, WallTime(Millis(1'795'291'397'050)));
    for (const auto* bad : {"", "x", "-1.0", "0", "12.x", "99999999999999999999"}) {
        one<signal::HangupRequested>(about("HangupRequest", {{"Timestamp", bad}}));
        EXPECT_EQ(last.at, kArrival) << bad;
    }
}

TEST_F(TranslateTest, UniqueidIsATextNotANumber) {
    one<signal::HoldChanged>(
        {{"Event", "Hold"}, {"Uniqueid", "beijing-pbx-1-1795291333.0"}, {"SystemName", "beijing-pbx-1"}});
    EXPECT_EQ(last.channel, "beijing-pbx-1-1795291333.0");
}

TEST_F(TranslateTest, NewchannelOfACaller) {
    const auto started = one<signal::ChannelStarted>(about(
        "Newchannel",
        {{"ChannelState", "4"}, {"CallerIDNum", "13901234567"}, {"CallerIDName", "<unknown>"}, {"Exten", "9500"}}));
    EXPECT_EQ(started.device, "SIP/trunk-sip");
    EXPECT_EQ(started.number, "13901234567");
    EXPECT_EQ(started.name, "");
    EXPECT_EQ(started.dialled, "9500");
    EXPECT_EQ(started.state, ChannelState::calling);
    EXPECT_FALSE(started.internal_helper);
}

TEST_F(TranslateTest, NewchannelOfAPhoneBeingRungDialledNothing) {
    const auto started = one<signal::ChannelStarted>({{"Event", "Newchannel"},
                                                      {"Channel", "SIP/1001-00000001"},
                                                      {"ChannelState", "0"},
                                                      {"CallerIDNum", "1001"},
                                                      {"CallerIDName", "张伟"},
                                                      {"Exten", "s"},
                                                      {"Uniqueid", "1.1"}});
    EXPECT_EQ(started.dialled, "");
    EXPECT_EQ(started.name, "张伟");
    EXPECT_EQ(started.state, ChannelState::down);
}

TEST_F(TranslateTest, LocalChannelsAreHelpers) {
    const auto started = one<signal::ChannelStarted>(
        {{"Event", "Newchannel"}, {"Channel", "Local/2001@internal-00000002;2"}, {"Uniqueid", "1.1"}});
    EXPECT_TRUE(started.internal_helper);
    EXPECT_EQ(started.device, "Local/2001@internal");
}

TEST_F(TranslateTest, NamesInGbkEmojiAndQuotesComeOutAsUtf8) {
    const std::vector<std::pair<std::string, std::string>> names{{"\xCD\xF5\xD0\xA1\xC3\xF7", "王小明"},
                                                                 {"王小明", "王小明"},
                                                                 {"😀客户", "😀客户"},
                                                                 {"O'Brien 欧: x", "O'Brien 欧: x"},
                                                                 {"张三, 北京", "张三, 北京"}};
    for (const auto& [bytes, text] : names)
        EXPECT_EQ(one<signal::ChannelStarted>(about("Newchannel", {{"CallerIDName", bytes}})).name, text);
    const auto started =
        one<signal::ChannelStarted>(about("Newchannel", {{"CallerIDName", "\xFF\xFE"}, {"CallerIDNum", "139"}}));
    EXPECT_EQ(started.number, "139") << "no name loses the call";
}

TEST_F(TranslateTest, StatesPartiesAndEnds) {
    EXPECT_EQ(one<signal::ChannelStateChanged>(about("Newstate", {{"ChannelState", "5"}})).state,
              ChannelState::ringing);
    const auto party = one<signal::ChannelPartyChanged>(
        about("NewCallerid", {{"CallerIDNum", "913912345678"}, {"CallerIDName", "点击拨号"}}));
    EXPECT_EQ(party.number, "913912345678");
    EXPECT_EQ(party.name, "点击拨号");
    EXPECT_EQ(one<signal::ChannelEnded>(about("Hangup", {{"Cause", "26"}})).cause, 26);
    EXPECT_TRUE(of(about("SoftHangupRequest", {{"Cause", "16"}})).empty()) << "not the party's own wish";
    EXPECT_TRUE(one<signal::HoldChanged>(about("Hold")).on);
    EXPECT_FALSE(one<signal::HoldChanged>(about("Unhold")).on);
}

TEST_F(TranslateTest, DialsWithAndWithoutACallingChannel) {
    const auto dial = one<signal::DialStarted>(
        about("DialBegin",
              {{"DestUniqueid", "1.1"}, {"DestLinkedid", "0.9"}, {"DialString", "trunk/sip:13912345678@127.0.0.1"}}));
    EXPECT_EQ(dial.target, "1.1");
    EXPECT_EQ(dial.number, "13912345678");
    EXPECT_EQ(last.channel, "1.0");
    one<signal::DialStarted>(
        {{"Event", "DialBegin"}, {"DestUniqueid", "1.1"}, {"DestLinkedid", "1.1"}, {"DialString", "1001"}});
    EXPECT_EQ(last.channel, "") << "a command's dial: nobody is calling";
    EXPECT_EQ(last.group, "1.1");
}

TEST_F(TranslateTest, ARefusalWithCause21IsRejected) {
    one<signal::HangupRequested>(
        {{"Event", "HangupRequest"}, {"Uniqueid", "1.1"}, {"Cause", "21"}, {"TechCause", "603"}});
    EXPECT_EQ(one<signal::DialEnded>(about("DialEnd", {{"DestUniqueid", "1.1"}, {"DialStatus", "BUSY"}})).result,
              DialResult::rejected);
    EXPECT_EQ(one<signal::DialEnded>(about("DialEnd", {{"DestUniqueid", "1.2"}, {"DialStatus", "BUSY"}})).result,
              DialResult::busy);
}

TEST_F(TranslateTest, BridgesWithTheirKindAndSwap) {
    const auto entered = one<signal::BridgeEntered>(about("BridgeEnter", {{"BridgeUniqueid", "b"},
                                                                          {"BridgeType", "basic"},
                                                                          {"BridgeTechnology", "simple_bridge"},
                                                                          {"BridgeCreator", "<unknown>"},
                                                                          {"SwapUniqueid", "1.96"}}));
    EXPECT_EQ(entered.bridge, "b");
    EXPECT_EQ(entered.kind, BridgeKind::two_party);
    EXPECT_EQ(entered.replaces, "1.96");
    EXPECT_EQ(one<signal::BridgeLeft>(about("BridgeLeave", {{"BridgeUniqueid", "b"}})).bridge, "b");
}

TEST_F(TranslateTest, AnAbandonedCallerLeavesOnce) {
    EXPECT_EQ(one<signal::QueueEntered>(about("QueueCallerJoin", {{"Queue", "sales"}})).queue, "sales");
    EXPECT_TRUE(one<signal::QueueLeft>(about("QueueCallerAbandon", {{"Queue", "sales"}})).abandoned);
    EXPECT_TRUE(of(about("QueueCallerLeave", {{"Queue", "sales"}})).empty());
    EXPECT_FALSE(one<signal::QueueLeft>(about("QueueCallerLeave", {{"Queue", "vip"}})).abandoned) << "a later queue";
}

TEST_F(TranslateTest, AgentsAreNamedByTheirInterface) {
    const auto called = one<signal::AgentCalled>(
        about("AgentCalled",
              {{"Queue", "sales"}, {"Interface", "SIP/1001"}, {"MemberName", "张伟"}, {"DestUniqueid", "1.1"}}));
    EXPECT_EQ(called.agent, "SIP/1001");
    EXPECT_EQ(called.device, "SIP/1001");
    EXPECT_EQ(called.name, "张伟");
    EXPECT_EQ(called.agent_channel, "1.1");
    const auto connected = one<signal::AgentConnected>(
        about("AgentConnect", {{"Queue", "sales"}, {"Interface", "SIP/1001"}, {"DestUniqueid", "1.1"}}));
    EXPECT_EQ(connected.agent, "SIP/1001");
    EXPECT_EQ(connected.agent_channel, "1.1");
}

TEST_F(TranslateTest, AnAgentBehindALocalChannelIsKnownByHisPhone) {
    const Fields called = about("AgentCalled", {{"Queue", "vip"}, {"Interface", "Local/3001@agents/n"}});
    EXPECT_EQ(one<signal::AgentCalled>(called).agent, "Local/3001@agents") << "nothing better is known yet";
    one<signal::MemberChanged>({{"Event", "QueueMemberStatus"},
                                {"Queue", "vip"},
                                {"Interface", "Local/3001@agents/n"},
                                {"StateInterface", "SIP/3001"}});
    EXPECT_EQ(one<signal::AgentCalled>(called).agent, "SIP/3001");
    EXPECT_EQ(translator.interface_of("SIP/3001"), "Local/3001@agents/n");
}

TEST_F(TranslateTest, RingingOutIsNotRefusing) {
    const auto missed = [&](const std::string& phone, const std::string& ring_ms) {
        return one<signal::AgentMissed>(
            about("AgentRingNoAnswer",
                  {{"Queue", "sales"}, {"Interface", "SIP/1001"}, {"DestUniqueid", phone}, {"RingTime", ring_ms}}));
    };
    EXPECT_FALSE(missed("1.1", "6000").refused);
    one<signal::DialEnded>(about("DialEnd", {{"DestUniqueid", "1.2"}, {"DialStatus", "BUSY"}}));
    EXPECT_TRUE(missed("1.2", "0").refused);
    EXPECT_TRUE(missed("1.3", "0").refused) << "nothing rings out in no time";
    one<signal::DialEnded>(about("DialEnd", {{"DestUniqueid", "1.4"}, {"DialStatus", "NOANSWER"}}));
    one<signal::DialEnded>(about("DialEnd", {{"DestUniqueid", "1.4"}, {"DialStatus", "CANCEL"}}));
    EXPECT_FALSE(missed("1.4", "0").refused);
}

TEST_F(TranslateTest, MembersWithStatusPauseAndRemoval) {
    const Fields fields{{"Event", "QueueMemberPause"},  {"Queue", "sales"}, {"MemberName", "张伟"},
                        {"Interface", "SIP/1001"},      {"Status", "1"},    {"Paused", "1"},
                        {"PausedReason", "午休 lunch"}, {"Wrapuptime", "5"}};
    const auto paused = one<signal::MemberChanged>(fields);
    EXPECT_EQ(paused.agent, "SIP/1001");
    EXPECT_EQ(paused.status, DeviceStatus::idle);
    EXPECT_EQ(paused.pause, signal::MemberChanged::Pause::paused);
    EXPECT_EQ(paused.reason, "午休 lunch");
    EXPECT_EQ(paused.wrap_up_seconds, 5);
    EXPECT_FALSE(paused.removed);
    EXPECT_EQ(last.channel, "");
    Fields removed = fields;
    removed[0].second = "QueueMemberRemoved";
    EXPECT_TRUE(one<signal::MemberChanged>(removed).removed);
}

TEST_F(TranslateTest, DeviceStatesOfPhonesOnly) {
    const auto device =
        one<signal::MemberChanged>({{"Event", "DeviceStateChange"}, {"Device", "SIP/1001"}, {"State", "RINGING"}});
    EXPECT_EQ(device.agent, "SIP/1001");
    EXPECT_EQ(device.queue, "");
    EXPECT_EQ(device.status, DeviceStatus::ringing);
    EXPECT_EQ(device.pause, signal::MemberChanged::Pause::unchanged);
    EXPECT_TRUE(of({{"Event", "DeviceStateChange"}, {"Device", "Queue:sales"}, {"State", "RINGING"}}).empty());
}

TEST_F(TranslateTest, SurveysAndMenuDigits) {
    EXPECT_EQ(one<signal::SurveyAnswered>(about("UserEvent", {{"UserEvent", "Satisfaction"}, {"Score", "5"}})).score,
              "5");
    EXPECT_EQ(last.channel, "1.0");
    const auto digit = one<signal::AttributeSet>(
        about("UserEvent", {{"UserEvent", "IvrDigit"}, {"Digit", "1"}, {"CallerIDNum", "x"}, {"Uniqueid", "9.9"}}));
    EXPECT_EQ(digit.name, "ivr_digit");
    EXPECT_EQ(digit.value, "1");
    EXPECT_EQ(last.channel, "1.0") << "the channel's own id comes first";
    EXPECT_TRUE(of(about("UserEvent", {{"UserEvent", "QueueOver"}})).empty());
    EXPECT_TRUE(of({{"Event", "UserEvent"}, {"UserEvent", "Satisfaction"}, {"Score", "5"}}).empty()) << "of no call";
}

TEST_F(TranslateTest, SurveyNamesAreSettings) {
    translator = Translator({{"Rating"}, "Stars", "Call", "GB18030"});
    EXPECT_EQ(
        one<signal::SurveyAnswered>({{"Event", "UserEvent"}, {"UserEvent", "Rating"}, {"Stars", "4"}, {"Call", "7.7"}})
            .score,
        "4");
    EXPECT_EQ(last.channel, "7.7");
    EXPECT_TRUE(of(about("UserEvent", {{"UserEvent", "Satisfaction"}, {"Score", "5"}})).empty());
}

TEST_F(TranslateTest, VoicemailIsSeenInTheDialplan) {
    EXPECT_EQ(one<signal::ApplicationEntered>(about("Newexten", {{"Application", "VoiceMail"}})).application,
              Application::voicemail);
    EXPECT_TRUE(of(about("Newexten", {{"Application", "BackGround"}})).empty()) << "the filter would hide it";
    EXPECT_TRUE(of(about("Newexten", {{"Application", "VoiceMailMain"}})).empty()) << "an agent listening";
}

TEST_F(TranslateTest, OtherEventsSayNothing) {
    for (const auto* name :
         {"VarSet", "CEL", "RTCPSent", "Cdr", "AgentComplete", "NewConnectedLine", "", "hold", "HangupX"})
        EXPECT_TRUE(of(about(name)).empty()) << name;
}

TEST_F(TranslateTest, MusicAfterAFeatureCodeIsNoHold) {
    EXPECT_TRUE(of(about("DTMFEnd", {{"Digit", "2"}, {"Timestamp", "1795291397.000000"}})).empty());
    EXPECT_TRUE(of(about("Hold", {{"Timestamp", "1795291397.101000"}})).empty());
    EXPECT_TRUE(one<signal::HoldChanged>(about("Hold", {{"Timestamp", "1795291398.000000"}})).on);
}

}  // namespace
}  // namespace citybridge::asterisk
