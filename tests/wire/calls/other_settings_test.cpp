// The same calls on a PBX with other settings (FACTS 20): `systemname`, which prefixes every channel's id, and
// `timestampevents`, which tells the PBX's own time. Its clock is 5 s ahead of ours here.
#include <gmock/gmock.h>

#include <sstream>

#include "tests/wire/calls/expected.h"
#include "tests/wire/capture_file.h"
#include "tools/replay/fast_replay.h"

namespace citybridge {
namespace {

constexpr Millis kAhead{5'000};
constexpr Millis kNear{50};  // the reads of a recording are that far apart

struct Read {
    std::string time;
    std::size_t end = 0;
};

std::vector<Read> reads_of(const std::string& times) {
    std::vector<Read> out;
    std::istringstream lines(times);
    std::string time;
    std::size_t offset = 0;
    std::size_t length = 0;
    while (lines >> time >> offset >> length) out.push_back({time, offset + length});
    return out;
}

std::string prefixed(std::string_view line) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos || line.size() == colon + 2) return std::string(line);
    const std::string_view key = line.substr(0, colon);
    const std::string_view value = line.substr(colon + 2);
    const bool id = (key.ends_with("niqueid") || key.ends_with("inkedid")) && !key.starts_with("Bridge");
    const bool named =
        value.find('.') != std::string_view::npos && value.find_first_of("<- ") == std::string_view::npos;
    if (!id || !named) return std::string(line);
    return std::string(key) + ": beijing-pbx-1-" + std::string(value);
}

// Every event as the PBX would have sent it, each in a read of its own.
replay::Recording with_other_settings(const std::string& name) {
    const std::string bytes = capture("asterisk/" + name + ".ami");
    const auto reads = reads_of(capture_times("asterisk/" + name + ".ami").value());
    replay::Recording out;
    std::size_t begin = bytes.find("\r\n") + 2;
    out.bytes = bytes.substr(0, begin);
    auto read = reads.begin();
    for (std::size_t end = bytes.find("\r\n\r\n", begin); end != std::string::npos;
         end = bytes.find("\r\n\r\n", begin)) {
        while (read + 1 != reads.end() && read->end < end + 4) ++read;
        const std::size_t from = out.bytes.size();
        std::istringstream lines(bytes.substr(begin, end - begin));
        begin = end + 4;
        for (std::string line; std::getline(lines, line);) {
            if (!line.empty() && line.back() == '\r') line.pop_back();
            out.bytes += prefixed(line) + "\r\n";
            if (!line.starts_with("Privilege: ")) continue;
            out.bytes +=
                "Timestamp: " + std::to_string(std::stod(read->time) + 5) + "\r\nSystemName: beijing-pbx-1\r\n";
        }
        out.bytes += "\r\n";
        out.times += read->time + ' ' + std::to_string(from) + ' ' + std::to_string(out.bytes.size() - from) + '\n';
    }
    return out;
}

std::string told(const Contact& contact) {
    std::string out = contact.customer_number + ' ' + contact.queue + ' ' + std::string(to_string(*contact.outcome)) +
                      " by " + std::string(to_string(*contact.ended_by));
    for (const Leg& leg : contact.legs)
        out += "; " + std::string(to_string(leg.role)) + ' ' + leg.agent + leg.number + ' ' + leg.name;
    for (const Offer& offer : contact.offers)
        out += "; offer " + offer.agent + ' ' + std::string(to_string(offer.state));
    for (const Transfer& each : contact.transfers)
        out += "; " + std::string(to_string(each.kind)) + ' ' + each.from_agent + " > " + each.to + ' ' +
               std::string(to_string(each.result));
    for (const Recording& recording : contact.recordings) out += "; " + recording.file;
    return out + "; holds " + std::to_string(contact.holds.size());
}

class OtherSettings : public testing::TestWithParam<Case> {};

TEST_P(OtherSettings, the_same_is_told_at_the_times_of_the_pbx) {
    const std::string name = "asterisk/" + GetParam().capture + ".ami";
    const auto plain = replay::replay_fast({capture(name), capture_times(name).value()}, {}).contacts();
    const auto other = replay::replay_fast(with_other_settings(GetParam().capture), {}).contacts();
    ASSERT_EQ(other.size(), plain.size());
    const auto near = [](Millis a, Millis b) { return std::chrono::abs(a - b) <= kNear; };
    for (std::size_t i = 0; i < plain.size(); ++i) {
        EXPECT_EQ(told(*other[i]), told(*plain[i]));
        EXPECT_NE(other[i]->id, plain[i]->id) << "another PBX, another call";
        EXPECT_TRUE(near(other[i]->started_at - plain[i]->started_at, kAhead));
        EXPECT_TRUE(near(*other[i]->ended_at - *plain[i]->ended_at, kAhead));
        EXPECT_TRUE(near(other[i]->talk, plain[i]->talk));
        EXPECT_TRUE(near(other[i]->wait.value_or(Millis{0}), plain[i]->wait.value_or(Millis{0})));
        EXPECT_TRUE(near(other[i]->hold, plain[i]->hold));
        EXPECT_THAT(other[i]->legs.front().pbx_ids.front(), testing::StartsWith("beijing-pbx-1-"));
    }
}

std::vector<Case> without_chosen_ids() {
    std::vector<Case> cases = all_cases();
    // Ids that the client chose are not prefixed.
    std::erase_if(cases, [](const Case& each) { return each.capture.starts_with("08"); });
    return cases;
}

INSTANTIATE_TEST_SUITE_P(asterisk, OtherSettings, testing::ValuesIn(without_chosen_ids()), [](const auto& each) {
    std::string name = each.param.capture;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

}  // namespace
}  // namespace citybridge
