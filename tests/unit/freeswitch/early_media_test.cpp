// A line that plays its own ringing or an announcement: FreeSWITCH bridges it with the first sound
// (switch_ivr_bridge.c), long before anybody answers.
#include "tests/unit/freeswitch/translated.h"

namespace citybridge::freeswitch {
namespace {

const Fields kLine{{"Call-Direction", "outbound"}, {"Channel-Name", "sofia/external/139"}};

struct EarlyMedia : Translated {
    // By a caller, or for a command.
    void rung(const std::string& id, const std::string& by = {}) {
        if (!by.empty())
            of("CHANNEL_CREATE", by, {{"Call-Direction", "inbound"}, {"Channel-Name", "sofia/internal/1001"}});
        Fields fields = kLine;
        if (!by.empty()) fields.emplace_back("variable_originating_leg_uuid", by);
        of("CHANNEL_CREATE", id, fields);
    }
    std::vector<PbxSignal> bridged(const std::string& a, const std::string& b) {
        return of("CHANNEL_BRIDGE", a, {{"Bridge-A-Unique-ID", a}, {"Bridge-B-Unique-ID", b}});
    }
};

TEST_F(EarlyMedia, IsNobodysVoice) {
    rung("b", "a");
    of("CHANNEL_PROGRESS_MEDIA", "b", kLine);
    EXPECT_TRUE(said<signal::BridgeEntered>(bridged("a", "b")).empty());
    const auto answered = of("CHANNEL_ANSWER", "b", kLine);
    EXPECT_EQ(said<signal::DialEnded>(answered).size(), 1U);
    EXPECT_EQ(said<signal::BridgeEntered>(answered).size(), 2U);
    const Fields end{{"Bridge-A-Unique-ID", "a"}, {"Bridge-B-Unique-ID", "b"}};
    EXPECT_EQ(said<signal::BridgeLeft>(of("CHANNEL_UNBRIDGE", "a", end)).size(), 2U);
}

TEST_F(EarlyMedia, WithoutAnAnswerIsNoConversation) {
    rung("b", "a");
    EXPECT_TRUE(said<signal::BridgeEntered>(
                    of("CHANNEL_BRIDGE", "a",
                       {{"Bridge-A-Unique-ID", "a"}, {"Bridge-B-Unique-ID", "b"}, {"Answer-State", "early"}}))
                    .empty())
        << "also where only the caller's side shows it";
    of("CHANNEL_HANGUP", "b");
    EXPECT_TRUE(of("CHANNEL_UNBRIDGE", "a", {{"Bridge-A-Unique-ID", "a"}, {"Bridge-B-Unique-ID", "b"}}).empty());
    const auto ended = of("CHANNEL_HANGUP_COMPLETE", "b",
                          {{"Hangup-Cause", "USER_BUSY"},
                           {"Caller-Channel-Bridged-Time", "1795289701000000"},
                           {"Caller-Channel-Answered-Time", "0"},
                           {"variable_last_bridge_to", "a"}});
    ASSERT_EQ(said<signal::DialEnded>(ended).size(), 1U);
    EXPECT_EQ(said<signal::DialEnded>(ended)[0].second.result, DialResult::busy);
    EXPECT_TRUE(said<signal::BridgeEntered>(ended).empty());
}

TEST_F(EarlyMedia, ALineInvitedWithEarlyMediaIsInTheRoomWhenItAnswers) {
    rung("b");
    of("CHANNEL_PROGRESS_MEDIA", "b", kLine);
    const auto added = of({{"Event-Name", "CUSTOM"},
                           {"Event-Subclass", "conference::maintenance"},
                           {"Unique-ID", "b"},
                           {"Action", "add-member"},
                           {"Conference-Name", "3000"}});
    EXPECT_TRUE(said<signal::BridgeEntered>(added).empty());
    const auto entered = said<signal::BridgeEntered>(of("CHANNEL_ANSWER", "b", kLine));
    ASSERT_EQ(entered.size(), 1U);
    EXPECT_EQ(entered[0].second.kind, BridgeKind::conference);
    EXPECT_EQ(entered[0].second.name, "3000");
}

// The word of the answer was lost, or not subscribed to.
TEST_F(EarlyMedia, AnAnswerThatNoEventToldIsKnownFromTheEnd) {
    rung("b", "a");
    of("CHANNEL_ANSWER", "a");
    of("CHANNEL_PROGRESS_MEDIA", "b", kLine);
    EXPECT_TRUE(said<signal::BridgeEntered>(bridged("a", "b")).empty());
    const auto ended = of("CHANNEL_HANGUP_COMPLETE", "b",
                          {{"Hangup-Cause", "NORMAL_CLEARING"},
                           {"Caller-Channel-Bridged-Time", "1795289701000000"},
                           {"Caller-Channel-Answered-Time", "1795289705000000"},
                           {"variable_last_bridge_to", "a"}});
    EXPECT_EQ(said<signal::BridgeEntered>(ended).size(), 2U);
    for (const PbxSignal& each : ended) {
        const bool entered = std::holds_alternative<signal::BridgeEntered>(each.body);
        EXPECT_TRUE(!entered || each.at == WallTime(Millis(1'795'289'705'000)));
    }
}

}  // namespace
}  // namespace citybridge::freeswitch
