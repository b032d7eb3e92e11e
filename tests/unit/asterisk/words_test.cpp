#include "adapters/asterisk/words.h"

#include <gtest/gtest.h>

namespace citybridge::asterisk {
namespace {

TEST(Words, DeviceIsTheChannelWithoutItsCounter) {
    EXPECT_EQ(device_of("SIP/1001-00000001"), "SIP/1001");
    EXPECT_EQ(device_of("SIP/trunk-sip-00000000"), "SIP/trunk-sip");
    EXPECT_EQ(device_of("PJSIP/2001-0000001c"), "PJSIP/2001");
    EXPECT_EQ(device_of("Local/3002@agents-00000000;1"), "Local/3002@agents");
    EXPECT_EQ(device_of("DAHDI/1-1"), "DAHDI/1");
    EXPECT_EQ(device_of("SIP/1001-00000001<ZOMBIE>"), "SIP/1001");
    EXPECT_EQ(device_of("Message/ast_msg_queue"), "Message/ast_msg_queue");
    EXPECT_EQ(device_of(""), "");
    EXPECT_EQ(device_of("-"), "-");
}

// As written by Asterisk's ast_escape_c: \a \b \f \n \r \t \v \\ \' \" \?
TEST(Words, NamesComeWithCEscapes) {
    EXPECT_EQ(unescaped("O\\'Brien"), "O'Brien");
    EXPECT_EQ(unescaped("a\\\"b\\?\\\\c"), "a\"b?\\c");
    EXPECT_EQ(unescaped("tab\\there"), "tab here");
    EXPECT_EQ(unescaped("\x81\\\\"), "\x81\\") << "a GBK character that ends in a backslash";
    EXPECT_EQ(unescaped("\\x \\"), "\\x \\") << "no escape of Asterisk's";
    EXPECT_EQ(unescaped(""), "");
}

TEST(Words, OnlyPhonesAreDevices) {
    EXPECT_TRUE(is_phone_device("SIP/1001"));
    EXPECT_TRUE(is_phone_device("PJSIP/trunk"));
    for (const auto* other :
         {"Queue:sales", "MWI:1001@default", "confbridge:601", "Custom:a/b", "park:701@x", "", "/", "SIP/", "SIP"})
        EXPECT_FALSE(is_phone_device(other)) << other;
}

TEST(Words, NumberIsTakenOutOfADialString) {
    EXPECT_EQ(number_in("SIP/1001"), "1001");
    EXPECT_EQ(number_in("1001"), "1001");
    EXPECT_EQ(number_in("trunk/sip:13912345678@127.0.0.1:17100"), "13912345678");
    EXPECT_EQ(number_in("PJSIP/13912345678@trunk"), "13912345678");
    EXPECT_EQ(number_in("SIP/trunk/013912345678"), "013912345678");
    EXPECT_EQ(number_in(""), "");
}

// AST_STATE_* of channels: 0 Down, 4 Ring, 5 Ringing, 6 Up.
TEST(Words, ChannelStates) {
    EXPECT_EQ(channel_state("0"), ChannelState::down);
    EXPECT_EQ(channel_state("4"), ChannelState::calling);
    EXPECT_EQ(channel_state("5"), ChannelState::ringing);
    EXPECT_EQ(channel_state("6"), ChannelState::up);
    EXPECT_EQ(channel_state("x"), ChannelState::down);
}

// AST_DEVICE_*: 1 not in use, 2 in use, 5 unavailable, 6 ringing, 8 on hold.
TEST(Words, DeviceStatesByNumberAndByWord) {
    EXPECT_EQ(member_status("0"), DeviceStatus::unknown);
    EXPECT_EQ(member_status("1"), DeviceStatus::idle);
    EXPECT_EQ(member_status("2"), DeviceStatus::in_use);
    EXPECT_EQ(member_status("5"), DeviceStatus::unavailable);
    EXPECT_EQ(member_status("6"), DeviceStatus::ringing);
    EXPECT_EQ(member_status("8"), DeviceStatus::on_hold);
    EXPECT_EQ(device_status("NOT_INUSE"), DeviceStatus::idle);
    EXPECT_EQ(device_status("INUSE"), DeviceStatus::in_use);
    EXPECT_EQ(device_status("BUSY"), DeviceStatus::in_use);
    EXPECT_EQ(device_status("UNAVAILABLE"), DeviceStatus::unavailable);
    EXPECT_EQ(device_status("RINGING"), DeviceStatus::ringing);
    EXPECT_EQ(device_status("ONHOLD"), DeviceStatus::on_hold);
    EXPECT_EQ(device_status("whatever"), DeviceStatus::unknown);
}

TEST(Words, DialStatus) {
    EXPECT_EQ(dial_result("ANSWER"), DialResult::answered);
    EXPECT_EQ(dial_result("NOANSWER"), DialResult::no_answer);
    EXPECT_EQ(dial_result("BUSY"), DialResult::busy);
    EXPECT_EQ(dial_result("CANCEL"), DialResult::cancelled);
    EXPECT_EQ(dial_result("CONGESTION"), DialResult::failed);
    EXPECT_EQ(dial_result("CHANUNAVAIL"), DialResult::failed);
}

TEST(Words, BridgesAreToldApart) {
    EXPECT_EQ(bridge_kind("basic", "simple_bridge", "<unknown>"), BridgeKind::two_party);
    EXPECT_EQ(bridge_kind("base", "softmix", "ConfBridge"), BridgeKind::conference);
    EXPECT_EQ(bridge_kind("parking", "holding_bridge", "Parking"), BridgeKind::parking);
}

TEST(Words, NumbersAreReadWithoutTrust) {
    EXPECT_EQ(to_int("17"), 17);
    EXPECT_EQ(to_int(""), 0);
    EXPECT_EQ(to_int("99999999999999"), 0);
    EXPECT_EQ(seconds_of_duration("01:02:03"), 3723);
    EXPECT_EQ(seconds_of_duration("garbage"), 0);
    EXPECT_EQ(seconds_of_duration("999999999:00:00"), 24 * 365 * 3600);
}

}  // namespace
}  // namespace citybridge::asterisk
