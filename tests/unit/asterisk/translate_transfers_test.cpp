// Calls given away, parked, joined, listened to, recorded: fields as Asterisk's
// manager documents and its recordings show them.
#include <gtest/gtest.h>

#include "adapters/asterisk/translate.h"
#include "tests/unit/asterisk/session_driver.h"

namespace citybridge::asterisk {
namespace {

struct TranslateTransfers : ::testing::Test {
    std::vector<PbxSignal> of(const Fields& fields) {
        Framer framer;
        framer.feed("Asterisk Call Manager/9.0.0\r\n" + message(fields));
        (void)framer.next();
        std::vector<PbxSignal> out;
        const auto event = framer.next();
        EXPECT_TRUE(event && *event != nullptr);
        translator.translate(**event, {}, out);
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

    Translator translator{TranslatorSettings{}};
    PbxSignal last;
};

Fields blind(const std::string& result) {
    return {{"Event", "BlindTransfer"},    {"Result", result},
            {"TransfererUniqueid", "1.1"}, {"TransfererLinkedid", "1.0"},
            {"TransfereeUniqueid", "1.0"}, {"TransfereeLinkedid", "1.0"},
            {"IsExternal", "Yes"},         {"Context", "internal"},
            {"Extension", "2001"}};
}

TEST_F(TranslateTransfers, BlindTransfer) {
    const auto done = one<signal::Transferred>(blind("Success"));
    EXPECT_EQ(last.channel, "1.1");
    EXPECT_EQ(last.group, "1.0");
    EXPECT_EQ(done.kind, TransferKind::blind);
    EXPECT_EQ(done.result, TransferResult::completed);
    EXPECT_EQ(done.to, "2001");
    EXPECT_EQ(done.moved, "1.0");
    for (const auto* refused : {"Fail", "Invalid", "Not Permitted"})
        EXPECT_EQ(one<signal::Transferred>(blind(refused)).result, TransferResult::failed) << refused;
}

Fields attended(const std::string& destination, Fields rest = {}) {
    Fields fields{{"Event", "AttendedTransfer"},
                  {"Result", "Success"},
                  {"OrigTransfererUniqueid", "1.1"},
                  {"OrigTransfererLinkedid", "1.0"},
                  {"SecondTransfererUniqueid", "1.2"},
                  {"TransfereeUniqueid", "1.0"},
                  {"DestType", destination}};
    fields.insert(fields.end(), rest.begin(), rest.end());
    return fields;
}

TEST_F(TranslateTransfers, AttendedTransfer) {
    const auto joined = one<signal::Transferred>(attended("Bridge", {{"TransferTargetUniqueid", "1.3"}}));
    EXPECT_EQ(last.channel, "1.1");
    EXPECT_EQ(joined.kind, TransferKind::attended);
    EXPECT_EQ(joined.result, TransferResult::completed);
    EXPECT_EQ(joined.moved, "1.0");
    EXPECT_EQ(joined.target, "1.3");
    EXPECT_EQ(one<signal::Transferred>(attended("App", {{"DestApp", "VoiceMail"}})).to, "VoiceMail");
    EXPECT_EQ(one<signal::Transferred>(attended("Threeway")).kind, TransferKind::conference);
    EXPECT_EQ(one<signal::Transferred>(attended("Fail")).result, TransferResult::failed);
}

Fields parking(const std::string& event, Fields rest = {}) {
    Fields fields{{"Event", event}, {"ParkeeUniqueid", "1.0"}, {"ParkeeLinkedid", "1.0"}, {"ParkingSpace", "701"}};
    fields.insert(fields.end(), rest.begin(), rest.end());
    return fields;
}

TEST_F(TranslateTransfers, Parking) {
    const auto parked = one<signal::Parked>(
        parking("ParkedCall", {{"Privilege", "call,all"}, {"ParkerUniqueid", "1.1"}, {"ParkerDialString", "SIP/1"}}));
    EXPECT_EQ(last.channel, "1.0");
    EXPECT_EQ(parked.slot, "701");
    EXPECT_EQ(parked.by, "1.1");
    EXPECT_EQ(one<signal::Unparked>(parking("UnParkedCall", {{"RetrieverUniqueid", "2.0"}})).by, "2.0");
    EXPECT_EQ(one<signal::Unparked>(parking("ParkedCallGiveUp")).by, "");
    EXPECT_EQ(one<signal::Unparked>(parking("ParkedCallTimeOut")).by, "");
    // An item of somebody's list has an ActionID and no Privilege.
    EXPECT_TRUE(of(parking("ParkedCall", {{"ActionID", "x-3"}})).empty());
}

Fields in_room(const std::string& event, const std::string& bridge) {
    return {{"Event", event},      {"Uniqueid", "1.0"},        {"Linkedid", "1.0"},
            {"Conference", "601"}, {"BridgeUniqueid", bridge}, {"BridgeTechnology", "softmix"}};
}

TEST_F(TranslateTransfers, AConferencesBridgeHasItsRoomsName) {
    EXPECT_TRUE(of(in_room("ConfbridgeStart", "br")).empty());
    EXPECT_EQ(one<signal::BridgeEntered>(in_room("BridgeEnter", "br")).name, "601");
    EXPECT_TRUE(of(in_room("ConfbridgeJoin", "br")).empty());
    EXPECT_TRUE(of(in_room("ConfbridgeEnd", "br")).empty());
    EXPECT_EQ(one<signal::BridgeEntered>(in_room("BridgeEnter", "br")).name, "");
    // A room that was there before the link is named by the next who joins.
    EXPECT_EQ(one<signal::BridgeEntered>(in_room("ConfbridgeJoin", "old")).name, "601");
}

TEST_F(TranslateTransfers, ARecordingsFileIsTheVariableSetBeforeIt) {
    const auto about = [](const std::string& event, Fields rest = {}) {
        Fields fields{{"Event", event}, {"Uniqueid", "1.0"}, {"Linkedid", "1.0"}};
        fields.insert(fields.end(), rest.begin(), rest.end());
        return fields;
    };
    EXPECT_TRUE(of(about("VarSet", {{"Variable", "MIXMONITOR_FILENAME"}, {"Value", "/monitor/a.wav"}})).empty());
    EXPECT_TRUE(of(about("VarSet", {{"Variable", "X"}, {"Value", "MIXMONITOR_FILENAME"}})).empty());
    const auto started = one<signal::RecordingChanged>(about("MixMonitorStart"));
    EXPECT_EQ(started.step, RecordingStep::started);
    EXPECT_EQ(started.file, "/monitor/a.wav");
    const auto muted = one<signal::RecordingChanged>(about("MixMonitorMute", {{"Direction", "both"}, {"State", "1"}}));
    EXPECT_EQ(muted.step, RecordingStep::muted);
    const auto loud = one<signal::RecordingChanged>(about("MixMonitorMute", {{"Direction", "both"}, {"State", "0"}}));
    EXPECT_EQ(loud.step, RecordingStep::unmuted);
    EXPECT_EQ(one<signal::RecordingChanged>(about("MixMonitorStop")).step, RecordingStep::stopped);
}

TEST_F(TranslateTransfers, Listening) {
    const auto started = one<signal::ListeningStarted>(
        {{"Event", "ChanSpyStart"}, {"SpyerUniqueid", "3.0"}, {"SpyerLinkedid", "3.0"}, {"SpyeeUniqueid", "1.1"}});
    EXPECT_EQ(last.channel, "3.0");
    EXPECT_EQ(started.target, "1.1");
    one<signal::ListeningStopped>({{"Event", "ChanSpyStop"}, {"SpyerUniqueid", "3.0"}, {"SpyerLinkedid", "3.0"}});
    EXPECT_EQ(last.channel, "3.0");
}

Fields renamed(const std::string& from, const std::string& to, const std::string& id) {
    return {{"Event", "Rename"}, {"Channel", from}, {"Newname", to}, {"Uniqueid", id}};
}

// SIP/1002, which dialled *8, is put in the place of the ringing SIP/1001.
TEST_F(TranslateTransfers, AMasqueradeIsAChannelThatGoesOnUnderAnothersId) {
    EXPECT_TRUE(of(renamed("SIP/1002-02", "SIP/1002-02<MASQ>", "2.0")).empty());
    EXPECT_EQ(one<signal::ChannelRenamed>(renamed("SIP/1001-01", "SIP/1002-02", "1.1")).id, "1.1");
    EXPECT_EQ(last.channel, "2.0");
    EXPECT_TRUE(of(renamed("SIP/1002-02<MASQ>", "SIP/1001-01<ZOMBIE>", "2.0")).empty());
    // A new name alone changes nothing.
    EXPECT_TRUE(of(renamed("SIP/1001-01", "SIP/1001-0a", "1.1")).empty());
}

TEST_F(TranslateTransfers, AttendedTransferToARingingPhoneIsNotToAnApplication) {
    EXPECT_EQ(one<signal::Transferred>(attended("App", {{"DestApp", "Dial"}})).to, "");
}

}  // namespace
}  // namespace citybridge::asterisk
