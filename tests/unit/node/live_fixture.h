#pragma once
// A live strand with a PBX that keeps what it is asked.
#include <gtest/gtest.h>

#include "core/node/live_strand.h"

namespace citybridge {

// Keeps what it was asked; the test answers.
class FakePbx final : public PbxAdapter {
public:
    std::vector<CallAction> call_actions() const override { return actions; }
    void dial(const DialCommand& command, CommandDone done) override {
        std::lock_guard lock(mutex);
        dials.push_back(command);
        waiting = std::move(done);
    }
    void hangup(const std::string& channel, CommandDone done) override {
        std::lock_guard lock(mutex);
        hung_up.push_back(channel);
        waiting = std::move(done);
    }
    void command(const CallCommand& command, CommandDone done) override {
        std::lock_guard lock(mutex);
        commands.push_back(command);
        waiting = std::move(done);
    }
    void set_agent_state(const AgentStateCommand& command, CommandDone done) override {
        std::lock_guard lock(mutex);
        states.push_back(command);
        waiting = std::move(done);
    }
    void answer(CommandReply reply) {
        CommandDone done;
        {
            std::lock_guard lock(mutex);
            done = std::move(waiting);
        }
        done(std::move(reply));
    }

    std::vector<CallAction> actions{CallAction::hangup,
                                    CallAction::hold,
                                    CallAction::retrieve,
                                    CallAction::transfer,
                                    CallAction::consult,
                                    CallAction::attended_transfer,
                                    CallAction::cancel_consult,
                                    CallAction::conference,
                                    CallAction::record,
                                    CallAction::stop_recording,
                                    CallAction::mute_recording,
                                    CallAction::unmute_recording,
                                    CallAction::park};
    std::mutex mutex;
    std::vector<DialCommand> dials;
    std::vector<std::string> hung_up;
    std::vector<CallCommand> commands;
    std::vector<AgentStateCommand> states;
    CommandDone waiting;
};

class LiveStrandTest : public testing::Test {
protected:
    LiveStrandTest() {
        live_.add_pbx({.city = "beijing", .pbx = "pbx1"}, &pbx_);
        live_.subscribe([this](const EventPtr& event) {
            std::lock_guard lock(mutex_);
            events_.push_back(event);
        });
        live_.start();
        say({}, signal::LinkUp{"run-1"});
        say({}, signal::Snapshot{});
    }
    void say(const std::string& channel, SignalBody body, const std::string& group = {}) {
        std::vector<PbxSignal> one{{system_now().wall, channel, group, std::move(body)}};
        ASSERT_TRUE(live_.signal("pbx1", one));
    }
    void agent_1001() {
        say({}, signal::MemberChanged{"SIP/1001",
                                      "one",
                                      "SIP/1001",
                                      "sales",
                                      DeviceStatus::idle,
                                      signal::MemberChanged::Pause::unpaused,
                                      {},
                                      0,
                                      false});
    }
    LiveSnapshot settled() {
        auto snapshot = live_.snapshot();
        EXPECT_TRUE(static_cast<bool>(snapshot));
        return *snapshot;
    }
    std::vector<CommandFinished> results() {
        settled();
        std::lock_guard lock(mutex_);
        std::vector<CommandFinished> out;
        for (const EventPtr& event : events_)
            if (const auto* finished = std::get_if<CommandFinished>(&event->event)) out.push_back(*finished);
        return out;
    }

    prometheus::Registry registry_;
    FakePbx pbx_;
    std::mutex mutex_;
    std::vector<EventPtr> events_;
    LiveStrand live_{1'000, registry_};
};

// A counter or a gauge; -1 if there is none of that name.
inline double metric(const prometheus::Registry& registry, const std::string& name) {
    for (const auto& family : registry.Collect())
        if (family.name == name) return family.metric.at(0).gauge.value + family.metric.at(0).counter.value;
    return -1;
}

}  // namespace citybridge
