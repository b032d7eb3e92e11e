#include <gtest/gtest.h>

#include "tests/unit/asterisk/session_driver.h"

namespace citybridge::asterisk {
namespace {

const Fields kCaller{{"Event", "CoreShowChannel"},
                     {"Channel", "SIP/trunk-sip-0000004f"},
                     {"ChannelState", "6"},
                     {"CallerIDNum", "13900000014"},
                     {"CallerIDName", "<unknown>"},
                     {"Context", "queues"},
                     {"Exten", "sales"},
                     {"Uniqueid", "1795290342.243"},
                     {"Linkedid", "1795290342.243"},
                     {"Application", "Queue"},
                     {"Duration", "00:01:03"},
                     {"BridgeId", "850608b7"}};

TEST(SessionSnapshot, ComesAfterLinkUpAndHoldsWhatTheListsSay) {
    SessionDriver driver;
    driver.log_in();
    driver.boot();
    driver.answer("CoreStatus", "Success", {{"CoreStartupDate", "2026-11-21"}, {"CoreStartupTime", "19:35:00"}});
    driver.finish_list("BridgeList", {{{"Event", "BridgeListItem"},
                                       {"BridgeUniqueid", "850608b7"},
                                       {"BridgeType", "base"},
                                       {"BridgeTechnology", "softmix"},
                                       {"BridgeCreator", "ConfBridge"}}});
    driver.finish_list(
        "Status", {{{"Event", "Status"}, {"Privilege", "Call"}, {"Uniqueid", "1795290342.243"}, {"DNID", "9500"}}});
    driver.finish_list("CoreShowChannels", {kCaller});
    driver.finish_list("ParkedCalls", {{{"Event", "ParkedCall"},
                                        {"ParkeeUniqueid", "1795290342.243"},
                                        {"ParkerDialString", "SIP/1002"},
                                        {"ParkingSpace", "701"}}});
    driver.finish_list("QueueStatus",
                       {{{"Event", "QueueParams"}, {"Queue", "sales"}},
                        {{"Event", "QueueMember"},
                         {"Queue", "sales"},
                         {"Name", "张伟"},
                         {"Location", "SIP/1001"},
                         {"StateInterface", "SIP/1001"},
                         {"Status", "2"},
                         {"Paused", "1"},
                         {"PausedReason", "午休 lunch"},
                         {"Wrapuptime", "15"}},
                        {{"Event", "QueueEntry"}, {"Queue", "sales"}, {"Uniqueid", "1795290342.243"}, {"Wait", "12"}}});
    EXPECT_TRUE(driver.signals.empty()) << "not before the last list";
    driver.finish_list("DeviceStateList",
                       {{{"Event", "DeviceStateChange"}, {"Device", "SIP/1003"}, {"State", "INUSE"}},
                        {{"Event", "DeviceStateChange"}, {"Device", "Queue:sales"}, {"State", "INUSE"}}});
    ASSERT_EQ(driver.signals.size(), 2U);
    EXPECT_EQ(std::get<signal::LinkUp>(driver.signals[0].body).pbx_start, "2026-11-21 19:35:00");
    const auto& snapshot = std::get<signal::Snapshot>(driver.signals[1].body);
    ASSERT_EQ(snapshot.channels.size(), 1U);
    const auto& channel = snapshot.channels[0];
    EXPECT_EQ(channel.id, "1795290342.243");
    EXPECT_EQ(channel.started.device, "SIP/trunk-sip");
    EXPECT_EQ(channel.started.number, "13900000014");
    EXPECT_EQ(channel.started.name, "");
    EXPECT_EQ(channel.started.dialled, "9500");
    EXPECT_EQ(channel.slot, "701");
    EXPECT_EQ(channel.parked_by, "SIP/1002");
    EXPECT_EQ(channel.started.state, ChannelState::up);
    EXPECT_EQ(channel.started_at, driver.now.wall - std::chrono::seconds(63));
    EXPECT_EQ(channel.bridge, "850608b7");
    EXPECT_EQ(channel.bridge_kind, BridgeKind::conference);
    ASSERT_EQ(snapshot.queue_callers.size(), 1U);
    EXPECT_EQ(snapshot.queue_callers[0].entered_at, driver.now.wall - std::chrono::seconds(12));
    ASSERT_EQ(snapshot.members.size(), 2U);
    const auto& member = snapshot.members[0];
    EXPECT_EQ(member.agent, "SIP/1001");
    EXPECT_EQ(member.name, "张伟");
    EXPECT_EQ(member.queue, "sales");
    EXPECT_EQ(member.status, DeviceStatus::in_use);
    EXPECT_EQ(member.pause, signal::MemberChanged::Pause::paused);
    EXPECT_EQ(member.reason, "午休 lunch");
    EXPECT_EQ(member.wrap_up_seconds, 15);
    EXPECT_EQ(snapshot.members[1].device, "SIP/1003");
    EXPECT_EQ(snapshot.members[1].queue, "");
}

TEST(SessionSnapshot, EventsThatCameMeanwhileFollowItInOrder) {
    SessionDriver driver;
    driver.log_in();
    driver.event({{"Event", "Hangup"}, {"Uniqueid", "0.0"}, {"Cause", "16"}});  // before FullyBooted: part of the lists
    driver.boot();
    driver.event({{"Event", "Newchannel"}, {"Channel", "SIP/1001-00000001"}, {"Uniqueid", "1.1"}, {"Linkedid", "1.1"}});
    driver.answer_lists();
    driver.event({{"Event", "Hangup"}, {"Uniqueid", "1.1"}, {"Linkedid", "1.1"}, {"Cause", "16"}});
    ASSERT_EQ(driver.signals.size(), 4U);
    EXPECT_TRUE(std::holds_alternative<signal::LinkUp>(driver.signals[0].body));
    EXPECT_TRUE(std::holds_alternative<signal::Snapshot>(driver.signals[1].body));
    EXPECT_TRUE(std::holds_alternative<signal::ChannelStarted>(driver.signals[2].body));
    EXPECT_TRUE(std::holds_alternative<signal::ChannelEnded>(driver.signals[3].body));
}

TEST(SessionSnapshot, TooManyEventsMeanwhileAreACutLink) {
    SessionDriver driver;
    driver.log_in();
    driver.boot();
    const std::string hold = message({{"Event", "Hold"}, {"Uniqueid", "1.1"}});
    std::string many;
    for (std::size_t i = 0; i < 1000; ++i) many += hold;
    for (std::size_t i = 0; i <= kMaxHeldSignals / 1000 && !driver.closed; ++i) driver.bytes(many);
    ASSERT_TRUE(driver.closed);
    EXPECT_EQ(driver.closed->code, "asterisk.overflow");
    driver.close(driver.closed->code);
    EXPECT_TRUE(driver.signals.empty());
}

TEST(SessionSnapshot, GoesOnWithWhatAPoorUserMayList) {
    SessionDriver driver;
    driver.log_in();
    driver.boot();
    while (driver.asked("Filter")) driver.answer("Filter", "Error", {{"Message", "Permission denied"}});
    for (const auto* action :
         {"CoreStatus", "BridgeList", "Status", "CoreShowChannels", "ParkedCalls", "DeviceStateList"})
        driver.answer(action, "Error", {{"Message", "Permission denied"}});
    driver.finish_list("QueueStatus", {{{"Event", "QueueMember"},
                                        {"Queue", "vip"},
                                        {"Name", "周杰"},
                                        {"Location", "Local/3002@agents/n"},
                                        {"StateInterface", "SIP/3002"},
                                        {"Status", "1"},
                                        {"Paused", "0"}}});
    ASSERT_EQ(driver.signals_of<signal::Snapshot>().size(), 1U);
    const auto snapshot = driver.signals_of<signal::Snapshot>()[0];
    EXPECT_TRUE(snapshot.channels.empty());
    ASSERT_EQ(snapshot.members.size(), 1U);
    EXPECT_EQ(snapshot.members[0].agent, "SIP/3002");
    EXPECT_EQ(driver.signals_of<signal::LinkUp>()[0].pbx_start, "unknown");
    EXPECT_GE(driver.log.size(), 5U) << "each missing right is told";
}

TEST(SessionSnapshot, AListThatStopsIsACutLinkButASlowOneIsNot) {
    SessionDriver driver;
    driver.log_in();
    driver.boot();
    driver.answer_lists();
    driver.close("link.closed");
    driver.log_in();
    driver.boot();
    const std::string id = driver.id_of("QueueStatus");
    driver.answer("CoreStatus", "Success");
    for (const auto* action : {"BridgeList", "Status", "CoreShowChannels", "ParkedCalls", "DeviceStateList"})
        driver.finish_list(action, {});
    while (driver.asked("Filter")) driver.answer("Filter", "Success");
    driver.answer("QueueStatus", "Success", {{"EventList", "start"}});
    for (int i = 0; i < 5; ++i) {
        driver.pass(Millis(4'000));
        if (driver.asked("Ping")) driver.answer("Ping", "Success");
        driver.event({{"Event", "QueueParams"}, {"Queue", "q"}, {"ActionID", id}});
    }
    EXPECT_FALSE(driver.closed);
    driver.pass(Millis(5'000));
    ASSERT_TRUE(driver.closed);
    EXPECT_EQ(driver.closed->code, "asterisk.reply_timeout");
}

TEST(SessionSnapshot, AnUnansweredPingIsACutLink) {
    SessionDriver driver;
    driver.make_ready();
    driver.pass(Millis(10'000));
    driver.answer("Ping", "Success", {{"Ping", "Pong"}});
    driver.pass(Millis(10'000));
    EXPECT_TRUE(driver.asked("Ping"));
    driver.pass(Millis(4'999));
    EXPECT_FALSE(driver.closed);
    driver.pass(Millis(1));
    ASSERT_TRUE(driver.closed);
    EXPECT_EQ(driver.closed->code, "asterisk.ping_timeout");
    driver.close(driver.closed->code);
    ASSERT_EQ(driver.signals_of<signal::LinkDown>().size(), 1U);
    EXPECT_FALSE(driver.signals_of<signal::LinkDown>()[0].pbx_stopped);
}

TEST(SessionSnapshot, ShutdownSaysThatThePbxStoppedAndOnlyThat) {
    SessionDriver driver;
    driver.make_ready();
    driver.event({{"Event", "Shutdown"}, {"Shutdown", "Cleanly"}, {"Restart", "False"}});
    driver.close("link.closed");
    ASSERT_EQ(driver.signals_of<signal::LinkDown>().size(), 1U);
    EXPECT_TRUE(driver.signals_of<signal::LinkDown>()[0].pbx_stopped);
}

TEST(SessionSnapshot, ACrashIsACutLink) {
    SessionDriver driver;
    driver.make_ready();
    driver.close("link.closed");
    ASSERT_EQ(driver.signals_of<signal::LinkDown>().size(), 1U);
    EXPECT_FALSE(driver.signals_of<signal::LinkDown>()[0].pbx_stopped);
    EXPECT_EQ(driver.signals_of<signal::LinkDown>()[0].reason, "link.closed");
    driver.make_ready();
    EXPECT_EQ(driver.signals_of<signal::LinkUp>().size(), 2U);
    EXPECT_EQ(driver.signals_of<signal::Snapshot>().size(), 2U);
}

TEST(SessionSnapshot, AUserEventThatEchoesAnActionIdIsNoListItem) {
    SessionDriver driver;
    driver.log_in();
    driver.boot();
    driver.event({{"Event", "UserEvent"},
                  {"UserEvent", "Satisfaction"},
                  {"ActionID", driver.id_of("QueueStatus")},
                  {"Score", "5"},
                  {"CallUniqueid", "1795290342.243"}});
    driver.answer_lists();
    ASSERT_EQ(driver.signals_of<signal::SurveyAnswered>().size(), 1U);
    EXPECT_EQ(driver.signals.back().channel, "1795290342.243");
}

// As capture 08a would have been listed before its DialBegin.
TEST(SessionSnapshot, TellsWhatAClickToDialIsDialling) {
    SessionDriver driver;
    driver.log_in();
    driver.boot();
    const auto item = [](const char* channel, const char* id, const char* exten, const char* app, const char* data) {
        return Fields{{"Event", "CoreShowChannel"},
                      {"Channel", channel},
                      {"ChannelState", "6"},
                      {"Exten", exten},
                      {"Uniqueid", id},
                      {"Linkedid", "cti-call-0001"},
                      {"Application", app},
                      {"ApplicationData", data}};
    };
    driver.finish_list("CoreShowChannels",
                       {item("SIP/1001-00000035", "cti-call-0001", "913912345678", "Dial",
                             "PJSIP/trunk/sip:13912345678@127.0.0.1:17100,30,tTxX"),
                        item("PJSIP/trunk-00000014", "1795290165.164", "s", "AppDial", "(Outgoing Line)"),
                        item("SIP/1002-00000036", "cti-call-0002", "", "AppDial2", "(Outgoing Line)")});
    driver.answer_lists();
    ASSERT_EQ(driver.signals_of<signal::Snapshot>().size(), 1U);
    const auto snapshot = driver.signals_of<signal::Snapshot>()[0];
    ASSERT_EQ(snapshot.channels.size(), 3U);
    EXPECT_EQ(snapshot.channels[1].dialled_by, "cti-call-0001");
    EXPECT_EQ(snapshot.channels[1].reached_by, "913912345678");
    EXPECT_FALSE(snapshot.channels[0].rung_by_command);
    EXPECT_TRUE(snapshot.channels[2].rung_by_command);
}

}  // namespace
}  // namespace citybridge::asterisk
