// One event, or the few that make one fact: what is said of it. Headers as recorded.
#include "tests/unit/freeswitch/translated.h"

namespace citybridge::freeswitch {
namespace {

struct TranslateTest : Translated {
    void customer(const std::string& id) {
        of("CHANNEL_CREATE", id,
           {{"Call-Direction", "inbound"},
            {"Channel-Name", "sofia/internal/13901234567@127.0.0.1:5260"},
            {"Caller-Caller-ID-Number", "13901234567"},
            {"Caller-Destination-Number", "7001"}});
    }
    std::vector<PbxSignal> phone(const std::string& id, const std::string& of_user, const std::string& from = {}) {
        Fields fields{{"Call-Direction", "outbound"},
                      {"Channel-Name", "sofia/internal/" + of_user + "@127.0.0.1:5271"},
                      {"variable_dialed_user", of_user},
                      {"Caller-Callee-ID-Name", "Outbound Call"},
                      {"Caller-Destination-Number", of_user}};
        if (!from.empty()) fields.emplace_back("variable_originating_leg_uuid", from);
        return of("CHANNEL_CREATE", id, fields);
    }
    std::vector<PbxSignal> bridged(const std::string& a, const std::string& b) {
        return of("CHANNEL_BRIDGE", a, {{"Bridge-A-Unique-ID", a}, {"Bridge-B-Unique-ID", b}});
    }
};

TEST_F(TranslateTest, ACallerWithHisNameAndWhatHeDialled) {
    const auto out = of("CHANNEL_CREATE", "a",
                        {{"Event-Date-Timestamp", "1795289687652759"},
                         {"Call-Direction", "inbound"},
                         {"Channel-Name", "sofia/internal/13901234567@127.0.0.1:5260"},
                         {"Caller-Caller-ID-Name", "张伟"},
                         {"Caller-Caller-ID-Number", "13901234567"},
                         {"Caller-Destination-Number", "01062345678"}});
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out[0].at, WallTime(Millis(1'795'289'687'652)));
    const auto& started = std::get<signal::ChannelStarted>(out[0].body);
    EXPECT_EQ(started.number, "13901234567");
    EXPECT_EQ(started.name, "张伟");
    EXPECT_EQ(started.dialled, "01062345678");
    EXPECT_EQ(started.state, ChannelState::calling);
}

TEST_F(TranslateTest, WithoutATimeArrivalCounts) { EXPECT_EQ(of("CHANNEL_ANSWER", "a").at(0).at, kArrival); }

TEST_F(TranslateTest, ACallerFromATrunkIsNoAgentThoughHisNumberIsShort) {
    const auto out = of("CHANNEL_CREATE", "a",
                        {{"Call-Direction", "inbound"},
                         {"Channel-Name", "sofia/external/95588@10.0.0.1"},
                         {"Caller-Caller-ID-Number", "95588"}});
    EXPECT_NE(std::get<signal::ChannelStarted>(out[0].body).device, "95588");
    const auto gateway = of("CHANNEL_CREATE", "b",
                            {{"Call-Direction", "outbound"},
                             {"Channel-Name", "sofia/internal/10086"},
                             {"variable_sip_gateway_name", "telecom"},
                             {"Caller-Destination-Number", "10086"}});
    EXPECT_EQ(std::get<signal::ChannelStarted>(gateway[0].body).device, "gateway/telecom");
}

TEST_F(TranslateTest, TwoEndsOfAWireCarryTheSameName) {
    const auto first = of("CHANNEL_CREATE", "x", {{"Call-Direction", "outbound"}, {"Channel-Name", "loopback/1002-a"}});
    const auto second = of("CHANNEL_CREATE", "y",
                           {{"Call-Direction", "inbound"},
                            {"Channel-Name", "loopback/1002-b"},
                            {"variable_other_loopback_leg_uuid", "x"}});
    const auto& a = std::get<signal::ChannelStarted>(first[0].body);
    const auto& b = std::get<signal::ChannelStarted>(second[0].body);
    EXPECT_TRUE(a.internal_helper && b.internal_helper);
    EXPECT_EQ(a.helper_pair, b.helper_pair);
}

TEST_F(TranslateTest, ALegKnowsWhoRangItFromItsFirstEventOn) {
    customer("a");
    const auto out = phone("b", "1001", "a");
    const auto dials = said<signal::DialStarted>(out);
    ASSERT_EQ(dials.size(), 1U);
    EXPECT_EQ(dials[0].first, "a");
    EXPECT_EQ(dials[0].second.target, "b");
    EXPECT_EQ(std::get<signal::ChannelStarted>(out[0].body).name, "");
}

TEST_F(TranslateTest, APhoneRungForACommandHasNobodyBehindIt) {
    const auto dials = said<signal::DialStarted>(phone("b", "1001"));
    ASSERT_EQ(dials.size(), 1U);
    EXPECT_EQ(dials[0].first, "");
}

TEST_F(TranslateTest, WhatIsSaidTooEarlyIsSaidAgain) {
    phone("b", "1001", "a");
    const auto out = of("CHANNEL_CREATE", "a",
                        {{"Call-Direction", "inbound"},
                         {"Channel-Name", "sofia/internal/13901234567@x"},
                         {"Caller-Caller-ID-Number", "13901234567"}});
    ASSERT_EQ(out.size(), 2U);
    EXPECT_EQ(std::get<signal::DialStarted>(out[1].body).target, "b");
}

TEST_F(TranslateTest, RingingAnsweredAndNotAnswered) {
    customer("a");
    phone("b", "1001", "a");
    EXPECT_EQ(said<signal::ChannelStateChanged>(of("CHANNEL_PROGRESS", "b", {{"Call-Direction", "outbound"}})).size(),
              1U);
    EXPECT_TRUE(of("CHANNEL_PROGRESS", "a", {{"Call-Direction", "inbound"}}).empty()) << "the caller hears it, no more";
    const auto ends = said<signal::DialEnded>(of("CHANNEL_ANSWER", "b"));
    ASSERT_EQ(ends.size(), 1U);
    EXPECT_EQ(ends[0].second.result, DialResult::answered);
    EXPECT_TRUE(
        said<signal::DialEnded>(of("CHANNEL_HANGUP_COMPLETE", "b", {{"Hangup-Cause", "NORMAL_CLEARING"}})).empty());

    phone("c", "1002", "a");
    const auto refused = said<signal::DialEnded>(of("CHANNEL_HANGUP_COMPLETE", "c", {{"Hangup-Cause", "USER_BUSY"}}));
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_EQ(refused[0].second.result, DialResult::busy);
}

TEST_F(TranslateTest, WhoHungUpIsToldByHisOwnBye) {
    customer("a");
    phone("b", "1001", "a");
    EXPECT_EQ(said<signal::HangupRequested>(of("CHANNEL_HANGUP", "b", {{"variable_sip_term_status", "200"}})).size(),
              1U);
    EXPECT_TRUE(
        said<signal::HangupRequested>(of("CHANNEL_HANGUP", "a", {{"variable_sip_hangup_phrase", "OK"}})).empty());
    EXPECT_TRUE(said<signal::HangupRequested>(
                    of("CHANNEL_HANGUP_COMPLETE", "b", {{"variable_sip_hangup_disposition", "recv_bye"}}))
                    .empty())
        << "told once";
}

TEST_F(TranslateTest, WithoutChannelHangupTheOtherLegTellsWhoHungUp) {
    customer("a");
    phone("b", "1001", "a");
    bridged("a", "b");
    const auto out =
        said<signal::HangupRequested>(of("CHANNEL_HANGUP_COMPLETE", "a",
                                         {{"variable_sip_hangup_disposition", "send_bye"},
                                          {"variable_last_bridge_to", "b"},
                                          {"variable_last_bridge_proto_specific_hangup_cause", "sip:200"}}));
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out[0].first, "b");
}

