// The event filter, judged as Asterisk judges it: regexec over the event's text
// with an extended expression, "!" excludes.
#include "adapters/asterisk/filter.h"

#include <gtest/gtest.h>
#include <regex.h>

#include <map>

#include "tests/wire/asterisk/replayed.h"
#include "tests/wire/capture_file.h"

namespace citybridge::asterisk {
namespace {

class ServerFilter {
public:
    ServerFilter() {
        for (std::size_t i = 0; i < kEventFilters.size(); ++i) {
            EXPECT_TRUE(kEventFilters[i].starts_with('!'));
            const std::string pattern(kEventFilters[i].substr(1));
            EXPECT_EQ(regcomp(&compiled_[i], pattern.c_str(), REG_EXTENDED | REG_NOSUB), 0) << pattern;
        }
    }
    ~ServerFilter() {
        for (regex_t& filter : compiled_) regfree(&filter);
    }
    ServerFilter(const ServerFilter&) = delete;
    ServerFilter& operator=(const ServerFilter&) = delete;

    bool passes(const std::string& event) const {
        for (const regex_t& filter : compiled_) {
            if (regexec(&filter, event.c_str(), 0, nullptr, 0) == 0) return false;
        }
        return true;
    }

private:
    std::array<regex_t, kEventFilters.size()> compiled_{};
};

std::vector<std::string> events_of(std::string_view name) {
    ReplayPeer peer(capture(capture_name(name)));
    std::vector<std::string> out;
    while (const auto chunk = peer.next()) out.push_back(chunk->bytes);
    return out;
}

std::string newexten(const std::string& application, const std::string& data) {
    return "Event: Newexten\r\nPrivilege: dialplan,all\r\nChannel: SIP/1-0\r\nCallerIDName: Application: x\r\n"
           "Extension: s\r\nApplication: " +
           application + "\r\nAppData: " + data + "\r\n\r\n";
}

TEST(Filter, LetsVoicemailThroughAndNoOtherStepOfTheDialplan) {
    const ServerFilter filter;
    EXPECT_TRUE(filter.passes(newexten("VoiceMail", "1001@default,u")));
    for (const auto* other : {"Set", "Goto", "BackGround", "Queue", "Dial", "Verbose", "Wait", "NoOp"})
        EXPECT_FALSE(filter.passes(newexten(other, "x"))) << other;
}

TEST(Filter, LetsTheFileOfARecordingThroughAndNoOtherVariable) {
    const ServerFilter filter;
    const auto var_set = [](const std::string& name, const std::string& value) {
        return "Event: VarSet\r\nPrivilege: dialplan,all\r\nChannel: SIP/1-0\r\nUniqueid: 1.0\r\nVariable: " + name +
               "\r\nValue: " + value + "\r\n\r\n";
    };
    EXPECT_TRUE(filter.passes(var_set("MIXMONITOR_FILENAME", "/var/spool/asterisk/monitor/x.wav")));
    for (const auto* other : {"QUEUESTATUS", "M", "MI", "MONITOR", "MIN", "RTPAUDIOQOS", "__TENANT", "BRIDGEPEER"})
        EXPECT_FALSE(filter.passes(var_set(other, "MIXMONITOR_FILENAME"))) << other;
}

TEST(Filter, ExcludesByTheWholeNameOfAnEvent) {
    const ServerFilter filter;
    for (const auto* name : {"CEL", "RTCPSent", "RTCPReceived"})
        EXPECT_FALSE(filter.passes("Event: " + std::string(name) + "\r\nChannel: x\r\n\r\n")) << name;
    EXPECT_TRUE(filter.passes("Event: CELX\r\nChannel: x\r\n\r\n"));
    EXPECT_TRUE(filter.passes("Event: UserEvent\r\nUserEvent: x\r\nNote: Event: VarSet\r\n\r\n"));
}

TEST(Filter, SavesMostOfTheBytesOfABusyHour) {
    const ServerFilter filter;
    std::size_t all = 0;
    std::size_t passed = 0;
    for (const std::string& event : events_of("20-busy-head")) {
        all += event.size();
        if (filter.passes(event)) passed += event.size();
    }
    EXPECT_LT(passed * 100, all * 27) << "VarSet, Newexten, CEL and RTCP were measured as 78 % of the bytes";
}

struct FilterLosesNothing : ::testing::TestWithParam<std::string_view> {};

TEST_P(FilterLosesNothing, SignalsAreTheSameWithAndWithoutIt) {
    const ServerFilter filter;
    Translator with(TranslatorSettings{});
    Translator without(TranslatorSettings{});
    std::vector<PbxSignal> filtered;
    std::vector<PbxSignal> unfiltered;
    for (const std::string& event : events_of(GetParam())) {
        Framer framer;
        framer.feed("Asterisk Call Manager/9.0.0\r\n" + event);
        (void)framer.next();
        const auto message = framer.next();
        ASSERT_TRUE(message && *message != nullptr);
        without.translate(**message, {}, unfiltered);
        if (filter.passes(event)) with.translate(**message, {}, filtered);
    }
    ASSERT_EQ(filtered.size(), unfiltered.size());
    for (std::size_t i = 0; i < filtered.size(); ++i) {
        EXPECT_EQ(filtered[i].channel, unfiltered[i].channel);
        EXPECT_EQ(filtered[i].body.index(), unfiltered[i].body.index());
    }
}

INSTANTIATE_TEST_SUITE_P(Captures, FilterLosesNothing, ::testing::ValuesIn(kCaptures));

}  // namespace
}  // namespace citybridge::asterisk
