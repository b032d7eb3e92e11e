// 15 calls a second into a queue of 200 agents: the PBX's own queue_log is the
// truth for every call whose caller hung up within the recording.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <sstream>

#include "tests/wire/capture_file.h"
#include "tools/replay/fast_replay.h"

namespace citybridge {
namespace {

struct Logged {
    std::string agent_name;
    double wait_seconds = -1;
    double talk_seconds = -1;
    bool agent_ended = false;
};

// time|call id|queue|agent|event|data1|data2|data3
std::map<std::string, Logged> read_queue_log(const std::string& text) {
    std::map<std::string, Logged> calls;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::vector<std::string> fields;
        std::istringstream parts(line);
        for (std::string field; std::getline(parts, field, '|');) fields.push_back(field);
        if (fields.size() < 6) continue;
        Logged& call = calls[fields[1]];
        if (fields[4] == "CONNECT") {
            call.agent_name = fields[3];
            call.wait_seconds = std::stod(fields[5]);
        }
        if (fields[4].starts_with("COMPLETE")) {
            call.talk_seconds = std::stod(fields.at(6));
            call.agent_ended = fields[4] == "COMPLETEAGENT";
        }
    }
    return calls;
}

TEST(BusyHour, every_finished_call_has_the_agent_and_times_of_the_queue_log) {
    const std::string name = "asterisk/20-busy-head.ami";
    const auto log = read_queue_log(capture("asterisk/20-busy-head.queue_log"));
    const auto result = replay::replay_fast({capture(name), capture_times(name).value()}, {});
    std::map<std::string, std::string> name_of;
    for (const AgentPtr& agent : result.agents()) name_of[agent->id] = agent->name;

    std::size_t finished = 0;
    for (const ContactPtr& contact : result.contacts()) {
        if (!contact->ended_at) continue;
        ++finished;
        const auto found = log.find(contact->legs.front().pbx_ids.front());
        ASSERT_NE(found, log.end());
        const Logged& logged = found->second;
        SCOPED_TRACE(found->first);
        ASSERT_EQ(to_string(contact->outcome.value()), "answered");
        for (const Offer& offer : contact->offers)
            if (offer.state == OfferState::accepted) {
                EXPECT_EQ(name_of[offer.agent], logged.agent_name);
            }
        EXPECT_NEAR(static_cast<double>(contact->wait.value().count()) / 1e3, logged.wait_seconds, 1.0);
        EXPECT_NEAR(static_cast<double>(contact->talk.count()) / 1e3, logged.talk_seconds, 1.0);
        EXPECT_EQ(to_string(contact->ended_by.value()), logged.agent_ended ? "agent" : "customer");
    }
    // Counted in the recording: Hangup events of channels that had joined the queue.
    EXPECT_EQ(finished, 92U);
}

}  // namespace
}  // namespace citybridge