TEST_F(TranslateTest, ABridgeIsOneForBothAndItsEndIsToldOnce) {
    customer("a");
    phone("b", "1001", "a");
    const auto entered = said<signal::BridgeEntered>(bridged("a", "b"));
    ASSERT_EQ(entered.size(), 2U);
    EXPECT_EQ(entered[0].second.bridge, entered[1].second.bridge);
    const Fields both{{"Bridge-A-Unique-ID", "a"}, {"Bridge-B-Unique-ID", "b"}};
    EXPECT_EQ(said<signal::BridgeLeft>(of("CHANNEL_UNBRIDGE", "a", both)).size(), 2U);
    EXPECT_TRUE(said<signal::BridgeLeft>(of("CHANNEL_UNBRIDGE", "a", both)).empty());
}

TEST_F(TranslateTest, ALateEndOfABridgeDoesNotTakeAnybodyOutOfAConference) {
    customer("a");
    phone("b", "1001", "a");
    bridged("a", "b");
    of({{"Event-Subclass", "conference::maintenance"},
        {"Event-Name", "CUSTOM"},
        {"Unique-ID", "b"},
        {"Action", "add-member"},
        {"Conference-Name", "3000"}});
    const auto left = said<signal::BridgeLeft>(
        of("CHANNEL_UNBRIDGE", "a", {{"Bridge-A-Unique-ID", "a"}, {"Bridge-B-Unique-ID", "b"}}));
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].first, "a");
}

