#include "adapters/freeswitch/words.h"

#include <gtest/gtest.h>

namespace citybridge::freeswitch {
namespace {

TEST(Words, UserAgentAndChannelNameTheSamePerson) {
    EXPECT_EQ(bare_user("1001@beijing"), "1001");
    EXPECT_EQ(bare_user("1001"), "1001");
    EXPECT_EQ(bare_user(channel_name("sofia/internal/1001@127.0.0.1:5271").address), "1001");
    EXPECT_EQ(bare_user(channel_name("sofia/internal/sip:1001@127.0.0.1:5271").address), "1001");
    EXPECT_EQ(channel_name("sofia/external/95588@10.0.0.1").profile, "external");
    EXPECT_EQ(channel_name("verto.rtc/1001@beijing").address, "1001@beijing");
    EXPECT_EQ(channel_name("").address, "");
}

TEST(Words, WhatThePbxMadeForItselfIsAHelper) {
    EXPECT_TRUE(is_helper("loopback/1002-a"));
    EXPECT_FALSE(is_helper("sofia/internal/1002@x"));
}

TEST(Words, ANumberIsNoName) {
    EXPECT_EQ(party_name("Outbound Call", "1001"), "");
    EXPECT_EQ(party_name("13901234567", "13901234567"), "");
    EXPECT_EQ(party_name("张伟", "13901234567"), "张伟");
}

TEST(Words, CausesOfUnansweredPhones) {
    EXPECT_EQ(dial_result("NO_ANSWER"), DialResult::no_answer);
    EXPECT_EQ(dial_result("USER_BUSY"), DialResult::busy);
    EXPECT_EQ(dial_result("CALL_REJECTED"), DialResult::rejected);
    EXPECT_EQ(dial_result("ORIGINATOR_CANCEL"), DialResult::cancelled);
    EXPECT_EQ(dial_result("LOSE_RACE"), DialResult::cancelled);
    EXPECT_EQ(dial_result("UNALLOCATED_NUMBER"), DialResult::failed);
}

TEST(Words, StateOfACallerSaysNothingUntilItIsActive) {
    EXPECT_EQ(channel_state("RINGING", false), ChannelState::calling);
    EXPECT_EQ(channel_state("RINGING", true), ChannelState::ringing);
    EXPECT_EQ(channel_state("EARLY", true), ChannelState::ringing);
    EXPECT_EQ(channel_state("ACTIVE", false), ChannelState::up);
    EXPECT_EQ(channel_state("HELD", true), ChannelState::up);
    EXPECT_EQ(channel_state("RING_WAIT", false), ChannelState::up);
}

TEST(Words, AChannelsIdComesFromTheCommands) {
    EXPECT_EQ(uuid_of("11111111-2222-3333-4444-555555550001"), "11111111-2222-3333-4444-555555550001");
    EXPECT_TRUE(is_uuid(uuid_of("command 7")));
    EXPECT_EQ(uuid_of("command 7"), uuid_of("command 7"));
    EXPECT_NE(uuid_of("command 7"), uuid_of("command 8"));
    EXPECT_FALSE(is_uuid("11111111-2222-3333-4444-55555555000"));
    EXPECT_FALSE(is_uuid("11111111-2222-3333-4444-55555555000g"));
}

TEST(Words, APlainWordCannotEndItsPlaceInACommand) {
    for (const char* good : {"1001", "13812345678", "user@beijing", "local_stream://moh", "+8613812345678", "*8"})
        EXPECT_TRUE(is_plain_word(good)) << good;
    for (const char* bad : {"", " ", "a b", "a\nb", "a\r", "a'b", "a{b", "a]b", "a,b", "a;b", "a|b", "${x}", "a\tb"})
        EXPECT_FALSE(is_plain_word(bad)) << bad;
}

}  // namespace
}  // namespace citybridge::freeswitch