TEST_F(TranslateTest, TheHoldKeyAndTheCommandNameOppositeLegs) {
    customer("a");
    phone("b", "1001", "a");
    bridged("a", "b");
    auto held =
        said<signal::HoldChanged>(of("CHANNEL_HOLD", "a", {{"Event-Calling-Function", "switch_channel_mark_hold"}}));
    EXPECT_EQ(held.at(0).first, "a") << "the customer pressed his key";
    of("CHANNEL_UNHOLD", "a");
    held = said<signal::HoldChanged>(of("CHANNEL_HOLD", "a", {{"Event-Calling-Function", "switch_ivr_hold"}}));
    EXPECT_EQ(held.at(0).first, "b") << "uuid_hold of the customer's leg comes from the agent's side";
    held = said<signal::HoldChanged>(of("CHANNEL_UNHOLD", "a"));
    EXPECT_EQ(held.at(0).first, "b");
    EXPECT_FALSE(held.at(0).second.on);
}

TEST_F(TranslateTest, ABlindTransferIsToldOnceWithWhereTo) {
    customer("a");
    phone("b", "1001", "a");
    bridged("a", "b");
    const Fields sent{{"Bridge-A-Unique-ID", "a"},
                      {"Bridge-B-Unique-ID", "b"},
                      {"Caller-Transfer-Source", "1795289819:5d5b151e:bl_xfer:1002/default/XML"}};
    const auto told = said<signal::Transferred>(of("CHANNEL_UNBRIDGE", "a", sent));
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].first, "b");
    EXPECT_EQ(told[0].second.to, "1002");
    EXPECT_EQ(told[0].second.moved, "a");
    phone("c", "1002", "a");
    Fields again{{"Bridge-A-Unique-ID", "a"},
                 {"Bridge-B-Unique-ID", "c"},
                 {"Caller-Transfer-Source", "1795289819:5d5b151e:bl_xfer:1002/default/XML"}};
    of("CHANNEL_BRIDGE", "a", again);
    EXPECT_TRUE(said<signal::Transferred>(of("CHANNEL_UNBRIDGE", "a", again)).empty())
        << "the old one still stands there";
}

TEST_F(TranslateTest, ParkedInPlaceIsNotParkedOnAnExtension) {
    customer("a");
    EXPECT_TRUE(said<signal::Parked>(of("CHANNEL_PARK", "a",
                                        {{"Caller-Destination-Number", "7001"},
                                         {"Caller-Transfer-Source", "1:x:bl_xfer:park/public/inline"}}))
                    .empty());
    const auto parked = said<signal::Parked>(
        of("CHANNEL_PARK", "a",
           {{"Caller-Destination-Number", "5900"}, {"Caller-Transfer-Source", "1:x:bl_xfer:5900/default/XML"}}));
    ASSERT_EQ(parked.size(), 1U);
    EXPECT_EQ(parked[0].second.slot, "5900");
}

TEST_F(TranslateTest, RecordingIsMutedByACommandWithoutAnEventOfItsOwn) {
    customer("a");
    of("RECORD_START", "a", {{"Record-File-Path", "/r/a.wav"}});
    EXPECT_EQ(translator.recordings_of("a"), std::vector<std::string>{"/r/a.wav"});
    const auto muted = said<signal::RecordingChanged>(
        of({{"Event-Name", "API"}, {"API-Command", "uuid_record"}, {"API-Command-Argument", "a mask /r/a.wav"}}));
    ASSERT_EQ(muted.size(), 1U);
    EXPECT_EQ(muted[0].second.step, RecordingStep::muted);
    of("RECORD_STOP", "a", {{"Record-File-Path", "/r/a.wav"}});
    EXPECT_TRUE(translator.recordings_of("a").empty());
}

TEST_F(TranslateTest, AListenerAndAVoicemail) {
    const auto listens = said<signal::ListeningStarted>(
        of("CHANNEL_EXECUTE", "s", {{"Application", "eavesdrop"}, {"Application-Data", "b"}}));
    ASSERT_EQ(listens.size(), 1U);
    EXPECT_EQ(listens[0].second.target, "b");
    EXPECT_EQ(said<signal::ListeningStopped>(of("CHANNEL_HANGUP_COMPLETE", "s")).size(), 1U);
    EXPECT_EQ(said<signal::ApplicationEntered>(of("CHANNEL_EXECUTE", "a", {{"Application", "voicemail"}})).size(), 1U);
    EXPECT_TRUE(of("CHANNEL_EXECUTE", "a", {{"Application", "set"}, {"Application-Data", "x=y"}}).empty());
}

TEST_F(TranslateTest, AReferTellsWhoGaveTheCallerAway) {
    customer("a");
    phone("b", "1001", "a");
    bridged("a", "b");
    const auto told = said<signal::Transferred>(
        of("CHANNEL_HANGUP_COMPLETE", "b",
           {{"variable_transfer_disposition", "recv_replace"}, {"variable_endpoint_disposition", "BLIND_TRANSFER"}}));
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].first, "b");
    EXPECT_EQ(told[0].second.moved, "a");
}

TEST_F(TranslateTest, AChannelMayChangeItsId) {
    customer("a");
    const auto out = said<signal::ChannelRenamed>(of("CHANNEL_UUID", "a2", {{"Old-Unique-ID", "a"}}));
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out[0].first, "a");
    EXPECT_EQ(out[0].second.id, "a2");
}

TEST_F(TranslateTest, TheEndCarriesTheCauseAndComesOnce) {
    customer("a");
    const auto out = said<signal::ChannelEnded>(
        of("CHANNEL_HANGUP_COMPLETE", "a", {{"Hangup-Cause", "NO_ANSWER"}, {"variable_hangup_cause_q850", "19"}}));
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out[0].second.cause, 19);
    EXPECT_TRUE(of("CHANNEL_DESTROY", "a").empty());
}

TEST_F(TranslateTest, EventsWithoutTheirHeadersHarmNobody) {
    for (const char* name : {"CHANNEL_CREATE",
                             "CHANNEL_PROGRESS",
                             "CHANNEL_ANSWER",
                             "CHANNEL_BRIDGE",
                             "CHANNEL_UNBRIDGE",
                             "CHANNEL_HANGUP",
                             "CHANNEL_HANGUP_COMPLETE",
                             "CHANNEL_DESTROY",
                             "CHANNEL_HOLD",
                             "CHANNEL_UNHOLD",
                             "CHANNEL_PARK",
                             "CHANNEL_UNPARK",
                             "CHANNEL_UUID",
                             "CHANNEL_EXECUTE",
                             "RECORD_START",
                             "RECORD_STOP",
                             "API",
                             "CUSTOM",
                             "HEARTBEAT",
                             "NO_SUCH_EVENT"})
        of({{"Event-Name", name}});
}

// A colleague who dials the pick-up code, a parking slot or a conference's number.
TEST_F(TranslateTest, WhoDialledInHimselfWasNotRung) {
    customer("c");
    phone("a", "1001", "c");
    of("CHANNEL_CREATE", "x",
       {{"Call-Direction", "inbound"},
        {"Channel-Name", "sofia/internal/1002@127.0.0.1:5272"},
        {"variable_user_name", "1002"},
        {"Caller-Caller-ID-Number", "1002"},
        {"Caller-Destination-Number", "*8"}});
    of("CHANNEL_ANSWER", "x");
    const auto out = bridged("x", "c");
    EXPECT_TRUE(said<signal::DialStarted>(out).empty());
    EXPECT_EQ(said<signal::BridgeEntered>(out).size(), 2U);
}

TEST_F(TranslateTest, WhoFetchesFromASlotIsToldByEitherSide) {
    for (const bool by_fetcher : {false, true}) {
        customer("c");
        const Fields parking{{"Event-Subclass", "valet_parking::info"}, {"Valet-Extension", "5901"}};
        Fields hold = parking;
        hold.emplace_back("Action", "hold");
        of("CUSTOM", "c", hold);
        Fields fetch = parking;
        fetch.emplace_back("Action", "bridge");
        fetch.emplace_back("Bridge-To-UUID", by_fetcher ? "c" : "x");
        const auto fetched = said<signal::Unparked>(of("CUSTOM", by_fetcher ? "x" : "c", fetch));
        ASSERT_EQ(fetched.size(), 1U);
        EXPECT_EQ(fetched[0].first, "c");
        EXPECT_EQ(fetched[0].second.by, "x");
    }
}

TEST_F(TranslateTest, ABridgeThatNoEventToldIsKnownFromItsEnd) {
    customer("c");
    phone("a", "1001", "c");
    of("CHANNEL_ANSWER", "a");
    of("CHANNEL_ANSWER", "c");
    const Fields end{{"Caller-Channel-Bridged-Time", "1795289701000000"}, {"variable_last_bridge_to", "c"}};
    const auto out = of("CHANNEL_HANGUP_COMPLETE", "a", end);
    const auto entered = said<signal::BridgeEntered>(out);
    ASSERT_EQ(entered.size(), 2U);
    EXPECT_EQ(out.front().at, WallTime(Millis(1'795'289'701'000)));
    EXPECT_TRUE(said<signal::BridgeEntered>(
                    of("CHANNEL_HANGUP_COMPLETE", "c",
                       {{"Caller-Channel-Bridged-Time", "1795289701000000"}, {"variable_last_bridge_to", "a"}}))
                    .empty());
}

}  // namespace
}  // namespace citybridge::freeswitch
